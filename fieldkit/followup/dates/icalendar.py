"""Calendars as files of RFC 5545 (.ics), for whatever program the office keeps its calendar in.

Every event is of whole days. What names one stays the same from file to file, so that a program
that takes the next file in moves the event and does not make a second one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from fieldkit.followup.dates.calendar import Event
from fieldkit.wording.format import clean
from storage.records.model.base import NAMESPACE

LINE_BYTES = 75
"""Bytes of a line at most, its end apart (RFC 5545, section 3.1)."""
PRODUCT = "-//fieldkit//calendar//EN"


def to_ics(events: Iterable[Event], name: str, marking: str, at: str) -> str:
    """Return events as an iCalendar file, its lines ended by CR LF.

    Args:
        events: what is in it; one whose day no calendar has is left out.
        name: what the calendar is called.
        marking: the marking, which stands in the calendar and in each event.
        at: when it was made, ISO 8601 in UTC.
    """
    stamp = f"{at[:10].replace('-', '')}T{at[11:19].replace(':', '')}Z"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    if marking:
        lines.append(f"X-WR-CALDESC:{_text(marking)}")
    for event in events:
        lines += _event(event, marking, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(event: Event, marking: str, stamp: str) -> list[str]:
    try:
        first = date.fromisoformat(event.starts)
        # The end of an event of whole days is the day after it (section 3.6.1).
        after = date.fromisoformat(event.ends) + timedelta(days=1)
    except (ValueError, OverflowError):
        return []
    what = f"{event.force}: {event.what}" if event.force else event.what
    names = (
        (event.kind, event.record_id, event.field) if event.record_id else (event.what, str(first))
    )
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uuid.uuid5(NAMESPACE, chr(10).join(('event', *names)))}@fieldkit",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{_basic(first)}",
        f"DTEND;VALUE=DATE:{_basic(after)}",
        f"SUMMARY:{_text(what)}",
        f"CATEGORIES:{_text(event.sort)}",
    ]
    notes = "\n".join(filter(None, (event.off, marking)))
    if notes:
        lines.append(f"DESCRIPTION:{_text(notes)}")
    # A day is not blocked in the calendar of whoever takes it in.
    lines += ["CLASS:CONFIDENTIAL", "TRANSP:TRANSPARENT", "END:VEVENT"]
    return lines


def _basic(day: date) -> str:
    return day.isoformat().replace("-", "")


def _text(value: str) -> str:
    """Return a text as section 3.3.11 escapes it, without characters that control."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return clean("\\n".join(escaped.splitlines()))


def _folded(line: str) -> Iterator[str]:
    """Return a line in pieces of at most 75 bytes, each after the first begun with a space.

    No character is cut in two.
    """
    piece, size = "", 0
    for one in line:
        width = len(one.encode())
        if size + width > LINE_BYTES:
            yield piece
            piece, size = " ", 1
        piece, size = piece + one, size + width
    yield piece
