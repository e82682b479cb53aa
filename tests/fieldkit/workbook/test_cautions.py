"""Dates in question and example rows are asked about, and none of them counts before it is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fieldkit.workbook.case_list import read_case_list
from fieldkit.workbook.errors import MappingRefused
from fieldkit.workbook.problems import Code
from fieldkit.workbook.read_workbook import read_workbook
from fieldkit.workbook.readings import WorkbookReading
from fieldkit.workbook.values.cells import make_cell
from fieldkit.workbook.values.damaged import damage_of
from fieldkit.workbook.values.grades import tells_grade
from tests.fieldkit.workbook.nuisances import CASES, HEADINGS, SCALE, TYPES

D = dt.date


def dated(folder: Path, dates: Sequence[str | dt.date]) -> Path:
    """Write a workbook with these dates of incident, texts as texts."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADINGS)
    for number, date in enumerate(dates):
        sheet.append([f"42/{40100 + 37 * number}/26", "DA", date, "Good", "Child seen."])
    path = folder / "dates.xlsx"
    book.save(path)
    return path


def read(path: Path, **arguments: Any) -> WorkbookReading:
    return read_workbook(path, scale=SCALE, types=TYPES, **arguments)


def asked(reading: WorkbookReading) -> list[tuple[str, Code]]:
    return [(one.cell, one.code) for one in reading.problems]


def dates_of(reading: WorkbookReading) -> list[str | None]:
    return [row.date for row in reading.rows]


US = ["03/04/2026", "04/13/2026", "02/05/2026", "05/28/2026", "01/06/2026"]


@pytest.mark.parametrize("sign", ["/", "-", ".", " / "])
def test_month_first_is_one_question_for_the_column(sign: str, tmp_path: Path) -> None:
    path = dated(tmp_path, [one.replace("/", sign) for one in US])
    reading = read(path)
    assert asked(reading) == [("C", Code.MONTH_FIRST)] and dates_of(reading) == [None] * 5
    said = read(path, fixes={"C": "month first"})
    assert dates_of(said) == ["2026-03-04", "2026-04-13", "2026-02-05", "2026-05-28", "2026-01-06"]
    assert asked(said) == [("C", Code.COLUMN_MEANING_SAID)]
    day_first = read(path, fixes={"c": " Day  First "})
    assert dates_of(day_first) == ["2026-04-03", None, "2026-05-02", None, "2026-06-01"]
    passed = read(path, skips={"C": "not needed"})
    assert "A person passed it over" in passed.problems[0].reason


def test_both_orders_in_one_column_are_a_question_too(tmp_path: Path) -> None:
    reading = read(dated(tmp_path, ["03/04/2026", "04/13/2026", "28/05/2026"]))
    assert asked(reading) == [("C", Code.MONTH_FIRST)]
    assert dates_of(reading) == [None, None, "2026-05-28"]


def test_dates_that_can_only_be_one_are_no_question(tmp_path: Path) -> None:
    reading = read(dated(tmp_path, ["04/13/2026", "05/05/2026", D(2026, 3, 27), "28 May 2026"]))
    assert asked(reading) == [("C2", Code.DATE_UNREAD)]


HALF: list[str | dt.date] = [
    D(2026, 5, 3),
    "13/03/2026",
    D(2026, 7, 2),
    "25/02/2026",
    D(2026, 9, 1),
    "28/01/2026",
]


@pytest.mark.parametrize("iso", [False, True])
def test_half_converted_dates_are_one_question(iso: bool, tmp_path: Path) -> None:
    dates: list[str | dt.date] = [str(one) for one in HALF] if iso else HALF
    path = dated(tmp_path, dates)
    reading = read(path)
    assert asked(reading) == [("C", Code.DATES_TURNED)]
    assert dates_of(reading) == [None, "2026-03-13", None, "2026-02-25", None, "2026-01-28"]
    turned = read(path, fixes={"C": "turned round"})
    assert dates_of(turned)[::2] == ["2026-03-05", "2026-02-07", "2026-01-09"]
    stands = read(path, fixes={"C": "as they stand"})
    assert dates_of(stands)[::2] == ["2026-05-03", "2026-07-02", "2026-09-01"]


def test_the_other_way_round_half_converted(tmp_path: Path) -> None:
    path = dated(tmp_path, [D(2026, 3, 5), "03/13/2026", D(2026, 2, 7), "02/25/2026"])
    assert asked(read(path)) == [("C", Code.MONTH_FIRST)]
    turned = read(path, fixes={"C": "turned round"})
    assert dates_of(turned) == ["2026-05-03", "2026-03-13", "2026-07-02", "2026-02-25"]


@pytest.mark.parametrize(
    "dates",
    [
        [D(2026, 5, 3), D(2026, 7, 2), D(2026, 9, 1)],
        [D(2026, 5, 3), D(2026, 7, 20), "13/03/2026", "14/03/2026"],
        [D(2026, 5, 3), "13/03/2026", "12/03/2026"],
        ["13/03/2026", "12/03/2026", "11/03/2026"],
        [D(2026, 5, 3), "13 March 2026", "14 March 2026"],
    ],
)
def test_dates_like_any_others_are_no_question(
    dates: Sequence[str | dt.date], tmp_path: Path
) -> None:
    reading = read(dated(tmp_path, dates))
    assert reading.problems == () and None not in dates_of(reading)


def test_dates_ahead_are_one_question(tmp_path: Path) -> None:
    path = dated(tmp_path, ["01/02/2062", "03/02/2026", D(2099, 1, 4), "5 February 2051", "6/2/68"])
    reading = read(path)
    places = [(place, Code.DATE_AHEAD) for place in ("C2", "C4", "C5", "C6")]
    assert asked(reading) == [("C", Code.DATES_AHEAD), *places]
    assert dates_of(reading) == [None, "2026-02-03", None, None, None]
    assert "C2, C4, C5, C6" in reading.problems[0].reason
    fixed = read(path, fixes={"C2": "1 February 2026", "C": "as they stand"})
    assert dates_of(fixed)[:3] == ["2026-02-01", "2026-02-03", "2099-01-04"]


@pytest.mark.parametrize(
    ("fixes", "part"),
    [
        ({"C": "backwards"}, "is not one of “as they stand”"),
        ({"D": "month first"}, "only a column of dates has a meaning"),
        ({"Z": "month first"}, "only a column of dates has a meaning"),
    ],
)
def test_what_fits_no_column_is_refused(fixes: dict[str, str], part: str, tmp_path: Path) -> None:
    with pytest.raises(MappingRefused, match=part):
        read(dated(tmp_path, US), fixes=fixes)


EXAMPLES: list[dict[int, str]] = [
    {0: "EXAMPLE-001"},
    {0: "Example"},
    {0: "e.g. 42/12345/26"},
    {0: "SAMPLE/01/26"},
    {0: "XX/XXXXX/26"},
    {0: "42/00000/26"},
    {4: "Example only"},
    {4: "e.g. child seen alone, supervisor reviewed"},
    {4: "Delete this row before sending"},
    {4: "FOR ILLUSTRATION"},
    {4: "EXAMPLE – please delete"},
    {4: "Sample (overwrite this line)"},
    {1: "Choose a type", 4: "Free text, 200 words"},
    {2: "dd/mm/yyyy", 4: "Enter your reasons"},
]


def with_example(folder: Path, changed: dict[int, str], at: int = 0) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADINGS)
    line: list[Any] = ["42/12345/26", "DA", D(2026, 1, 1), "Good", "Child seen."]
    for place, words in changed.items():
        line[place] = words
    for row in [*CASES[:at], line, *CASES[at:]]:
        sheet.append(row)
    path = folder / "example.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("changed", EXAMPLES)
def test_the_example_of_a_template_is_asked_about(changed: dict[int, str], tmp_path: Path) -> None:
    path = with_example(tmp_path, changed)
    reading = read(path)
    assert len(reading.rows) == 5 and ("A2", Code.EXAMPLE_ROW) in asked(reading)
    assert Code.LINE_LEFT_OUT not in {code for _, code in asked(reading)}
    counted = read(path, fixes={"A2": "as it stands"})
    assert len(counted.rows) == 6 and counted.rows[0].grade == "good"
    assert Code.EXAMPLE_ROW not in {code for _, code in asked(counted)}
    assert len(read(path, skips={"A2": "the template's"}).skipped) == 1


def test_words_of_an_example_in_a_real_case_are_no_question(tmp_path: Path) -> None:
    reading = read(with_example(tmp_path, {4: "An example of prompt work with the school."}, at=4))
    assert len(reading.rows) == 6 and reading.problems == ()


def test_a_list_of_examples_only_is_read(tmp_path: Path) -> None:
    lines = ["case,force_ref,type,overall_grade"]
    lines += [f"EXAMPLE-{number:03},42/{40100 + number}/26,DA,good" for number in range(1, 6)]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(lines), "utf-8")
    assert len(read_case_list(path, scale=SCALE, types=TYPES).rows) == 5


def test_a_case_list_asks_as_well(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "case,force_ref,type,date_of_incident,overall_grade,rationale\n"
        "EXAMPLE-001,42/00000/26,DA,2026-01-01,good,Example only\n"
        "WST-001,42/40100/26,DA,03/04/2026,good,one\n"
        "WST-002,42/40137/26,DA,04/13/2026,good,two\n"
        "WST-003,42/40174/26,DA,01/02/2061,good,three\n",
        "utf-8",
    )
    reading = read_case_list(path, scale=SCALE, types=TYPES)
    assert [row.case for row in reading.rows] == ["WST-001", "WST-002", "WST-003"]
    assert {one.code for one in reading.problems} == {Code.EXAMPLE_ROW, Code.MONTH_FIRST}
    fixes = {"A2": "as it stands", "D": "month first"}
    answered = read_case_list(path, scale=SCALE, types=TYPES, fixes=fixes)
    assert [row.date_of_incident for row in answered.rows][:3] == [
        "2026-01-01",
        "2026-03-04",
        "2026-04-13",
    ]
    assert Code.DATES_AHEAD in {one.code for one in answered.problems}


SPOILT = {
    "4.24E+11": Code.REFERENCE_ROUNDED,
    "4,24E+11": Code.REFERENCE_ROUNDED,
    "4.24e+11": Code.REFERENCE_ROUNDED,
    "4.24001E11": Code.REFERENCE_ROUNDED,
    "4E+11": Code.REFERENCE_ROUNDED,
    " 4.24 E+11 ": Code.REFERENCE_ROUNDED,
    "424000000000": Code.REFERENCE_ROUNDED,
    "Mar-26": Code.REFERENCE_DATE,
    "12-Mar": Code.REFERENCE_DATE,
    "01-Mar-26": Code.REFERENCE_DATE,
    "12/03/2026": Code.REFERENCE_DATE,
    "2026-03-12 00:00:00": Code.REFERENCE_DATE,
    "March 2026": Code.REFERENCE_DATE,
}


def test_references_that_are_mostly_spoilt_are_named_each(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    refs = ["4.24E+11", "4.25E+11", "4.26E+11", "4.27E+11", "42/40100/26"]
    lines = [f"{ref},DA,01/03/2026,Good,Child seen." for ref in refs]
    path.write_text("\n".join([",".join(map(str, HEADINGS)), *lines]), "utf-8")
    assert asked(read(path)) == [(f"A{row}", Code.REFERENCE_ROUNDED) for row in range(2, 6)]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#NAME?", "#VALUE!"])
def test_errors_that_were_written_out_as_text_are_errors(error: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [f"42/4010{n}/26,DA,01/03/2026,Good,Child seen." for n in range(3)]
    lines.insert(1, f"{error},DA,01/03/2026,Good,Child seen.")
    path.write_text("\n".join([",".join(map(str, HEADINGS)), *lines]), "utf-8")
    reading = read(path)
    assert asked(reading) == [("A3", Code.ERROR_VALUE)] and len(reading.rows) == 4


@pytest.mark.parametrize("written", SPOILT)
def test_references_that_a_spreadsheet_spoilt_are_named(written: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [f'"42/{40100 + one}/26",DA,0{one}/03/2026,Good,Child seen.' for one in range(1, 8)]
    lines[2] = f'"{written}",DA,03/03/2026,Good,Child seen.'
    path.write_text("\n".join([",".join(HEADINGS), *lines]), "utf-8")
    reading = read(path)
    assert asked(reading) == [("A4", SPOILT[written])] and reading.rows[2].ref == ""
    fixed = read(path, fixes={"A4": "42/1/26"})
    assert fixed.rows[2].ref == "42/1/26" and fixed.problems[0].severity == "note"
    path.write_text(
        f'case,force_ref,type,overall_grade\nWST-1,"{written}",DA,good\nWST-2,42/2/26,DA,good\n',
        "utf-8",
    )
    own = read_case_list(path, scale=SCALE, types=TYPES)
    assert [(one.cell, one.code) for one in own.problems] == [("B2", SPOILT[written])]
    assert [row.force_ref for row in own.rows] == ["", "42/2/26"]


@pytest.mark.parametrize(
    "ref", ["42/40100/26", "1E5", "12/03/26", "2600012345", "26000000000", "MARCH/1/26", "DEC12345"]
)
def test_references_like_any_other_are_not_spoilt(ref: str) -> None:
    assert damage_of(make_cell(ref)) is None


@pytest.mark.parametrize("number", [424000000000, 4.24e11, 424123000000])
def test_rounded_numbers(number: float) -> None:
    assert damage_of(make_cell(number)) == "rounded"
    assert damage_of(make_cell(424001232600)) is None


def test_no_sentence_is_taken_for_a_grade() -> None:
    for code in Code:
        assert not tells_grade(code.sentence) or len(code.sentence) > 500, code
