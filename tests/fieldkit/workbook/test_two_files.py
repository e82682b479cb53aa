"""The practice inspection's workbook and case list are read and matched as they were made."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from fieldkit.demo.workbook import HEADER_ROW, SHEET
from fieldkit.selfassessment.matching.match_plan import OurCase, match
from fieldkit.workbook.case_list import CaseListReading, read_case_list
from fieldkit.workbook.read_workbook import read_workbook
from fieldkit.workbook.readings import WorkbookReading
from tests.fieldkit.two_files import SCALE, TwoFiles, make_two_files


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> TwoFiles:
    return make_two_files(tmp_path_factory.mktemp("two"))


@pytest.fixture(scope="module")
def force(files: TwoFiles) -> WorkbookReading:
    return read_workbook(files.force, scale=SCALE, types=list(files.type_by_grade))


@pytest.fixture(scope="module")
def ours(files: TwoFiles) -> CaseListReading:
    return read_case_list(files.cases, scale=SCALE, types=list(files.type_by_grade))


def test_rows_and_grades(force: WorkbookReading, files: TwoFiles) -> None:
    assert force.header_row == HEADER_ROW
    assert len(force.rows) == len(files.truth.rows)
    by_row = {row.row: row for row in force.rows}
    for expected in files.truth.rows:
        row = by_row[expected.row]
        assert (row.ref, row.grade) == (expected.written.strip(), expected.grade or None)
        assert row.type is not None and row.date is not None


def test_columns_and_grade_words(force: WorkbookReading) -> None:
    assert [column.field for column in force.columns] == [
        "ignore", "ref", "type", "date", "grade", "rationale", "ignore",
    ]  # fmt: skip
    assert all(len(column.samples) == 3 for column in force.columns)
    assert sum(word.count for word in force.grades) == len(force.rows)
    unknown = {word.written for word in force.grades if word.means is None}
    assert unknown == {"", "TBC"}


def test_problems(force: WorkbookReading, files: TwoFiles) -> None:
    serious = {(p.sheet, p.cell, p.value) for p in force.problems if p.severity != "note"}
    blank, tbc = files.truth.problems
    wrong = files.truth.wrong_grade
    counted = sum(one.grade == wrong for one in files.truth.rows)
    assert serious == {
        (SHEET, tbc, "TBC"),
        (SHEET, blank, ""),
        ("Summary", f"B{SCALE.index(wrong) + 2}", str(counted + 1)),
    }


def test_json_shape(force: WorkbookReading) -> None:
    shape = force.to_json()
    assert {"sheet", "header_row", "columns", "grades", "rows", "problems"} <= set(shape)
    assert shape["rows"] == len(shape["force_rows"])  # type: ignore[arg-type] # a list of rows
    json.dumps(shape)


def test_case_list(ours: CaseListReading, files: TwoFiles) -> None:
    assert ours.problems == () and len(ours.rows) == 97
    assert Counter(row.origin for row in ours.rows) == {"self-assessed": 33, "inspectors": 64}
    table: dict[str, Counter[str]] = {}
    for row in ours.rows:
        assert row.type is not None and row.overall_grade is not None
        table.setdefault(row.type, Counter())[row.overall_grade] += 1
    assert table == files.type_by_grade


def test_matching_reproduces_the_truth(
    force: WorkbookReading, ours: CaseListReading, files: TwoFiles
) -> None:
    cases = [
        OurCase(row.case, row.force_ref, row.types, row.date_of_incident, row.origin)
        for row in ours.rows
    ]
    true = files.case_of
    plan = match(force.rows, cases)
    assert all(true[pair.row] == pair.case_id for pair in plan.exact)
    assert len(plan.exact) >= 28
    decided: dict[int, str | None] = {pair.row: pair.case_id for pair in plan.exact}
    for item in plan.queue:
        answer = true[item.row]
        if answer is not None:
            assert answer in [candidate.case_id for candidate in item.candidates]
        decided[item.row] = answer
    assert decided == true
    done = match(force.rows, cases, decided=decided)
    assert done.exact == () and done.queue == ()
    assert sum(case_id is None for case_id in decided.values()) == 2
    linked = set(decided.values())
    assert {case.id for case in cases if case.origin == "self-assessed"} <= linked

    grades = {row.case: row.overall_grade for row in ours.rows}
    pairs = Counter((grades[case_id], row.grade) for row in force.rows
                    if (case_id := decided[row.row]) is not None)  # fmt: skip
    crosstab = [[pairs[our, their] for their in SCALE] for our in SCALE]
    assert crosstab == files.crosstab
