"""The square table of counts that every statistic reads."""

from __future__ import annotations

from collections.abc import Sequence

Counts = Sequence[Sequence[int]]
"""``counts[i][j]``: cases the inspectors gave grade i and the force grade j, best grade first."""


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


def pairs_of(counts: Counts) -> list[tuple[int, int]]:
    """Return every pair of the table as (row, column) positions, in order of the cells."""
    return [
        (i, j) for i, row in enumerate(counts) for j, count in enumerate(row) for _ in range(count)
    ]


def margins(counts: Counts) -> tuple[list[int], list[int], int]:
    """Return the row totals, column totals and the grand total."""
    rows = [sum(row) for row in counts]
    columns = [sum(column) for column in zip(*counts, strict=True)]
    return rows, columns, sum(rows)
