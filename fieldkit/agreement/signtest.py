"""The exact sign test: does one side grade higher more often than lower?"""

from __future__ import annotations

from fieldkit.agreement.results import NO_DIFFERENCE, SignTest
from fieldkit.agreement.table import Counts, check_counts


def sign_test(counts: Counts) -> SignTest:
    """Exact two-sided sign test on the pairs that differ (Dixon and Mood 1946).

    Each differing pair is a fair coin if neither side grades higher; p is twice the smaller tail of
    the binomial distribution with probability one half, at most 1, in whole numbers until the last
    division. Pairs with the same grade say nothing about direction and are left out.

    Raises:
        ValueError: the table is not a square of whole counts.
    """
    check_counts(counts)
    cells = [(i, j, count) for i, row in enumerate(counts) for j, count in enumerate(row)]
    higher = sum(count for i, j, count in cells if j < i)
    lower = sum(count for i, j, count in cells if j > i)
    n = higher + lower
    if n == 0:
        return SignTest(None, 0, 0, NO_DIFFERENCE)
    tail = term = 1
    for k in range(min(higher, lower)):
        term = term * (n - k) // (k + 1)
        tail += term
    return SignTest(min(1.0, 2 * tail / 2**n), higher, lower)
