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
from screens.kit.dialogs import Box, Dialog
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


def _sizes(width: int) -> tuple[int, ...]:
    return (3, 12, 21, 21, max(width - 61, 10))


def column_words(width: int) -> str:
    """Return the heading of the list."""
    return cells(("", "Case", "Ours", "The force's", ""), _sizes(width))


def drawn(
    differences: Sequence[Disparity], width: int, queried: Collection[tuple[str, str]] = ()
) -> list[Content]:
    """Return a line for each difference, under a heading where a rank begins.

    ``queried`` are the case and criterion of judgments with a query that is not settled.
    """
    lines = []
    before = -1
    for difference in differences:
        notes = ["referred back" if difference.open_referral else "", difference.criterion]
        asked = (difference.case_id, difference.criterion or OVERALL) in queried
        notes.append("queried" if asked else "")
        changed = "changed" if width < WIDE else f"changed, at first {difference.initial}"
        notes.append(changed if difference.changed else "")
        remarks = "; ".join(filter(None, notes))
        body = cells(
            (difference.mark, difference.reference, difference.ours, difference.theirs, remarks),
            _sizes(width),
        )
        heading = f"{HEADINGS[difference.concern]}\n" if difference.concern != before else ""
        lines.append(Content.assemble((heading, "dim"), body))
        before = difference.concern
    return lines


class Rationales(Dialog[str]):
    """Shows both rationales side by side; closes with what the person wants to do about it.

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

    def __init__(self, differences: Sequence[Disparity], at: int) -> None:
        keys = "p  point  q  query  g  ours changed  o  open case  ← →  esc  close"
        super().__init__(keys=keys)
        self._found = list(differences)
        self.at = at

    def body(self) -> Iterable[Widget]:
        """Yield the grades, ours at the left, the force's at the right."""
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
        difference = self._found[self.at]
        self.query_one(Box).edges(
            title=plain(line(f"{difference.reference} {difference.criterion}".strip(), 50)),
            figure=f"{self.at + 1} of {len(self._found)}",
        )
        grades = f"{steps_phrase(difference.steps).capitalize()} {difference.mark}"
        if difference.changed:
            grades += f"; ours was {difference.initial} when the force's was shown"
        if difference.open_referral:
            grades += "; referred back to the force, open"
        self.set_text("#grades", grades)
        sides = (
            ("ours", "left", f"Ours: {difference.ours}", difference.our_rationale),
            ("theirs", "right", f"Force: {difference.theirs}", difference.their_rationale),
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
