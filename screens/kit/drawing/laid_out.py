"""Drawing with an eye to the layout: what needs its size, and what does not change it."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static


def stands(widget: Widget) -> bool:
    """Say whether a widget is part of a page that is open; one that was left has lost its parts."""
    return widget.is_attached and widget.screen in widget.app.screen_stack


def put(widget: Static, content: Content) -> None:
    """Put a text into a widget: nothing is drawn that stands there, nor laid out that has room."""
    before = widget.content
    if isinstance(before, Content) and before.is_same(content):
        return
    widget.update(content, layout=not _fits(widget, content))


def _fits(widget: Static, content: Content) -> bool:
    """Say whether a widget is as large with another text as it is."""
    width, height = widget.styles.width, widget.styles.height
    if width is None or width.is_auto or not widget.content_size.width:
        return False
    if height is not None and not height.is_auto:
        return True
    lines = content.get_height({}, widget.content_size.width)
    return lines == widget.content_size.height


def once_laid_out(widget: Widget, draw: Callable[[], object]) -> None:
    """Draw after the next layout, unless the page was left before."""

    def drawn() -> None:
        if stands(widget):
            draw()

    widget.call_after_refresh(drawn)
