"""The page of the list of names: add, correct and take away."""

from __future__ import annotations

import pytest

from fieldkit.evidence.names import listed_names
from screens.evidence.names import NamesPage
from screens.kit.dialogs import AskText, Confirm
from screens.kit.form import Form
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, opened, page, settled
from tests.screens.hostile import at, came, paste


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_names_are_added_corrected_and_taken_away(
    vault: Vault, inspection: str, size: tuple[int, int]
) -> None:
    async with opened(vault, inspection, size) as (app, pilot):
        await pilot.press("y")
        await settled(pilot)
        assert at(pilot, NamesPage)
        assert "No name is on the list" in page(app)
        await pilot.press("a")
        await came(pilot, AskText)
        await paste(pilot, "Dafydd Llewelyn = child 2\nJane [/] Hughes")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "2 names ─" in page(app) and "never shown to the force ─" in page(app)
        assert "Dafydd Llewelyn" in page(app) and "child 2" in page(app)
        await pilot.press("down", "enter")
        await came(pilot, Form)
        await pilot.press("tab", *"DS", "ctrl+s")
        await settled(pilot)
        names = await app.vault.read(listed_names, inspection)
        assert [one.label for one in names] == ["child 2", "DS"]
        await pilot.press("delete")
        await came(pilot, Confirm)
        await pilot.press("y")
        await settled(pilot)
        assert [one.name for one in await app.vault.read(listed_names, inspection)] == [
            "Dafydd Llewelyn"
        ]
