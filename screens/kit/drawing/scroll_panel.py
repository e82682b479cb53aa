"""A panel whose text may be longer than it is high: it scrolls, and takes the keys for that."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from screens.kit.drawing.panel import Bordered, Drawing
from screens.kit.drawing.rows import Text, drawn


class ScrollPanel(Bordered, VerticalScroll):
    """Shows one text in a border and scrolls it.

    Args:
        title: what it is; never markup.
        id: of the widget.
        classes: of the widget, in a style sheet's way.
    """

    DEFAULT_CSS = """
    ScrollPanel { scrollbar-gutter: stable; scrollbar-size-vertical: 1; }
    ScrollPanel > Static { height: auto; }
    """

    def __init__(
        self, title: Text = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.panel_title = title
        self._drawing: Drawing = ""
        self._text = Static("", markup=False)

    def compose(self) -> Iterable[Widget]:
        """Yield the text."""
        yield self._text

    def show(
        self,
        drawing: Drawing,
        *,
        title: Text | None = None,
        figure: Text | None = None,
        legend: Text | None = None,
    ) -> None:
        """Show a text, or what a function of the columns inside returns, and set the edges."""
        self._drawing = drawing
        self.edges(title=title, figure=figure, legend=legend)
        self._draw_inside()

    def _draw_inside(self) -> None:
        width = self.scrollable_content_region.width
        if not callable(self._drawing):
            self._text.update(drawn(self._drawing))
        elif width > 0:
            self._text.update(self._drawing(width))

    def draw_anew(self) -> None:
        """Draw edges and inside again with the signs in use now."""
        super().draw_anew()
        self._draw_inside()

    def on_resize(self, event: events.Resize) -> None:
        """Draw to the new size; the base draws the edges."""
        self._draw_inside()
