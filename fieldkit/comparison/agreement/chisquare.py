"""Upper tail of the chi-square distribution, from the regularised incomplete gamma function."""

from __future__ import annotations

from math import exp, isfinite, lgamma, log

_ENOUGH = 1e-16
_TINY = 1e-300


def chi_square_tail(statistic: float, df: int) -> float:
    """Return how probably a chi-square variable of ``df`` degrees exceeds ``statistic``.

    Q(df/2, statistic/2), the regularised upper incomplete gamma function (NIST Digital Library of
    Mathematical Functions, 8.2.4).

    Raises:
        ValueError: the statistic is negative or not finite, or df is below 1.
    """
    if df < 1 or not isfinite(statistic) or statistic < 0:
        raise ValueError("A chi-square tail needs a statistic from 0 up and df of at least 1.")
    return upper_gamma(df / 2, statistic / 2)


def upper_gamma(a: float, x: float) -> float:
    """Return Q(a, x) for a > 0 and x >= 0.

    Below a + 1 the series of DLMF 8.11.4, above it the continued fraction of DLMF 8.9.2 evaluated
    by Lentz's method; each converges quickly on its side.
    """
    if x == 0:
        return 1.0
    scale = exp(a * log(x) - x - lgamma(a))
    if scale == 0:
        return 1.0 if x < a else 0.0
    return 1 - scale * _series(a, x) if x < a + 1 else scale * _fraction(a, x)


def _series(a: float, x: float) -> float:
    term = total = 1 / a
    step = a
    while term > total * _ENOUGH:
        step += 1
        term *= x / step
        total += term
    return total


def _fraction(a: float, x: float) -> float:
    b = x + 1 - a
    c = 1 / _TINY
    d = 1 / b
    value = d
    i = 0
    while True:
        i += 1
        numerator = -i * (i - a)
        b += 2
        d = 1 / (numerator * d + b or _TINY)
        c = b + numerator / c or _TINY
        value *= c * d
        if abs(c * d - 1) < 1e-15 or i > 10_000:
            return value
