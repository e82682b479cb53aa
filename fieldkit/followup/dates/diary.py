"""Dates entered by hand beside an inspection: other programmes and leave; what clashes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.identifiers import words_of
from fieldkit.feedback.guard.leaving_text import LeavingText, LeavingTexts
from fieldkit.followup.dates.milestones import REVISIT, DueLine
from fieldkit.followup.dates.working_days import bank_holidays
from fieldkit.followup.days import read_day_of
from fieldkit.service import RefusedError, existing, filled, person
from fieldkit.wording.dates import day_words, span_words
from fieldkit.wording.format import line
from fieldkit.wording.labels import Names
from storage.records import CalendarEntry, Inspection
from storage.records.lookup import records_in

SORTS = ("programme", "leave", "other")
LONGEST = 60
"""Characters of what is entered by hand in a sentence."""


@dataclass(frozen=True, slots=True)
class Span:
    """Holds days, first and last, ``YYYY-MM-DD``, and what they are called."""

    starts: str
    ends: str
    called: str

    def meets(self, other: Span) -> bool:
        """Say whether two spans have a day in common."""
        return self.starts <= other.ends and other.starts <= self.ends


def enter(
    s: Session,
    inspection_id: str,
    title: str,
    starts: str,
    ends: str = "",
    *,
    sort: str = "programme",
    person_away: str = "",
) -> CalendarEntry:
    """Enter dates beside an inspection.

    Args:
        s: a writing session.
        inspection_id: beside which one.
        title: what takes place, such as “PEEL” or “JTAI”.
        starts: the first day.
        ends: the last day; the first where it is empty.
        sort: “programme”, “leave” or “other”.
        person_away: of leave, whose: the id of a person, or a name.

    Raises:
        FieldkitError: a text or day is missing or none, or the last day is before the first.
    """
    existing(s, Inspection, inspection_id)
    first = read_day_of(starts, "The first day")
    entry = CalendarEntry.make(
        inspection_id=inspection_id,
        sort=sort,
        title=filled(title, "What takes place"),
        person=person_away.strip(),
        starts=first,
        ends=_last(first, ends),
        by=person(s),
    )
    s.add(entry)
    s.flush()
    return entry


def edit_entry(
    s: Session,
    entry_id: str,
    *,
    title: str | None = None,
    starts: str | None = None,
    ends: str | None = None,
    sort: str | None = None,
    person_away: str | None = None,
) -> CalendarEntry:
    """Change dates that were entered; raises as :func:`enter`."""
    entry = existing(s, CalendarEntry, entry_id)
    values: dict[str, str] = {}
    if title is not None:
        values["title"] = filled(title, "What takes place")
    if sort is not None:
        values["sort"] = sort
    if person_away is not None:
        values["person"] = person_away.strip()
    if starts is not None or ends is not None:
        first = entry.starts if starts is None else read_day_of(starts, "The first day")
        values |= {"starts": first, "ends": _last(first, entry.ends if ends is None else ends)}
    entry.change(**values)
    s.flush()
    return entry


def remove_entry(s: Session, entry_id: str) -> None:
    """Take dates away that were entered; raises `NotThereError`."""
    s.delete(existing(s, CalendarEntry, entry_id))
    s.flush()


def entry_span(s: Session, entry: CalendarEntry) -> Span:
    """Return the days of an entry, and what it is called."""
    whose = Names(s).person(entry.person) if entry.person else ""
    called = f"{entry.title} ({whose})" if whose else entry.title
    return Span(entry.starts, entry.ends or entry.starts, line(called, LONGEST))


def leaving_texts(s: Session, entry_ids: Iterable[str]) -> list[LeavingText]:
    """Return what was typed of entries that are to leave in a file, each field as it is kept.

    A calendar shows a long title in short; it is looked through whole, so that it can be corrected
    or let pass where it stands.
    """
    leaving = LeavingTexts()
    for one in entry_ids:
        entry = existing(s, CalendarEntry, one)
        leaving.carry(entry.KIND, entry.id, "title", entry.title)
        leaving.carry(entry.KIND, entry.id, "person", words_of(entry, "person"))
    return leaving.texts


def clashes(s: Session, inspection: Inspection, due: Iterable[DueLine]) -> list[str]:
    """Say which dates of an inspection stand in each other's way, a sentence each.

    Its fieldwork and the planned visit are held beside what was entered by hand and bank holidays,
    and what is planned beside the last day on which it may be.
    """
    entered = [
        entry_span(s, one) for one in records_in(s, CalendarEntry, inspection.id) if one.starts
    ]
    known = list(due)
    ours = list(_ours(inspection, known))
    said = [
        f"{one.called} ({span_words(one.starts, one.ends)}) and {other.called} "
        f"({span_words(other.starts, other.ends)}) fall together."
        for one in ours
        for other in entered
        if one.meets(other)
    ]
    said += [
        f"{one.called} ({span_words(one.starts, one.ends)}) has a bank holiday in it: {name}, "
        f"{day_words(day)}."
        for one in ours
        for day, name in _holidays_in(one)
    ]
    return said + [
        f"{one.label[:1].upper()}{one.label[1:]}: planned for {day_words(one.planned_on)}, after "
        f"the last day, {day_words(one.due)}."
        for one in known
        if one.planned_on and one.due and one.planned_on > one.due and not one.done_on
    ]


def _holidays_in(span: Span) -> Iterator[tuple[str, str]]:
    years = {int(day[:4]) for day in (span.starts, span.ends)}
    for year in sorted(years):
        for day, name in sorted(bank_holidays(year).items()):
            if span.starts <= day.isoformat() <= span.ends:
                yield day.isoformat(), name


def _ours(inspection: Inspection, due: Iterable[DueLine]) -> Iterator[Span]:
    if inspection.starts or inspection.ends:
        first, last = inspection.starts or inspection.ends, inspection.ends or inspection.starts
        yield Span(first, last, f"The fieldwork of {inspection.force}")
    for one in due:
        if one.key == REVISIT and one.planned_on and not one.done_on:
            yield Span(one.planned_on, one.planned_on, f"The visit to {inspection.force}")


def _last(first: str, ends: str) -> str:
    last = read_day_of(ends, "The last day") if ends.strip() else ""
    if last and last < first:
        raise RefusedError(
            f"The last day, {day_words(last)}, is before the first, {day_words(first)}. Nothing "
            "was changed; correct them."
        )
    return last
