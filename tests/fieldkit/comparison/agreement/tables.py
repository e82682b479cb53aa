"""Tables of counts made from pairs of grades by name, for the tests of the statistics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldkit.comparison.agreement.table import Counts


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


def swapped(counts: Counts) -> tuple[tuple[int, ...], ...]:
    """The same table with the two sides exchanged."""
    return tuple(zip(*counts, strict=True))
