"""A heading says whose or what a column is; values only tell columns apart that have none."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from fieldkit.methodology import load
from fieldkit.workbook.case_list import CaseListReading, read_case_list
from fieldkit.workbook.errors import MappingRefused, NoTableFound
from fieldkit.workbook.read_workbook import read_workbook
from fieldkit.workbook.readings import WorkbookReading
from fieldkit.workbook.table.column_fit import FAR_APART
from fieldkit.workbook.table.meaning import BIRTH, names_criterion

SCALE = ("good", "requires improvement", "inadequate")
TYPES = ("Domestic abuse", "Child sexual exploitation", "Missing children", "Custody")
GRADES = ("Good", "Requires improvement", "Inadequate")
CASES = 9


def _write(path: Path, headings: Sequence[str], columns: Sequence[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(headings)
        lines.writerows(zip(*columns, strict=True))
    return path


REFS = [f"42/{40100 + 37 * n}/26" for n in range(CASES)]
OURS = [f"WST-{n + 1:03}" for n in range(CASES)]
KINDS = [TYPES[n % 4] for n in range(CASES)]
DATES = [f"2026-0{1 + n % 3}-{3 + n:02}" for n in range(CASES)]
FORCE = [GRADES[n % 3] for n in range(CASES)]
OTHER = [GRADES[(n + 1) % 3] for n in range(CASES)]
WHY = [f"Supervisor review {n} recorded and clear" for n in range(CASES)]
BORN = [f"{3 + n:02}/0{1 + n}/{2009 + n}" for n in range(CASES)]


def _force(
    tmp_path: Path, headings: Sequence[str], *columns: Sequence[object], **chosen: str
) -> WorkbookReading:
    path = _write(tmp_path / "force.csv", headings, columns)
    return read_workbook(path, scale=SCALE, types=TYPES, columns=chosen or None)


def _list(
    tmp_path: Path, headings: Sequence[str], *columns: Sequence[object], **chosen: str
) -> CaseListReading:
    path = _write(tmp_path / "list.csv", headings, columns)
    return read_case_list(path, scale=SCALE, types=TYPES, columns=chosen or None)


def _fields(reading: WorkbookReading | CaseListReading) -> dict[str, str]:
    return {one.field: one.column for one in reading.columns if one.field != "ignore"}


@pytest.mark.parametrize(
    "heading",
    ["Previous grade (2023)", "Last inspection", "Grade at last inspection", "HMICFRS grade",
     "PEEL grade 2021", "Risk grading", "Risk", "RAG", "RASSO", "Response grade", "THRIVE grade",
     "Grade of officer", "Partner's judgement", "Peer review", "Team", "Unit", "Section",
     "Second opinion", "Target grade", "Earlier judgement", "Grade (2023)", "2019 judgement",
     "Judgement 2020/21", "2022", "Baseline grade", "Ofsted judgement", "Vulnerability grading"],
)  # fmt: skip
def test_no_other_column_of_grades_is_the_forces(tmp_path: Path, heading: str) -> None:
    reading = _force(
        tmp_path, ["Force ref", "Type", "Date of incident", heading, "Comments"],
        REFS, KINDS, DATES, FORCE, WHY,
    )  # fmt: skip
    assert reading.missing == ("grade",)
    assert not any(row.grade for row in reading.rows) and len(reading.rows) == CASES
    assert any("No column was found for grade" in one.reason for one in reading.problems)


@pytest.mark.parametrize("heading", ["HMICFRS ref", "Inspection reference", "HMICFRS case"])
def test_our_own_references_are_taken_where_there_are_no_others(
    tmp_path: Path, heading: str
) -> None:
    alone = _force(tmp_path, [heading, "Grade", "Comments"], OURS, FORCE, WHY)
    assert [row.ref for row in alone.rows] == OURS and not alone.problems
    both = _force(tmp_path, [heading, "Force ref", "Grade"], OURS, REFS, FORCE)
    assert [row.ref for row in both.rows] == REFS and not both.problems


def test_of_two_years_the_one_that_may_be_now_is_the_grade(tmp_path: Path) -> None:
    now = dt.datetime.now().year
    headings = ["Force ref", f"Grade ({now - 3})", f"Grade ({now})", "Comments"]
    reading = _force(tmp_path, headings, REFS, OTHER, FORCE, WHY)
    assert _fields(reading)["grade"] == "C" and not reading.problems
    assert [row.grade for row in reading.rows] == [grade.lower() for grade in FORCE]
    asked = _force(tmp_path, [headings[0], f"Grade ({now - 1})", *headings[2:]],
                   REFS, OTHER, FORCE, WHY)  # fmt: skip
    assert any("choose between them" in one.reason for one in asked.problems)


@pytest.mark.parametrize("heading", ["RASSO", "Date closed", "CPS advice", "Notes", "", "Outcome"])
def test_a_column_of_not_applicable_is_no_grade(tmp_path: Path, heading: str) -> None:
    reading = _force(
        tmp_path, ["Force ref", "Type", "Date of incident", heading],
        REFS, KINDS, DATES, ["N/A"] * CASES,
    )  # fmt: skip
    assert reading.missing == ("grade",)
    ours = _list(
        tmp_path, ["case", "force_ref", "type", heading], OURS, REFS, KINDS, ["N/A"] * CASES
    )
    assert {(row.overall_grade, row.state) for row in ours.rows} == {(None, None)}


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Address", [f"{n} High Street, Westshire WE{n} 2AB" for n in range(1, CASES + 1)]),
        ("Telephone", [f"07700 90012{n}" for n in range(CASES)]),
        ("Postcode", [f"WE{n} 4QT" for n in range(1, CASES + 1)]),
        ("", [f"{n} High Street, Westshire WE{n} 2AB" for n in range(1, CASES + 1)]),
        ("", [f"07700 90012{n}" for n in range(CASES)]),
        ("", [f"WE{n} 4QT" for n in range(1, CASES + 1)]),
        ("Officer in the case", [f"PC 41{n}7" for n in range(CASES)]),
        ("NHS number", [f"943 476 59{n}9" for n in range(CASES)]),
    ],
)
def test_no_reference_is_guessed_from_values(
    tmp_path: Path, heading: str, values: list[str]
) -> None:
    reading = _force(
        tmp_path, ["Type", "Date of incident", heading, "Grade"], KINDS, DATES, values, FORCE
    )
    assert reading.missing == ("ref",)
    assert any("No column was found for ref" in one.reason for one in reading.problems)


@pytest.mark.parametrize("overall", ["Overall", "Final", "Total", "Overall effectiveness",
                                     "Case grade", "Overall grade", "Final judgement"])  # fmt: skip
@pytest.mark.parametrize(
    "areas",
    [
        ("Initial contact", "Assessment", "Investigation", "Decision making"),
        ("Initial contact grade", "Assessment and help grade", "Investigation grade"),
        ("Leadership", "Initial response", "Risk assessment and referral"),
        ("Assessment", "Plan", "Outcome"),
    ],
)
@pytest.mark.parametrize("last", [True, False])
def test_overall_beats_the_criteria(
    tmp_path: Path, overall: str, areas: tuple[str, ...], last: bool
) -> None:
    headings = [*areas, overall] if last else [overall, *areas]
    columns = [FORCE if one == overall else OTHER for one in headings]
    reading = _force(
        tmp_path, ["Force ref", "Type", "Date", *headings, "Comments"],
        REFS, KINDS, DATES, *columns, WHY,
    )  # fmt: skip
    assert [row.written_grade for row in reading.rows] == FORCE
    assert not any(one.rival for one in reading.columns)


def test_grades_of_areas_alone_are_no_grade_of_the_case(tmp_path: Path) -> None:
    reading = _force(
        tmp_path, ["Force ref", "Initial contact", "Investigation"], REFS, FORCE, OTHER
    )
    assert reading.missing == ("grade",)


@pytest.mark.parametrize("version", ["2014", "2018", "2024"])
def test_every_criterion_is_known_for_one(version: str) -> None:
    for area in load(version).criteria_on("case"):
        assert names_criterion(area.label), area.label


@pytest.mark.parametrize(
    "heading",
    ["Date of birth", "DOB", "D.O.B.", "Child's DoB", "Born", "DateOfBirth", "Dyddiad geni"],
)
def test_a_date_of_birth_is_never_taken_and_pointed_out(tmp_path: Path, heading: str) -> None:
    ours = _list(
        tmp_path, ["case", "force_ref", "type", heading, "overall_grade"],
        OURS, REFS, KINDS, BORN, FORCE,
    )  # fmt: skip
    assert {row.date_of_incident for row in ours.rows} == {None}
    (said,) = [one for one in ours.problems if one.cell == "D"]
    assert BIRTH in said.reason and said.severity == "check"
    force = _force(tmp_path, ["Force ref", heading, "Grade"], REFS, BORN, FORCE)
    assert {row.date for row in force.rows} == {None}
    assert any(BIRTH in one.reason for one in force.problems)
    with pytest.raises(MappingRefused, match="dates of birth"):
        _force(tmp_path, ["Force ref", heading, "Grade"], REFS, BORN, FORCE, B="date")


@pytest.mark.parametrize("heading", ["Date", "", "Dates"])
def test_dates_as_far_apart_as_of_birth_are_not_those_of_incidents(
    tmp_path: Path, heading: str
) -> None:
    reading = _force(tmp_path, ["Force ref", heading, "Grade"], REFS, BORN, FORCE)
    assert {row.date for row in reading.rows} == {None}
    assert any(FAR_APART in one.reason for one in reading.problems)


@pytest.mark.parametrize(
    "heading",
    ["Date closed", "Review date", "Date of arrest", "Audit date", "Date allocated", "Next review"],
)
def test_other_dates_are_not_those_of_incidents(tmp_path: Path, heading: str) -> None:
    force = _force(tmp_path, ["Force ref", heading, "Grade"], REFS, DATES, FORCE)
    assert "date" not in _fields(force)
    ours = _list(tmp_path, ["case", heading, "type"], OURS, DATES, KINDS)
    assert "date_of_incident" not in _fields(ours)
    assert any(one.cell == "B" and "not taken" in one.reason for one in ours.problems)


NOT_OURS = (
    "Force grade", "Force's judgement", "Force judgement", "Self-assessment",
    "Self-assessment grade", "SA grade", "SA", "FG",
    "Constabulary judgement", "Police grade", "Westshire grade", "Their grade",
    "Grade (force)", "Overall grade (force)", "Overall - Westshire", "Moderated grade",
    "Initial grade", "Previous grade", "Risk grading", "Team",
    "PSD view", "Assessed by force", "Auditor's grade", "Supervisor grade",
    "Result", "Outcome", "Assessment", "Column F",
    "F", "", "Grade 2", "Status",
    "Force overall", "Returned", "Investigation grade", "Effectiveness",
    "Grade at last inspection", "Your grade", "Force rating", "First grade",
    "Origin", "Comments by force", "Source",
)  # fmt: skip


@pytest.mark.parametrize("heading", NOT_OURS)
def test_only_a_heading_makes_grades_of_a_case_list_ours(tmp_path: Path, heading: str) -> None:
    ours = _list(
        tmp_path, ["case", "force_ref", "type", "date_of_incident", heading],
        OURS, REFS, KINDS, DATES, FORCE,
    )  # fmt: skip
    assert {(row.overall_grade, row.state) for row in ours.rows} == {(None, None)}
    column = ours.columns[-1]
    assert column.field == "ignore" and column.mask_reason
    assert any(one.cell == "E" and "not taken" in one.reason for one in ours.problems)
    assert not any("Inadequate" in one.reason for one in ours.problems)


@pytest.mark.parametrize(
    "heading",
    ["overall_grade", "Overall grade", "Our grade", "Grade", "Overall", "Inspector's grade",
     "Overal grade", "HMICFRS grade", "Final grade", "Judgement", "Our overall judgement"],
)  # fmt: skip
def test_a_heading_that_says_so_makes_them_ours(tmp_path: Path, heading: str) -> None:
    ours = _list(tmp_path, ["case", "force_ref", "Force grade", heading], OURS, REFS, OTHER, FORCE)
    assert [row.overall_grade for row in ours.rows] == [one.lower() for one in FORCE]


def test_of_two_columns_that_may_be_ours_a_person_chooses(tmp_path: Path) -> None:
    headings = ["case", "Overall grade", "Final grade"]
    ours = _list(tmp_path, headings, OURS, FORCE, OTHER)
    assert {row.overall_grade for row in ours.rows} == {None}
    assert {one.cell for one in ours.problems if "another column" in one.reason} == {"B", "C"}
    ours = _list(tmp_path, headings, OURS, FORCE, OTHER, C="overall_grade")
    assert [row.overall_grade for row in ours.rows] == [one.lower() for one in OTHER]


def test_a_bare_heading_gives_way_to_one_that_says_whose(tmp_path: Path) -> None:
    ours = _list(tmp_path, ["case", "Grade", "Overall grade"], OURS, OTHER, FORCE)
    assert [row.overall_grade for row in ours.rows] == [one.lower() for one in FORCE]


def test_letters_of_teams_are_no_grades(tmp_path: Path) -> None:
    for heading in ("Team", "Shift", "", "Area"):
        ours = _list(tmp_path, ["case", "type", heading], OURS, KINDS, list("GIAGIAGIA"))
        assert {(row.overall_grade, row.state) for row in ours.rows} == {(None, None)}


def test_a_list_without_a_column_of_references_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoTableFound, match="names a column for case"):
        _list(tmp_path, ["Type", "Address", "Date of incident"], KINDS, WHY, DATES)


def test_usual_headings_stay_what_they_are(tmp_path: Path) -> None:
    reading = _force(
        tmp_path,
        ["No.", "Niche occurrence number", "Strand", "Date reported", "Force’s Judgment", "Why?",
         "OIC"],
        range(1, CASES + 1), REFS, KINDS, DATES, FORCE, WHY, WHY,
    )  # fmt: skip
    assert _fields(reading) == {
        "ref": "B", "type": "C", "date": "D", "grade": "E", "rationale": "F",
    }  # fmt: skip
