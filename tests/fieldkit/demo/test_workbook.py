"""The force's workbook is as untidy as real ones, and its truth is true."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from fieldkit.demo.practice import Practice, practice
from fieldkit.demo.workbook import HEADER_ROW, HEADINGS, SHEET, Truth, write_workbook
from fieldkit.methodology import load
from fieldkit.selfassessment.matching.references import canonical


@pytest.fixture(scope="module")
def whole() -> Practice:
    return practice()


@pytest.fixture(scope="module")
def written(whole: Practice, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    path = tmp_path_factory.mktemp("force") / "return.xlsx"
    return path, write_workbook(path, whole)


def test_the_layout(written: tuple[Path, Truth], whole: Practice) -> None:
    book = openpyxl.load_workbook(written[0])
    assert book.sheetnames == ["Guidance", SHEET, "Summary"]
    sheet = book[SHEET]
    assert tuple(cell.value for cell in sheet[HEADER_ROW]) == HEADINGS
    assert whole.force in str(sheet["A2"].value)
    last = HEADER_ROW + 35
    assert sheet.cell(last + 1, 1).value is None
    assert (sheet.cell(last + 2, 1).value, sheet.cell(last + 2, 2).value) == ("Total", 35)


def test_the_truth_is_what_the_cells_say(written: tuple[Path, Truth], whole: Practice) -> None:
    path, truth = written
    sheet = openpyxl.load_workbook(path)[SHEET]
    methodology = load(whole.methodology)
    force = {one["reference"]: one for one in whole.cases}
    blank, tbc = truth.problems
    assert sheet[blank].value is None and sheet[tbc].value == "TBC"
    for one in truth.rows:
        assert sheet.cell(one.row, 2).value == one.written
        grade = sheet.cell(one.row, 5).value
        assert (methodology.grade(grade or "") or "") == one.grade
        if one.case:
            case = force[one.case]
            assert one.grade in ("", case["force_grade"])
            assert sheet.cell(one.row, 3).value == case["types"][0]
            assert sheet.cell(one.row, 6).value == case["force_rationale"]
            day = sheet.cell(one.row, 4).value
            told = day if isinstance(day, datetime) else datetime.strptime(str(day), "%d/%m/%Y")
            assert told.date().isoformat() == case["incident_on"]
    matched = Counter(one.case for one in truth.rows)
    assert matched.pop("") == 2
    assert set(matched) == {one["reference"] for one in whole.cases if one["force_grade"]}
    assert set(matched.values()) == {1}
    assert sum(not one.grade for one in truth.rows) == 2


def test_references_are_damaged_and_never_into_anothers(
    written: tuple[Path, Truth], whole: Practice
) -> None:
    truth = written[1]
    ours = {one["force_ref"]: one["reference"] for one in whole.cases}
    as_kept = [one for one in truth.rows if ours.get(one.written)]
    assert all(ours[one.written] == one.case for one in as_kept)
    assert 12 <= len(as_kept) <= 20
    assert len({one.written for one in truth.rows}) == 35
    assert len(truth.queue) == 7, "two strangers and five that tidying does not mend"
    tidied = {canonical(case["force_ref"]): case["reference"] for case in whole.cases}
    for one in truth.rows:
        means = tidied.get(canonical(one.written), "")
        assert means in (one.case, ""), "damage never makes another case's reference"
        assert bool(means) == one.exact


def test_dates_are_cells_and_text_and_grades_have_many_spellings(
    written: tuple[Path, Truth],
) -> None:
    sheet = openpyxl.load_workbook(written[0])[SHEET]
    kinds = Counter(type(sheet.cell(one.row, 4).value) for one in written[1].rows)
    assert min(kinds[str], kinds[datetime]) >= 5
    assert len({sheet.cell(one.row, 5).value for one in written[1].rows}) >= 9


def test_the_summary_is_wrong_by_one(written: tuple[Path, Truth]) -> None:
    path, truth = written
    rows = openpyxl.load_workbook(path)["Summary"].iter_rows(min_row=2, values_only=True)
    methodology = load("2018")
    for label, number in rows:
        grade = methodology.grade(str(label))
        counted = sum(one.grade == grade for one in truth.rows)
        assert number == counted + (grade == truth.wrong_grade)


def test_the_same_inspection_gives_the_same_workbook(
    written: tuple[Path, Truth], whole: Practice, tmp_path: Path
) -> None:
    again = tmp_path / "again.xlsx"
    assert write_workbook(again, whole) == written[1]
    sheets = [openpyxl.load_workbook(path)[SHEET] for path in (written[0], again)]
    first, second = (list(sheet.values) for sheet in sheets)
    assert first == second
