"""A panel whose text may be longer than it is high: it scrolls, and takes the keys for that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from screens.kit.drawing.panel import Bordered
from screens.kit.drawing.rows import Text, drawn, fit


@dataclass(frozen=True)
class Rows:
    """Holds a long text whose lines are as wide as they are shown: each is drawn when it is seen.

    Attributes:
        count: how many lines there are.
        draw: draws the line of a number, from 0.
    """

    count: int
    draw: Callable[[int], Content]


Long = Text | Callable[[int], Content | Rows]
"""A text, or what a function of the columns inside returns."""


class Inside(Static):
    """Shows a text, which is broken into lines here, or the rows of one that is."""

    _rows: Rows | None = None

    def fill(self, shown: Text | Rows) -> None:
        """Show this from now on."""
        self._rows = shown if isinstance(shown, Rows) else None
        self.update("" if isinstance(shown, Rows) else drawn(shown))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines there are."""
        if self._rows is not None:
            return self._rows.count
        return super().get_content_height(container, viewport, width)

    def render_line(self, y: int) -> Strip:
        """Draw a line."""
        rows, width = self._rows, self.size.width
        if rows is None:
            return super().render_line(y)
        look = self.visual_style
        if not (width and y < rows.count):
            return Strip.blank(width, look.rich_style)
        return Content.to_strips(self, fit(rows.draw(y), width), width, 1, look)[0]


class ScrollPanel(Bordered, VerticalScroll):
    """Shows one text in a border and scrolls it.

    Args:
        title: what it is; never markup.
        id: of the widget.
        classes: of the widget, in a style sheet's way.
    """

    DEFAULT_CSS = """
    ScrollPanel { scrollbar-gutter: stable; scrollbar-size-vertical: 1; }
    ScrollPanel > Inside { height: auto; }
    """

    def __init__(
        self, title: Text = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.panel_title = title
        self._drawing: Long = ""
        self._text = Inside("", markup=False)

    def compose(self) -> Iterable[Widget]:
        """Yield the text."""
        yield self._text

    def show(
        self,
        drawing: Long,
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
            self._text.fill(self._drawing)
        elif width > 0:
            self._text.fill(self._drawing(width))

    def draw_anew(self) -> None:
        """Draw edges and inside again with the signs in use now."""
        super().draw_anew()
        self._draw_inside()

    def on_resize(self, event: events.Resize) -> None:
        """Draw to the new size; the base draws the edges."""
        self._draw_inside()
