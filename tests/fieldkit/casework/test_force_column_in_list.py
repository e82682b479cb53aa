"""The force's grades in a column of our own list are never committed as ours.

Else the comparison would compare the force with itself, and agree.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.casework.import_list import import_cases, read_list
from fieldkit.comparison import assemble
from fieldkit.methodology import load
from fieldkit.selfassessment.import_workbook import import_reading, read_force_workbook
from storage.records import Case, ForceRow, Judgment
from storage.records.lookup import records_in
from storage.records.self_assessment import LINKED
from storage.vault.vault import Vault

TORTURE = os.environ.get("FIELDKIT_TORTURE") == "1"
METHODOLOGY = load("2018")
GRADES = ("Good", "Requires improvement", "Inadequate")
PLAIN = ("case", "force_ref", "type", "date_of_incident", "origin")
HEADINGS = (
    "Force grade", "Force's judgement", "Self-assessment grade", "SA",
    "Constabulary view", "Police grade", "Westshire grade", "Their grade",
    "Overall grade (force)", "Overall - Westshire", "Moderated grade", "Previous grade",
    "Risk grading", "Team", "Investigation grade", "Result",
    "Assessment", "", "F", "Assessed by force",
    "Supervisor's grade", "Grade at last inspection", "Initial contact",
)  # fmt: skip
WHOSE = (
    "force", "force's", "SA", "self-assessed", "Westshire", "police",
    "previous", "moderated", "risk", "PSD", "their", "first",
    "reviewer's", "PEEL", "2023", "internal", "HQ", "provisional",
)  # fmt: skip
WHAT = ("grade", "judgement", "rating", "overall", "overall grade", "final grade", "view", "result")


def _write(path: Path, headings: Sequence[str], lines: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(headings)
        rows.writerows(lines)
    return path


def _case(number: int) -> list[str]:
    reference = f"42/{40100 + 37 * number}/26"
    return [f"WST-{number:03}", reference, "Missing children", "2026-02-03", "self-assessed"]


def test_under_no_heading_does_the_force_agree_with_itself(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    assert len(HEADINGS) >= 20
    force: list[list[str]] = []
    for at, heading in enumerate(HEADINGS):
        numbers = range(6 * at, 6 * at + 6)
        graded = [GRADES[number % 3] for number in numbers]
        lines = [[*_case(number), grade] for number, grade in zip(numbers, graded, strict=True)]
        place = at % 6
        moved = [[*line[:-1][:place], line[-1], *line[:-1][place:]] for line in lines]
        headings = [*PLAIN[:place], heading, *PLAIN[place:]]
        reading = read_list(_write(tmp_path / f"{at}.csv", headings, moved), METHODOLOGY)
        done = vault.write_now(import_cases, inspection, reading)
        assert (len(done.new), done.graded) == (6, 0), heading
        assert not any(grade in one.reason for one in done.problems for grade in GRADES[1:])
        force += [[line[1], line[2], line[3], line[5]] for line in lines]
    sent = _write(tmp_path / "force.csv", ["Force ref", "Type", "Date", "Grade"], force)
    vault.write_now(
        import_reading, inspection, read_force_workbook(sent, METHODOLOGY), accept_exact=True
    )
    rows = vault.read_now(records_in, ForceRow, inspection)
    assert sum(row.decision in LINKED for row in rows) == len(force)
    assert len(vault.read_now(records_in, Case, inspection)) == len(force)
    judged = vault.read_now(records_in, Judgment, inspection)
    assert not any(one.grade for one in judged)
    compared = vault.read_now(assemble.comparison, inspection)
    assert not any(map(sum, compared.self_assessed.crosstab))


@settings(max_examples=400 if TORTURE else 40)
@given(
    whose=st.sampled_from(WHOSE),
    what=st.sampled_from(WHAT),
    turned=st.booleans(),
    place=st.integers(0, 5),
    more=st.sampled_from(("", "overall_grade", "Comments", "Force grade")),
)
def test_whose_a_grade_is_stands_in_its_heading(
    whose: str, what: str, turned: bool, place: int, more: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    heading = f"{what} ({whose})" if turned else f"{whose} {what}"
    headings = [*PLAIN[:place], heading, *PLAIN[place:], *filter(None, [more])]
    lines = []
    for number in range(8):
        line = _case(number)
        line[place:place] = [GRADES[number % 3]]
        if more:
            line.append("" if more == "Comments" else GRADES[(number + 1) % 3])
        lines.append(line)
    path = tmp_path_factory.getbasetemp() / "drawn.csv"
    reading = read_list(_write(path, headings, lines), METHODOLOGY)
    ours = [row.overall_grade for row in reading.rows]
    if more == "overall_grade":
        assert ours == [GRADES[(number + 1) % 3].lower() for number in range(8)]
    else:
        assert ours == [None] * 8


@pytest.mark.parametrize("heading", ["overall_grade", "Our grade", "Inspectors' judgement"])
def test_what_is_ours_is_entered_still(
    vault: Vault, inspection: str, tmp_path: Path, heading: str
) -> None:
    lines = [[*_case(number), GRADES[number % 3]] for number in range(6)]
    reading = read_list(_write(tmp_path / "a.csv", [*PLAIN, heading], lines), METHODOLOGY)
    assert vault.write_now(import_cases, inspection, reading).graded == 6
