"""Our grades criterion by criterion, and where they lie below a force's higher overall grade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from fieldkit.comparison.figures.case_types import ordered_labels
from fieldkit.comparison.figures.three_tables import check_sum, count_positions
from fieldkit.comparison.inputs import NOT_APPLICABLE, UNABLE, CriterionJudged
from fieldkit.comparison.read_grades import ReadCase, position

CRITERIA_TITLE = "Criterion by grade"


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """Holds all cases on one criterion.

    Attributes:
        label: the criterion.
        counts: cases by our grade, best first.
        not_judged: cases without a grade or a state.
        not_applicable: cases to which it does not apply.
        unable: cases in which it could not be judged.
        below_force: of the cases whose overall grade by the force is higher than ours, those in
            which our grade of this criterion lies below the force's overall grade.
    """

    label: str
    counts: tuple[int, ...]
    not_judged: int
    not_applicable: int
    unable: int
    below_force: int

    @property
    def total(self) -> int:
        """Return every case, whatever stands there."""
        return sum(self.counts) + self.not_judged + self.not_applicable + self.unable


@dataclass(frozen=True, slots=True)
class CriteriaTable:
    """Holds criterion by our grade.

    Attributes:
        scale: grades from best to worst.
        rows: one for each criterion, in the methodology's order.
        cases: how many cases there are, the withdrawn left out.
        force_higher: of them, those to which the force gave a higher overall grade.
        checks: what does not add up.
        withdrawn: cases taken out of the sample, in none of the counts.
    """

    scale: tuple[str, ...]
    rows: tuple[CriterionRow, ...]
    cases: int
    force_higher: int
    checks: tuple[str, ...] = ()
    withdrawn: int = 0


def criteria_table(
    read: Iterable[ReadCase],
    judged: Iterable[CriterionJudged],
    scale: Sequence[str],
    order: Sequence[str] = (),
    withdrawn: int = 0,
) -> CriteriaTable:
    """Count cases by criterion and our current grade.

    Args:
        read: the cases, the withdrawn left out.
        judged: our grade or state of each criterion of each case, as far as there is one.
        scale: grades from best to worst.
        order: the methodology's criteria; each has a row, judged or not. Others follow.
        withdrawn: how many cases were taken out of the sample.
    """
    rows = list(read)
    at = {(one.case_id, one.criterion): one for one in judged}
    theirs = {
        row.case.case_id: row.theirs
        for row in rows
        if row.self_assessed
        and row.ours is not None
        and row.theirs is not None
        and row.theirs < row.ours
    }
    met = {criterion for _, criterion in at} | set(order)
    lines = []
    for label in ordered_labels(met, order):
        judgments = [at.get((row.case.case_id, label)) for row in rows]
        places = [position(one.grade, scale) if one else None for one in judgments]
        states = Counter(
            judgment.state if judgment else ""
            for judgment, place in zip(judgments, places, strict=True)
            if place is None
        )
        lines.append(
            CriterionRow(
                label,
                count_positions(places, len(scale)),
                states.total() - states[NOT_APPLICABLE] - states[UNABLE],
                states[NOT_APPLICABLE],
                states[UNABLE],
                _below(rows, places, theirs),
            )
        )
    table = CriteriaTable(tuple(scale), tuple(lines), len(rows), len(theirs), withdrawn=withdrawn)
    return replace(table, checks=check_criteria(table, at.values(), rows))


def check_criteria(
    table: CriteriaTable, judged: Iterable[CriterionJudged], read: Sequence[ReadCase]
) -> tuple[str, ...]:
    """Hold the table against the judgments: each cell, and each row against the cases."""
    known = {row.case.case_id for row in read}
    again = Counter((one.criterion, one.grade) for one in judged if one.case_id in known)
    checks: list[str] = []
    for row in table.rows:
        for grade, count in zip(table.scale, row.counts, strict=True):
            checks += check_sum(
                f"{CRITERIA_TITLE}, {row.label}, {grade}", count, again[row.label, grade]
            )
        checks += check_sum(f"{CRITERIA_TITLE}, {row.label}, all", row.total, len(read))
    return tuple(checks)


def _below(
    rows: Sequence[ReadCase], places: Sequence[int | None], theirs: Mapping[str, int]
) -> int:
    return sum(
        place is not None and row.case.case_id in theirs and place > theirs[row.case.case_id]
        for row, place in zip(rows, places, strict=True)
    )
