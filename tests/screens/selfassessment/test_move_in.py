"""After an import its file is named, and one key moves it into the vault."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.vault.attachments import WORKBOOK, kept_files
from screens.kit.dialogs import Confirm, Tell
from screens.selfassessment.self_assessment import SelfAssessmentPage
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, opened, told, until
from tests.screens.force import book
from tests.screens.hostile import at

ROWS: list[tuple[str, ...]] = [("42/10001/26", "Domestic abuse", "2026-02-01", "Good", "seen")]
IMPORT = ("s", "enter", "enter", "enter", "enter", "enter", "a")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_file_is_named_and_moved_in_by_a_key_and_a_yes(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path, size: tuple[int, int]
) -> None:
    path = book(tmp_path / "Downloads" / "force.xlsx", ROWS)
    data = path.read_bytes()
    async with opened(vault, inspection, size) as (app, pilot):
        await pilot.press(*IMPORT[:2], "f")
        assert at(pilot, SelfAssessmentPage) and path.exists(), "nothing is taken in yet"
        await pilot.press(*IMPORT[2:])
        await until(pilot, lambda: "force.xlsx still lies in" in told(app))
        await pilot.press("f")
        assert at(pilot, Confirm) and "solid-state disk" in told(app)
        await pilot.press("enter")
        assert path.read_bytes() == data
        await pilot.press("f", "y")
        await until(pilot, lambda: isinstance(app.screen, Tell))
        assert not path.exists()
        await pilot.press("escape")
        assert "still lies in" not in told(app)
        [kept] = await app.vault.read(kept_files, inspection, WORKBOOK)
    assert kept.name == "force.xlsx" and kept.size == len(data)


async def test_a_file_changed_since_is_a_sentence_and_stays(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    path = book(tmp_path / "Downloads" / "force.xlsx", ROWS)
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press(*IMPORT)
        await until(pilot, lambda: "still lies in" in told(app))
        path.write_bytes(b"another")
        await pilot.press("f", "y")
        await until(pilot, lambda: "has changed since" in told(app))
        assert path.read_bytes() == b"another"
        assert await app.vault.read(kept_files, inspection, WORKBOOK) == []
