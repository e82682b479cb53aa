"""The square table of counts that every statistic reads, and how it is made from pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Counts = Sequence[Sequence[int]]
"""``counts[i][j]``: cases the inspectors gave grade i and the force grade j, best grade first."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A table made from pairs, and what was left out of it.

    Attributes:
        scale: the grades from best to worst: the order of rows and columns, never alphabetical.
        counts: rows = the first of each pair, columns = the second.
        incomplete: pairs left out because one side or both was missing.
    """

    scale: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    incomplete: int


def check_counts(counts: Counts) -> None:
    """Refuse a table that is not square or holds something other than whole counts.

    Raises:
        ValueError: with the reason as a sentence.
    """
    size = len(counts)
    if size == 0:
        raise ValueError("A table of grades needs at least one grade.")
    for row in counts:
        if len(row) != size:
            raise ValueError("A table of grades is square: as many columns as rows.")
        for count in row:
            if type(count) is not int or count < 0:
                raise ValueError(f"A table of grades holds whole counts from 0 up, not {count!r}.")


def tally(pairs: Iterable[tuple[str | None, str | None]], scale: Sequence[str]) -> Tally:
    """Count pairs of grades on a scale.

    A pair with a side missing (None) is left out and counted in ``incomplete``. Grades of the
    scale that nobody used keep their empty row and column, so that weights stay the full scale's.

    Args:
        pairs: (inspectors' grade, force's grade).
        scale: grades from best to worst.

    Raises:
        ValueError: a grade is not on the scale, or the scale names a grade twice.
    """
    order = {grade: position for position, grade in enumerate(scale)}
    if len(order) != len(scale):
        raise ValueError("A scale names each grade once.")
    counts = [[0] * len(order) for _ in order]
    incomplete = 0
    for ours, theirs in pairs:
        if ours is None or theirs is None:
            incomplete += 1
            continue
        for grade in (ours, theirs):
            if grade not in order:
                raise ValueError(f"“{grade}” is not a grade of the scale {', '.join(scale)}.")
        counts[order[ours]][order[theirs]] += 1
    return Tally(tuple(scale), tuple(tuple(row) for row in counts), incomplete)


def pairs_of(counts: Counts) -> list[tuple[int, int]]:
    """Every pair of the table as (row, column) positions, in order of the cells."""
    return [
        (i, j) for i, row in enumerate(counts) for j, count in enumerate(row) for _ in range(count)
    ]


def swapped(counts: Counts) -> tuple[tuple[int, ...], ...]:
    """The same table with the two sides exchanged."""
    return tuple(zip(*counts, strict=True))


def margins(counts: Counts) -> tuple[list[int], list[int], int]:
    """Row totals, column totals and the grand total."""
    rows = [sum(row) for row in counts]
    columns = [sum(column) for column in zip(*counts, strict=True)]
    return rows, columns, sum(rows)
