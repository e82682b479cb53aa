"""Open copies by keys: named on home, listed, and said where they went."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.feedback.handover.give import hand_over
from fieldkit.history.open_copies import readable_copies
from screens.history.copies import CopiesPage
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, opened, page, settled
from tests.screens.hostile import at


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_home_names_them_until_it_is_said_where_they_went(
    vault: Vault, inspection: str, tmp_path: Path, size: tuple[int, int]
) -> None:
    first, second = tmp_path / "first.md", tmp_path / "second.md"
    for path in (first, second):
        hand_over(vault, inspection, path, "chief constable")
    async with opened(vault, inspection, size) as (app, pilot):
        assert "Open copies" in page(app) and "2 files" in page(app)
        await pilot.press("o")
        await settled(pilot)
        assert at(pilot, CopiesPage) and "hand-over second.md" in page(app)
        await pilot.press("d")
        await settled(pilot)
        assert "still lies there" in " ".join(page(app).split())
        second.unlink()
        await pilot.press("d")
        await settled(pilot)
        assert "hand-over second.md" not in page(app).replace("On record: hand-over second.md", "")
        await pilot.press("enter", *"deputy", "ctrl+s")
        await settled(pilot)
        assert "No readable file is open" in page(app)
        await pilot.press("escape")
        await settled(pilot)
        assert "the latest" not in page(app)
        said = [one.whereabouts for one in await app.vault.read(readable_copies)]
        assert said == ["deleted from this laptop", "given to deputy"]
