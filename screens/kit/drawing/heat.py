"""Heat of a table's cells: blue for the same, orange for the force higher, sky for lower."""

from __future__ import annotations

from textual.content import Content

from screens.kit.drawing.signs import glyph

STEPS = 4


def step(count: int, most: int) -> int:
    """Return how warm a count is beside the largest: 0 for none, else 1 to 4."""
    if count <= 0 or most <= 0:
        return 0
    return min(max(round(count / most * STEPS), 1), STEPS)


def cell(count: int, most: int, steps_higher: int, width: int) -> Content:
    """Return a cell of a cross-tab: its count and sign in the middle of its colour.

    Args:
        count: what stands in it; none is a dot without ground.
        most: the largest count of the table.
        steps_higher: how many grades the force is above us; below 0 for lower, 0 for the same.
        width: of the cell.
    """
    if not count:
        return Content.styled(glyph("not judged").center(width), "$text-muted")
    name = "same" if steps_higher == 0 else "higher" if steps_higher > 0 else "lower"
    signs = glyph(name) * max(abs(steps_higher), 1)
    return warmed(f"{count:,} {signs}", step(count, most), width, name)


def warmed(text: str, warm: int, width: int, name: str = "same") -> Content:
    """Return a text in the middle of a ground of so many steps, for coverage and other tables.

    Args:
        text: stands inside.
        warm: 0 to 4.
        width: of the cell.
        name: ``same``, ``higher`` or ``lower``: which colour; only the first has a step 0.
    """
    ground = f"heat-{name}-{warm}" if warm or name == "same" else "heat-same-0"
    return Content.styled(text.center(width), f"bold ${ground}-on on ${ground}")
