"""Tables under one another, side by side or on their sides: read whole, or named and not shown."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fieldkit.workbook.case_list import read_case_list
from fieldkit.workbook.errors import LayoutRefused, MappingRefused
from fieldkit.workbook.problems import Code
from fieldkit.workbook.read_workbook import read_workbook
from fieldkit.workbook.readings import WorkbookReading

SCALE = ("good", "requires improvement", "inadequate")
TYPES = ("Domestic abuse", "Child sexual exploitation", "Missing children", "Custody")
HEADINGS = {
    "ref": "Force ref",
    "type": "Case type",
    "date": "Date of incident",
    "grade": "Grade",
    "why": "Rationale",
}
CASES = [
    {
        "ref": f"42/{40100 + 37 * n}/26",
        "type": TYPES[n % 4],
        "date": f"2026-0{1 + n % 3}-{3 + n:02}",
        "grade": ("Good", "Requires improvement", "Inadequate")[n % 3],
        "why": f"Supervisor review {n} recorded and clear",
    }
    for n in range(12)
]
TRUE = [(case["ref"], case["type"], case["date"], case["grade"].lower()) for case in CASES]
Lines = list[list[Any]]


def _table(cases: Sequence[dict[str, str]], fields: str = "ref type date grade why",
           **headings: str) -> Lines:  # fmt: skip
    names = fields.split()
    words = HEADINGS | headings
    return [[words[name] for name in names], *([case[name] for name in names] for case in cases)]


def _book(path: Path, **sheets: Lines) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


def _read(tmp_path: Path, lines: Lines, **more: Any) -> WorkbookReading:
    reading = read_workbook(
        _book(tmp_path / "book.xlsx", Cases=lines), scale=SCALE, types=TYPES, **more
    )
    assert all(account.adds_up for account in reading.accounts)
    return reading


def _rows(reading: WorkbookReading) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(row.ref, row.type, row.date, row.grade) for row in reading.rows]


SECOND = {
    "other order": ("ref date type why grade", {}),
    "fewer columns": ("ref grade why date type", {}),
    "other headings": (
        "grade date ref why type",
        {"ref": "Crime number", "grade": "Judgement", "date": "Date of offence", "why": "Reasons"},
    ),
    "the same order, other headings": (
        "ref type date grade why", {"ref": "Crime ref", "grade": "Overall judgement"},
    ),
    "grades first": ("grade why ref type date", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", SECOND)
@pytest.mark.parametrize("between", [[[]], [[], ["Missing children"]], []], ids=len)
def test_a_table_under_another_is_read_by_its_own_headings(
    tmp_path: Path, name: str, between: Lines
) -> None:
    fields, headings = SECOND[name]
    lines = _table(CASES[:5]) + between + _table(CASES[5:], fields, **headings)
    reading = _read(tmp_path, lines)
    assert _rows(reading) == TRUE
    assert [row.rationale for row in reading.rows] == [case["why"] for case in CASES]
    assert reading.account.rows("named") == 0 and not reading.missing
    assert any(one.code is Code.TABLE_BELOW for one in reading.problems)
    assert {one.written for one in reading.grades} == {case["grade"] for case in CASES}


def test_three_tables_and_the_first_is_the_shortest(tmp_path: Path) -> None:
    lines = [["Westshire"], *_table(CASES[:2]), [], *_table(CASES[2:7], "ref grade date type why"),
             [], ["Total", 5], *_table(CASES[7:], "type ref why date grade")]  # fmt: skip
    assert _rows(_read(tmp_path, lines)) == TRUE


def test_a_table_that_begins_further_right(tmp_path: Path) -> None:
    moved = [[None, None, *line] for line in _table(CASES[5:], "ref grade why date type")]
    assert _rows(_read(tmp_path, [*_table(CASES[:5]), [], *moved])) == TRUE


def test_rows_under_headings_without_a_grade_are_named(tmp_path: Path) -> None:
    withdrawn = _table(CASES[8:], "ref date why", why="Withdrawn because")
    reading = _read(tmp_path, [*_table(CASES[:8]), [], *withdrawn])
    assert _rows(reading) == TRUE[:8]
    (said,) = [one for one in reading.problems if one.code is Code.ROWS_UNREAD]
    assert "4 rows" in said.reason and "12 to 15" in said.reason


def test_a_fix_goes_by_the_headings_of_its_own_table(tmp_path: Path) -> None:
    lines = [*_table(CASES[:5]), [], *_table(CASES[5:], "ref date type why grade")]
    reading = _read(tmp_path, lines, fixes={"E9": "good", "D2": "inadequate"})
    assert reading.rows[5].grade == "good" and reading.rows[0].grade == "inadequate"
    cell = next(cell for cell in reading.rows[5].cells if cell.cell == "E9")
    assert cell.field == "grade" and cell.read == "Inadequate"
    with pytest.raises(MappingRefused, match="not a date"):
        _read(tmp_path, lines, fixes={"B9": "good"})


def test_a_column_is_shown_as_the_most_guarded_of_what_it_is(tmp_path: Path) -> None:
    lines = [*_table(CASES[:5]), [], *_table(CASES[5:], "ref why grade type date")]
    shown = {one.column: one.shown_as for one in _read(tmp_path, lines).columns}
    assert shown == {"A": "ref", "B": "rationale", "C": "grade", "D": "grade", "E": "rationale"}


@pytest.mark.parametrize("gap", [0, 1, 2])
@pytest.mark.parametrize("fields", ["ref type date grade why", "ref grade why"])
def test_a_table_beside_another_is_named_by_its_cells(
    tmp_path: Path, gap: int, fields: str
) -> None:
    left, right = _table(CASES[:4]), _table(CASES[4:], fields)
    lines = [
        [*(left[n] if n < len(left) else [None] * 5), *[None] * gap, *right[n]]
        for n in range(len(right))
    ]
    reading = _read(tmp_path, lines)
    assert _rows(reading) == TRUE[:4]
    (said,) = [one for one in reading.problems if one.code is Code.TABLE_BESIDE]
    assert f"{'FGH'[gap]}1 to " in said.reason and "9, " in said.reason
    assert reading.account.cells("named") == sum(map(len, right))
    assert reading.account.rows("named") == 4


def test_rows_of_cases_above_the_headings_are_named(tmp_path: Path) -> None:
    table = _table(CASES[5:])
    reading = _read(tmp_path, [["Westshire return"], [], *_table(CASES[:5])[1:], *table])
    assert _rows(reading) == TRUE[5:]
    (said,) = [one for one in reading.problems if one.code is Code.ROWS_ABOVE]
    assert "5 rows above the headings look like cases: 3 to 7." in said.reason


def test_a_sheet_for_each_type_is_named_with_its_rows(tmp_path: Path) -> None:
    path = _book(tmp_path / "types.xlsx", DA=_table(CASES[:6]), CSE=_table(CASES[6:9]),
                 Missing=_table(CASES[9:]))  # fmt: skip
    reading = read_workbook(path, scale=SCALE, types=TYPES)
    assert _rows(reading) == TRUE[:6]
    said = {one.sheet: one.reason for one in reading.problems if one.code is Code.SHEET_RIVAL}
    assert set(said) == {"CSE", "Missing"} and all("rows 2 to 4" in one for one in said.values())
    assert [account.rows("named") for account in reading.accounts] == [0, 4, 4]


def test_text_beside_a_table_under_no_heading_is_named(tmp_path: Path) -> None:
    lines = _table(CASES)
    lines[3] += [None, "The sergeant disagrees with this grade and says so at length here."]
    lines[7] += ["checked"]
    reading = _read(tmp_path, lines)
    assert _rows(reading) == TRUE
    (said,) = [one for one in reading.problems if one.code is Code.CELLS_BESIDE]
    assert "2 filled cells" in said.reason and "F8, G4" in said.reason


def test_a_case_list_in_two_tables_is_read_whole(tmp_path: Path) -> None:
    names = ["case", "force_ref", "type", "overall_grade", "rationale"]
    other = ["case", "type", "rationale", "force_ref", "overall_grade"]
    cases = [
        dict(zip(names, (f"WST-{n + 1:03}", one["ref"], one["type"], one["grade"], one["why"]),
                 strict=True))
        for n, one in enumerate(CASES)
    ]  # fmt: skip
    with (tmp_path / "list.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["Domestic abuse"])
        lines.writerow(names)
        lines.writerows([one[name] for name in names] for one in cases[:4])
        lines.writerow([])
        lines.writerow(["Missing"])
        lines.writerow(other)
        lines.writerows([one[name] for name in other] for one in cases[4:])
    reading = read_case_list(tmp_path / "list.csv", scale=SCALE, types=TYPES)
    assert [(row.case, row.force_ref, row.type, row.overall_grade) for row in reading.rows] == [
        (one["case"], one["force_ref"], one["type"], one["overall_grade"].lower()) for one in cases
    ]
    assert reading.account.adds_up


@pytest.mark.parametrize("mark", ["x", "X", "✓", "✔", "1", 1, "Yes", "●", True])
@pytest.mark.parametrize("heads", [("Good", "Requires improvement", "Inadequate"),
                                   ("G", "RI", "I"), ("GOOD", "RI", "INADEQUATE")])  # fmt: skip
def test_a_tick_in_the_column_of_a_grade_is_the_grade(
    tmp_path: Path, mark: object, heads: tuple[str, ...]
) -> None:
    lines: Lines = [["Force ref", "Case type", *heads, "Rationale"]]
    for n, case in enumerate(CASES):
        ticks = [mark if at == n % 3 else None for at in range(3)]
        lines.append([case["ref"], case["type"], *ticks, case["why"]])
    reading = _read(tmp_path, lines)
    assert [row.grade for row in reading.rows] == [case["grade"].lower() for case in CASES]
    assert [one.shown_as for one in reading.columns[2:5]] == ["grade"] * 3
    again = read_workbook(tmp_path / "book.xlsx", scale=SCALE, types=TYPES, columns={
        one.column: one.field for one in reading.columns})  # fmt: skip
    assert _rows(again) == _rows(reading)


@pytest.mark.parametrize(("tick", "cross"), [("✓", "✗"), ("✔", "x"), ("Yes", "No"), ("☑", "☐")])
def test_beside_ticks_a_cross_is_none(tmp_path: Path, tick: str, cross: str) -> None:
    lines: Lines = [["Force ref", "Good", "Requires improvement", "Inadequate"]]
    lines += [
        [case["ref"], *(tick if at == n % 3 else cross for at in range(3))]
        for n, case in enumerate(CASES)
    ]
    rows = _read(tmp_path, lines).rows
    assert [row.grade for row in rows] == [case["grade"].lower() for case in CASES]


def test_ticks_under_a_heading_over_them_and_zeros(tmp_path: Path) -> None:
    lines: Lines = [["Force ref", "Case type", "Force grade", None, None, "Rationale"],
                    [None, None, "Good", "Requires improvement", "Inadequate", None]]  # fmt: skip
    for n, case in enumerate(CASES):
        lines.append(
            [case["ref"], case["type"], *(int(at == n % 3) for at in range(3)), case["why"]]
        )
    reading = _read(tmp_path, lines)
    assert [row.grade for row in reading.rows] == [case["grade"].lower() for case in CASES]


def test_no_tick_two_ticks_and_another_mark_are_no_grade(tmp_path: Path) -> None:
    lines: Lines = [["Force ref", "Good", "Requires improvement", "Inadequate"]]
    lines += [[case["ref"], "x", None, None] for case in CASES[3:]]
    lines += [["42/1/26", None, None, None], ["42/2/26", "x", "x", None],
              ["42/3/26", "see note", None, None]]  # fmt: skip
    reading = _read(tmp_path, lines)
    assert [row.grade for row in reading.rows[-3:]] == [None, None, None]
    said = [one.reason for one in reading.problems if one.severity == "error"]
    assert len(said) == 3 and any("more than one grade" in one for one in said)
    fixed = _read(tmp_path, lines, fixes={"C12": "requires improvement"})
    assert fixed.rows[-2].grade == "requires improvement"


def _down(cases: Sequence[dict[str, str]], *fields: str) -> Lines:
    return [[HEADINGS[name], *(case[name] for case in cases)] for name in fields]


DOWN: dict[str, Lines] = {
    "whole": _down(CASES, "ref", "type", "date", "grade", "why"),
    "titled": [["Westshire"], [], *_down(CASES[:4], "ref", "date", "type", "why", "grade")],
    "grades first": _down(CASES, "grade", "why", "ref", "type"),
    "numbered": [[None, *range(1, 13)], *_down(CASES, "ref", "grade", "date", "why")],
    "a label column": [["Field", "Case 1", "Case 2"], *_down(CASES[:2], "ref", "type", "grade")],
    "two fields": _down(CASES[:3], "ref", "grade"),
    "no references": [[None, "Case 1", "Case 2"], *_down(CASES[:2], "type", "date", "grade")],
    "form": _down(CASES[:1], "ref", "type", "date", "grade", "why"),
    "form with colons": [[f"{line[0]}:", None, line[1]]
                         for line in _down(CASES[:1], "ref", "type", "grade", "why")],
    "form in pairs": [["Force ref", CASES[0]["ref"], "Case type", CASES[0]["type"]],
                      ["Date of incident", "2026-01-03", "Grade", "Good"],
                      ["Rationale", CASES[0]["why"]]],
    "form in one cell": [["Force ref: 42/40100/26"], ["Case type: Custody"], ["Grade: Good"]],
}  # fmt: skip


@pytest.mark.parametrize("name", DOWN)
@pytest.mark.parametrize("header_row", [None, 0, 1, 2])
def test_fields_that_run_down_are_refused_and_not_shown(
    tmp_path: Path, name: str, header_row: int | None
) -> None:
    with pytest.raises(LayoutRefused) as refusal:
        _read(tmp_path, DOWN[name], header_row=header_row)
    said = str(refusal.value)
    assert not any(case["grade"] in said or case["ref"] in said for case in CASES)
    assert "Cases" in said and ("run down" in said or "form" in said) and said.endswith(".")


def test_a_form_per_sheet_is_refused_as_such(tmp_path: Path) -> None:
    sheets = {
        f"Case {n}": _down([case], "ref", "type", "date", "grade", "why")
        for n, case in enumerate(CASES[:5], 1)
    }
    with pytest.raises(LayoutRefused, match=r"5 sheets of forms\.xlsx") as refusal:
        read_workbook(_book(tmp_path / "forms.xlsx", **sheets), scale=SCALE, types=TYPES)
    assert "a row for each" in str(refusal.value)


def test_a_table_is_read_beside_a_sheet_whose_fields_run_down(tmp_path: Path) -> None:
    path = _book(tmp_path / "both.xlsx", Form=DOWN["form"], Cases=_table(CASES))
    reading = read_workbook(path, scale=SCALE, types=TYPES)
    assert _rows(reading) == TRUE
    (said,) = [one for one in reading.problems if one.sheet == "Form"]
    assert said.reason.startswith("It is a form for one case")
    assert not any(case["grade"] in said.reason for case in CASES)


def test_a_title_block_of_names_and_values_is_no_form(tmp_path: Path) -> None:
    lines = [["Reference", "2026/14"], ["Date", "1 March 2026"], ["Category", "Return"], [],
             *_table(CASES)]  # fmt: skip
    assert _rows(_read(tmp_path, lines)) == TRUE
