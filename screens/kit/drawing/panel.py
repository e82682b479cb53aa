"""Panels: a border with title and figure in its upper edge and a legend or key in its lower one.

``Panel("Cases", key="c")`` is one ``Static``. A page composes its panels at once, empty, and fills
them when the clerk has answered::

    panel.show(lambda width: progress(61, 97, width), figure="61 of 97 done")

What is drawn to a width is given as a function of the columns inside; it is called again on each
change of size. A list, a field or a container gets the same border by being a subclass of
:class:`Bordered` and the widget: ``class CaseList(Bordered, OptionList)``. The panel that has the
keys has an accent border *and* its title reversed, which is seen without colour.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.kit.drawing.keys import key as key_chip
from screens.kit.drawing.laid_out import once_laid_out, put
from screens.kit.drawing.rows import Text, cut, drawn
from screens.kit.drawing.signs import glyph

if TYPE_CHECKING:
    _Base = Widget
else:
    _Base = object
Drawing = Text | Callable[[int], Content]
EDGE = 6
"""Columns of an edge that its corners, and the blanks beside a label, take."""


class Bordered(_Base):
    """Draws title, figure and legend into the border of a widget, and shows who has the keys.

    The attributes may be set at any time; :meth:`edges` sets several and draws once.
    """

    SHOWS_FOCUS: ClassVar[bool] = True
    """False for what never takes a key: its title is not reversed."""
    panel_title: Text = ""
    """What the panel is; at the left of the upper edge."""
    panel_key: str = ""
    """The key that opens what the panel is about; before the title."""
    panel_figure: Text = ""
    """A number or state; at the right of the upper edge."""
    panel_legend: Text = ""
    """What signs mean, or a key of the panel; at the right of the lower edge."""
    _upper = _lower = Content("")
    """What stands in the edges."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Looks as ``app.tcss`` says: Textual takes the style sheet of one base class only. Now, for
        # once it is mounted its styles would be worked out a second time.
        self.add_class("panel", update=False)

    def edges(
        self,
        *,
        title: Text | None = None,
        key: str | None = None,
        figure: Text | None = None,
        legend: Text | None = None,
    ) -> None:
        """Set what stands in the edges; what is left out stays as it is."""
        if title is not None:
            self.panel_title = title
        if key is not None:
            self.panel_key = key
        if figure is not None:
            self.panel_figure = figure
        if legend is not None:
            self.panel_legend = legend
        self.draw_edges()

    @property
    def has_keys(self) -> bool:
        """Say whether keys go to this panel or to something in it."""
        return self.has_class("-chosen") or (self.SHOWS_FOCUS and self._focus_is_within())

    def _focus_is_within(self) -> bool:
        focused = self.screen.focused if self.is_attached else None
        return focused is not None and self in focused.ancestors_with_self

    def draw_edges(self) -> None:
        """Draw title, figure and legend to the width that there is."""
        width = self.outer_size.width - EDGE
        if width <= 0:
            return
        chosen = self.has_keys
        fill, look = glyph("rule"), "$border" if chosen else "$border-blurred"
        figure = drawn(self.panel_figure, "$text-muted")
        upper = _edge(self._title(chosen), figure, width, fill, look)
        lower = cut(drawn(self.panel_legend, "$text-muted"), width)
        if not self._upper.is_same(upper):
            self._upper = upper
            self.border_title = upper
        if not self._lower.is_same(lower):
            self._lower = lower
            self.styles.border_subtitle_align = "right"
            self.border_subtitle = lower

    def _title(self, chosen: bool) -> Content:
        title = drawn(self.panel_title)
        if not title.plain:
            return title
        style = "bold $background on $focus" if chosen else "bold $title"
        shown = Content.assemble(" ", title, " ") if chosen else title
        shown = shown.stylize_before(style)
        if not self.panel_key:
            return shown
        return Content.assemble(key_chip(self.panel_key), "" if chosen else " ", shown)

    def on_resize(self, event: events.Resize) -> None:
        """Draw the edges to the new size."""
        self.draw_edges()

    def draw_anew(self) -> None:
        """Draw again with the signs in use now."""
        self.draw_edges()

    def on_focus(self) -> None:
        """Show that the keys come here."""
        self.draw_edges()

    def on_blur(self) -> None:
        """Show that they no longer do."""
        once_laid_out(self, self.draw_edges)

    def on_descendant_focus(self) -> None:
        """Show that the keys come to something in here."""
        self.draw_edges()

    def on_descendant_blur(self) -> None:
        """Show that they no longer do."""
        once_laid_out(self, self.draw_edges)


def _edge(left: Content, right: Content, width: int, fill: str, look: str) -> Content:
    """Return title and figure at the two ends of an edge, the border's line between them."""
    if not left.plain and not right.plain:
        return Content("")
    end = cut(right, width)
    room = width - (end.cell_length + 3 if end.plain else 0)
    if room < 4 and left.plain:
        end, room = Content(""), width
    start = cut(left, room)
    gap = width - start.cell_length - end.cell_length
    if not end.plain:
        return start
    blank, line = " " if start.plain else "", max(gap - 1 - (1 if start.plain else 0), 0)
    return Content.assemble(start, blank, (fill * line, look), " ", end)


class Panel(Bordered, Static):
    """Shows one text in a border; a page is made of these.

    Args:
        title: what it is; never markup.
        key: opens what it is about; stands before the title.
        figure: a number or state at the right of the title.
        legend: what stands in the lower edge.
        id: of the widget.
        classes: of the widget, in a style sheet's way.
    """

    def __init__(
        self,
        title: Text = "",
        *,
        key: str = "",
        figure: Text = "",
        legend: Text = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__("", id=id, classes=classes, markup=False)
        self.panel_title, self.panel_key = title, key
        self.panel_figure, self.panel_legend = figure, legend
        self._drawing: Drawing = ""

    def show(
        self,
        drawing: Drawing,
        *,
        title: Text | None = None,
        figure: Text | None = None,
        legend: Text | None = None,
    ) -> None:
        """Show a text, or what a function of the columns inside returns, and set the edges.

        A function is called now, where the panel has a size, and on each change of size.
        """
        self._drawing = drawing
        self.edges(title=title, figure=figure, legend=legend)
        self._draw_inside()

    @property
    def room(self) -> tuple[int, int]:
        """Return the columns and lines inside; 0 and 0 before the panel has a size."""
        return self.content_size.width, self.content_size.height

    def _draw_inside(self) -> None:
        if callable(self._drawing):
            if self.room[0] > 0:
                put(self, self._fitted(self._drawing(self.room[0])))
        else:
            put(self, drawn(self._drawing))

    def _fitted(self, content: Content) -> Content:
        """Return what has room in a panel of a given height; what is cut ends in an ellipsis."""
        width, height = self.room[0], self.lines_at_most()
        rows = content.split("\n", allow_blank=True)
        if height <= 0 or len(rows) <= height:
            return content
        last = cut(rows[height - 1].rstrip() + " " * width, width)
        return Content("\n").join([*rows[: height - 1], last])

    def lines_at_most(self) -> int:
        """Return how many lines the style leaves inside; 0 where it leaves as many as there are."""
        given, most = self.styles.height, self.styles.max_height
        if given is not None and not given.is_auto:
            return self.room[1]
        if most is None or most.is_auto:
            return 0
        if most.is_cells:
            return max(int(most.value) - self.gutter.height, 1)
        if most.is_percent and isinstance(self.parent, Widget):
            lines = int(self.parent.content_size.height * most.value / 100)
            return max(lines - self.gutter.height, 1) if lines else 0
        return 0

    def draw_anew(self) -> None:
        """Draw edges and inside again with the signs in use now."""
        super().draw_anew()
        self._draw_inside()

    def on_resize(self, event: events.Resize) -> None:
        """Draw to the new size; the base draws the edges."""
        self._draw_inside()
