"""The calendar: every day of the follow-up, of one inspection or of a year over all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session
from textual import on, work
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.followup.dates.calendar import ENTERED, Calendar, Event, calendar
from fieldkit.followup.dates.milestones import DueLine, due_lines
from fieldkit.followup.days import present_day
from fieldkit.followup.status import is_running
from screens.followup import calendar_rows as rows
from screens.followup import dates, write_out
from screens.inspections.publish import ask_publication
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import muted, strong
from screens.kit.list_page import PanelListPage
from screens.kit.page import Named
from storage.records import CalendarEntry, Recommendation
from storage.records.lookup import records_by_id


@dataclass(frozen=True, slots=True)
class Read:
    """Holds what the page reads.

    Attributes:
        calendar: the events and what clashes.
        due: the limits of the inspection; of a year none.
        present: today, ``YYYY-MM-DD``.
        running: the ids of the recommendations about which something is still to be done.
    """

    calendar: Calendar
    due: tuple[DueLine, ...]
    present: str
    running: frozenset[str]


class CalendarPage(PanelListPage[Event]):
    """Shows the days of the open inspection, or of a year over all inspections kept here."""

    PAGE = "calendar"
    CSS = """
    CalendarPage #due { height: 1fr; }
    CalendarPage #event, CalendarPage #clashes { display: none; }
    CalendarPage.-wide PanelList.panel { width: 2fr; }
    CalendarPage.-wide #columns #side { width: 1fr; }
    CalendarPage.-wide #event { display: block; height: 9; }
    CalendarPage.-wide #due { height: 8; }
    CalendarPage.-wide #clashes { display: block; height: 1fr; }
    """
    EMPTY = "No day is known yet."
    EMPTY_KEYS = (("p", "the day of publication"), ("a", "dates by hand, such as leave"))
    EMPTY_FACT = "Deadlines are counted from the day on which the report is published."

    def __init__(self) -> None:
        super().__init__()
        self._year = 0
        self._holidays = True
        self._read: Read | None = None
        self._begun = False

    def side(self) -> Iterable[Panel]:
        """Yield the event, what is due, and what clashes."""
        yield Panel("On that day", id="event")
        yield Panel("Due", id="due")
        yield Panel("Clashes", id="clashes")

    async def load(self) -> None:
        """Read the calendar; at first the cursor stands on what comes next."""
        self._read = await self.vault.read(
            _read, self.inspection_id, self._year, holidays=self._holidays
        )
        self.show(self._read.calendar.events)
        if not self._begun:
            self._begun = True
            self._stand_on_next()

    def _stand_on_next(self) -> None:
        read = self._read
        if read is None or not self._lines:
            return
        coming = (n for n, one in enumerate(self._lines) if one.ends >= read.present)
        self.listed.highlighted = self._places[next(coming, len(self._lines) - 1)]

    def _figure(self) -> Content:
        assert self._read is not None
        late = sum(map(self._is_late, self._lines))
        whole = f"{self._year}" if self._year else "this inspection"
        told = muted(f"{whole} · {len(self._lines)}")
        return Content.assemble(told, *([strong(f"  {late} late")] if late else []))

    def _above(self, entry: Event, before: Event | None) -> Content | None:
        named = rows.month(entry)
        return muted(f" {named}") if before is None or rows.month(before) != named else None

    def _row(self, entry: Event, width: int, *, chosen: bool) -> Content:
        assert self._read is not None
        read, force = self._read, bool(self._year)
        return rows.event_row(entry, read.present, read.running, width, force=force, chosen=chosen)

    def _is_late(self, event: Event) -> bool:
        read = self._read
        return read is not None and rows.is_late(event, read.present, read.running)

    def _draw_side(self, entry: Event | None) -> None:
        read = self._read
        if read is None:
            return
        event, due, clashes = (
            self.query_one(f"#{name}", Panel) for name in ("event", "due", "clashes")
        )
        if entry is None:
            event.show("")
        else:
            is_late = self._is_late(entry)
            event.show(lambda width: rows.event_facts(entry, width, late=is_late))
        late = sum(one.is_late for one in read.due)
        due.show(
            lambda width: rows.due_rows(read.due, width), figure=f"{late} late" if late else ""
        )
        found = read.calendar.clashes
        clashes.show(
            lambda width: rows.clash_rows(found, width), figure=f"{len(found)}" if found else ""
        )

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what cannot be done with the event under the cursor."""
        event = self.current
        by_hand = event is not None and event.sort == ENTERED
        return super().idle_actions | frozenset(() if by_hand else ("edit", "remove"))

    def _subject(self, event: Event) -> Named | None:
        return (event.kind, event.record_id, event.what) if event.kind else None

    # --- looking ---

    async def action_year(self) -> None:
        """Show the year over all inspections, or this inspection again."""
        assert self._read is not None
        self._year = 0 if self._year else int(self._read.present[:4])
        await self._turn()

    async def action_turn(self, by: int) -> None:
        """Go to the next year, or to the one before."""
        assert self._read is not None
        self._year = (self._year or int(self._read.present[:4])) + by
        await self._turn()

    async def action_holidays(self) -> None:
        """Show bank holidays among the days, or leave them out."""
        self._holidays = not self._holidays
        await self._turn()

    async def _turn(self) -> None:
        self._begun = False
        await self.load()

    @on(OptionList.OptionSelected)
    async def action_open(self) -> None:
        """Go to what the day is of: the recommendation, the limit, the entry or the publication."""
        event = self.current
        if event is None:
            return
        if event.kind == Recommendation.KIND:
            await self.fieldkit.go("recommendations", recommendation=event.record_id)
        elif event.sort == ENTERED:
            self.action_edit()
        elif event.sort == "publication":
            self.action_publish()
        elif rows.limit_of(event):
            self._limit(dates.OPEN if event.sort == "done" else dates.DONE)
        else:
            self.fieldkit.say("Nothing more is kept of this day.")

    # --- entering ---

    @work
    async def _limit(self, what: str) -> None:
        event = self.current
        key = rows.limit_of(event) if event is not None else ""
        of = event.inspection_id if event is not None and key else self.inspection_id
        if await dates.limit(self.fieldkit, of, what, key):
            await self.load()

    def action_done(self) -> None:
        """Record that something that was due is done."""
        self._limit(dates.DONE)

    def action_plan(self) -> None:
        """Record for which day something is planned."""
        self._limit(dates.PLAN)

    def action_reopen(self) -> None:
        """Take back that something was done."""
        self._limit(dates.OPEN)

    @work
    async def action_publish(self) -> None:
        """Record the day on which the report was published, or correct it."""
        if await ask_publication(self.fieldkit, self.inspection_id):
            await self.fieldkit.refresh_frame()
            await self.load()

    @work
    async def action_add(self) -> None:
        """Enter dates by hand: another programme, or leave."""
        if await dates.entry(self.fieldkit, self.inspection_id):
            await self.load()

    async def _entered(self) -> CalendarEntry | None:
        event = self.current
        if event is None or event.sort != ENTERED:
            self.fieldkit.say("Only dates that were entered by hand are changed so; a enters some.")
            return None
        which = event.record_id
        return await self.vault.read(lambda s: s.get(CalendarEntry, which))

    @work
    async def action_edit(self) -> None:
        """Change dates that were entered by hand."""
        known = await self._entered()
        if known is not None and await dates.entry(self.fieldkit, known.inspection_id, known):
            await self.load()

    @work
    async def action_remove(self) -> None:
        """Take dates away that were entered by hand."""
        known = await self._entered()
        if known is not None and await dates.take_away(self.fieldkit, known):
            await self.load()

    @work
    async def action_write(self) -> None:
        """Write what is listed for a calendar program."""
        if not self._lines:
            self.fieldkit.say("No day is listed, so there is nothing to write.")
            return
        inspection, year, holidays = self.inspection_id, self._year, self._holidays
        name = f"Inspections {year}" if year else "Inspection"
        await write_out.calendar_file(
            self.fieldkit,
            lambda s: _read(s, inspection, year, holidays=holidays).calendar.events,
            name,
        )


def _read(s: Session, inspection_id: str, year: int, *, holidays: bool) -> Read:
    shown = calendar(s, "" if year else inspection_id, year, holidays=holidays)
    recommended = {one.record_id for one in shown.events if one.kind == Recommendation.KIND}
    known = records_by_id(s, Recommendation, recommended)
    return Read(
        calendar=shown,
        due=tuple(due_lines(s, inspection_id)) if not year else (),
        present=present_day(s),
        running=frozenset(one.id for one in known if is_running(one)),
    )
