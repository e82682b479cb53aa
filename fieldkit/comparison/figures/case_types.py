"""Case type by our grade: the third table, held against the cases it was made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from fieldkit.comparison.figures.three_tables import check_sum, count_positions
from fieldkit.comparison.inputs import ComparedCase
from fieldkit.comparison.read_grades import ReadCase
from storage.ops.text import many

TYPES_TITLE = "Case type by grade"
NO_TYPE = "type not recorded"


@dataclass(frozen=True, slots=True)
class TypeRow:
    """Holds the cases of one type by our grade; ``withdrawn`` ones are in none of the counts."""

    label: str
    counts: tuple[int, ...]
    not_judged: int
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class TypeTable:
    """Holds case type by grade; a case with several types counts once under each.

    Attributes:
        scale: grades from best to worst.
        rows: one for each type met.
        cases: how many cases there are.
        several: of them, with more than one type.
        note: why the rows add up to more than the cases; empty when they do not.
        checks: what does not add up.
        withdrawn: cases taken out of the sample, in none of the counts.
    """

    scale: tuple[str, ...]
    rows: tuple[TypeRow, ...]
    cases: int
    several: int
    note: str = ""
    checks: tuple[str, ...] = ()
    withdrawn: int = 0


def type_table(
    read: Iterable[ReadCase],
    scale: Sequence[str],
    order: Sequence[str] = (),
    withdrawn: Sequence[ComparedCase] = (),
) -> TypeTable:
    """Count cases by type and our current grade.

    Args:
        read: the cases.
        scale: grades from best to worst.
        order: the inspection's own list of types; those met but not on it follow by alphabet.
        withdrawn: cases taken out of the sample, told by type and counted nowhere.
    """
    rows = list(read)
    size = len(scale)
    withdrawn_by = Counter(label for case in withdrawn for label in types_of(case))
    lines = []
    met = {label for row in rows for label in types_of(row.case)}
    for label in ordered_labels(met, order):
        among = [row for row in rows if label in types_of(row.case)]
        counts = count_positions((row.ours for row in among), size)
        missing = sum(row.ours is None for row in among)
        lines.append(TypeRow(label, counts, missing, withdrawn_by[label]))
    several = sum(len(types_of(row.case)) > 1 for row in rows)
    counted = sum(sum(line.counts) + line.not_judged for line in lines)
    note = (
        f"{many(several, 'case')} of {len(rows)} {'has' if several == 1 else 'have'} more than one"
        f" type and {'counts' if several == 1 else 'count'} once under each, so the rows add up to"
        f" {counted}."
        if several
        else ""
    )
    table = TypeTable(
        tuple(scale), tuple(lines), len(rows), several, note, withdrawn=len(withdrawn)
    )
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
    """Return the types a case counts under; a type named twice counts once."""
    return frozenset(case.types) or frozenset([NO_TYPE])


def ordered_labels(labels: set[str], order: Sequence[str]) -> list[str]:
    """Return labels in the order given, the others after them by alphabet."""
    known = [label for label in dict.fromkeys(order) if label in labels]
    return known + sorted(labels - set(known), key=lambda label: (label.casefold(), label))
