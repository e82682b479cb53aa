"""The bases of pages that are one list: alone, or in a panel with what belongs to it beside."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar, Generic, TypeVar

from textual import on, work
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.kit.commands import registry
from screens.kit.drawing.notices import empty
from screens.kit.drawing.panel_list import Late, PanelList
from screens.kit.drawing.rows import Text
from screens.kit.keyboard import BACKGROUND
from screens.kit.page import Named, Page

T = TypeVar("T")
WIDE = 100
"""Columns from which what belongs to a line stands beside the list."""


class ListPage(Page, Generic[T]):
    """Shows one list, which is drawn to the width and keeps its place when drawn anew.

    The list's id is the page's name.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[T] = []
        self._stand_on = ""

    def _subject(self, one: T) -> Named | None:
        """Return what a remark on a line is about."""
        return None

    def _record(self, one: T) -> Named | None:
        """Return what the history of a line is of."""
        return self._subject(one)

    @property
    def subject(self) -> Named | None:
        """Return what a remark is about: the line the cursor is on."""
        return self._subject(self.current) if self.current is not None else None

    @property
    def record(self) -> Named | None:
        """Return what a history is of: the line the cursor is on."""
        return self._record(self.current) if self.current is not None else None

    @property
    def has_row(self) -> bool:
        """Say whether the cursor stands on a line."""
        return self.current is not None

    def show(self, lines: Sequence[T], stand_on: str = "", *, from_top: bool = False) -> None:
        """List these from now on, ready for the next key.

        The cursor goes to the line whose id is given, else stays on the line it is on. With
        ``from_top``, as after a filter, it goes to the first line, which is in view.
        """
        self._stand_on = stand_on or self._stand_on or getattr(self.current, "id", "")
        self._lines = list(lines)
        self._draw()
        self._stand_on = ""
        if from_top and self._lines:
            self.listed.action_first()
            self.listed.scroll_home(animate=False)
        if self.typing_in is None:
            self.listed.focus()

    @property
    def listed(self) -> OptionList:
        """Return the list."""
        return self.query_one(OptionList)

    @property
    def current(self) -> T | None:
        """Return the line the cursor is on."""
        number = self.listed.highlighted
        return self._lines[number] if number is not None and number < len(self._lines) else None


class PanelListPage(ListPage[T]):
    """Shows its list in a panel, and what belongs to the line under the cursor beside or below it.

    A page says how a line is drawn (``_row``), what heads the lines that belong together
    (``_above``), which panels it has (``side``), what is read for them (``look``) and what they
    show (``_draw_side``). Under 100 columns they stand below; while there is no line, the list has
    the page to itself.
    """

    # The style of all of them stands in app.tcss, which is read before any page's: so what a page
    # says of itself holds, whichever pages were open before.
    SCOPED_CSS = False  # else it would hold of pages of this very class alone
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-roomy")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-short"), (30, "-tall")]
    LEGEND: ClassVar[str] = ""
    EMPTY: ClassVar[str] = ""
    EMPTY_KEYS: ClassVar[Sequence[tuple[str, str]]] = ()
    EMPTY_FACT: ClassVar[str] = ""
    ROW_LINES: ClassVar[int] = 0
    """Lines of each row but the one under the cursor, so that a row is drawn when it comes into
    view; 0 where rows differ, and all are drawn at once."""
    _chosen = 0

    def __init__(self) -> None:
        super().__init__()
        self._places: list[int] = []
        """The place among the options, headings counted, of each line."""

    def body(self) -> Iterable[Widget]:
        """Yield the list, and the panels of the line under the cursor."""
        with Container(id="columns"):
            yield PanelList(id=self.PAGE, markup=False)
            with Container(id="side"):
                yield from self.side()

    def side(self) -> Iterable[Widget]:
        """Yield the panels of the line under the cursor."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Draw the border at once; it is filled when the vault has answered."""
        self.listed.edges(title=registry()[self.PAGE].title, legend=self.LEGEND)

    @property
    def listed(self) -> PanelList:
        """Return the list."""
        return self.query_one(PanelList)

    @property
    def wide(self) -> bool:
        """Say whether the panels stand beside the list."""
        return self.app.size.width >= WIDE

    def _row(self, entry: T, width: int, *, chosen: bool) -> Content:
        """Return a line of the list; the one under the cursor shows all its words."""
        raise NotImplementedError

    def _above(self, entry: T, before: T | None) -> Content | None:
        """Return what heads a line that begins others like it; nothing where it begins none."""
        return None

    def _heading(self) -> Text:
        """Return the title of the list."""
        return registry()[self.PAGE].title

    def _figure(self) -> Text:
        """Return what stands at the right of the list's title, where there is a line."""
        return ""

    @property
    def current(self) -> T | None:
        """Return the line the cursor is on."""
        number = self._number(self.listed.highlighted)
        return self._lines[number] if 0 <= number < len(self._lines) else None

    def _number(self, place: int | None) -> int:
        """Return which line stands in a place among the options; -1 for a heading or none."""
        number = bisect_left(self._places, -1 if place is None else place)
        return number if self._places[number : number + 1] == [place] else -1

    def _empty(self, width: int, height: int) -> Content:
        """Return what stands in the list while there is no line in it."""
        return empty(self.EMPTY, self.EMPTY_KEYS, self.EMPTY_FACT, width, height)

    async def look(self, entry: T | None) -> None:
        """Read what the panels show of a line beside what the list knows."""

    def _draw_side(self, entry: T | None) -> None:
        """Draw the panels."""
        raise NotImplementedError

    def _draw(self) -> None:
        """Draw the list to its width, and the panels."""
        listed = self.listed
        stand_on = self._stand_on or getattr(self.current, "id", "")
        ids = [getattr(one, "id", None) for one in self._lines]
        self.set_class(not ids, "-empty")
        at = min(max(self._number(listed.highlighted), 0), len(ids) - 1)
        at = ids.index(stand_on) if stand_on in ids else at
        rows: list[Option] = []
        room = listed.room
        self._places = []
        for number, one in enumerate(self._lines):
            above = self._above(one, self._lines[number - 1] if number else None)
            rows += [Option(above, disabled=True)] if above is not None else []
            self._places.append(len(rows))
            rows.append(Option(self._drawn_row(one, room, chosen=number == at)))
        with self.prevent(OptionList.OptionHighlighted):
            listed.set_options(rows)
            if not ids:
                block = self._empty(listed.room, listed.content_size.height)
                listed.set_options([Option(block, disabled=True)])
            listed.highlighted = self._places[at] if ids else None
        self._chosen = at
        listed.edges(title=self._heading(), figure=self._figure() if ids else "")
        self._draw_side(self.current)
        self.fieldkit.draw_keys()
        self._look()

    def _drawn_row(self, entry: T, room: int, *, chosen: bool) -> Content | Late:
        """Return a row as it goes into the list: drawn, or to be drawn in its own lines."""
        if chosen or not self.ROW_LINES:
            return self._row(entry, room, chosen=chosen)
        return Late(partial(self._row, entry, room, chosen=False), self.ROW_LINES)

    @on(PanelList.Resized)
    def _resized(self) -> None:
        """Draw to the columns that there are now."""
        self.draw_anew()

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        """Show all words of the line under the cursor, and what belongs to it."""
        listed, before = self.listed, self._chosen
        at = self._number(listed.highlighted)
        if at in (-1, before) or at >= len(self._lines):
            return
        self._chosen = at
        for number in (before, at):
            if 0 <= number < len(self._lines):
                row = self._row(self._lines[number], listed.room, chosen=number == at)
                listed.replace_option_prompt_at_index(self._places[number], row)
        listed.scroll_to_highlight()
        self._draw_side(self.current)
        self.fieldkit.draw_keys()
        self._look()

    @work(exclusive=True, group=BACKGROUND)
    async def _look(self) -> None:
        """Read what the panels show; of a burst of moves only the last."""
        entry = self.current
        await self.tried(self.look(entry))
        if entry == self.current and self.is_current:
            self._draw_side(entry)
