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


def block(
    count: int, most: int, steps_higher: int, share: str, width: int, height: int
) -> list[Content]:
    """Return a cell of several lines: count and sign, below it its share, in their colour.

    Where there are three lines or more, the first is half filled, so that the rows of a table
    stand apart.

    Args:
        count: what stands in it; none is a dot on the faintest ground.
        most: the largest count of the table.
        steps_higher: as of :func:`cell`.
        share: stands under the count; none where it is empty.
        width: of the cell.
        height: how many lines.
    """
    name = "same" if steps_higher == 0 else "higher" if steps_higher > 0 else "lower"
    warm = step(count, most)
    name = name if warm else "same"
    words = f"{count:,} {glyph(name) * max(abs(steps_higher), 1)}" if count else glyph("not judged")
    rows = [warmed(words, warm, width, name)]
    if height > 1:
        rows.append(warmed(share, warm, width, name))
    apart = height > 2
    while len(rows) < height - apart:
        rows.insert(0 if len(rows) % 2 else len(rows), warmed("", warm, width, name))
    if apart:
        rows.insert(0, Content.styled(glyph("half block") * width, f"$heat-{name}-{warm}"))
    return rows


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
