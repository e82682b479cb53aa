"""The base of pages that are one list: title, what to do where it is empty, list and hint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.kit.page import Named, Page

T = TypeVar("T")


class ListPage(Page, Generic[T]):
    """Shows one list, which is drawn to the width and keeps its place when drawn anew.

    The list's id is the page's name. ``EMPTY`` stands there while there is nothing to list: in
    place of the list where the page is ``PADDED``, else under it. ``MARGIN`` is how many columns
    of a line stay free.
    """

    CSS = """
    #empty { height: 1fr; padding: 1 1; }
    ListPage OptionList { height: 1fr; }
    OptionList.padded { padding: 0 1; }
    #hint.raised { background: $surface; }
    """
    EMPTY: ClassVar[str] = ""
    MARGIN: ClassVar[int] = 4
    PADDED: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[T] = []
        self._stand_on = ""

    def body(self) -> Iterable[Widget]:
        """Yield the list, or what to do where it is empty."""
        yield Static("", id="title", markup=False)
        if self.PADDED:
            yield Static(self.EMPTY, id="empty", markup=False)
        yield OptionList(id=self.PAGE, classes="padded" * self.PADDED, markup=False)
        yield Static("", id="hint", classes="raised" * self.PADDED, markup=False)

    def _heading(self) -> str:
        """Return the title of the list as it is now."""
        raise NotImplementedError

    def _hint(self) -> str:
        """Return what stands under the lines of the list."""
        return ""

    def _empty(self) -> str:
        """Return what stands under the list where there is no line in it."""
        return "" if self.PADDED else self.EMPTY

    def _drawn(self, entry: T, width: int) -> Content:
        """Return a line of the list in so many columns."""
        raise NotImplementedError

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
            self.listed.highlighted = 0
            self.listed.scroll_home(animate=False)
        if self.typing_in is None:
            self.listed.focus()

    def _draw(self) -> None:
        """Draw the list to the width, and what stands above and below it."""
        listed, width = self.listed, self.columns(self.MARGIN)
        stand_on = self._stand_on or getattr(self.current, "id", "")
        at = listed.highlighted or 0
        listed.set_options([Option(self._drawn(one, width)) for one in self._lines])
        ids = [getattr(one, "id", None) for one in self._lines]
        if ids:
            listed.highlighted = ids.index(stand_on) if stand_on in ids else min(at, len(ids) - 1)
        listed.display = bool(ids)
        for widget in self.query("#empty"):
            widget.display = not ids
        self.set_text("#title", self._heading())
        self.set_text("#hint", self._hint() if ids else self._empty())
        self.fieldkit.draw_keys()

    @property
    def listed(self) -> OptionList:
        """Return the list."""
        return self.query_one(OptionList)

    @property
    def current(self) -> T | None:
        """Return the line the cursor is on."""
        number = self.listed.highlighted
        return self._lines[number] if number is not None and number < len(self._lines) else None
