"""The practice inspection as two files, the force's workbook and our own list, and their truth."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from fieldkit.demo.practice import Practice, practice
from fieldkit.demo.workbook import Truth, write_workbook

SCALE = ("good", "requires improvement", "inadequate")
HEADING = ("case", "force_ref", "type", "date_of_incident", "origin", "overall_grade", "rationale")


@dataclass(frozen=True)
class TwoFiles:
    """Where the files lie, what they were made from, and what must come out of them."""

    force: Path
    cases: Path
    plan: Practice
    truth: Truth

    @property
    def case_of(self) -> dict[int, str | None]:
        """For each row of the workbook our reference; None where it is no case of ours."""
        return {one.row: one.case or None for one in self.truth.rows}

    @property
    def grade_of(self) -> dict[int, str | None]:
        """For each row of the workbook the grade meant; None where its cell holds none."""
        return {one.row: one.grade or None for one in self.truth.rows}

    @property
    def strangers(self) -> list[int]:
        """The rows that are no case of ours."""
        return [row for row, case in self.case_of.items() if case is None]

    @property
    def crosstab(self) -> list[list[int]]:
        """Our grades, a row each, by the force's."""
        ours = {one["reference"]: one["overall"] for one in self.plan.cases}
        pairs = Counter((ours[one.case], one.grade) for one in self.truth.rows if one.case)
        return [[pairs[our, their] for their in SCALE] for our in SCALE]

    @property
    def inspectors_only(self) -> dict[str, int]:
        """How many cases that the force did not grade have each grade of ours."""
        alone = Counter(one["overall"] for one in self.plan.cases if one["origin"] == "inspectors")
        return {grade: alone[grade] for grade in SCALE}

    @property
    def type_by_grade(self) -> dict[str, dict[str, int]]:
        """How many cases of each type have each grade of ours."""
        found = Counter(
            (label, one["overall"]) for one in self.plan.cases for label in one["types"]
        )
        labels = dict.fromkeys(label for label, _ in found)
        return {label: {grade: found[label, grade] for grade in SCALE} for label in labels}


def make_two_files(folder: Path) -> TwoFiles:
    """Write both files into a folder."""
    plan = practice()
    truth = write_workbook(folder / "force.xlsx", plan)
    with (folder / "cases.csv").open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEADING)
        for one in plan.cases:
            graded = one["origin"], one["overall"], one["rationale"]
            lines.writerow(
                (one["reference"], one["force_ref"], one["types"][0], one["incident_on"], *graded)
            )
    return TwoFiles(folder / "force.xlsx", folder / "cases.csv", plan, truth)
