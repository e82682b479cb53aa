"""Choosing points, such as the force is told: several at once, each ticked by one key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from fieldkit.wording.format import line
from screens.kit.dialogs import Dialog
from screens.kit.drawing.panel_list import Late
from screens.kit.drawing.signs import sign
from screens.kit.text import plain


@dataclass(frozen=True)
class PointChoice:
    """Holds a point that may be chosen.

    Attributes:
        id: which point.
        number: its number in the inspection.
        sort: "strength", "concern", "notable practice" or "to clarify".
        words: the words agreed last, or those it has.
        remark: what is new about it, and how well it stands.
    """

    id: str
    number: int
    sort: str
    words: str
    remark: str


class PickPoints(Dialog[list[str] | None]):
    """Asks which points are told: space or a digit ticks, enter takes what is ticked.

    Where nothing is ticked, enter takes the point the cursor is on.
    """

    DEFAULT_CSS = """
    PickPoints #box { width: 96%; max-width: 110; }
    PickPoints OptionList { height: auto; max-height: 16; border: none; background: $surface; }
    """
    BINDINGS: ClassVar[list[Any]] = [
        Binding("space", "tick", priority=True),
        Binding("a", "tick_all", priority=True),
        *(Binding(str(n), f"tick_number({n})", priority=True) for n in range(1, 10)),
    ]

    def __init__(
        self, choices: Sequence[PointChoice], title: str = "Which points will you raise?"
    ) -> None:
        keys = "space or a digit  tick     a  all     enter  take them     esc  cancel"
        super().__init__(title, keys)
        self._choices = list(choices)
        self._ticked: set[str] = set()
        self._broken_for = 0
        self._broken: dict[str, list[Content]] = {}
        """The words of each point in lines, by id, broken for one width."""

    def body(self) -> Iterable[Widget]:
        """Yield the points."""
        yield OptionList(id="choices", markup=False)

    def on_mount(self) -> None:
        """Stand on the first."""
        self._draw()
        listed = self.query_one(OptionList)
        listed.highlighted = 0
        listed.focus()

    def on_resize(self) -> None:
        """Draw to the new size."""
        self._draw()

    def _draw(self) -> None:
        listed = self.query_one(OptionList)
        at, width = listed.highlighted, min(self.app.size.width * 96 // 100, 110) - 6
        rows = enumerate(self._choices, 1)
        listed.set_options([Option(self._late(number, one, width)) for number, one in rows])
        listed.highlighted = at

    def _late(self, number: int, choice: PointChoice, width: int) -> Late:
        """Return the row of a point, which is drawn when it comes into view."""
        height = max(len(self._words_of(choice, width)), 1) + bool(choice.remark)
        return Late(partial(self._drawn, number, choice, width), height)

    def _words_of(self, choice: PointChoice, width: int) -> list[Content]:
        """Return the words of a point in at most two lines; they are broken once for a width."""
        if width != self._broken_for:
            self._broken_for = width
            self._broken = {}
        if choice.id not in self._broken:
            room = max(width - len(self._head(1, choice)), 20)
            self._broken[choice.id] = plain(line(choice.words, 2 * width)).wrap(room)[:2]
        return self._broken[choice.id]

    def _head(self, number: int, choice: PointChoice) -> Content:
        """Return the tick, the digit and the sign that stand before the words of a point."""
        tick = "[✓] " if choice.id in self._ticked else "[ ] "
        digit = f"{number} " if number < 10 else "  "
        return Content.assemble(tick, digit, sign(choice.sort), " ")

    def _drawn(self, number: int, choice: PointChoice, width: int) -> Content:
        head, words = self._head(number, choice), self._words_of(choice, width)
        parts = [Content.assemble(head, words[0] if words else "")]
        parts += [Content.assemble(" " * len(head), row) for row in words[1:]]
        remark = plain(line(choice.remark, width - len(head)), "$text-muted")
        parts += [Content.assemble(" " * len(head), remark)] if choice.remark else []
        return Content("\n").join(parts)

    def action_tick(self) -> None:
        """Tick the point the cursor is on, or take its tick away."""
        number = self.query_one(OptionList).highlighted
        if number is not None:
            self.action_tick_number(number + 1)

    def action_tick_number(self, number: int) -> None:
        """Tick the point of that place in the list, or take its tick away."""
        if number <= len(self._choices):
            self._ticked ^= {self._choices[number - 1].id}
            self._draw()

    def action_tick_all(self) -> None:
        """Tick all points; where all are, take all ticks away."""
        everything = {one.id for one in self._choices}
        self._ticked = set() if self._ticked == everything else everything
        self._draw()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what is ticked, in the order listed."""
        chosen = self._ticked or {self._choices[event.option_index].id}
        self.dismiss([one.id for one in self._choices if one.id in chosen])
