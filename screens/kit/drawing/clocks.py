"""Clocks: how long something has run, by sign and colour where there is a limit for it."""

from __future__ import annotations

from textual.content import Content

from fieldkit.wording.dates import span
from screens.kit.drawing.rows import muted
from screens.kit.drawing.signs import sign

SOON = 0.5
"""From this share of the limit on, a clock is orange."""


def state(seconds: float, limit: float | None) -> str:
    """Return how a clock stands: ``in time``, ``soon``, ``late``, or nothing without a limit.

    Args:
        seconds: how long it has run.
        limit: the seconds that are allowed, of a source; None where none is known.
    """
    if limit is None:
        return ""
    if seconds > limit:
        return "late"
    return "soon" if seconds >= limit * SOON else "in time"


def clock(seconds: float, limit: float | None = None) -> Content:
    """Return a clock as a chip: “● 0 h 40”, “▲ 3 h 12”, “ ! 26 h ”; grey without a limit."""
    stands, told = state(seconds, limit), span(seconds)
    return sign(stands, told) if stands else muted(told)
