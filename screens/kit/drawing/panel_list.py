"""A list in a panel: the row under the cursor has a bar at its left and a quiet ground.

Rows that are known to take so many lines are drawn when they come into view (:class:`Late`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.css.styles import RulesMap
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import OptionList

from screens.kit.drawing.panel import Bordered
from screens.kit.drawing.rows import cut
from screens.kit.drawing.signs import glyph


class Late(Visual):
    """Is a row that is drawn when it comes into view; thousands of them cost next to nothing.

    Args:
        draw: draws the row.
        height: its lines, which are known before it is drawn.
    """

    def __init__(self, draw: Callable[[], Content], height: int = 1) -> None:
        self._draw, self._height = draw, height

    @cached_property
    def content(self) -> Content:
        """Return the row, drawn the first time it is asked for."""
        return self._draw()

    @property
    def plain(self) -> str:
        """Return the row as text without looks."""
        return self.content.plain

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return the lines of the row without drawing it."""
        return self._height

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Return all columns there are: the row is drawn to them."""
        return container_width

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """Draw the row in the lines that were said to be its own; what is too wide is cut."""
        content = self.content
        rows = content.split("\n", allow_blank=True)
        if any(one.cell_length > width for one in rows):
            content = Content("\n").join([cut(one, width) for one in rows])
        strips = content.render_strips(width, height, style, options)[: self._height]
        missing = self._height - len(strips)
        return [*strips, *[Strip.blank(width, style.rich_style)] * missing]


class PanelList(Bordered, OptionList):
    """Lists lines in a border; drawn by one widget, however many there are.

    Each line begins one column in, where the bar of the cursor stands: ``room`` columns are left
    for what is drawn in it. ``None`` between options leaves a line free. Options are content, never
    markup: ``PanelList(id="cases", markup=False)``. The edges are set as those of a panel.
    """

    class Resized(Message):
        """Says that lines have more or fewer columns now, so that rows are drawn anew."""

    _drawn_for = 0

    def on_resize(self, event: events.Resize) -> None:
        """Tell the page where the columns are others than before; the base draws the edges."""
        if self.room != self._drawn_for:
            self._drawn_for = self.room
            self.post_message(self.Resized())

    @property
    def room(self) -> int:
        """Return the columns of a line; 0 before the list has a size."""
        return max(self.scrollable_content_region.width - 1, 0)

    def _is_gap(self, index: int, within: int) -> bool:
        """Say whether a line of a row is the empty one that ``None`` puts after it."""
        return self.options[index]._divider and within == self._heights[index] - 1

    def render_line(self, y: int) -> Strip:
        """Draw a line; the lines of the row under the cursor begin with its bar."""
        strip = super().render_line(y)
        line = self.scroll_offset.y + y
        if not 0 <= line < len(self._lines):
            return strip
        index, within = self._lines[line]
        if self._is_gap(index, within):
            return Strip.blank(self.scrollable_content_region.width, self.rich_style)
        if index != self.highlighted:
            return strip
        look = self.app.stylesheet.parse_style("$focus" if self.has_focus else "$text-muted")
        ground = next((one.style for one in strip if one.style is not None), None)
        bar = look.rich_style if ground is None else ground + look.rich_style
        return Strip.join([Strip([Segment(glyph("cursor"), bar)]), strip.crop(1)])
