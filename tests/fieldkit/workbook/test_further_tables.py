"""What stands under the first table: other headings, a summary, fields that run down, ticks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fieldkit.cli.selfassessment.read_workbook import reading_data, reading_text
from fieldkit.workbook.problems import Code
from fieldkit.workbook.read_workbook import read_workbook
from fieldkit.workbook.readings import WorkbookReading
from tests.fieldkit.workbook.accounting import check_account

SCALE = ("good", "requires improvement", "inadequate")
TYPES = ("Domestic abuse", "Child sexual exploitation", "Missing children", "Custody")
NAMES = ("ref", "type", "date", "grade", "why")
HEADINGS = ["Force ref", "Case type", "Date of incident", "Grade", "Rationale"]
CASES = [
    [f"42/{40100 + 37 * n}/26", TYPES[n % 4], f"2026-02-{n + 3:02}",
     ("Good", "Requires improvement", "Inadequate")[n % 3], f"Reason number {n} of the force"]
    for n in range(12)
]  # fmt: skip
FIRST: list[list[Any]] = [HEADINGS, *CASES[:5], []]


def _read(tmp_path: Path, *lines: list[Any]) -> WorkbookReading:
    book = openpyxl.Workbook()
    for line in (*FIRST, *lines):
        book.active.append(line)
    book.save(tmp_path / "book.xlsx")
    reading = read_workbook(tmp_path / "book.xlsx", scale=SCALE, types=TYPES)
    check_account(tmp_path / "book.xlsx", reading)
    return reading


def _rows(reading: WorkbookReading) -> list[list[str | None]]:
    return [[row.ref, row.type, row.date, row.written_grade] for row in reading.rows]


def _in_order(*names: str) -> list[list[Any]]:
    return [[case[NAMES.index(name)] for name in names] for case in CASES[5:]]


@pytest.mark.parametrize("order", [NAMES, ("ref", "grade", "date", "type", "why")])
@pytest.mark.parametrize(
    "headings",
    [
        ["Identifier", "Strand of work", "Happened", "Marking", "Because"],
        ["Kennung", "Art", "Tag", "Urteil", "Grund"],
        ["Case type", "Date of incident", "Grade", "Rationale"],
    ],
)
def test_rows_under_headings_that_are_not_understood_are_named_and_not_shown(
    tmp_path: Path, headings: list[str], order: tuple[str, ...]
) -> None:
    reading = _read(tmp_path, headings, *_in_order(*order))
    assert _rows(reading) == [case[:4] for case in CASES[:5]]
    (said,) = [one for one in reading.problems if one.code is Code.ROWS_UNREAD]
    assert "7 rows" in said.reason and "9 to 15" in said.reason
    assert reading.account.rows("named") == 7
    shown = reading_text(reading) + str(reading_data(reading)["left_out"])
    assert not any(case[4] in shown or case[0] in shown for case in CASES[5:])


def test_headings_over_two_lines_are_read_as_such(tmp_path: Path) -> None:
    upper = ["Force", "Date of", "Case", "Reason for", "Overall"]
    lower = ["ref", "incident", "type", "grade", "grade"]
    reading = _read(tmp_path, upper, lower, *_in_order("ref", "date", "type", "why", "grade"))
    assert _rows(reading) == [case[:4] for case in CASES]
    assert reading.rows[-1].rationale == CASES[-1][4]


def test_a_second_table_with_ticks(tmp_path: Path) -> None:
    lines = [
        [case[0], case[1], *("x" if word == case[3] else None for word in
                             ("Good", "Requires improvement", "Inadequate"))]
        for case in CASES[5:]
    ]  # fmt: skip
    heads = ["Force ref", "Case type", "Good", "Requires improvement", "Inadequate"]
    reading = _read(tmp_path, heads, *lines)
    assert [row.grade for row in reading.rows] == [case[3].lower() for case in CASES]


def test_a_summary_below_is_no_case(tmp_path: Path) -> None:
    reading = _read(
        tmp_path, ["Case type", "Good", "Requires improvement", "Inadequate"],
        ["Domestic abuse", 2, 0, 0], ["Custody", 1, 0, 0],
    )  # fmt: skip
    assert _rows(reading) == [case[:4] for case in CASES[:5]]
    assert reading.account.rows("left out") == 3 and reading.account.rows("named") == 0
    totals = [one.cell for one in reading.problems if one.code is Code.GRADE_TOTAL]
    assert "B9" in totals


@pytest.mark.parametrize(
    "lines",
    [
        [["Summary"], ["Grade", "Number"], ["Good", 2], ["Requires improvement", 2], ["RI", "1"]],
        [["Good: 2, RI: 2, Inadequate: 1"]],
        [["2 good, 2 requires improvement and 1 inadequate"]],
        [["Inadequate", 1], ["Good", 2], ["Total", 3]],
        [["Overall grade", "No."], ["Good", 5]],
    ],
)
def test_grades_counted_below_are_no_cases(tmp_path: Path, lines: list[list[Any]]) -> None:
    reading = _read(tmp_path, *lines)
    assert _rows(reading) == [case[:4] for case in CASES[:5]]
    assert reading.account.rows("left out") == len(lines) and reading.account.rows("named") == 0


def test_fields_that_run_down_under_a_table_are_named_and_not_shown(tmp_path: Path) -> None:
    down = [[HEADINGS[at], *(case[at] for case in CASES[5:9])] for at in range(4)]
    reading = _read(tmp_path, *down)
    assert _rows(reading) == [case[:4] for case in CASES[:5]]
    assert reading.account.rows("named") == 4
    assert not any(case[0] in reading_text(reading) for case in CASES[5:])
    assert "Good" not in str(reading_data(reading)["left_out"])


def test_a_second_table_beside_that_begins_lower_is_named(tmp_path: Path) -> None:
    lines: list[list[Any]] = [HEADINGS, *CASES[:2], [*CASES[2], None, *HEADINGS]]
    lines += [[*CASES[3 + n], None, *CASES[6 + n]] for n in range(3)]
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    book.save(tmp_path / "beside.xlsx")
    reading = read_workbook(tmp_path / "beside.xlsx", scale=SCALE, types=TYPES)
    check_account(tmp_path / "beside.xlsx", reading)
    assert _rows(reading) == [case[:4] for case in CASES[:6]]
    (said,) = [one for one in reading.problems if one.code is Code.CELLS_BESIDE]
    assert "20 filled cells" in said.reason and "G4 to K7" in said.reason
