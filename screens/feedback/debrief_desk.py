"""What the debrief's page lays out: what is new and promised, and apart the points to be told.

What is read out and what we alone know of it stand in panels of their own.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from fieldkit.feedback.debriefs.actions import ActionLine
from fieldkit.feedback.debriefs.sheet import SAID_ONLY
from fieldkit.service import today
from fieldkit.wording.dates import clock_time, short_day
from fieldkit.wording.sentences import sentences
from screens.feedback import debrief_rows
from screens.feedback.debrief_reading import PointRow, Preparation
from screens.kit.drawing import bars
from screens.kit.drawing.keys import key_and_label
from screens.kit.drawing.notices import Keys, empty
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.panel_list import PanelList
from screens.kit.drawing.rows import drawn, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign
from screens.kit.page import Page
from storage.ops.text import many

EMPTY = "No point is chosen yet."
EMPTY_KEYS = (
    ("a", "choose what the force is told"),
    ("p", "go to the points, to make one"),
)
EMPTY_FACT = "enter shows the words of a point; ctrl+s agrees and freezes them."
EMPTY_HOT = "The hot debrief is not gathered yet."
EMPTY_HOT_KEYS = (("g", "gather what was agreed and carried over"), ("a", "add other points"))
EMPTY_HOT_FACT = "Strengths come first, in the order of the criteria."
WIDE = 100
"""Columns from which what is new and promised has a column of its own."""


class DebriefDesk(Page):
    """Lays out one debrief; what its keys do stands in the page itself."""

    CSS_PATH = "debrief.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-roomy")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-short"), (30, "-tall")]

    def __init__(self) -> None:
        super().__init__()
        self._sort = "daily"
        self._shown: Preparation | None = None
        self._promises: list[ActionLine] = []
        self._points: list[PointRow] = []

    def body(self) -> Iterable[Widget]:
        """Yield what is new and promised, then the points and what is known of the one chosen."""
        with Container(id="desk"):
            with Vertical(id="left"):
                yield Panel("New", id="new")
                yield PanelList(id="promises", markup=False)
                yield Panel("Still awaited", id="awaited")
                yield Panel("In the room", figure="by role", id="present")
                yield Panel("Balance", figure="strengths and concerns", id="balance")
            with Vertical(id="right"):
                yield PanelList(id="points", markup=False)
                yield Panel("Wording", id="words")
                yield Panel("Behind it, never read out", id="known")
                yield Panel("The force says", id="answer")

    def on_mount(self) -> None:
        """Draw the borders at once; they are filled when the vault has answered."""
        self.query_one("#promises", PanelList).edges(title="Promised before")
        self.query_one("#points", PanelList).edges(title="To say")

    @property
    def _wide(self) -> bool:
        return self.app.size.width >= WIDE

    def _draw(self) -> None:
        if (shown := self._shown) is None:
            return
        self._promises = sorted(shown.promises, key=lambda one: bool(one.done))
        self._points = list(shown.points)
        self._draw_new(shown)
        self._draw_promises()
        self._draw_points(shown)
        self.query_one("#awaited", Panel).show(
            lambda width: debrief_rows.waiting(shown.since, width)
        )
        present = shown.sheet.present if shown.sheet is not None else ""
        asked = muted("Asked when the debrief is closed.")
        self.query_one("#present", Panel).show(
            lambda width: lines(wrapped(drawn(present) if present else asked, width))
        )
        self.query_one("#balance", Panel).show(lambda width: debrief_rows.balance(shown, width))
        self._draw_point()

    def _draw_new(self, shown: Preparation) -> None:
        """Draw what is new; of a debrief that is closed, where there is no other room, who came."""
        panel, count = self.query_one("#new", Panel), len(shown.points) + len(shown.choices)
        if self._held and not self._wide and shown.sheet is not None:
            present = shown.sheet.present
            panel.show(
                lambda width: lines(wrapped(present, width, most=2)), title="In the room", figure=""
            )
            return

        def new(width: int) -> Content:
            since = debrief_rows.since(shown.since, width, most=9 if self._wide else 1)
            if not self._wide:
                return since
            # One line more than there is room for, so that the panel says that there are more.
            most = panel.room[1] + 1
            return lines(since, "", debrief_rows.choices(shown, width, most=most))

        chosen = f"{len(shown.points)} of {count} chosen" if count else ""
        panel.show(new, title=debrief_rows.since_when(shown.since), figure=chosen)

    def _draw_promises(self) -> None:
        listed = self.query_one("#promises", PanelList)
        width, at = listed.room, listed.highlighted or 0
        rows = [debrief_rows.promise(one, width, wide=self._wide) for one in self._promises]
        listed.set_options([Option(row) for row in rows])
        listed.display = bool(rows)
        if rows:
            listed.highlighted = min(at, len(rows) - 1)
        open_ones = sum(not one.done for one in self._promises)
        listed.edges(figure=f"{open_ones} of {len(self._promises)} open" if rows else "")

    def _draw_points(self, shown: Preparation) -> None:
        listed = self.query_one("#points", PanelList)
        width, stand_on = listed.room, getattr(self._point, "id", "")
        options: list[Option | None] = []
        before = ""
        for row in self._points:
            if row.criterion != before:
                options += [None] if options and self._wide else []
                options.append(Option(muted(row.criterion), disabled=True))
            before = row.criterion
            most = 4 if self._wide else 2
            options.append(Option(debrief_rows.point(row, width, most=most), id=row.id))
        if not self._points:
            hot = self._sort == "hot"
            keys: Keys = EMPTY_HOT_KEYS if hot else EMPTY_KEYS
            sentence, fact = (EMPTY_HOT, EMPTY_HOT_FACT) if hot else (EMPTY, EMPTY_FACT)
            options.append(Option(empty(sentence, keys, fact, width), disabled=True))
        with self.prevent(OptionList.OptionHighlighted):
            listed.set_options(options)
            ids = [one.id for one in self._points]
            if ids:
                self._stand_at(stand_on if stand_on in ids else ids[0])
        agreed = sum(one.telling.agreed for one in self._points)
        figure: list[Content] = []
        if self._points:
            number, what = many(len(self._points), "point").split(" ", 1)
            figure.append(Content.assemble(strong(number), muted(f" {what}")))
            told = f"{agreed} agreed"
            figure.append(sign("done", told) if agreed else muted(told))
        listed.edges(title=self._title(shown), figure=Content(" · ").join(figure))

    def _stand_at(self, point: str) -> None:
        """Put the cursor on the point of that id."""
        listed = self.query_one("#points", PanelList)
        listed.highlighted = listed.get_option_index(point)

    def _title(self, shown: Preparation) -> str:
        called = "Hot debrief" if self._sort == "hot" else "Daily debrief"
        if shown.sheet is None:
            return f"{called} · {short_day(today())} · not begun"
        closed = f"closed {clock_time(shown.sheet.held_at)}" if shown.sheet.held_at else "open"
        return f"{called} · {short_day(shown.sheet.held_on)} · {closed}"

    @on(PanelList.Resized)
    def _resized(self) -> None:
        """Draw to the columns that there are now."""
        self._draw()

    @on(OptionList.OptionHighlighted, "#points")
    def _draw_point(self) -> None:
        """Show the words of the point the cursor is on, and apart from them what we know of it."""
        wide, row = self._wide, self._point
        for selector in ("#words", "#known", "#answer"):
            self.query_one(selector).display = row is not None and (wide or selector == "#words")
        self.fieldkit.draw_keys()
        if row is None:
            return
        self.query_one("#words", Panel).show(
            lambda width: self._words(row, width),
            title=f"Wording of {row.number}",
            figure=self._wording_figure(row),
            legend=self._wording_legend(row),
        )
        pips = (("methods", row.methods, 3), ("sources", row.sources, 3), ("people", row.people, 2))
        self.query_one("#known", Panel).show(
            lambda width: debrief_rows.known(row, width),
            figure=Content(" ").join(
                Content.assemble(bars.pips(have, of), muted(f" {what}")) for what, have, of in pips
            ),
            legend=key_and_label("b", muted("the whole trace")),
        )
        nothing = muted("Nothing noted yet. Press r when it answers.")
        self.query_one("#answer", Panel).show(
            lambda width: lines(debrief_rows.answer(row.chain, width) or [nothing])
        )

    def _words(self, row: PointRow, width: int) -> Content:
        """Return what is read out; where there is no other room, also what the force says."""
        words = wrapped(row.typed or row.telling.wording, width)
        if not self._wide:
            words += [muted(one) for one in debrief_rows.answer(row.chain, width)[:2]]
        return lines(words)

    def _wording_figure(self, row: PointRow) -> Content:
        count = len(sentences(row.typed or row.telling.wording))
        state = sign("typing", "typed, not agreed yet") if row.typed else sign("done", "kept")
        return Content.assemble(muted(f"{count} of 2 sentences  "), state)

    def _wording_legend(self, row: PointRow) -> Content:
        if row.telling.frozen:
            said = "as it was said" if row.telling.agreed else SAID_ONLY
            # Where it has no panel of its own, the answer stands under the words.
            below = not self._wide and debrief_rows.answer(row.chain, self.app.size.width)
            return muted(f"{said}; below, the force's answer" if below else said)
        return key_and_label("enter", muted("agree: frozen as said"))

    @property
    def _held(self) -> bool:
        return bool(self._shown and self._shown.sheet and self._shown.sheet.held_at)

    @property
    def _point(self) -> PointRow | None:
        """Return the point the cursor is on."""
        listed = self.query_one("#points", PanelList)
        option = listed.highlighted_option
        return next((one for one in self._points if option and one.id == option.id), None)

    @property
    def has_row(self) -> bool:
        """Say whether the cursor stands on a point, or on a promise."""
        return self._point is not None or self._promise is not None

    @property
    def _promise(self) -> ActionLine | None:
        """Return the promise the cursor is on, where their list has the keys."""
        listed = self.query_one("#promises", OptionList)
        number = listed.highlighted
        if not listed.has_focus or number is None or number >= len(self._promises):
            return None
        return self._promises[number]
