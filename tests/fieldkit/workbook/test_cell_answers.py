"""What a person says of single cells: kept beside what the force wrote, or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from fieldkit.workbook.errors import MappingRefused
from fieldkit.workbook.problems import is_answer
from fieldkit.workbook.read_workbook import read_workbook
from fieldkit.workbook.readings import WorkbookReading
from tests.fieldkit.workbook.nuisances import SCALE, TYPES

ROWS = (
    ("42/42099/26", "Domestic abuse", "2026-01-29", "Good", "Seen."),
    ("not known", "Domestic abuse", "sometime", "see file", "Not seen."),
    ("42/41138/26", "Something else", "2026-02-24", "TBC", ""),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Cases"
    for row in (("Force ref", "Case type", "Date of incident", "Grade", "Rationale"), *ROWS):
        sheet.append(list(row))
    sheet = book.create_sheet("Summary")
    for line in (("Good", 5), ("Requires improvement", 0), ("Inadequate", 0)):
        sheet.append(list(line))
    book.save(tmp_path / "force.xlsx")
    return tmp_path / "force.xlsx"


def read(path: Path, **arguments: Any) -> WorkbookReading:
    return read_workbook(path, scale=SCALE, types=TYPES, **arguments)


def said(reading: WorkbookReading, cell: str) -> list[tuple[str, str, str]]:
    return [(p.value, p.reason, p.severity) for p in reading.problems if p.cell == cell]


def test_a_cell_is_given_a_meaning_and_keeps_what_stood_there(path: Path) -> None:
    before = path.read_bytes()
    fixes = {"A3": "42/41899/26", "B4": "missing children", "C3": "6 July 2026", "D3": "inadequate"}
    reading = read(path, fixes=fixes)
    second, third = reading.rows[1:]
    assert (second.ref, second.date, second.grade) == ("42/41899/26", "2026-07-06", "inadequate")
    assert third.type == "Missing children"
    raw = {cell.cell: (cell.stored, cell.matched) for row in reading.rows for cell in row.cells}
    assert raw["A3"] == ("not known", "42/41899/26")
    assert raw["D3"] == ("see file", "inadequate")
    assert said(reading, "D3") == [
        ("see file", "A person said what this cell means: “inadequate”.", "note")
    ]
    assert "“6 July 2026”" in said(reading, "C3")[0][1]
    assert len([one for one in reading.problems if is_answer(one)]) == 4
    assert not [one for one in reading.problems if one.cell in fixes and one.severity != "note"]
    assert read(path, fixes={"d4": "none"}).rows[2].grade is None
    assert path.read_bytes() == before


def test_a_fixed_reference_is_checked_like_any_other(path: Path) -> None:
    reading = read(path, fixes={"A3": "42/42099/26"})
    assert any("also stands in A2" in reason for _, reason, _ in said(reading, "A3"))


def test_a_row_is_left_out_and_a_line_passed_over_each_with_its_reason(path: Path) -> None:
    book = load_workbook(path)
    book.worksheets[0].append(["* as it stood in May"])
    book.save(path)
    skips = {"A3": "sent twice", "A5": "from last month"}
    reading = read(path, skips=skips)
    assert [row.row for row in reading.rows] == [2, 4]
    assert [row.row for row in reading.skipped] == [3]
    assert reading.skipped[0].written_grade == "see file", "the raw row is kept"
    assert said(reading, "A3") == [
        ("not known", "A person skipped this row: “sent twice”.", "note")
    ]
    assert said(reading, "D3") == [], "what is wrong in a row left out is not listed"
    (line,) = (one for one in reading.problems if one.cell == "A5")
    assert "left out" in line.reason and line.severity == "note"
    assert line.reason.endswith("A person passed it over: “from last month”.")
    assert reading.to_json()["skipped"] == [3]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ({"fixes": {"D3": "fine"}}, "is not one of good, requires improvement"),
        ({"fixes": {"C3": "soon"}}, "not a date"),
        ({"fixes": {"B3": "gardening"}}, "not a case type"),
        ({"fixes": {"A3": "  "}}, "not a reference"),
        ({"fixes": {"A9": "x"}}, "in no row of a case"),
        ({"fixes": {"Z3": "x"}}, "its column is not read"),
        ({"fixes": {"Summary!A1": "good"}}, "in no row of a case"),
        ({"fixes": {"3A": "x"}}, "not a cell such as E12"),
        ({"skips": {"A3": " "}}, "Say why A3 is skipped"),
        ({"skips": {"Summary!B1": "a wrong total"}}, "Nothing was found wrong at B1"),
        ({"skips": {"F20": "why not"}}, "Nothing was found wrong at F20"),
        ({"skips": {"nowhere": "why not"}}, "not a cell such as E12"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(
    path: Path, arguments: dict[str, dict[str, str]], part: str
) -> None:
    with pytest.raises(MappingRefused) as refusal:
        read(path, **arguments)
    assert part in str(refusal.value) and str(refusal.value).endswith("Nothing was changed.")
