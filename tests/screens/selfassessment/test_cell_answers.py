"""Problems answered in place, a mapping offered again, a corrected workbook: by keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import OptionList

from fieldkit.selfassessment.import_workbook import import_reading, read_force_workbook
from fieldkit.workbook.overrides import Overrides
from screens.app import FieldkitApp
from screens.kit.dialogs import AskText, Pick
from screens.kit.progress import ProgressDialog
from screens.selfassessment.self_assessment import SelfAssessmentPage
from screens.selfassessment.steps.step import COLUMNS, EXACT, GRADES, PROBLEMS, SHEET, SUMMARY
from storage.records import ForceRow
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.screens.driving import lines, opened, page, settled, told, waiting_texts
from tests.screens.force import book

ROWS: list[tuple[str, ...]] = [
    ("42/10001/26", "Domestic abuse", "2026-02-01", "Good", "Seen at once by the duty sergeant"),
    ("42/10002/26", "Missing children", "2026-02-02", "RI", "Short"),
    ("no number", "Domestic abuse", "2026-05-05", "see file", "Not ours"),
]
TO_ANSWER = [*ROWS[:2], ("no number", "Domestic abuse", "2026-05-05", "TBC", "Not ours")]


def found_page(app: FieldkitApp) -> SelfAssessmentPage:
    return next(one for one in app.screen_stack if isinstance(one, SelfAssessmentPage))


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys; unless a dialog is open then, a workbook that is read again is waited for."""
    await pilot.press(*keys)
    if not isinstance(pilot.app.screen, ModalScreen):
        await settled(pilot)


def asks(app: FieldkitApp, dialog: type[object]) -> bool:
    """Whether a dialog is open."""
    return isinstance(app.screen, dialog)


async def test_a_problem_is_answered_in_place_and_the_answer_taken_back(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    book(tmp_path / "Downloads" / "force.xlsx", TO_ANSWER)
    async with opened(vault, inspection) as (app, pilot):
        await press(pilot, "s", "enter", "enter", "enter", "enter")
        found = found_page(app)
        assert found.step == PROBLEMS and "! Cases A6" in page(app)
        await press(pilot, "e")  # the reference: its text is asked for
        assert asks(app, AskText)
        await press(pilot, *"42/55555/26", "ctrl+s")
        assert "✓ Cases A6" in page(app) and "1 answered by you" in told(app)
        await press(pilot, "home", "e")
        assert asks(app, Pick) and "D6 means" in page(app)
        await press(pilot, "escape", "s")  # the whole row after all
        assert asks(app, AskText) and "Leave row 6 out" in page(app)
        await press(pilot, *"sent twice", "ctrl+s")
        assert "A person skipped this row: “sent twice”." in told(app)
        await press(pilot, "home", "s")  # taken back by the same key
        assert "skipped" not in "".join(line for line in lines(app) if "Cases" in line)
        assert waiting_texts(vault), "what was typed waits until the import"
        await press(pilot, "home", "s", "ctrl+s")
        assert "A person skipped this row: “sent twice”." in told(app)
        await press(pilot, "enter")
        assert found.step == EXACT and "2 pre-ticked, 0 to decide, 1 skipped" in told(app)
        await press(pilot, "a")
        assert found.step == SUMMARY and "1 skipped" in page(app)
        assert waiting_texts(vault) == []
        rows = {one.row: one.decision for one in vault.read_now(records_in, ForceRow, inspection)}
        assert rows == {4: "exact", 5: "exact", 6: "skipped"}


async def test_a_word_that_is_no_grade_is_answered_as_a_word_and_its_row_is_not_told(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    book(tmp_path / "Downloads" / "force.xlsx", ROWS)
    async with opened(vault, inspection) as (app, pilot):
        await press(pilot, "s", "enter", "enter", "down", "down", "down", "e", "2")
        found = found_page(app)
        assert found.step == COLUMNS and "was not taken for the case type" in told(app)
        assert "Hidden; its words with their counts are listed apart." in page(app)
        await press(pilot, "enter")
        assert "“see file”" in page(app) and "× 1" in page(app)
        await press(pilot, "enter")
        assert found.step == PROBLEMS and "! Cases D 1 cell" in told(app)
        assert "D6" not in page(app) and "see file" not in page(app)
        app.clear_notifications()
        await pilot.pause()
        assert "2 left without a grade or reference" in told(app)
        at = next(at for at, one in enumerate(found.shown.lines) if one.key.endswith("!D"))
        found.query_one("#lines", OptionList).highlighted = at
        await press(pilot, "e")
        assert found.step == PROBLEMS and "esc goes back to the words" in told(app)


async def test_what_was_matched_is_said_as_it_is(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    def said() -> str:
        return " ".join(one.message for one in app._notifications)

    book(tmp_path / "Downloads" / "force.xlsx", TO_ANSWER)
    async with opened(vault, inspection) as (app, pilot):
        await press(pilot, "s", "enter", "enter", "enter", "enter", "enter", "s")
        assert "3 rows taken in, none matched, 3 to decide" in said()
        await press(pilot, "escape", "s", "a")
        assert "2 rows matched. ctrl+z takes it back." in said()
        app.clear_notifications()
        await press(
            pilot, "ctrl+z", "ctrl+z", "o", "enter", "enter", "enter", "enter", "enter", "a"
        )
        assert "3 rows taken in, 2 matched, 1 to decide" in said()


async def test_a_workbook_like_the_last_is_read_as_last_time_and_corrects_it(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    wishes = Overrides(columns={"E": "ignore"}, grades={"see file": "good"})
    first = book(tmp_path / "force.xlsx", ROWS)
    reading = read_force_workbook(first, "2018", wishes)
    vault.write_now(import_reading, inspection, reading, accept_exact=True)
    mended = [(*ROWS[0][:3], "RI", ROWS[0][4]), *ROWS[1:]]
    book(tmp_path / "Downloads" / "mended.xlsx", mended)
    async with opened(vault, inspection) as (app, pilot):
        await press(pilot, "s", "o", "enter")
        found = found_page(app)
        assert found.step == SHEET and "As last time, " in page(app)
        assert "the columns and 1 grade word. Press l to read it afresh." in told(app)
        await press(pilot, "enter")
        assert found.step == COLUMNS and page(app).count("as last time") == 5
        await press(pilot, "enter")
        assert found.step == GRADES and "→ G good (as last time)" in told(app)
        await press(pilot, "l")
        assert "no grade" in page(app) and "(as last time)" not in page(app)
        await press(pilot, "l", "enter", "enter")
        assert found.step == EXACT
        assert "It corrects force.xlsx" in told(app) and "1 cell changed" in told(app)
        assert "~ D4 (42/10001/26): ··· → ···" in page(app)
        await press(pilot, "k")
        assert "It corrects" not in page(app) and "It is a correction" in page(app)
        await press(pilot, "k", "a")
        rows = vault.read_now(records_in, ForceRow, inspection)
        assert [one.grade for one in rows] == ["requires improvement"] * 2 + ["good"]
        assert [one.decision for one in rows] == ["exact", "exact", "open"]
        await press(pilot, "0")
        assert found.step == SUMMARY
        assert "1 cell changed, 0 rows new, 0 gone" in told(app)
        await press(pilot, "ctrl+z", "ctrl+z")
        rows = vault.read_now(records_in, ForceRow, inspection)
        assert [one.grade for one in rows] == ["good", "requires improvement", "good"]


async def test_answers_hold_in_a_corrected_workbook_and_can_be_taken_back(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    wishes = Overrides(fixes={"D6": "good"}, skips={"A5": "sent twice"})
    reading = read_force_workbook(book(tmp_path / "force.xlsx", TO_ANSWER), "2018", wishes)
    vault.write_now(import_reading, inspection, reading, accept_exact=True)
    mended = [(*TO_ANSWER[0][:3], "RI", TO_ANSWER[0][4]), *TO_ANSWER[1:]]
    book(tmp_path / "Downloads" / "mended.xlsx", mended)
    async with opened(vault, inspection) as (app, pilot):
        await press(pilot, "s", "o", "enter", "enter", "enter", "enter")
        found = found_page(app)
        assert found.step == PROBLEMS and "2 answered by you" in told(app)
        assert "1 cell answered and 1 skipped again. e or s on the line" in told(app)
        at = next(at for at, one in enumerate(found.shown.lines) if one.key == "Cases!A5")
        found.query_one("#lines", OptionList).highlighted = at
        await press(pilot, "s")
        assert "1 cell answered and 0 skipped again." in told(app)
        await press(pilot, "enter")
        assert found.step == EXACT and "0 skipped" in told(app)
        await press(pilot, "a")
        rows = {one.row: one for one in vault.read_now(records_in, ForceRow, inspection)}
        assert (rows[6].grade, rows[5].decision) == ("good", "exact")


async def test_while_a_large_workbook_is_written_no_key_does_anything(
    vault: Vault,
    inspection: str,
    cases: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("screens.selfassessment.steps.taking_in.LARGE", 2)
    monkeypatch.setattr("fieldkit.history.staged_records.SLICE", 4)
    seen: list[tuple[str, int, int]] = []
    told = ProgressDialog.progress

    def look(self: ProgressDialog, what: str, done: int, total: int) -> None:
        told(self, what, done, total)
        assert self.is_current
        seen.append((what, done, total))

    monkeypatch.setattr(ProgressDialog, "progress", look)
    book(tmp_path / "Downloads" / "force.xlsx", ROWS)
    async with opened(vault, inspection) as (app, pilot):
        await press(pilot, "s", "enter", "enter", "enter", "enter", "enter", "a")
        assert isinstance(app.screen, SelfAssessmentPage)
        assert len(vault.read_now(records_in, ForceRow, inspection)) == 3
    assert seen == [("Writing 3 rows", done, 3) for done in (0, 1, 3)]
