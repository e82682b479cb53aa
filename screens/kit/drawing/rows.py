"""Lines and columns of drawn text: cut with an ellipsis, padded, side by side, never over the edge.

All widths are columns of the terminal. Texts given as ``str`` are never markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from screens.kit.drawing.signs import glyph
from screens.kit.text import plain

MUTED, STRONG = "$text-muted", "bold"
"""About a thing, and what it is; what it says has no style."""
Text = str | Content


def drawn(text: Text, style: str = "") -> Content:
    """Return a text as content, in a style where one is given."""
    content = plain(text) if isinstance(text, str) else text
    return content.stylize_before(style) if style else content


def muted(text: Text) -> Content:
    """Return a text in the grey of what is about a thing."""
    return drawn(text, MUTED)


def strong(text: Text) -> Content:
    """Return a text in the bold of what a thing is."""
    return drawn(text, STRONG)


def cut(text: Text, width: int) -> Content:
    """Return a text on one line of at most so many columns, cut with an ellipsis."""
    content = drawn(text)
    if "\n" in content.plain:
        content = Content(" ").join(content.split("\n", allow_blank=True))
    if content.cell_length <= width:
        return content
    if width <= 0:
        return Content("")
    return content.truncate(width - 1).rstrip() + glyph("cut")


def fit(text: Text, width: int, *, right: bool = False) -> Content:
    """Return a text in exactly so many columns: cut, or filled at its right or left."""
    content = cut(text, width)
    free = max(width - content.cell_length, 0)
    return content.pad_left(free) if right else content.pad_right(free)


def between(left: Text, right: Text, width: int, fill: str = " ", style: str = "") -> Content:
    """Return two texts at the two ends of a line; the left one is cut where both have no room.

    Args:
        left: what may be cut.
        right: what stays whole, or is cut where it is wider than the line.
        width: of the line.
        fill: the character between them.
        style: of the characters between them.
    """
    end = cut(right, width)
    start = cut(left, width - end.cell_length - (1 if end.cell_length else 0))
    gap = max(width - start.cell_length - end.cell_length, 0)
    return Content.assemble(start, (fill * gap, style) if style else fill * gap, end)


def row(cells: Iterable[tuple[Text, int]], gap: int = 1) -> Content:
    """Return cells of the given widths on one line; a negative width puts the text at the right."""
    parts = [fit(text, abs(width), right=width < 0) for text, width in cells]
    return Content(" " * gap).join(parts)


def lines(*parts: Text | Sequence[Content]) -> Content:
    """Return texts, and lists of them, under each other."""
    rows: list[Content] = []
    for part in parts:
        rows += [drawn(part)] if isinstance(part, str | Content) else list(part)
    return Content("\n").join(rows)


def wrapped(text: Text, width: int, *, most: int = 0, indent: int = 0) -> list[Content]:
    """Return a text in lines of so many columns, the last one cut where there are too many.

    Args:
        text: line breaks in it stay.
        width: of the lines, the indent included.
        most: how many lines at most; 0 for all.
        indent: how many columns the lines stand in.
    """
    room = max(width - indent, 1)
    rows = drawn(text).wrap(room)
    if most and len(rows) > most:
        rows = [*rows[: most - 1], cut(rows[most - 1].rstrip() + " " * room, room)]
    return [one.pad_left(indent) for one in rows]
