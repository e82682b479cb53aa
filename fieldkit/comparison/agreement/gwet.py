"""Gwet's AC1 and AC2: chance-corrected agreement that keeps its head when one grade dominates."""

from __future__ import annotations

from fractions import Fraction

from fieldkit.comparison.agreement.kappa import estimate, total
from fieldkit.comparison.agreement.results import NO_PAIRS, Estimate
from fieldkit.comparison.agreement.table import Counts, check_counts, margins
from fieldkit.comparison.agreement.weights import Weighting, agreement_weights

SCALE_TOO_SHORT = "cannot be calculated: the scale has fewer than two grades"


def gwet_coefficient(counts: Counts, weighting: Weighting = "unweighted") -> Estimate:
    """Return AC1 (unweighted) or AC2 (linear, quadratic) with standard error and 95 % interval.

    Gwet (2008), “Computing inter-rater reliability and its variance in the presence of high
    agreement”, British Journal of Mathematical and Statistical Psychology 61, 29-48; the weighted
    form and its variance for two raters as in Gwet, Handbook of Inter-Rater Reliability, 4th ed.
    (2014). All grades of the scale count, used or not. The interval uses the normal deviate.

    When every case has the same grade the coefficient is 1: unlike kappa it is defined there.

    Raises:
        ValueError: the table is not a square of whole counts, or the weights are not known.
    """
    check_counts(counts)
    size = len(counts)
    rows, columns, n = margins(counts)
    weights = agreement_weights(weighting, size)
    if size < 2:
        return Estimate(None, why=SCALE_TOO_SHORT)
    if n == 0:
        return Estimate(None, why=NO_PAIRS)
    grades = range(size)
    used = [Fraction(rows[i] + columns[i], 2 * n) for i in grades]
    factor = total(map(total, weights)) / (size * (size - 1))
    chance = factor * total(share * (1 - share) for share in used)
    observed = total(weights[i][j] * counts[i][j] for i in grades for j in grades) / n
    value = (observed - chance) / (1 - chance)
    pull = 2 * (1 - value)
    spread = total(
        counts[i][j] * (weights[i][j] - pull * factor * (1 - (used[i] + used[j]) / 2)) ** 2
        for i in grades
        for j in grades
    )
    variance = (spread / n - (observed - pull * chance) ** 2) / (n * (1 - chance) ** 2)
    return estimate(value, variance)
