"""Lists rows of one line, however many: a row is drawn when it comes into view, and not before.

``RowList`` costs the same for five rows and for 5,000. It has no border of its own; it stands in a
panel (:class:`BorderedBox`). A head, such as the names of the columns, stays at the top.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from screens.kit.drawing.panel import Bordered
from screens.kit.drawing.rows import fit
from screens.kit.drawing.signs import glyph

DrawRow = Callable[[int, int], Content]
"""Draws the row of a number, from 0, in so many columns."""
DrawHead = Callable[[int], Content]
"""Draws the head in so many columns."""


MOVES = {
    "up": ("step", -1),
    "down": ("step", 1),
    "pageup": ("page", -1),
    "pagedown": ("page", 1),
    "home": ("end", -1),
    "end": ("end", 1),
}
"""The keys of the cursor, the action of each and which way."""


class BorderedBox(Bordered, Vertical):
    """Holds several widgets in one panel: a line of views, a field, a list."""


class RowList(ScrollView, can_focus=True):
    """Shows rows of one line, and a cursor among them."""

    DEFAULT_CSS = """
    RowList {
        height: 1fr; background: $surface; scrollbar-size-vertical: 1; overflow-x: hidden;
        & > .row-list--cursor { background: $block-cursor-blurred-background; }
        & > .row-list--head { color: $text-muted; }
        &:focus > .row-list--cursor { background: $block-cursor-background; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"row-list--cursor", "row-list--head"}
    BINDINGS: ClassVar = [
        *(Binding(key, f"{name}({by})", show=False) for key, (name, by) in MOVES.items()),
        Binding("enter", "select", show=False),
    ]
    highlighted: reactive[int | None] = reactive(None, init=False, repaint=False)

    @dataclass
    class Highlighted(Message):
        """Tells that the cursor came to another row, or that there is none any more."""

        row_list: RowList
        index: int | None

        @property
        def control(self) -> RowList:
            """Return the list, for handlers that name it."""
            return self.row_list

    @dataclass
    class Selected(Message):
        """Tells that the row under the cursor is to be opened."""

        row_list: RowList
        index: int

        @property
        def control(self) -> RowList:
            """Return the list, for handlers that name it."""
            return self.row_list

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._count = 0
        self._draw_row: DrawRow | None = None
        self._draw_head: DrawHead | None = None

    @property
    def head_height(self) -> int:
        """Return how many lines stay at the top."""
        return 1 if self._draw_head is not None else 0

    @property
    def line_count(self) -> int:
        """Return how many lines there are under the head: one for each row."""
        return self._count

    def line_of(self, number: int) -> int:
        """Return the line of a row, from 0 under the head."""
        return number

    def number_at(self, line: int) -> int | None:
        """Return the row that stands in a line; None for a line between rows, and past the end."""
        return line if 0 <= line < self._count else None

    def between(self, line: int, width: int) -> Content:
        """Return a line that is no row, such as the heading of a section."""
        return Content("")

    @property
    def option_count(self) -> int:
        """Return how many rows there are."""
        return self._count

    @property
    def room(self) -> int:
        """Return the columns of a row, the bar of the cursor apart; 0 without a size."""
        return max(self.scrollable_content_region.width - 1, 0)

    def show_rows(
        self, count: int, draw: DrawRow, at: int | None = 0, *, head: DrawHead | None = None
    ) -> None:
        """Show so many rows from now on, the cursor on one of them, which comes into view.

        Args:
            count: of the rows.
            draw: draws one of them, when it comes into view.
            at: where the cursor stands; it is moved to the last row where there are fewer.
            head: draws what stays at the top.
        """
        self._count, self._draw_row, self._draw_head = count, draw, head
        before = self.highlighted
        self.set_reactive(
            RowList.highlighted, None if not count else min(max(at or 0, 0), count - 1)
        )
        self.lay_out()
        if self.highlighted is not None:
            self._scroll_to_cursor()
        elif before is None:
            self.refresh()
            return
        self.post_message(self.Highlighted(self, self.highlighted))
        self.refresh()

    def lay_out(self) -> None:
        """Take as many lines as there are now."""
        width = self.scrollable_content_region.width
        self.virtual_size = Size(width, self.line_count + self.head_height)

    def draw_anew(self) -> None:
        """Draw the rows in view again, such as with other signs."""
        self.refresh()

    def draw_row(self, number: int) -> None:
        """Draw one row again, where it is in view."""
        self.draw_line(self.line_of(number))

    def draw_line(self, line: int) -> None:
        """Draw a line again, where it is in view."""
        at = line - self.scroll_offset.y
        if 0 <= at < self._page():
            width = self.scrollable_content_region.width
            self.refresh(Region(0, at + self.head_height, width, 1))

    def render_line(self, y: int) -> Strip:
        """Draw the head or the row that stands in a line of the screen."""
        width = self.scrollable_content_region.width
        base = self.visual_style
        if y < self.head_height and self._draw_head is not None:
            look = self.get_visual_style("row-list--head")
            return self._strip(Content(" ") + self._draw_head(width - 1), width, look)
        line = self.scroll_offset.y + y - self.head_height
        number = self.number_at(line)
        if self._draw_row is None or not 0 <= line < self.line_count:
            return Strip.blank(width, base.rich_style)
        if number is None:
            return self._strip(Content(" ") + self.between(line, width - 1), width, base)
        content = self._draw_row(number, width - 1)
        if number != self.highlighted:
            return self._strip(Content(" ") + content, width, base)
        bar = Content.styled(glyph("cursor"), "$focus" if self.has_focus else "$text-muted")
        look = self.get_visual_style("row-list--cursor")
        return self._strip(bar + content, width, look)

    def _strip(self, content: Content, width: int, look: Style) -> Strip:
        """Return a line as it appears; Textual's own way wraps it and notes where each word is."""
        parts = fit(content, width).render(look, end="", parse_style=self._get_style)
        return Strip([Segment(text, (look + style).rich_style) for text, style in parts], width)

    def watch_highlighted(self, before: int | None, now: int | None) -> None:
        """Bring the cursor into view and tell that it moved."""
        top = self.scroll_offset.y
        if now is not None:
            self._scroll_to_cursor()
        if now is None or before is None or self.scroll_offset.y != top:
            self.refresh()
        else:
            self.draw_row(before)
            self.draw_row(now)
        self.post_message(self.Highlighted(self, now))

    def validate_highlighted(self, wanted: int | None) -> int | None:
        """Keep the cursor among the rows."""
        if wanted is None or not self._count:
            return None
        return min(max(wanted, 0), self._count - 1)

    def _scroll_to_cursor(self) -> None:
        at = self.line_of(self.highlighted or 0)
        page = self._page()
        top = self.scroll_offset.y
        if at < top:
            self.scroll_to(y=at, animate=False, immediate=True)
        elif page and at >= top + page:
            self.scroll_to(y=at - page + 1, animate=False, immediate=True)

    def _page(self) -> int:
        return max(self.scrollable_content_region.height - self.head_height, 0)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in view."""
        self.lay_out()
        if self.highlighted is not None:
            self._scroll_to_cursor()

    def on_focus(self) -> None:
        """Draw the cursor as that of the list which has the keys."""
        self.refresh()

    def on_blur(self) -> None:
        """Draw the cursor as that of a list which does not have the keys."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row that is clicked; on the cursor's own row, open it."""
        number = self.number_at(int(self.scroll_offset.y) + event.y - self.head_height)
        if event.y < self.head_height or number is None:
            return
        if number == self.highlighted:
            self.action_select()
        else:
            self.highlighted = number

    async def take_key(self, key: str) -> bool:
        """Move the cursor at once, where the key is one that does; say whether it is."""
        if not self._count or (move := MOVES.get(key)) is None:
            return False
        name, by = move
        getattr(self, f"action_{name}")(by)
        return True

    def action_step(self, by: int) -> None:
        """Move the cursor by so many rows; from the last one it goes to the first, and back."""
        if self._count:
            self.highlighted = ((self.highlighted or 0) + by) % self._count

    def action_page(self, by: int) -> None:
        """Move the cursor by so many screens."""
        if self._count:
            self.highlighted = (self.highlighted or 0) + by * max(self._page() - 1, 1)

    def action_end(self, by: int) -> None:
        """Move the cursor to the last row, or up to the first."""
        self.highlighted = self._count - 1 if by > 0 else 0

    def action_select(self) -> None:
        """Open the row under the cursor."""
        if self.highlighted is not None:
            self.post_message(self.Selected(self, self.highlighted))
