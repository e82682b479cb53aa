"""Plain agreement: shown beside every coefficient, because it is what people can count."""

from __future__ import annotations

from fieldkit.comparison.agreement.results import NO_PAIRS, Share
from fieldkit.comparison.agreement.table import Counts, check_counts


def exact_agreement(counts: Counts) -> Share:
    """Return the share of the pairs that have the same grade."""
    return _within(counts, 0)


def within_one(counts: Counts) -> Share:
    """Return the share of the pairs at most one step apart, the same grade included."""
    return _within(counts, 1)


def _within(counts: Counts, steps: int) -> Share:
    check_counts(counts)
    n = sum(map(sum, counts))
    agreed = sum(
        count for i, row in enumerate(counts) for j, count in enumerate(row) if abs(i - j) <= steps
    )
    return Share(agreed / n, agreed, n) if n else Share(None, 0, 0, NO_PAIRS)
