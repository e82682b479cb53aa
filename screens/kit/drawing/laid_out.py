"""Drawing what needs its own size: once the widget is laid out, and only while it is there."""

from __future__ import annotations

from collections.abc import Callable

from textual.widget import Widget


def stands(widget: Widget) -> bool:
    """Say whether a widget is part of a page that is open; one that was left has lost its parts."""
    return widget.is_attached and widget.screen in widget.app.screen_stack


def once_laid_out(widget: Widget, draw: Callable[[], object]) -> None:
    """Draw after the next layout, unless the page was left before."""

    def drawn() -> None:
        if stands(widget):
            draw()

    widget.call_after_refresh(drawn)
