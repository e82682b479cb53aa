"""Days, times and spans in words, by the clock on the wall here; the only place that writes them.

On a screen and in a command: :func:`short_moment` (“14:32”, “yesterday 17:05”, “Fri 6 Sep, 17:05”)
or :func:`at_words` inside a sentence, :func:`short_day` for a day, :func:`clock_time` where the
day stands beside it, :func:`span` and :func:`ago` for a length of time. What is read on another
day than it was written, such as a document or a reason, takes :func:`day_words` and
:func:`moment_words`: “10 June 2026, 14:20”. ISO 8601 is for ``--json`` alone. How a person types
a day or a time is read by ``storage/ops/short_dates.py``, for every field of a record.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from storage.ops.clock import wall_ms
from storage.ops.day_words import MONTHS as MONTHS
from storage.ops.day_words import day_words as day_words
from storage.ops.day_words import span_words as span_words
from storage.ops.text import many

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY = len("2026-07-28")
_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_SATURDAY = 5
_HOURS_WITH_DAYS = 3
"""From so many days on, a span is told in days alone."""


SET_BACK = " (by a clock that was set back)"
"""What follows a time that is not to be believed."""


def here(moment: str = "") -> datetime:
    """Return an ISO time, or this moment, by the clock on the wall here.

    Raises :class:`ValueError` for what is no moment, or none that a clock here could show.
    """
    if not moment:
        return datetime.fromtimestamp(wall_ms() / 1000, UTC).astimezone()
    read = datetime.fromisoformat(moment)
    try:
        return read.astimezone()
    except (OverflowError, OSError):
        raise ValueError(moment) from None


def _told(moment: str) -> datetime:
    """Return :func:`here`; a moment that no clock here could show, by the clock it names itself."""
    try:
        return here(moment)
    except ValueError:
        return datetime.fromisoformat(moment)


def short_moment(moment: str, now: datetime | None = None, *, padded: bool = False) -> str:
    """Return when an ISO time was, as short as it can be said: “14:32”, “yesterday 17:05”.

    A day without a time is told as :func:`short_day` does; what is no moment is given as it stands.

    Args:
        moment: ISO 8601; one without an offset is of the clock on the wall.
        now: the moment beside which it is told; this one where it is left out.
        padded: the day of the month takes two columns, for tables.
    """
    if len(moment) <= _DAY:
        return short_day(moment, now, padded=padded)
    try:
        there, present = _told(moment), now or here()
    except ValueError:
        return moment
    days = (there.date() - present.date()).days
    if days == 0:
        return f"{there:%H:%M}"
    told = _short(there.date(), present.date(), padded)
    return f"{told} {there:%H:%M}" if days in _NEAR else f"{told}, {there:%H:%M}"


def day_and_time(moment: str = "") -> str:
    """Return an ISO time, or this moment, as “Mon 9 Sep at 14:32”, whatever day it is read on."""
    there = here(moment)
    day = f"{WEEKDAYS[there.weekday()]} {there.day} {MONTHS[there.month - 1][:3]}"
    return f"{day} at {there:%H:%M}"


def at_words(moment: str, now: datetime | None = None) -> str:
    """Return :func:`short_moment` as a sentence takes it: “at 14:32”, “on Fri 6 Sep at 17:05”."""
    told = short_moment(moment, now)
    if told == moment:
        return f"on {told}"
    first, comma, time = told.partition(", ")
    if comma:
        return f"on {first} at {time}"
    if told[:1].isdigit() and ":" in told:
        return f"at {told}"
    near, _, time = told.partition(" ")
    if near in _NEAR.values():
        return f"{near} at {time}" if time else near
    return f"on {told}"


def short_day(written: str, now: datetime | None = None, *, padded: bool = False) -> str:
    """Return a day, ``YYYY-MM-DD``: “today”, “Fri 6 Sep”, “9 Sep 2019”; else what was given."""
    try:
        read = date.fromisoformat(written)
    except ValueError:
        return written
    return _short(read, (now or here()).date(), padded)


def _short(read: date, today: date, padded: bool) -> str:
    near = _NEAR.get((read - today).days)
    if near:
        return near
    number = f"{read.day:2}" if padded else f"{read.day}"
    month = MONTHS[read.month - 1][:3]
    if read.year != today.year:
        return f"{number} {month} {read.year}"
    return f"{WEEKDAYS[read.weekday()]} {number} {month}"


def clock_time(moment: str) -> str:
    """Return the hour and minute alone, where the day stands beside it; what has none as it is."""
    try:
        return f"{_told(moment):%H:%M}" if len(moment) > _DAY else moment
    except ValueError:
        return moment


def local_day(moment: str) -> str:
    """Return the day of an ISO time by the clock here, ``YYYY-MM-DD``: to compare, not to show."""
    try:
        return here(moment).date().isoformat() if len(moment) > _DAY else moment
    except ValueError:
        return moment[:_DAY]


def span(seconds: float) -> str:
    """Return a length of time: “40 s”, “12 min”, “3 h 12”, “1 day 3 h”, “26 days”."""
    whole = max(int(seconds), 0)
    days, hours, minutes = whole // 86400, whole % 86400 // 3600, whole % 3600 // 60
    if days:
        rest = f" {hours} h" if hours and days < _HOURS_WITH_DAYS else ""
        return many(days, "day") + rest
    if hours:
        return f"{hours} h {minutes:02}" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes or not whole else f"{whole} s"


def seconds_between(first: str, last: str) -> float | None:
    """Return the seconds from one ISO time to another; None where one has no time of day.

    Below 0 where the last came first.
    """
    if min(len(first), len(last)) <= _DAY:
        return None
    try:
        return (here(last) - here(first)).total_seconds()
    except ValueError:
        return None


def ago(moment: str, now: datetime | None = None) -> str:
    """Return how long ago an ISO time was: “3 h 12 ago”; raises :class:`ValueError` for none."""
    return f"{span(((now or here()) - here(moment)).total_seconds())} ago"


def weekday(day: str) -> str:
    """Return the weekday of a day, ``YYYY-MM-DD``, in three letters; what is no day as it is."""
    try:
        return WEEKDAYS[date.fromisoformat(day).weekday()]
    except ValueError:
        return day


def working_days(first: date, last: date) -> list[date]:
    """Return the days from one to another, both included, that are no Saturday and no Sunday."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [one for one in days if one.weekday() < _SATURDAY]


def moment_words(moment: str) -> str:
    """Return an ISO time in words, by the clock on the wall here; a day stays a day.

    One that no clock here could show is told by the clock it names; what is no moment is given as
    it stands.
    """
    if len(moment) <= _DAY:
        return day_words(moment)
    try:
        there = _told(moment)
    except ValueError:
        return moment
    return f"{day_words(there.date().isoformat())}, {there:%H:%M}"
