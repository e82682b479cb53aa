"""A page that goes through steps: the trail, what was found, a list, and the next keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.kit.page import Page
from screens.kit.text import plain
from screens.selfassessment.steps.step import STEPS, Line, Step, trail

NO_LINE = Line(plain(""))


class StepsPage(Page):
    """Shows one step after the other; ``TRAIL`` names them in order."""

    TRAIL: ClassVar[Sequence[str]] = STEPS
    DEFAULT_CSS = """
    StepsPage #said { height: auto; max-height: 8; padding: 0 1; margin: 0 0 1 0; }
    StepsPage #lines { height: 1fr; padding: 0 1; }
    StepsPage #hint { background: $surface; margin: 0; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.step = 0
        self.shown = Step(0, "", (), "")

    def body(self) -> Iterable[Widget]:
        """Say where in the journey, what was found, the list, and the next keys."""
        yield Static("", id="title", markup=False)
        yield Static("", id="said", markup=False)
        yield OptionList(id="lines", markup=False)
        yield Static("", id="hint", markup=False)

    def drawn(self, width: int) -> Step:
        """Return the step as it is shown."""
        raise NotImplementedError(type(self).__name__)

    def remark(self) -> str:
        """Return what is said besides under what was found; or nothing."""
        return ""

    def show_step(self, step: int) -> None:
        """Go to a step."""
        self.step = step
        self.draw(0)
        # An empty list would keep enter to itself.
        self.set_focus(self.query_one("#lines", OptionList) if self.shown.lines else None)

    def draw(self, at: int | None = None) -> None:
        """Draw the step, with the cursor on a line; by default where it was."""
        listed = self.query_one("#lines", OptionList)
        at = listed.highlighted if at is None else at
        self.shown = self.drawn(max(self.app.size.width - 4, 40))
        listed.set_options([Option(one.content) for one in self.shown.lines])
        listed.display = bool(self.shown.lines)
        if self.shown.lines:
            listed.highlighted = min(at or 0, len(self.shown.lines) - 1)
        self.query_one("#title", Static).update(trail(self.step, self.app.size.width, self.TRAIL))
        said = "\n".join(filter(None, (self.shown.said, self.remark())))
        self.query_one("#said", Static).update(plain(said))
        self.query_one("#hint", Static).update(plain(self.shown.hint))
        self.offer_keys()

    def offer_keys(self) -> None:
        """Have the last line name the keys of the step."""

    @property
    def current(self) -> Line:
        """Return the line the cursor is on."""
        at = self.query_one("#lines", OptionList).highlighted
        return self.shown.lines[at] if at is not None and self.shown.lines else NO_LINE
