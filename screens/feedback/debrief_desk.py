"""What the debrief's page lays out: what is new and promised, and apart the points to be told.

What is read out and what we alone know of it stand in panels of their own.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from fieldkit.feedback.debriefs.actions import ActionLine
from fieldkit.feedback.debriefs.sheet import SAID_ONLY
from fieldkit.service import today
from fieldkit.wording.dates import clock_time, day_words
from fieldkit.wording.format import line
from screens.feedback import debrief_rows
from screens.feedback.debrief_reading import PointRow, Preparation
from screens.kit.page import Page
from screens.kit.text import plain, texts
from storage.ops.text import many

EMPTY = (
    "No point is chosen yet.\n\n"
    "Press a to choose what the force is told; enter then agrees its words.\n"
    "Points are made with p on a note or a judgment; p here goes to their list."
)
EMPTY_HOT = (
    "The hot debrief is not gathered yet.\n\n"
    "Press g to put on its list what was agreed and carried over, strengths first, in the order of "
    "the criteria. a adds other points."
)
HINT = "k close  b behind it  c put right  t daily or hot  o other day  x leave out"


class DebriefDesk(Page):
    """Lays out one debrief; what its keys do stands in the page itself."""

    CSS_PATH = "debrief.tcss"

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
                yield Static("", id="new", markup=False)
                yield OptionList(id="promises", markup=False)
                yield from texts("awaited", "present", "balance")
            with Vertical(id="right"):
                yield OptionList(id="points", markup=False)
                yield Static(EMPTY, id="empty", markup=False)
                yield from texts("words", "known", "answer")
        yield Static(HINT, id="hint", markup=False)

    def _draw(self) -> None:
        if (shown := self._shown) is None:
            return
        wide = self.app.size.width >= 100
        left, right = (42, self.app.size.width - 51) if wide else (self.columns(5),) * 2
        self._promises = sorted(shown.promises, key=lambda one: bool(one.done))
        self._points = list(shown.points)
        since = debrief_rows.since(shown.since, left, most=9 if wide else 2)
        if wide:
            since = Content.assemble(since, "\n\n", debrief_rows.choices(shown, left))
        present = shown.sheet.present if shown.sheet is not None else ""
        if self._held and not wide:
            since = Content("\n").join(debrief_rows.cut(plain(f"Present: {present}"), left, 2))
        self.set_text("#new", since)
        promises = [debrief_rows.promise(one, left, wide=wide) for one in self._promises]
        self._list("#promises", promises)
        self._list("#points", self._drawn_points(right, 4 if wide else 2))
        self.query_one("#empty").display = not self._points
        self.set_text("#empty", EMPTY_HOT if self._sort == "hot" else EMPTY)
        self.set_text("#awaited", debrief_rows.waiting(shown.since, left))
        self.set_text("#present", present or "Asked when the debrief is closed.")
        self.set_text("#balance", debrief_rows.balance(shown, left))
        self._entitle(shown)
        self._draw_point()

    def _drawn_points(self, width: int, most: int) -> list[Content]:
        drawn, before = [], ""
        for row in self._points:
            heading, before = (row.criterion if row.criterion != before else ""), row.criterion
            drawn.append(debrief_rows.point(row, width, heading, most=most))
        return drawn

    def _list(self, selector: str, rows: list[Content]) -> None:
        """Put rows into a list, which keeps its place."""
        listed = self.query_one(selector, OptionList)
        at = listed.highlighted or 0
        listed.set_options([Option(row) for row in rows])
        listed.display = bool(rows)
        if rows:
            listed.highlighted = min(at, len(rows) - 1)

    def _entitle(self, shown: Preparation) -> None:
        """Put title and figures into the borders."""
        open_ones = sum(not one.done for one in self._promises)
        agreed = sum(one.telling.agreed for one in self._points)
        points = f"{many(len(self._points), 'point')} · {agreed} agreed" if self._points else ""
        title = self._title(shown)
        for selector, name, figure in (
            ("#new", "New since the last debrief", ""),
            ("#promises", "Promised before", f"{open_ones} of {len(self._promises)} open"),
            ("#awaited", "Still awaited", ""),
            ("#present", "In the room", "by role"),
            ("#balance", "Balance", "strengths and concerns"),
            ("#points", title, points),
            ("#empty", title, ""),
            ("#known", "What we know of it, never read out", "b  the whole trace"),
            ("#answer", "The force", "r  what it says and does"),
        ):
            widget = self.query_one(selector)
            widget.border_title, widget.border_subtitle = plain(name), plain(figure)

    def _title(self, shown: Preparation) -> str:
        called = "Hot debrief" if self._sort == "hot" else "Daily debrief"
        if shown.sheet is None:
            return f"{called} · {day_words(today())} · not begun"
        closed = f"closed {clock_time(shown.sheet.held_at)}" if shown.sheet.held_at else "open"
        return f"{called} · {day_words(shown.sheet.held_on)} · {closed}"

    @on(OptionList.OptionHighlighted, "#points")
    def _draw_point(self) -> None:
        """Show the words of the point the cursor is on, and apart from them what we know of it."""
        wide, row = self.app.size.width >= 100, self._point
        for selector in ("#words", "#known", "#answer"):
            self.query_one(selector).display = row is not None and (wide or selector == "#words")
        if row is None:
            return
        width = self.app.size.width - (50 if wide else 4)
        words = plain(row.typed or row.telling.wording, "bold").wrap(width)
        answer = debrief_rows.answer(row.chain, width)
        if not wide:
            ours = plain(line(f"Ours, never read out: {row.meter}.", width), debrief_rows.GREY)
            words += [*answer[:2], ours]
        self.set_text("#words", Content("\n").join(words))
        self.set_text("#known", debrief_rows.known(row, width))
        self.set_text("#answer", Content("\n").join(answer or [plain("Nothing noted yet.")]))
        shown = self.query_one("#words")
        shown.border_title = plain(f"What is read out of point {row.number}")
        state = "enter  agree: frozen as said"
        if row.telling.frozen:
            state = "as it was said" if row.telling.agreed else SAID_ONLY
        typed = "typed, not agreed yet · " if row.typed else ""
        shown.border_subtitle = plain(f"{typed}{state}")

    @property
    def _held(self) -> bool:
        return bool(self._shown and self._shown.sheet and self._shown.sheet.held_at)

    @property
    def _point(self) -> PointRow | None:
        """Return the point the cursor is on."""
        number = self.query_one("#points", OptionList).highlighted
        points = self._points
        return points[number] if number is not None and number < len(points) else None

    @property
    def _promise(self) -> ActionLine | None:
        """Return the promise the cursor is on, where their list has the keys."""
        listed = self.query_one("#promises", OptionList)
        number = listed.highlighted
        if not listed.has_focus or number is None or number >= len(self._promises):
            return None
        return self._promises[number]
