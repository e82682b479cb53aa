"""User text on the screen: always plain, never markup, never a control sequence.

Textual reads square brackets as markup in most widgets: a typed ``[/`` would end the app and an
imported ``[@click=...]`` would be an action. Everything a person or a file wrote goes through here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from textual.content import Content

_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"
    r"\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff\U000e0000-\U000e007f]"
)
"""C0, C1, the marks that turn the direction of writing (Unicode TR 36, section 2.6), what has no
width, by which two texts that differ would look the same, and halves of characters, which no
terminal can be sent."""


def clean(text: str) -> str:
    """The text without control and direction marks, and without what has no width."""
    return _CONTROLS.sub("", text)


def plain(text: str, style: str = "") -> Content:
    """The text as content that is not parsed."""
    return Content.styled(clean(text), style) if style else Content(clean(text))


def line(text: str, width: int) -> str:
    """The text on one line of at most ``width`` columns, with an ellipsis where it was cut."""
    flat = " ".join(clean(text).split())
    return flat if len(flat) <= width else flat[: max(width - 1, 0)] + "…"


def facts(rows: Iterable[tuple[str, str]], wide: int = 14) -> Content:
    """What is known, a line each: a label in ``wide`` columns, dimly, and what stands behind it."""
    return Content("\n").join(
        Content.assemble((f"{label:<{wide}}", "dim"), plain(text)) for label, text in rows
    )


def indented(rows: Iterable[str], width: int, *, lines: int) -> list[Content]:
    """Break rows to the width, each four columns in and of so many lines at most."""
    wrapped = (plain(row).wrap(max(width - 4, 20))[:lines] for row in rows)
    return [Content.assemble("    ", part) for parts in wrapped for part in parts]
