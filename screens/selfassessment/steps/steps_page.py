"""A page that goes through steps: the trail, what is listed, what was found in words, the keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from screens.kit.commands import Command, registry
from screens.kit.drawing.notices import empty
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.panel_list import PanelList
from screens.kit.drawing.rows import Text, cut, lines, wrapped
from screens.kit.drawing.signs import glyph
from screens.kit.frame.lines import KeyWords
from screens.kit.page import Page
from screens.kit.text import plain
from screens.selfassessment.steps.step import PROSE, STEPS, Line, Step, trail

NO_LINE = Line(plain(""))
IN_WORDS = 7
"""Lines of what was found that are shown at most: the list has the room."""
TALL = 30
"""Lines of the terminal from which there is room for more."""
CHOOSE = "choose"
"""The action of the digits, which stand as one in the line of keys."""
BORDER = 5
"""Columns of a line that the panel and its bars take."""


class StepsPage(Page):
    """Shows one step after the other; ``TRAIL`` names them in order."""

    TRAIL: ClassVar[Sequence[str]] = STEPS
    DEFAULT_CSS = """
    StepsPage #trail { height: 1; background: $background; }
    StepsPage #lines, StepsPage #none, StepsPage #pairs { height: 1fr; }
    StepsPage #matched { height: 5; }
    StepsPage #said { height: auto; max-height: 11; }
    StepsPage #queue { height: 6; }
    StepsPage.-wide #matched { height: 35%; }
    StepsPage.-wide #queue { height: 8; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.step = 0
        self.shown = Step(0, "", "")

    def body(self) -> Iterable[Widget]:
        """Say where in the journey, what is listed, and what was found."""
        yield Static("", id="trail", markup=False)
        yield PanelList(id="lines", markup=False)
        yield Panel(id="none")
        yield Panel(id="pairs")
        yield PanelList(id="matched", markup=False)
        yield Panel("In words", id="said")
        yield Panel("The queue", id="queue")

    def drawn(self, width: int) -> Step:
        """Return the step as it is shown."""
        raise NotImplementedError(type(self).__name__)

    def remark(self) -> str:
        """Return what is said besides under what was found; or nothing."""
        return ""

    def brief_remark(self) -> Text:
        """Return the same in a few words, for the edge of a panel."""
        return ""

    def show_step(self, step: int) -> None:
        """Go to a step."""
        self.step = step
        self.draw(0)
        # An empty list would keep enter to itself.
        listed = next((one for one in self._lists if one.display), None)
        self.set_focus(listed)

    @property
    def _lists(self) -> tuple[PanelList, PanelList]:
        return self.query_one("#lines", PanelList), self.query_one("#matched", PanelList)

    def draw(self, at: int | None = None) -> None:
        """Draw the step, with the cursor on a line; by default where it was."""
        self.shown = step = self.drawn(max(self.app.size.width - BORDER, 40))
        self.set_text("#trail", trail(self.step, self.app.size.width, self.TRAIL))
        for listed, entries, title in zip(
            self._lists, (step.lines, step.matched), (step.title, step.settled), strict=True
        ):
            _list(listed, entries, at)
            listed.edges(title=title)
        self._lists[0].edges(figure=step.figure)
        self._lists[1].edges(figure=f"{len(step.matched):,}")
        self.draw_besides(step)
        remark, listing = self.remark(), bool(step.lines or step.matched)
        said = "\n".join(filter(None, (step.said, remark if listing else "")))
        self.query_one("#said", Panel).edges(legend=self.brief_remark())
        at_start = bool(step.none)
        self.query_one("#none", Panel).show(
            lambda width: empty(step.none, self._first_keys(), said, min(width, PROSE)),
            title=step.title,
        )
        self.query_one("#none").display = at_start
        self.query_one("#said").display = bool(said) and not at_start
        most = IN_WORDS + 2 * (self.app.size.height >= TALL)
        self.query_one("#said", Panel).show(lambda width: _in_words(said, width, most))
        self.offer_keys()

    def draw_besides(self, step: Step) -> None:
        """Draw what a step has besides its lists; most have nothing."""
        for name in ("#pairs", "#queue"):
            self.query_one(name).display = False

    def _first_keys(self) -> list[tuple[str, str]]:
        known = registry()[self.PAGE].commands
        return [
            (one.first_key_word, self.shown.keys[one.action])
            for one in known
            if one.action in self.shown.keys
        ]

    def besides(self) -> Mapping[str, str]:
        """Return what keys do besides those of the step, by their actions."""
        return {}

    @property
    def keys_now(self) -> dict[str, str]:
        """Return what keys do now, by their actions, the most wanted first."""
        return {**self.shown.keys, **self.besides()}

    def offer_keys(self) -> None:
        """Have the line of keys name those of the step, and no others but the way back."""
        keys = self.keys_now
        self.offer(
            without=(
                one.action
                for one in registry()[self.PAGE].commands
                if one.action not in keys and one.action != "back"
            ),
            first=keys,
        )

    def key_words(self, offered: Sequence[Command]) -> KeyWords:
        """Return the keys of the step and what each does in it; its digits stand as one."""
        keys = self.keys_now
        order = list(keys)
        offered = sorted(
            offered, key=lambda one: order.index(one.action) if one.action in order else len(order)
        )
        digits = [one for one in offered if one.action.startswith(CHOOSE)]
        words: list[tuple[str, str]] = []
        for one in offered:
            # What was offered may be of the step before, while the next is being drawn.
            does = keys.get(one.action, one.label)
            if one not in digits:
                words.append((one.first_key_word, does))
            elif one is digits[0]:
                ends = dict.fromkeys((one.first_key_word, digits[-1].first_key_word))
                words.append((glyph("range").join(ends), does))
        return words

    def draw_anew(self) -> None:
        """Draw once more, with the signs in use now."""
        if self._loaded:
            self.draw()

    @property
    def current(self) -> Line:
        """Return the line the cursor is on, in the list that has the keys."""
        first, second = self._lists
        at_second = second.display and (second.has_focus or not first.display)
        listed, entries = (second, self.shown.matched) if at_second else (first, self.shown.lines)
        at = listed.highlighted
        return entries[at] if at is not None and at < len(entries) else NO_LINE


def _list(listed: PanelList, entries: Sequence[Line], at: int | None) -> None:
    at = listed.highlighted if at is None else at
    listed.set_options([Option(one.content) for one in entries])
    listed.display = bool(entries)
    if entries:
        listed.highlighted = min(at or 0, len(entries) - 1)


def _in_words(said: str, width: int, most: int) -> Content:
    """Break what was found to the width; what has no room ends in an ellipsis."""
    room = min(width, PROSE)
    rows = [row for one in said.split("\n") for row in wrapped(plain(one), room)]
    if len(rows) > most:
        rows = [*rows[: most - 1], cut(rows[most - 1].rstrip() + " " * room, room)]
    return lines(rows)
