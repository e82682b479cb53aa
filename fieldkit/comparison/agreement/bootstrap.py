"""A percentile interval for kappa by drawing whole cases again, the same on every machine."""

from __future__ import annotations

import random
from collections.abc import Sequence

from fieldkit.comparison.agreement.kappa import NO_WIDTH, kappa_value
from fieldkit.comparison.agreement.results import NO_PAIRS, ONE_GRADE, BootstrapInterval
from fieldkit.comparison.agreement.weights import Weighting, distances

DRAWS = 2000
SEED = 20140401
"""The month the programme began. Any fixed number does; a fixed one makes two runs the same."""
_MOST_UNDEFINED = 0.05


def bootstrap_interval(
    cases: Sequence[Sequence[tuple[int, int]]],
    size: int,
    weighting: Weighting = "linear",
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> BootstrapInterval:
    """Return the 95 % percentile interval of kappa (Efron and Tibshirani 1993, chapter 13).

    Cases are drawn, not judgments, because the criteria of one case are not independent. They are
    put in order first, so that the order they come in makes no difference. A draw in which every
    judgment is the same leaves kappa undefined and is left out; when more than 5 % do, there is no
    interval to give.

    Args:
        cases: for each case its pairs of positions on the scale (ours, the force's).
        size: number of grades on the scale.
        weighting: weights of the kappa.
        draws: how many samples to draw.
        seed: start of the random numbers. Only ``random.random`` is used: Python promises its
            values for a seed, and no other method's, from version to version.

    Raises:
        ValueError: a position lies outside the scale.
    """
    apart = distances(weighting, size)
    ordered = sorted(tuple(sorted(case)) for case in cases if case)
    if any(not (0 <= i < size and 0 <= j < size) for case in ordered for i, j in case):
        raise ValueError(f"A grade lies outside the scale of {size} grades.")
    if not ordered:
        return BootstrapInterval(None, None, 0, why=NO_PAIRS)
    draw = random.Random(seed).random  # noqa: S311 - a repeatable sample, not a secret
    number = len(ordered)
    values = []
    for _ in range(draws):
        counts = [[0] * size for _ in range(size)]
        for _ in range(number):
            for i, j in ordered[int(draw() * number)]:
                counts[i][j] += 1
        value = kappa_value(counts, apart)
        if value is not None:
            values.append(value)
    undefined = draws - len(values)
    if not values:
        return BootstrapInterval(None, None, draws, undefined, ONE_GRADE)
    if undefined > _MOST_UNDEFINED * draws:
        why = f"no interval: kappa could not be calculated in {undefined} of {draws} draws"
        return BootstrapInterval(None, None, draws, undefined, why)
    values.sort()
    low, high = _quantile(values, 0.025), _quantile(values, 0.975)
    return BootstrapInterval(low, high, draws, undefined, NO_WIDTH if low == high else "")


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile by linear interpolation (Hyndman and Fan 1996, type 7)."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
