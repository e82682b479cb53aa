"""Erasing an inspection in the app: by its word, and what is there afterwards."""

from __future__ import annotations

from pathlib import Path

from screens.history.erase import TypeWord
from screens.inspections.home import HomePage
from screens.inspections.inspections import InspectionsPage
from screens.kit.dialogs import Tell
from screens.vault.ask_passphrase import AskPassphrase
from tests.screens.driving import opened, page, settled, typed, until
from tests.storage.travelling import INSPECTION, PASSPHRASE, make_received


async def test_what_is_erased_is_not_opened_empty(tmp_path: Path) -> None:
    team = make_received(tmp_path / "team")
    with team.laptop("ada") as vault:
        async with opened(vault, INSPECTION) as (app, pilot):
            assert isinstance(app.screen, HomePage)
            await pilot.press("i")
            await settled(pilot)
            await pilot.press("x")
            await until(pilot, lambda: isinstance(app.screen, TypeWord))
            await pilot.press(*"erase", "enter")
            await until(pilot, lambda: isinstance(app.screen, AskPassphrase))
            await typed(pilot, PASSPHRASE)
            await until(pilot, lambda: isinstance(app.screen, Tell))
            assert "Erased" in page(app)
            await pilot.press("escape")
            await settled(pilot)
            assert "erased from here; central keeps it" in page(app)
            await pilot.press("enter")
            await settled(pilot)
            assert isinstance(app.screen, Tell) and "Central keeps it" in page(app)
            await pilot.press("escape", "escape")
            await settled(pilot)
            assert isinstance(app.screen, InspectionsPage)
    with team.laptop("ada") as again:
        async with opened(again) as (app, pilot):
            assert isinstance(app.screen, InspectionsPage)
