"""Cohen's kappa on an ordered scale, with its large-sample standard error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

from fieldkit.comparison.agreement.results import NO_PAIRS, ONE_GRADE, Estimate
from fieldkit.comparison.agreement.table import Counts, check_counts, margins
from fieldkit.comparison.agreement.weights import Weighting, agreement_weights, distances

Z95 = NormalDist().inv_cdf(0.975)
ONE_SIDE_CONSTANT = "one side gave every case the same grade, so kappa can only be 0"
NO_WIDTH = "the standard error is 0 in this sample; that is not certainty"


def kappa_value(counts: Counts, apart: Sequence[Sequence[int]]) -> float | None:
    """Return kappa alone, from distances: 1 - observed distance / distance expected by chance.

    None when chance expects no distance at all, which is decided in whole numbers.
    """
    observed, expected = _distances_met(counts, apart)
    return 1 - sum(map(sum, counts)) * observed / expected if expected else None


def cohen_kappa(counts: Counts, weighting: Weighting = "unweighted") -> Estimate:
    """Return Cohen's kappa (1960; weighted: 1968) with standard error and 95 % interval.

    The standard error is that of Fleiss, Cohen and Everitt (1969), “Large sample standard errors
    of kappa and weighted kappa”, Psychological Bulletin 72, 323-327, eq. 13: not the one under
    independence. The interval is value ± 1.959964 standard errors, as other programs give it.

    Raises:
        ValueError: the table is not a square of whole counts, or the weights are not known.
    """
    check_counts(counts)
    size = len(counts)
    apart = distances(weighting, size)
    rows, columns, n = margins(counts)
    if n == 0:
        return Estimate(None, why=NO_PAIRS)
    observed, expected = _distances_met(counts, apart)
    if expected == 0:
        return Estimate(None, why=ONE_GRADE)
    value = 1 - Fraction(n * observed, expected)
    weights = agreement_weights(weighting, size)
    grades = range(size)
    # Whole counts until the square root: no rounding decides whether there is any spread.
    row_means = [total(weights[i][j] * columns[j] for j in grades) / n for i in grades]
    column_means = [total(weights[i][j] * rows[i] for i in grades) / n for j in grades]
    chance = total(row_means[i] * rows[i] for i in grades) / n
    spread = total(
        counts[i][j] * (weights[i][j] - (row_means[i] + column_means[j]) * (1 - value)) ** 2
        for i in grades
        for j in grades
    )
    variance = (spread / n - (value - chance * (1 - value)) ** 2) / (n * (1 - chance) ** 2)
    return estimate(value, variance, _caution(rows, columns))


def total(parts: Iterable[Fraction]) -> Fraction:
    """Return the exact sum."""
    return sum(parts, Fraction(0))


def estimate(value: Fraction, variance: Fraction, caution: str = "") -> Estimate:
    """Return value, standard error and 95 % interval; a standard error of 0 gets a caution."""
    ase = sqrt(variance)
    middle = float(value)
    caution = caution or ("" if variance else NO_WIDTH)
    return Estimate(middle, ase, middle - Z95 * ase, middle + Z95 * ase, caution)


def _distances_met(counts: Counts, apart: Sequence[Sequence[int]]) -> tuple[int, int]:
    """Return the sum of the distances met, and n times the sum that chance expects."""
    rows, columns, _ = margins(counts)
    observed = expected = 0
    for i, row in enumerate(apart):
        for j, cell in enumerate(row):
            if cell:
                observed += cell * counts[i][j]
                expected += cell * rows[i] * columns[j]
    return observed, expected


def _caution(rows: list[int], columns: list[int]) -> str:
    n = sum(rows)
    return ONE_SIDE_CONSTANT if n in rows or n in columns else ""
