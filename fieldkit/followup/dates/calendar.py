"""The calendar of an inspection, and of a year over all inspections: every day of the follow-up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from fieldkit.followup.dates.diary import clashes, entry_span
from fieldkit.followup.dates.milestones import DueLine, due_lines
from fieldkit.followup.dates.working_days import bank_holidays, day_off
from fieldkit.followup.force import readable
from fieldkit.followup.lints import due_of
from fieldkit.followup.numbers import called
from fieldkit.followup.status import is_running, status_of
from fieldkit.service import existing
from fieldkit.wording.dates import WEEKDAYS, day_words, span_words
from storage.records import CalendarEntry, Inspection, Recommendation
from storage.records.lookup import records_in

ENTERED = "entered"
BANK_HOLIDAY = "bank holiday"
MOST_YEARS = 10
"""Years of one event for which bank holidays are listed, its last apart."""


@dataclass(frozen=True, slots=True)
class Event:
    """Holds what is in the calendar on a day, or on several.

    Attributes:
        starts, ends: the first and the last day, ``YYYY-MM-DD``.
        sort: “fieldwork”, “publication”, “due”, “planned”, “done”, “recommendation”, “entered” or
            “bank holiday”.
        what: in words, without a full stop.
        force: the force that is inspected; empty for a bank holiday.
        inspection_id: of which inspection; empty for a bank holiday.
        kind, record_id: the record that it comes from; empty for a bank holiday.
        field: the field that says which day; with the record's id it names the event for good.
        off: why nobody is at work on a last day; empty where somebody is.
    """

    starts: str
    ends: str
    sort: str
    what: str
    force: str = ""
    inspection_id: str = ""
    kind: str = ""
    record_id: str = ""
    field: str = ""
    off: str = ""

    @property
    def words(self) -> str:
        """Return the event with its days in a line."""
        day = span_words(self.starts, self.ends)
        with suppress(ValueError):
            day = f"{WEEKDAYS[date.fromisoformat(self.starts).weekday()]} {day}"
        force = f"{self.force}: " if self.force else ""
        return f"{day}  {force}{self.what}" + (f" ({self.off})" if self.off else "")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holds the events of an inspection or a year, by day, and what of them clashes."""

    events: tuple[Event, ...]
    clashes: tuple[str, ...]


def calendar(
    s: Session, inspection_id: str = "", year: int = 0, *, holidays: bool = True
) -> Calendar:
    """Return the calendar of an inspection, or of a year over all inspections kept here.

    Args:
        s: a session.
        inspection_id: which inspection; all of them where it is empty.
        year: only what is in that year; every year where it is 0.
        holidays: bank holidays are among the events, of the year or of the time of the others.

    Raises:
        NotThereError: there is no such inspection.
    """
    known = [existing(s, Inspection, inspection_id)] if inspection_id else readable(s)
    events: list[Event] = []
    said: list[str] = []
    for inspection in known:
        due = due_lines(s, inspection.id)
        events += _dates_of(inspection)
        for one in due:
            events += _of_limit(inspection, one)
        events += _recommended(s, inspection)
        events += _entered(s, inspection)
        said += clashes(s, inspection, due)
    if year:
        events = [one for one in events if one.starts[:4] <= f"{year:04}" <= one.ends[:4]]
    if holidays:
        first = f"{year:04}-01-01" if year else min((one.starts for one in events), default="")
        last = f"{year:04}-12-31" if year else max((one.ends for one in events), default="")
        years = [year] if year else _years(events)
        events += [one for one in _holidays(years) if first <= one.starts <= last]
    return Calendar(
        events=tuple(sorted(events, key=lambda one: (one.starts, one.ends, one.force, one.what))),
        clashes=tuple(said),
    )


def _dates_of(one: Inspection) -> Iterator[Event]:
    if one.starts or one.ends:
        first, last = one.starts or one.ends, one.ends or one.starts
        yield _event(one, first, last, "fieldwork", f"{one.phase}, fieldwork", "starts")
    if one.published:
        yield _event(one, one.published, "", "publication", "the report is published", "published")


def _of_limit(one: Inspection, limit: DueLine) -> Iterator[Event]:
    key, label = limit.key, limit.label
    if limit.done_on:
        yield _event(one, limit.done_on, "", "done", f"{label}: done", f"{key} done")
        return
    if limit.due:
        last_day = _event(one, limit.due, "", "due", f"{label}: last day", f"{key} due")
        yield replace(last_day, off=limit.off)
    if limit.planned_on:
        planned = _event(
            one, limit.planned_on, "", "planned", f"{label}: planned", f"{key} planned"
        )
        yield replace(planned, off=day_off(limit.planned_on))


def _recommended(s: Session, inspection: Inspection) -> Iterator[Event]:
    for one in records_in(s, Recommendation, inspection.id):
        due = due_of(s, one, inspection.published)
        if not due:
            continue
        ended = "" if is_running(one) else f" ({status_of(one)})"
        # Without its words: a calendar is read in more places than the register.
        yield Event(
            starts=due,
            ends=due,
            sort="recommendation",
            what=f"recommendation {called(one)}, {one.deadline}{ended}",
            force=inspection.force,
            inspection_id=inspection.id,
            kind=one.KIND,
            record_id=one.id,
            field="deadline",
            off=day_off(due) if due != inspection.published else "",
        )


def _entered(s: Session, inspection: Inspection) -> Iterator[Event]:
    for entry in records_in(s, CalendarEntry, inspection.id):
        span = entry_span(s, entry)
        if not span.starts:
            continue  # as a colleague's entry may say
        yield Event(
            starts=span.starts,
            ends=span.ends,
            sort=ENTERED,
            what=span.called,
            force=inspection.force,
            inspection_id=inspection.id,
            kind=entry.KIND,
            record_id=entry.id,
            field="starts",
        )


def _years(events: Iterable[Event]) -> list[int]:
    """Return every year in which an event begins, ends or goes on."""
    years: set[int] = set()
    for one in events:
        first, last = int(one.starts[:4]), int(one.ends[:4])
        years |= {last, *range(first, min(last, first + MOST_YEARS))}
    return sorted(years)


def _holidays(years: Iterable[int]) -> Iterator[Event]:
    for year in years:
        for day, name in bank_holidays(year).items():
            yield Event(day.isoformat(), day.isoformat(), BANK_HOLIDAY, f"bank holiday, {name}")


def _event(one: Inspection, starts: str, ends: str, sort: str, what: str, field: str) -> Event:
    return Event(
        starts=starts,
        ends=ends or starts,
        sort=sort,
        what=what,
        force=one.force,
        inspection_id=one.id,
        kind=one.KIND,
        record_id=one.id,
        field=field,
    )


def calendar_text(shown: Calendar) -> str:
    """Return the calendar as plain text, a heading for each month, then what clashes."""
    lines: list[str] = []
    month = ""
    for one in shown.events:
        named = day_words(f"{one.starts[:7]}-01").partition(" ")[2]
        if named != month:
            lines += ["", named] if lines else [named]
            month = named
        lines.append(f"  {one.words}")
    lines += ["", *(f"Clash: {sentence}" for sentence in shown.clashes)] if shown.clashes else []
    return "\n".join(lines)
