"""Where the force and we differ: the list, worst first, and both sides of the chosen one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, ClassVar

from textual.binding import Binding
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from fieldkit.comparison.beside import Beside, FileFact
from fieldkit.comparison.figures.case_types import TypeRow
from fieldkit.comparison.figures.disparities import Disparity
from fieldkit.comparison.numbers import steps_phrase
from fieldkit.methodology.audit_lines import MOMENT
from fieldkit.methodology.terms import Scale
from fieldkit.wording.dates import short_moment
from fieldkit.wording.format import line
from screens.comparison.rows import HEADINGS, row
from screens.kit.dialogs import Box, Dialog
from screens.kit.drawing.chips import Grades
from screens.kit.drawing.keys import key_and_label
from screens.kit.drawing.laid_out import once_laid_out
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.panel_list import PanelList
from screens.kit.drawing.rows import cut, lines, muted, wrapped
from screens.kit.drawing.signs import sign
from screens.kit.text import plain

NOTHING = "No case that both have graded has a different grade."
SIGN_OF = {"yes": "done", "no": "no"}
"""The signs of answers of an audit; others have none."""


class Differences(Container):
    """Lists the differences, and shows both sides of the one under the cursor."""

    def __init__(self) -> None:
        super().__init__(id="differing")
        self._found: list[Disparity] = []
        self._at: list[int] = []
        self._draw: Callable[[], None] = lambda: None

    def compose(self) -> Iterable[Widget]:
        """Yield the list and the panels; some of them only a wide terminal has room for."""
        yield PanelList(id="differences", markup=False)
        with Vertical(id="beside"):
            with Horizontal(id="both"):
                yield Panel("Ours", id="ours")
                yield Panel("The force's", id="theirs")
            yield Panel("What the file shows", figure="from our audit", id="shows")
            yield Panel("Since the reveal", id="since")
            yield Panel("Cases of the type, ours", id="of-type")

    @property
    def listed(self) -> PanelList:
        """Return the list."""
        return self.query_one(PanelList)

    @property
    def at(self) -> int:
        """Return the number of the difference under the cursor, from 0."""
        number = self.listed.highlighted
        return self._at[number] if number is not None and number < len(self._at) else 0

    def go_to(self, at: int) -> None:
        """Put the cursor on a difference."""
        if self._found:
            self.listed.highlighted = max(
                number for number, one in enumerate(self._at) if one == at
            )

    def show(
        self,
        differences: Sequence[Disparity],
        scale: Scale,
        both: int,
        queried: Collection[tuple[str, str]],
    ) -> None:
        """List differences; those of one concern stand under a heading.

        Args:
            differences: worst first, of the overall grades and then of the criteria.
            scale: the grades of a case.
            both: how many cases both sides graded.
            queried: case and criterion of judgments with a query that is not settled.
        """
        self._draw = lambda: self._list(list(differences), Grades(scale), queried)
        cases = [one for one in differences if not one.criterion]
        higher = sum(one.steps > 0 for one in cases)
        self.listed.edges(
            title="Differences",
            figure=Content.assemble(
                (f"{len(cases)}", "bold $foreground"),
                f" of {both}  ",
                sign("higher", f"{higher}"),
                "  ",
                sign("lower", f"{len(cases) - higher}"),
            ),
        )
        self._draw()
        # The list has its own width only once it stands on the page.
        once_laid_out(self, self._draw)

    def on_resize(self) -> None:
        """List to the new width."""
        once_laid_out(self, self._draw)

    def _list(
        self, found: list[Disparity], grades: Grades, queried: Collection[tuple[str, str]]
    ) -> None:
        at = self.at
        options: list[Option] = []
        before: tuple[bool, int] | None = None
        self._found, self._at = found, []
        width = self.listed.room or self.app.size.width - 6
        for number, one in enumerate(found):
            group = (bool(one.criterion), one.concern)
            if group != before:
                words = HEADINGS[one.concern] + (", by criterion" if one.criterion else "")
                options.append(Option(cut(muted(words), width), disabled=True))
                self._at.append(number)
            options.append(Option(row(one, grades, width, queried)))
            self._at.append(number)
            before = group
        self.listed.set_options(options)
        self.go_to(min(at, len(found) - 1))

    def tell(self, one: Disparity, beside: Beside, scale: Scale, of_type: TypeRow | None) -> None:
        """Show both sides of a difference, and what else is known of the case.

        Args:
            one: the difference.
            beside: what stands beside it.
            scale: the grades of a case.
            of_type: all cases of its first type by our grade.
        """
        grades = Grades(scale)
        when = short_moment(beside.judged_at) if beside.judged_at else ""
        ours = ", ".join(filter(None, (beside.judged_by, when)))
        if one.changed:
            ours = f"{ours}; {one.initial} at first"
        theirs = [f"row {beside.row}: “{beside.written}”" if beside.row else ""]
        theirs.append(f"revealed {short_moment(beside.revealed_at)}" if beside.revealed_at else "")
        theirs.append(beside.since)
        self._side("ours", grades, one.ours, one.our_rationale, [ours])
        self._side("theirs", grades, one.theirs, one.their_rationale, theirs)
        self.query_one("#ours", Panel).edges(
            title=Content.assemble("Ours ", (one.reference, "not bold $text-muted"))
        )
        self.query_one("#shows", Panel).show(
            lambda width: _facts(beside.shows, width, self.query_one("#shows", Panel).room[1])
        )
        self.query_one("#since", Panel).show(_what_may_follow)
        kind = self.query_one("#of-type", Panel)
        kind.set_class(of_type is None, "-absent")
        if of_type is not None:
            counts = dict(zip(scale.labels, of_type.counts, strict=True))
            kind.show(
                lambda width: grades.shares(counts, width),
                title=f"{of_type.label}, ours",
                figure=f"{sum(of_type.counts)} cases graded",
            )

    def _side(
        self, name: str, grades: Grades, grade: str, reasons: str, about: Iterable[str]
    ) -> None:
        panel = self.query_one(f"#{name}", Panel)

        def draw(width: int) -> Content:
            below = [
                muted(one)
                for words in about
                if words
                for one in wrapped(plain(words), width, most=2)
            ]
            spare = max(panel.room[1] - 1 - len(below), 2)
            gaps = 2 if spare > 12 else 0
            gap = [Content("")] * (gaps // 2)
            words = plain(reasons) if reasons.strip() else muted("no rationale")
            body = wrapped(words, width, most=spare - gaps)
            return lines([grades.chip_and_word(grade, coloured=True), *gap, *body, *gap, *below])

        panel.show(draw)


def _facts(shows: Sequence[FileFact], width: int, height: int) -> Content:
    """Draw what our audit says of the file; questions answered “no” come first."""
    rows = []
    for fact in sorted(shows, key=lambda one: (one.said != "no", one.kind == MOMENT)):
        mark = sign("moment" if fact.kind == MOMENT else SIGN_OF.get(fact.said, "not judged"))
        said = short_moment(fact.said) if fact.kind == MOMENT else fact.said
        rows.append(cut(Content.assemble(mark, f" {fact.label} ", muted(plain(said))), width))
    if not rows:
        return muted("The audit says nothing beside its grades.")
    if height and len(rows) > height:
        more = len(rows) - height + 1
        rows = [*rows[: height - 1], muted(f"and {more} more; o opens the case")]
    return lines(rows)


def _what_may_follow(width: int) -> Content:
    keys = (
        ("g", "Ours changed", "with a reason; agreement keeps our first grade"),
        ("q", "Query", "to the auditor of our judgment"),
        ("p", "Make a point", "that rests on our judgment"),
    )
    return lines(
        [
            cut(key_and_label(name, Content.assemble(what, muted(f" {about}"))), width)
            for name, what, about in keys
        ]
    )


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
        keys = (
            "← →  another     p  make a point     q  query     g  ours changed     "
            "o  open case     esc  close"
        )
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
