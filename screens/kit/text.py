"""User text on the screen: always plain, never markup, never a control sequence.

Textual reads square brackets as markup in most widgets: a typed ``[/`` would end the app and an
imported ``[@click=...]`` would be an action. Everything a person or a file wrote goes through here.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widgets import Static

from fieldkit.wording.format import clean


def plain(text: str, style: str = "") -> Content:
    """Return the text as content that is not parsed."""
    return Content.styled(clean(text), style) if style else Content(clean(text))


def facts(rows: Iterable[tuple[str, str]], wide: int = 14) -> Content:
    """Return a line for each fact: its label in ``wide`` columns, dimly, and its text."""
    return Content("\n").join(
        Content.assemble((f"{label:<{wide}}", "dim"), plain(text)) for label, text in rows
    )


def indented(
    rows: Iterable[str], width: int, *, by: int = 4, lines: int | None = None, style: str = ""
) -> list[Content]:
    """Break rows to the width, each some columns in and of so many lines at most.

    A row that is cut short ends in an ellipsis.
    """
    room = max(width - by, 20)
    wrapped = (_first(plain(row, style).wrap(room), lines, room) for row in rows)
    return [Content.assemble(" " * by, part) for parts in wrapped for part in parts]


def _first(wrapped: list[Content], lines: int | None, room: int) -> list[Content]:
    if lines is None or len(wrapped) <= lines:
        return wrapped
    *whole, last = wrapped[:lines]
    return [*whole, Content.assemble(last[: room - 2].rstrip(), " …")]


def texts(*ids: str) -> Iterable[Static]:
    """Yield places for texts, which are never markup, by their ids."""
    for name in ids:
        yield Static("", id=name, markup=False)
