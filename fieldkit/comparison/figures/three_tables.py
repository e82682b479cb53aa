"""The three tables every inspection needs, each held against the cases it was made from.

A table's ``checks`` are sentences saying what does not add up; empty when all does. They are made
by a second count that shares nothing with the first but the cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from fieldkit.comparison.inputs import NOT_REVEALED, ComparedCase
from fieldkit.comparison.read_grades import ReadCase
from fieldkit.comparison.rules import standard_rules

SELF_ASSESSED_TITLE = "Self-assessed cases"
INSPECTORS_ONLY_TITLE = "Cases assessed by inspectors only"
ALL_CASES_TITLE = "All cases audited"

BOTH, US, FORCE, NEITHER = "both", "only us", "only the force", "neither"
HIDDEN = "not revealed yet"
"""By whom a self-assessed case was graded; each is in one of these parts."""
AS_REVEALED = "counted as revealed"
"""Beside a case whose grade by the force counts, though no row of the force is it now."""


@dataclass(frozen=True, slots=True)
class GradeTable:
    """Counts cases by grade, and those without; ``withdrawn`` ones are in none of the counts."""

    title: str
    scale: tuple[str, ...]
    counts: tuple[int, ...]
    cases: int
    not_judged: int
    checks: tuple[str, ...] = ()
    withdrawn: int = 0

    def by_grade(self) -> dict[str, int]:
        """Return the counts by the grade's word, best first."""
        return dict(zip(self.scale, self.counts, strict=True))


@dataclass(frozen=True, slots=True)
class SelfAssessedTable:
    """Holds the force's grades against ours.

    Attributes:
        scale: grades from best to worst.
        crosstab: cases graded by both; rows = our current grade, columns = the force's.
        inspectors: all self-assessed cases by our grade.
        force: all self-assessed cases by the force's grade.
        cases: how many self-assessed cases there are, the withdrawn left out.
        not_judged_by_us: of them, without a grade of ours.
        not_judged_by_force: of them, matched to a row of the force that has no grade.
        unmatched: of them, matched to no row of the force.
        not_revealed: of them, matched to a row whose grade is not revealed yet.
        only_us: of them, graded by us, and not by the force as far as is known.
        only_force: of them, graded by the force and not by us.
        neither: of them, graded by nobody as far as is known.
        checks: what does not add up.
        withdrawn: self-assessed cases taken out of the sample, in none of the counts.
        notes: what is not in the table though it might be looked for there, as sentences.
    """

    scale: tuple[str, ...]
    crosstab: tuple[tuple[int, ...], ...]
    inspectors: tuple[int, ...]
    force: tuple[int, ...]
    cases: int
    not_judged_by_us: int
    not_judged_by_force: int
    unmatched: int
    not_revealed: int
    only_us: int
    only_force: int
    neither: int
    checks: tuple[str, ...] = ()
    withdrawn: int = 0
    notes: tuple[str, ...] = ()

    @property
    def row_totals(self) -> tuple[int, ...]:
        """Return cases graded by both, by our grade."""
        return tuple(map(sum, self.crosstab))

    @property
    def column_totals(self) -> tuple[int, ...]:
        """Return cases graded by both, by the force's grade."""
        return tuple(map(sum, zip(*self.crosstab, strict=True)))

    @property
    def total(self) -> int:
        """Return cases graded by both."""
        return sum(self.row_totals)

    @property
    def by_us(self) -> dict[str, int]:
        """Return the self-assessed cases by our grade's word, best first."""
        return dict(zip(self.scale, self.inspectors, strict=True))

    @property
    def by_force(self) -> dict[str, int]:
        """Return the self-assessed cases by the word of the force's grade, best first."""
        return dict(zip(self.scale, self.force, strict=True))

    @property
    def parts(self) -> dict[str, int]:
        """Return every self-assessed case once: who graded it, or that this is not revealed yet."""
        return {
            BOTH: self.total,
            US: self.only_us,
            FORCE: self.only_force,
            NEITHER: self.neither,
            HIDDEN: self.not_revealed,
        }

    def row_share(self, row: int, column: int) -> float | None:
        """Return the share of a row's cases in a column; None when the row has too few."""
        total = self.row_totals[row]
        if total < standard_rules().counts_only_below:
            return None
        return self.crosstab[row][column] / total

    def mark(self, row: int, column: int) -> str:
        """Mark a cell's direction: a + for each step the force is higher, a - for each lower."""
        return direction_mark(row - column)


def direction_mark(steps: int) -> str:
    """Write ``+`` for each step the force is higher, ``-`` for each lower, nothing for none."""
    return "+" * steps if steps > 0 else "-" * -steps


def check_sum(what: str, counted: int, expected: int, of: str = "cases") -> tuple[str, ...]:
    """Return a sentence when a sum is off, else nothing. Also for figures as printed by others."""
    if counted == expected:
        return ()
    off = abs(counted - expected)
    side = "many" if counted > expected else "few"
    return (
        f"{what}: the counts add up to {counted}, but there are {expected} {of}: {off} too {side}.",
    )


def grade_table(
    title: str, read: Iterable[ReadCase], scale: Sequence[str], withdrawn: int = 0
) -> GradeTable:
    """Count cases by our current grade; ``withdrawn`` ones are only told."""
    rows = list(read)
    table = GradeTable(
        title,
        tuple(scale),
        count_positions((row.ours for row in rows), len(scale)),
        len(rows),
        sum(row.ours is None for row in rows),
        withdrawn=withdrawn,
    )
    return replace(table, checks=check_grades(table, [row.case for row in rows]))


def check_grades(table: GradeTable, cases: Sequence[ComparedCase]) -> tuple[str, ...]:
    """Hold a table of grades against its cases."""
    again = Counter(case.ours for case in cases)
    checks = [
        sentence
        for grade, count in table.by_grade().items()
        for sentence in check_sum(f"{table.title}, {grade}", count, again[grade])
    ]
    checks += check_sum(
        f"{table.title}, with the not judged", sum(table.counts) + table.not_judged, len(cases)
    )
    return tuple(checks)


def self_assessed_table(
    read: Iterable[ReadCase], scale: Sequence[str], withdrawn: int = 0
) -> SelfAssessedTable:
    """Count the self-assessed cases by both sides' current grades; ``withdrawn`` only told."""
    rows = [row for row in read if row.self_assessed]
    size = len(scale)
    crosstab = [[0] * size for _ in range(size)]
    for row in rows:
        if row.ours is not None and row.theirs is not None:
            crosstab[row.ours][row.theirs] += 1
    table = SelfAssessedTable(
        tuple(scale),
        tuple(tuple(line) for line in crosstab),
        count_positions((row.ours for row in rows), size),
        count_positions((row.theirs for row in rows), size),
        len(rows),
        sum(row.ours is None for row in rows),
        sum(row.matched and not row.hidden and row.theirs is None for row in rows),
        sum(not row.matched for row in rows),
        sum(row.hidden for row in rows),
        sum(row.ours is not None and row.theirs is None and not row.hidden for row in rows),
        sum(row.ours is None and row.theirs is not None for row in rows),
        sum(row.ours is None and row.theirs is None and not row.hidden for row in rows),
        withdrawn=withdrawn,
    )
    return replace(table, checks=check_self_assessed(table, [row.case for row in rows]))


def check_self_assessed(table: SelfAssessedTable, cases: Sequence[ComparedCase]) -> tuple[str, ...]:
    """Hold the table of self-assessed cases against its cases, rows, columns and totals."""
    on_scale = set(table.scale)
    both = [case for case in cases if case.ours in on_scale and case.theirs in on_scale]
    title = SELF_ASSESSED_TITLE

    def lines(
        what: str,
        counts: Sequence[int],
        among: Sequence[ComparedCase],
        grade_of: Callable[[ComparedCase], str | None],
    ) -> list[str]:
        again = Counter(grade_of(case) for case in among)
        return [
            sentence
            for grade, count in zip(table.scale, counts, strict=True)
            for sentence in check_sum(f"{title}, {what} “{grade}”", count, again[grade])
        ]

    checks = lines("row", table.row_totals, both, lambda case: case.ours)
    checks += lines("column", table.column_totals, both, lambda case: case.theirs)
    checks += lines("inspectors'", table.inspectors, cases, lambda case: case.ours)
    checks += lines("force's", table.force, cases, lambda case: case.theirs)
    again = Counter(_part(case, on_scale) for case in cases)
    for graders, count in table.parts.items():
        by = graders if graders == HIDDEN else f"graded by {graders}"
        checks += check_sum(f"{title}, {by}", count, again[graders])
    checks += check_sum(
        f"{title}, inspectors' with the not judged",
        sum(table.inspectors) + table.not_judged_by_us,
        len(cases),
    )
    checks += check_sum(
        f"{title}, force's with the not judged, the not revealed and the unmatched",
        sum(table.force) + table.not_judged_by_force + table.not_revealed + table.unmatched,
        len(cases),
    )
    checks += check_sum(f"{title}, by who graded them", sum(table.parts.values()), len(cases))
    return tuple(checks)


def _part(case: ComparedCase, on_scale: set[str]) -> str:
    """Say which of the parts of the self-assessed cases a case is in."""
    ours, theirs = case.ours in on_scale, case.theirs in on_scale
    if case.theirs is None and case.their_state == NOT_REVEALED:
        return HIDDEN
    if ours and theirs:
        return BOTH
    return US if ours else FORCE if theirs else NEITHER


def count_positions(positions: Iterable[int | None], size: int) -> tuple[int, ...]:
    """Say how many stand at each place of the scale; those without a place are left out."""
    counts = Counter(positions)
    return tuple(counts[place] for place in range(size))
