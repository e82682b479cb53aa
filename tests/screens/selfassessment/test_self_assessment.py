"""The self-assessment by keys: reading, changing what is proposed, taking in, the queue."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from fieldkit.casework.cases import withdraw_case
from fieldkit.selfassessment.decide import find_row, row_lines
from fieldkit.selfassessment.masking import MASK
from screens.app import FieldkitApp
from screens.kit.commands import registry
from screens.kit.dialogs import Pick
from screens.kit.frame.lines import KeyLine
from screens.selfassessment.self_assessment import SelfAssessmentPage
from screens.selfassessment.steps.choose_file import ChooseWorkbook
from screens.selfassessment.steps.step import (
    COLUMNS,
    EXACT,
    FILE,
    GRADES,
    PROBLEMS,
    QUEUE,
    SHEET,
    SUMMARY,
)
from storage.records import ForceRow, SelfAssessment
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, lines, opened, ops, page, settled, told
from tests.screens.force import HEADINGS, book
from tests.screens.hostile import HOSTILE, harmless, paste

SECRET = "We thought the kingfisher was seen"
ROWS: list[tuple[str, ...]] = [
    ("42/10001/26", "Domestic abuse", "2026-02-01", "Good", SECRET),
    ("42/10020/26", "Missing children", "2026-02-02", "RI", "Short"),
    ("42/99999/26", "Domestic abuse", "2026-05-05", "TBC", "Not ours"),
]


@pytest.fixture
def workbook(cases: dict[str, str], tmp_path: Path) -> Path:
    """A workbook for the four cases: one row exact, one nearly, one of no case."""
    assert len(cases) == 4
    return book(tmp_path / "Downloads" / "force.xlsx", ROWS)


async def begin(app: FieldkitApp, pilot: Pilot[Any]) -> SelfAssessmentPage:
    """Go to the page; with no rows yet it asks for the file at once."""
    await pilot.press("s")
    assert isinstance(app.screen, ChooseWorkbook)
    return page_of(app)


def page_of(app: FieldkitApp) -> SelfAssessmentPage:
    return next(one for one in app.screen_stack if isinstance(one, SelfAssessmentPage))


async def taken_in(app: FieldkitApp, pilot: Pilot[Any]) -> SelfAssessmentPage:
    found = await begin(app, pilot)
    await pilot.press("enter", "enter", "enter", "enter", "enter", "a")
    return found


def force_rows_kept(vault: Vault) -> list[ForceRow]:
    return vault.read_now(lambda s: list(s.exec(select(ForceRow))))


def answers(vault: Vault) -> list[tuple[int, str]]:
    """Row and decision of what is stored."""
    rows = force_rows_kept(vault)
    return sorted((one.row, one.decision) for one in rows)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_each_step_says_what_was_found_and_the_next_key(
    vault: Vault, inspection: str, workbook: Path, size: tuple[int, int]
) -> None:
    async with opened(vault, inspection, size) as (app, pilot):
        found = await begin(app, pilot)
        assert "force.xlsx" in page(app)
        await pilot.press("enter")
        assert found.step == SHEET
        assert "headings in row 3" in told(app)
        assert "▸" in page(app) and "enter" in page(app)
        await pilot.press("enter")
        assert found.step == COLUMNS
        assert "force's reference" in page(app) and "date of incident" in page(app)
        await pilot.press("enter")
        assert found.step == GRADES
        assert any("“RI”" in line and "→  R  requires improvement" in line for line in lines(app))
        assert any("TBC" in line and "no grade" in line for line in lines(app))
        await pilot.press("enter")
        assert found.step == PROBLEMS
        assert "Cases D6" in page(app)
        await pilot.press("enter")
        assert found.step == EXACT
        assert "3 new rows: 1 pre-ticked, 2 to decide" in told(app) and "WST-001" in page(app)
        assert "Nothing has been written" in told(app)
        for line in lines(app):
            assert len(line) <= size[0]


async def test_nothing_is_written_before_the_group_is_confirmed_and_undo_takes_it_all_back(
    vault: Vault, inspection: str, workbook: Path
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        before = ops(vault)
        found = await begin(app, pilot)
        await pilot.press("enter", "enter", "enter", "enter", "enter")
        assert found.step == EXACT and ops(vault) == before
        await pilot.press("escape", "escape", "escape", "escape", "escape")
        assert found.step == FILE and ops(vault) == before
        await pilot.press("o", "enter", "enter", "enter", "enter", "enter", "a")
        assert found.step == QUEUE
        assert answers(vault) == [(4, "exact"), (5, "open"), (6, "open")]
        await pilot.press("ctrl+z")
        assert answers(vault) == []
        assert found.step == FILE and "Choose the workbook" in page(app)
        await pilot.press("enter")
        assert isinstance(app.screen, ChooseWorkbook)
        await pilot.press("escape")


async def test_the_queue_takes_digits_nought_skip_and_back(
    vault: Vault, inspection: str, cases: dict[str, str], workbook: Path
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        found = await taken_in(app, pilot)
        assert "42/10020/26" in page(app) and "WST-002" in page(app)
        assert "requires improvement" not in page(app) and "RI" not in page(app)
        keys = str(app.screen.query_one(KeyLine).render())
        assert "1–3  It is that case" in keys and "0  None of ours" in keys
        assert "enter" not in keys
        await pilot.press("1")
        assert answers(vault)[1] == (5, "chosen")
        assert "42/99999/26" in page(app)
        await pilot.press("s")
        assert found.step == SUMMARY and "1 open (1 left for later)" in told(app)
        assert answers(vault)[2] == (6, "open")
        await pilot.press("b")
        assert found.step == QUEUE and "42/99999/26" in page(app)
        await pilot.press("0")
        assert answers(vault)[2] == (6, "none") and found.step == SUMMARY
        assert "2 matched, 1 not ours, 0 open" in told(app)
        await pilot.press("b")
        assert answers(vault)[2] == (6, "open") and found.step == QUEUE
        await pilot.press("b")
        assert answers(vault)[1] == (5, "open") and "42/10020/26" in page(app)
        await pilot.press("9", "n")
        assert answers(vault)[1] == (5, "open")
        row = await vault.read(find_row, inspection, "5")
        await pilot.press("enter", "1")
        assert (await vault.read(row_lines, inspection))[1].case_id == cases["WST-002"]
        assert row.id
        await pilot.press("e")  # none of those offered, but another one of ours
        assert isinstance(app.screen, Pick)
        assert "WST-003" in page(app) and "WST-002" not in page(app)
        await pilot.press("1")
        await settled(pilot)
        assert answers(vault)[2] == (6, "chosen") and found.step == SUMMARY


async def test_a_line_of_the_summary_is_decided_again(
    vault: Vault, inspection: str, workbook: Path
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        found = await taken_in(app, pilot)
        await pilot.press("1", "0")
        assert found.step == SUMMARY
        await pilot.press("tab", "down")
        assert "row 5" in found.current.content.plain
        await pilot.press("e")
        assert found.step == QUEUE and "42/10020/26" in page(app)
        assert answers(vault)[1] == (5, "open")


async def test_the_page_goes_on_where_the_matching_stood(
    vault: Vault, inspection: str, workbook: Path
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await taken_in(app, pilot)
        await pilot.press("1", "escape", "s")
        assert page_of(app).step == QUEUE and "42/99999/26" in page(app)
        await pilot.press("b")
        assert answers(vault)[1] == (5, "open")


async def test_taking_in_without_linking_leaves_the_group_for_later(
    vault: Vault, inspection: str, workbook: Path
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        found = await begin(app, pilot)
        await pilot.press("enter", "enter", "enter", "enter", "enter", "s")
        assert answers(vault) == [(4, "open"), (5, "open"), (6, "open")]
        assert found.step == QUEUE
        await pilot.press("escape", "s")
        assert page_of(app).step == EXACT and "Link all of them" in page(app)
        await pilot.press("a")
        assert answers(vault)[0] == (4, "exact")


async def test_sheet_headings_columns_and_words_can_be_changed(
    vault: Vault, inspection: str, workbook: Path
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        found = await begin(app, pilot)
        await pilot.press("enter", "down", "e")
        assert isinstance(app.screen, Pick) and "Which row" in page(app)
        await pilot.press("escape", "enter")
        assert found.step == COLUMNS
        await pilot.press("down", "down", "down", "down", "e", "6")
        assert "chosen by you" in page(app)
        await pilot.press("enter", "end")
        at = [line for line in lines(app) if "TBC" in line]
        assert at
        listed = found.query_one("#lines", OptionList)
        listed.highlighted = next(
            at for at, one in enumerate(found.shown.lines) if one.key == "TBC"
        )
        await pilot.press("e", "3")
        assert "inadequate (said by you)" in page(app)
        await pilot.press("enter", "enter", "a")
        kept = force_rows_kept(vault)
        assert sorted(one.grade for one in kept) == ["good", "inadequate", "requires improvement"]
        import_ = vault.read_now(lambda s: s.exec(select(SelfAssessment)).one())
        assert import_.columns["E"]["field"] == "ignore"


async def test_without_a_column_for_the_grade_there_is_no_going_on(
    vault: Vault, inspection: str, workbook: Path
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        found = await begin(app, pilot)
        await pilot.press("enter", "enter", "down", "down", "down", "e", "6", "enter")
        assert found.step == COLUMNS
        assert "Still needed: grade" in page(app)
        assert "No column is taken for the grade" in page(app)


async def test_the_same_file_again_is_refused_in_a_sentence(
    vault: Vault, inspection: str, workbook: Path
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        found = await taken_in(app, pilot)
        before = ops(vault)
        await pilot.press("o", "enter", "enter", "enter", "enter", "enter")
        await settled(pilot)
        assert "already" in page(app) and ops(vault) == before
        # Nothing is left to go on to but its rows, and there it goes.
        assert found.step == QUEUE and "42/10020/26" in page(app)


async def test_a_file_that_is_no_workbook_is_refused_and_changes_nothing(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "Downloads").mkdir()
    (tmp_path / "Downloads" / "force.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    async with opened(vault, inspection) as (app, pilot):
        found = await begin(app, pilot)
        before = ops(vault)
        await pilot.press("enter")
        assert found.step == FILE and "force.xlsx" in page(app)
        assert ops(vault) == before


async def test_a_path_can_be_typed_and_its_folder_is_remembered(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "Downloads").mkdir()
    path = book(tmp_path / "case files" / "June [bold].xlsx", ROWS)
    async with opened(vault, inspection) as (app, pilot):
        found = await begin(app, pilot)
        assert isinstance(app.screen, ChooseWorkbook) and isinstance(app.focused, Input)
        assert "No workbook in this folder" in page(app)
        await pilot.press("ctrl+u")
        await paste(pilot, str(tmp_path / "nowhere.xlsx"))
        await pilot.press("enter")
        assert "There is no file" in page(app)
        await pilot.press("ctrl+u")
        await paste(pilot, f"'{path.parent}'")
        await pilot.press("enter", "enter")
        assert found.step == SHEET and "June [bold].xlsx" in page(app)
        await pilot.press("escape", "o")
        assert "The force's workbook" in page(app) and "June [bold].xlsx" in page(app)
        await pilot.press("escape")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_forces_words_are_shown_as_typed_and_its_grades_by_no_row(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path, size: tuple[int, int]
) -> None:
    hostile = [tag.replace("\x1b", "").replace("\x07", "") for tag in HOSTILE]
    rows = [
        *ROWS,
        *((f"42/2000{at}/26 {tag}", tag, tag, tag, tag) for at, tag in enumerate(hostile)),
    ]
    headings = (*HEADINGS[:4], "Why [/] [@click=app.quit]x")
    book(tmp_path / "Downloads" / "[@click=app.quit]x.xlsx", rows, headings)
    async with opened(vault, inspection, size) as (app, pilot):
        await begin(app, pilot)
        harmless(page(app) + "[/")
        assert "[@click=app.quit]x.xlsx" in page(app)
        await pilot.press("enter")
        shown = page(app)
        harmless(shown)
        assert MASK in shown and SECRET not in shown
        assert not any("42/10001" in line and "Good" in line for line in lines(app))
        for _ in range(4):
            await pilot.press("enter")
            harmless(page(app) + "[/")
            assert SECRET not in page(app)
        await pilot.press("a")
        for _ in range(9):
            harmless(page(app) + "[/")
            assert SECRET not in page(app)
            await pilot.press("0")
        assert page_of(app).step == SUMMARY
        harmless(page(app))
        assert app.is_running


async def test_a_withdrawn_case_is_no_candidate(
    vault: Vault, inspection: str, cases: dict[str, str], workbook: Path
) -> None:
    vault.write_now(withdraw_case, cases["WST-002"], "file not found")
    async with opened(vault, inspection) as (app, pilot):
        await taken_in(app, pilot)
        assert "42/10020/26" in page(app) and "WST-002" not in page(app)


async def test_enter_links_nothing_in_the_queue(
    vault: Vault, inspection: str, workbook: Path
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        found = await taken_in(app, pilot)
        assert found.step == QUEUE
        before = answers(vault)
        await pilot.press("enter")
        assert answers(vault) == before and found.step == QUEUE
        assert any("for the case it is, or 0" in one.message for one in app._notifications)


async def test_keys_that_were_offered_before_the_step_changed_still_have_words(
    vault: Vault, inspection: str, workbook: Path
) -> None:
    """The line of keys may be drawn while the next step is being drawn."""
    async with opened(vault, inspection) as (app, pilot):
        found = await taken_in(app, pilot)
        await settled(pilot)
        of_every_step = registry()[found.PAGE].commands
        for step in (found.shown, replace(found.shown, keys={})):
            found.shown = step
            words = found.key_words(of_every_step)
            assert words and all(key and word for key, word in words)
