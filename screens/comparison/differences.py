"""Where the force and we differ: the list, worst first, and both rationales side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from fieldkit.comparison.figures.disparities import Disparity
from fieldkit.comparison.numbers import steps_phrase
from fieldkit.methodology import OVERALL
from fieldkit.wording.format import line
from screens.kit.dialogs import Dialog
from screens.kit.text import plain
from screens.selfassessment.steps.step import cells

HEADINGS = (
    "The force two grades higher or more",
    "The force one grade higher, ours the worst",
    "The force one grade higher",
    "The force lower",
)
NOTHING = "No case that both have graded has a different grade."

WIDE = 100
"""Columns from which a line says what our grade was at first."""


def rank(one: Disparity) -> int:
    """Under which heading a difference stands."""
    if one.steps >= 2:
        return 0
    if one.steps == 1:
        return 1 if one.ours_is_worst else 2
    return 3


def _sizes(width: int) -> tuple[int, ...]:
    return (3, 12, 21, 21, max(width - 61, 10))


def column_words(width: int) -> str:
    """The heading of the list."""
    return cells(("", "Case", "Ours", "The force's", ""), _sizes(width))


def drawn(
    found: Sequence[Disparity], width: int, queried: Collection[tuple[str, str]] = ()
) -> list[Content]:
    """A line for each difference, under a heading where a rank begins.

    ``queried`` are the case and criterion of judgments with a query that is not settled.
    """
    lines = []
    before = -1
    for one in found:
        notes = ["referred back" if one.open_referral else "", one.criterion]
        asked = (one.case_id, one.criterion or OVERALL) in queried
        notes.append("queried" if asked else "")
        changed = "changed" if width < WIDE else f"changed, at first {one.initial}"
        notes.append(changed if one.changed else "")
        said = "; ".join(filter(None, notes))
        body = cells((one.mark, one.reference, one.ours, one.theirs, said), _sizes(width))
        heading = f"{HEADINGS[rank(one)]}\n" if rank(one) != before else ""
        lines.append(Content.assemble((heading, "dim"), body))
        before = rank(one)
    return lines


class Rationales(Dialog[str]):
    """Both rationales side by side; closes with what the person wants to do about it.

    Args:
        found: the differences, to go through.
        at: which to begin with.
    """

    DEFAULT_CSS = """
    Rationales #box { width: 96%; height: 90%; }
    Rationales #grades { height: auto; margin: 0 0 1 0; }
    Rationales #sides { height: 1fr; }
    Rationales VerticalScroll { width: 1fr; border: round $surface-lighten-2; padding: 0 1;
                                border-title-color: $text; border-title-style: bold; }
    Rationales VerticalScroll:focus { border: round $primary; }
    """
    BINDINGS: ClassVar[list[Any]] = [
        Binding("enter", "cancel"),
        Binding("right,n", "step(1)"),
        Binding("left,b", "step(-1)"),
        Binding("p", "close('point')"),
        Binding("q", "close('query')"),
        Binding("g", "close('moderate')"),
        Binding("o", "close('open_case')"),
    ]

    def __init__(self, found: Sequence[Disparity], at: int) -> None:
        keys = "p  point  q  query  g  ours changed  o  open case  ← →  esc  close"
        super().__init__(keys=keys)
        self._found = list(found)
        self.at = at

    def body(self) -> Iterable[Widget]:
        """The grades, ours at the left, the force's at the right."""
        yield Static("", id="grades", markup=False)
        with Horizontal(id="sides"):
            with VerticalScroll(id="left"):
                yield Static("", id="ours", markup=False)
            with VerticalScroll(id="right"):
                yield Static("", id="theirs", markup=False)

    def on_mount(self) -> None:
        """Show the first."""
        self._show()
        self.query_one("#left").focus()

    def _show(self) -> None:
        one = self._found[self.at]
        box = self.query_one("#box")
        box.border_title = plain(line(f"{one.reference} {one.criterion}".strip(), 50))
        box.border_subtitle = plain(f"{self.at + 1} of {len(self._found)}")
        said = f"{steps_phrase(one.steps).capitalize()} {one.mark}"
        if one.changed:
            said += f"; ours was {one.initial} when the force's was shown"
        if one.open_referral:
            said += "; referred back to the force, open"
        self.set_text("#grades", said)
        sides = (
            ("ours", "left", f"Ours: {one.ours}", one.our_rationale),
            ("theirs", "right", f"Force: {one.theirs}", one.their_rationale),
        )
        for name, side, title, words in sides:
            self.query_one(f"#{side}").border_title = plain(title)
            text = plain(words) if words.strip() else Content.styled("no rationale", "dim")
            self.query_one(f"#{name}", Static).update(text)

    def action_step(self, by: int) -> None:
        """Show another difference."""
        self.at = min(max(self.at + by, 0), len(self._found) - 1)
        self._show()

    def action_close(self, wanted: str) -> None:
        """Close, with what is wanted next."""
        self.dismiss(wanted)
