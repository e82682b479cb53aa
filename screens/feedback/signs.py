"""How the sorts of point and the state of a promise are drawn: a sign, and a colour beside it."""

from __future__ import annotations

SIGNS = {"strength": "+", "concern": "−", "notable practice": "★", "to clarify": "?"}
"""Says without colour what sort a point is."""

COLOURS = {
    "strength": "$success",
    "concern": "$warning",
    "notable practice": "$primary",
    "to clarify": "$secondary",
}


def sign(sort: str) -> str:
    """Return the sign of a sort of point."""
    return SIGNS.get(sort, "·")


def colour(sort: str) -> str:
    """Return the colour of a sort of point, by its name in the theme."""
    return COLOURS.get(sort, "$text-muted")
