"""The exact sign test: does one side grade higher more often than lower?"""

from __future__ import annotations

from fractions import Fraction
from math import exp, log1p, pi, sqrt

from fieldkit.comparison.agreement.results import NO_DIFFERENCE, SignTest
from fieldkit.comparison.agreement.table import Counts, check_counts

MOST_WHOLE = 4000
"""Differing pairs up to which the tail is summed in whole numbers; beyond, in floating point."""


def sign_test(counts: Counts) -> SignTest:
    """Make the exact two-sided sign test on the pairs that differ (Dixon and Mood 1946).

    Each differing pair is a fair coin if neither side grades higher; p is twice the smaller tail of
    the binomial distribution with probability one half, at most 1. Pairs with the same grade say
    nothing about direction and are left out.

    Raises:
        ValueError: the table is not a square of whole counts.
    """
    check_counts(counts)
    higher = sum(sum(row[:i]) for i, row in enumerate(counts))
    lower = sum(sum(row[i + 1 :]) for i, row in enumerate(counts))
    n = higher + lower
    if n == 0:
        return SignTest(None, 0, 0, NO_DIFFERENCE)
    if abs(higher - lower) <= 1:
        return SignTest(1.0, higher, lower)
    fewer = min(higher, lower)
    tail = _whole(n, fewer) if n <= MOST_WHOLE else _floating(n, fewer)
    return SignTest(min(1.0, 2 * tail), higher, lower)


def _whole(n: int, fewer: int) -> float:
    """Return the tail in whole numbers until the last division."""
    tail = term = 1
    for k in range(fewer):
        term = term * (n - k) // (k + 1)
        tail += term
    return float(Fraction(tail, 1 << n))


def _floating(n: int, fewer: int) -> float:
    """The same from its greatest term downwards, in nine digits or more, for any number of pairs.

    The term by Loader's saddle point (Loader 2000, “Fast and accurate computation of binomial
    probabilities”), with the first terms of Stirling's series. A tail of so few among so many that
    the series does not hold is smaller than any number a computer writes.
    """
    if fewer < n // 20:
        return 0.0
    more = n - fewer
    apart = (fewer - more) / n
    exponent = _stirling(n) - _stirling(fewer) - _stirling(more)
    exponent -= n / 2 * (_deviance(apart) + _deviance(-apart))
    term = exp(exponent) * sqrt(n / (2 * pi * fewer * more))
    tail = 0.0
    k = fewer
    while term > tail * 1e-17:
        tail += term
        term *= k / (n - k + 1)
        k -= 1
    return tail


def _stirling(n: int) -> float:
    """Return what log n! is beyond Stirling's formula."""
    return 1 / (12 * n) - 1 / (360 * n**3)


def _deviance(u: float) -> float:
    """Say how far (1 + u) log(1 + u) is above u."""
    return (1 + u) * log1p(u) - u
