"""The three tables every inspection needs, each held against the cases it was made from.

A table's ``checks`` are sentences saying what does not add up; empty when all does. They are made
by a second count that shares nothing with the first but the cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from fieldkit.comparison.material import ComparedCase
from fieldkit.comparison.reading import ReadCase
from fieldkit.comparison.rules import standard_rules
from fieldkit.comparison.wording import cases_phrase

SELF_ASSESSED_TITLE = "Self-assessed cases"
INSPECTORS_ONLY_TITLE = "Cases assessed by inspectors only"
ALL_CASES_TITLE = "All cases audited"
TYPES_TITLE = "Case type by grade"
NO_TYPE = "type not recorded"


@dataclass(frozen=True, slots=True)
class GradeTable:
    """Cases by grade, and how many have none."""

    title: str
    scale: tuple[str, ...]
    counts: tuple[int, ...]
    cases: int
    not_judged: int
    checks: tuple[str, ...] = ()

    def by_grade(self) -> dict[str, int]:
        """Counts by the grade's word, best first."""
        return dict(zip(self.scale, self.counts, strict=True))


@dataclass(frozen=True, slots=True)
class SelfAssessedTable:
    """The force's grades against ours.

    Attributes:
        scale: grades from best to worst.
        crosstab: cases graded by both; rows = our current grade, columns = the force's.
        inspectors: all self-assessed cases by our grade.
        force: all self-assessed cases by the force's grade.
        cases: how many self-assessed cases there are, the withdrawn left out.
        not_judged_by_us: of them, without a grade of ours.
        not_judged_by_force: of them, matched to a row of the force that has no grade.
        unmatched: of them, matched to no row of the force.
        checks: what does not add up.
    """

    scale: tuple[str, ...]
    crosstab: tuple[tuple[int, ...], ...]
    inspectors: tuple[int, ...]
    force: tuple[int, ...]
    cases: int
    not_judged_by_us: int
    not_judged_by_force: int
    unmatched: int
    checks: tuple[str, ...] = ()

    @property
    def row_totals(self) -> tuple[int, ...]:
        """Cases graded by both, by our grade."""
        return tuple(map(sum, self.crosstab))

    @property
    def column_totals(self) -> tuple[int, ...]:
        """Cases graded by both, by the force's grade."""
        return tuple(map(sum, zip(*self.crosstab, strict=True)))

    @property
    def total(self) -> int:
        """Cases graded by both."""
        return sum(self.row_totals)

    def row_share(self, row: int, column: int) -> float | None:
        """Share of a row's cases in a column; None when the row has too few to speak of shares."""
        total = self.row_totals[row]
        if total < standard_rules().counts_only_below:
            return None
        return self.crosstab[row][column] / total

    def mark(self, row: int, column: int) -> str:
        """Direction of a cell: one + for each step the force is higher, one - for each lower."""
        return direction_mark(row - column)


@dataclass(frozen=True, slots=True)
class TypeRow:
    """The cases of one type by our grade."""

    label: str
    counts: tuple[int, ...]
    not_judged: int


@dataclass(frozen=True, slots=True)
class TypeTable:
    """Case type by grade; a case with several types counts once under each.

    Attributes:
        scale: grades from best to worst.
        rows: one for each type met.
        cases: how many cases there are.
        several: of them, with more than one type.
        note: why the rows add up to more than the cases; empty when they do not.
        checks: what does not add up.
    """

    scale: tuple[str, ...]
    rows: tuple[TypeRow, ...]
    cases: int
    several: int
    note: str = ""
    checks: tuple[str, ...] = ()


def direction_mark(steps: int) -> str:
    """``+`` for each step the force is higher, ``-`` for each lower, empty for the same grade."""
    return "+" * steps if steps > 0 else "-" * -steps


def check_sum(what: str, counted: int, expected: int, of: str = "cases") -> tuple[str, ...]:
    """A sentence when a sum is off, else nothing. Also for figures as printed by others."""
    if counted == expected:
        return ()
    off = abs(counted - expected)
    side = "many" if counted > expected else "few"
    return (
        f"{what}: the counts add up to {counted}, but there are {expected} {of}: {off} too {side}.",
    )


def grade_table(title: str, read: Iterable[ReadCase], scale: Sequence[str]) -> GradeTable:
    """Count cases by our current grade."""
    rows = list(read)
    table = GradeTable(
        title,
        tuple(scale),
        _count((row.ours for row in rows), len(scale)),
        len(rows),
        sum(row.ours is None for row in rows),
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


def self_assessed_table(read: Iterable[ReadCase], scale: Sequence[str]) -> SelfAssessedTable:
    """Count the self-assessed cases by both sides' current grades."""
    rows = [row for row in read if row.self_assessed]
    size = len(scale)
    crosstab = [[0] * size for _ in range(size)]
    for row in rows:
        if row.ours is not None and row.theirs is not None:
            crosstab[row.ours][row.theirs] += 1
    table = SelfAssessedTable(
        tuple(scale),
        tuple(tuple(line) for line in crosstab),
        _count((row.ours for row in rows), size),
        _count((row.theirs for row in rows), size),
        len(rows),
        sum(row.ours is None for row in rows),
        sum(row.matched and row.theirs is None for row in rows),
        sum(not row.matched for row in rows),
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
    checks += check_sum(f"{title}, graded by both", table.total, len(both))
    checks += check_sum(
        f"{title}, inspectors' with the not judged",
        sum(table.inspectors) + table.not_judged_by_us,
        len(cases),
    )
    checks += check_sum(
        f"{title}, force's with the not judged and the unmatched",
        sum(table.force) + table.not_judged_by_force + table.unmatched,
        len(cases),
    )
    return tuple(checks)


def type_table(
    read: Iterable[ReadCase], scale: Sequence[str], order: Sequence[str] = ()
) -> TypeTable:
    """Count cases by type and our current grade.

    Args:
        read: the cases.
        scale: grades from best to worst.
        order: the inspection's own list of types; those met but not on it follow by alphabet.
    """
    rows = list(read)
    size = len(scale)
    lines = []
    for label in ordered_labels({label for row in rows for label in types_of(row.case)}, order):
        among = [row for row in rows if label in types_of(row.case)]
        counts = _count((row.ours for row in among), size)
        lines.append(TypeRow(label, counts, sum(row.ours is None for row in among)))
    several = sum(len(types_of(row.case)) > 1 for row in rows)
    counted = sum(sum(line.counts) + line.not_judged for line in lines)
    note = (
        f"{cases_phrase(several)} of {len(rows)} {'has' if several == 1 else 'have'} more than one"
        f" type and {'counts' if several == 1 else 'count'} once under each, so the rows add up to"
        f" {counted}."
        if several
        else ""
    )
    table = TypeTable(tuple(scale), tuple(lines), len(rows), several, note)
    return replace(table, checks=check_types(table, [row.case for row in rows]))


def check_types(table: TypeTable, cases: Sequence[ComparedCase]) -> tuple[str, ...]:
    """Hold the type table against its cases, knowing that a case may stand under several types."""
    again = Counter((label, case.ours) for case in cases for label in types_of(case))
    each = Counter(label for case in cases for label in types_of(case))
    checks: list[str] = []
    for row in table.rows:
        for grade, count in zip(table.scale, row.counts, strict=True):
            checks += check_sum(
                f"{TYPES_TITLE}, {row.label}, {grade}", count, again[row.label, grade]
            )
        checks += check_sum(
            f"{TYPES_TITLE}, {row.label} with the not judged",
            sum(row.counts) + row.not_judged,
            each[row.label],
        )
    checks += check_sum(
        f"{TYPES_TITLE}, all rows",
        sum(sum(row.counts) + row.not_judged for row in table.rows),
        each.total(),
        "cases, each counted once under each of its types",
    )
    return tuple(checks)


def types_of(case: ComparedCase) -> frozenset[str]:
    """The types a case counts under; a type named twice counts once."""
    return frozenset(case.types) or frozenset([NO_TYPE])


def ordered_labels(labels: set[str], order: Sequence[str]) -> list[str]:
    """Labels in the order given, the others after them by alphabet."""
    known = [label for label in dict.fromkeys(order) if label in labels]
    return known + sorted(labels - set(known), key=lambda label: (label.casefold(), label))


def _count(positions: Iterable[int | None], size: int) -> tuple[int, ...]:
    counts = Counter(positions)
    return tuple(counts[place] for place in range(size))
