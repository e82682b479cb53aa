"""How far apart two grades of an ordered scale are taken to be.

Distances are whole numbers, so that whether a coefficient is defined is decided exactly.
Unweighted: 1 for any difference. Linear (Cicchetti and Allison 1971): the steps between.
Quadratic (Fleiss and Cohen 1973): the steps squared. An agreement weight is
``1 - distance / greatest distance`` on the whole scale, used or not.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

Weighting = Literal["unweighted", "linear", "quadratic"]
KINDS: tuple[Weighting, ...] = ("unweighted", "linear", "quadratic")


def distance(kind: Weighting, first: int, second: int) -> int:
    """Return the distance between two positions of the scale."""
    steps = abs(first - second)
    if kind == "unweighted":
        return min(steps, 1)
    return steps if kind == "linear" else steps * steps


def distances(kind: Weighting, size: int) -> list[list[int]]:
    """Return all distances of a scale of ``size`` grades.

    Raises:
        ValueError: the kind of weights is not known.
    """
    if kind not in KINDS:
        raise ValueError(f"Weights are one of {', '.join(KINDS)}, not {kind!r}.")
    return [[distance(kind, i, j) for j in range(size)] for i in range(size)]


def agreement_weights(kind: Weighting, size: int) -> list[list[Fraction]]:
    """Return all agreement weights of a scale: 1 for the same grade, 0 for the two ends."""
    apart = distances(kind, size)
    greatest = max(map(max, apart)) or 1
    return [[1 - Fraction(cell, greatest) for cell in row] for row in apart]
