"""What stands above our own list's headings may say that the grades under them are the force's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from fieldkit.selfassessment.masking import shown_list_samples
from fieldkit.workbook.case_list import CaseListReading, read_case_list

SCALE = ("good", "requires improvement", "inadequate")
TYPES = ("Domestic abuse", "Child sexual exploitation", "Missing children")
HEADINGS = ("Case", "Force ref", "Type", "Date of incident", "Grade", "Rationale")
ROWS = [
    (f"WST-{n + 1:03}", f"42/{40100 + 37 * n}/26", TYPES[n % 3], f"2026-01-{3 + n:02}",
     SCALE[n % 3], f"Supervisor review {n} recorded and clear")
    for n in range(6)
]  # fmt: skip


def _read(
    tmp_path: Path, fill: Callable[[Worksheet], object], sheet: str = "Sheet1", **chosen: str
) -> CaseListReading:
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = sheet
    fill(page)
    path = tmp_path / "list.xlsx"
    book.save(path)
    return read_case_list(path, scale=SCALE, types=TYPES, columns=chosen or None)


def _list(page: Worksheet) -> None:
    for row in (HEADINGS, *ROWS):
        page.append(row)


def _ours(reading: CaseListReading) -> list[str]:
    return [f"{row.overall_grade} {row.rationale}" for row in reading.rows if row.overall_grade]


def _group(text: str, area: str | None) -> Callable[[Worksheet], None]:
    def fill(page: Worksheet) -> None:
        page.append([None, None, None, None, text])
        if area:
            page.merge_cells(area)
        _list(page)

    return fill


@pytest.mark.parametrize("area", ["E1:F1", None])
@pytest.mark.parametrize(
    "text",
    ["Force", "Force self-assessment", "Police", "Self-assessed", "SA", "Their view",
     "Moderated by the force", "Previous inspection"],
)  # fmt: skip
def test_a_group_of_columns_that_is_somebody_elses_is_not_ours(
    tmp_path: Path, text: str, area: str | None
) -> None:
    reading = _read(tmp_path, _group(text, area))
    assert len(reading.rows) == len(ROWS) and not _ours(reading)
    assert not any(row.rationale for row in reading.rows)
    named = {one.cell for one in reading.problems if one.code.name == "COLUMN_NOT_TAKEN"}
    assert named == {"E", "F"}


@pytest.mark.parametrize("text", ["Our audit", "Inspectors", "HMICFRS", "Audit", "Findings"])
def test_a_group_of_columns_that_may_be_ours_is_read(tmp_path: Path, text: str) -> None:
    assert len(_ours(_read(tmp_path, _group(text, "E1:F1")))) == len(ROWS)


@pytest.mark.parametrize(
    "title",
    ["Wessex Police – force self-assessment, returned 3 November 2026",
     "Self-assessment of child protection cases", "Force's grades", "Completed by the force"],
)  # fmt: skip
def test_a_title_says_whose_the_whole_table_is(tmp_path: Path, title: str) -> None:
    def fill(page: Worksheet) -> None:
        page.append([title])
        page.append([])
        _list(page)

    assert not _ours(_read(tmp_path, fill))


@pytest.mark.parametrize(
    "title", ["Inspection of Wessex Police, 2026", "Our cases", "Self-assessed cases", "Case list"]
)
def test_a_title_that_names_the_force_inspected_is_no_hindrance(tmp_path: Path, title: str) -> None:
    def fill(page: Worksheet) -> None:
        page.append([title])
        _list(page)

    assert len(_ours(_read(tmp_path, fill))) == len(ROWS)


@pytest.mark.parametrize(("sheet", "count"), [("Force self-assessment", 0), ("Force grades", 0),
                                              ("Self-assessment", 6), ("Cases", 6)])  # fmt: skip
def test_the_name_of_a_sheet_says_whose_it_is(tmp_path: Path, sheet: str, count: int) -> None:
    assert len(_ours(_read(tmp_path, _list, sheet))) == count


def test_a_second_table_is_the_forces_by_the_line_above_it(tmp_path: Path) -> None:
    def fill(page: Worksheet) -> None:
        for row in (HEADINGS, *ROWS[:3]):
            page.append(row)
        page.append([])
        page.append(["Force self-assessment"])
        for row in (HEADINGS[::-1], *(row[::-1] for row in ROWS[3:])):
            page.append(row)

    reading = _read(tmp_path, fill)
    assert len(reading.rows) == len(ROWS) and len(_ours(reading)) == 3


def test_a_person_may_say_that_they_are_ours_all_the_same(tmp_path: Path) -> None:
    chosen = {"E": "overall_grade", "F": "rationale"}
    assert len(_ours(_read(tmp_path, _group("Force", "E1:F1"), **chosen))) == len(ROWS)


def test_comments_on_what_is_not_ours_do_not_tell_the_grade(tmp_path: Path) -> None:
    def fill(page: Worksheet) -> None:
        page.append([*HEADINGS, "Force grade"])
        for row in ROWS:
            page.append([*row, SCALE[0]])
        page["E3"].comment = Comment("was good before we talked", "AP")
        page["G3"].comment = Comment("moderated to inadequate", "DI")
        page["G4"].font = Font(strike=True)

    told = {one.cell: f"{one.reason} {one.value}" for one in _read(tmp_path, fill).problems}
    assert "was good before" in told["E3"] and "inadequate" not in told["G3"]
    assert "···" in told["G3"] and "good" not in told["G4"]


def test_texts_of_the_force_and_dates_of_birth_are_not_shown(tmp_path: Path) -> None:
    def fill(page: Worksheet) -> None:
        page.append([*HEADINGS[:4], "Force rationale", "Date of birth"])
        for n, row in enumerate(ROWS):
            page.append([*row[:4], f"done {n}", f"0{n + 1}/04/201{n}"])

    reading = _read(tmp_path, fill)
    theirs, birth = reading.columns[4:]
    assert theirs.why == theirs.mask_reason == "its heading says that it is the force's"
    assert not shown_list_samples(theirs) and not shown_list_samples(birth)
