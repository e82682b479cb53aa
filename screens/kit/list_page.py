"""The base of pages that are one list: title, what to do where it is empty, list and hint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.kit.page import Page

T = TypeVar("T")


class ListPage(Page, Generic[T]):
    """A page of one list, which is drawn to the width and keeps its place when it is drawn anew.

    The list's id is the page's name. ``EMPTY`` stands there while there is nothing to list.
    """

    CSS_PATH = Path(__file__).with_name("list_page.tcss")
    EMPTY: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[T] = []

    def body(self) -> Iterable[Widget]:
        """The list, or what to do where it is empty."""
        yield Static("", id="title", markup=False)
        yield Static(self.EMPTY, id="empty", markup=False)
        yield OptionList(id=self.PAGE, markup=False)
        yield Static("", id="hint", markup=False)

    def show(self, lines: list[T]) -> None:
        """List these from now on, ready for the next key."""
        self._lines = lines
        self._draw()
        self.query_one(OptionList).focus()

    def on_resize(self) -> None:
        """Draw to the new width."""
        self._draw()

    def _draw(self) -> None:
        raise NotImplementedError(type(self).__name__)

    def put(self, drawn: Sequence[Content], at: int) -> None:
        """Fill the list and stand on the line at a place, where there is one."""
        listed = self.query_one(OptionList)
        listed.set_options([Option(one) for one in drawn])
        if drawn:
            listed.highlighted = at
        listed.display = bool(drawn)
        self.query_one("#empty").display = not drawn

    def place_of(self, ids: Sequence[str], wanted: str = "") -> int:
        """Where an id stands in the list to come, or that of the line now under the cursor."""
        before = wanted or getattr(self._current, "id", "")
        return ids.index(before) if before in ids else 0

    @property
    def _current(self) -> T | None:
        number = self.query_one(OptionList).highlighted
        return self._lines[number] if number is not None and number < len(self._lines) else None
