"""Days and times as a person types them in a hurry: “2140”, “8/6 21:40”, “yesterday 5pm”, “fri”.

They are read beside today, so only what a person types is read like this: never a cell of a
workbook, and never an entry that arrives.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from storage.ops.clock import wall_ms
from storage.ops.dates import ORDINAL_ENDINGS, month_number, read_day, read_moment, tidy_date

_TIME = re.compile(
    r"(?:at )?(?:(?P<hour>\d{1,2})[:.](?P<minute>\d{2})|(?P<digits>\d{3,4})|(?P<alone>\d{1,2}))"
    r"\s*(?P<half>am|pm|hrs|h)?",
    re.I,
)
_NUMBERS = re.compile(r"(?P<day>\d{1,2})\s*[/.\-]\s*(?P<month>\d{1,2})")
_TIME_LIKE_YEAR = re.compile(r"\d{1,2}[/.\-]\d{1,2} \d{4}")
_NAMED = re.compile(
    rf"(?P<day>\d{{1,2}})(?:{ORDINAL_ENDINGS})?[ \-]?(?:of )?(?P<name>[^\W\d_]{{3,}})\.?", re.I
)
_WORDS = {"today": 0, "yesterday": -1, "tomorrow": 1, "heddiw": 0, "ddoe": -1, "yfory": 1}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(
    r"(?P<name>mon|tue|wed|thu|fri|sat|sun)"
    r"(?:day|s|sday|nesday|r|rs|rsday|urday)?\.?(?P<rest>\s.*)?",
    re.I,
)
BEFORE, AHEAD = timedelta(days=305), timedelta(days=60)
"""A day without its year is the one between ten months ago and two months ahead."""


def read_typed_day(text: str, now: datetime | None = None) -> tuple[str | None, str]:
    """Return the day of what was typed as ISO 8601, or None and why it could not be read.

    Args:
        text: “8/6”, “6 Sep”, “yesterday” or “fri” (the last one), or any day that
            :func:`storage.ops.dates.read_day` reads.
        now: the moment beside which it is read, in local time; this one where it is left out.
    """
    weekday, typed = _split(text)
    day = _day(typed, weekday, (now or _now()).date())
    return (day.isoformat(), "") if day else read_day(text)


def read_typed_moment(text: str, now: datetime | None = None) -> tuple[str | None, str]:
    """Return the moment of what was typed as ISO 8601 by local time, or None and why not.

    Args:
        text: a time (“2140”, “21:40”, “5pm”: of today), a day as in :func:`read_typed_day`, or the
            one after the other; or any moment that :func:`storage.ops.dates.read_moment` reads.
        now: as in :func:`read_typed_day`.
    """
    weekday, typed = _split(text)
    here = (now or _now()).date()
    with_year, _ = read_day(text)
    if with_year is not None and not _TIME_LIKE_YEAR.fullmatch(typed):
        return read_moment(text)  # “12 March 2026” is not a time, “8/6 2015” is one
    for time in _TIME.finditer(typed):
        before = typed[: time.start()]
        if time.end() != len(typed) or (before and not before.endswith(" ")):
            continue
        day = _day(before.strip(" ."), weekday, here)
        clock = _clock(time)
        if clock is not None and (day is not None or not before.strip()):
            return f"{(day or here).isoformat()} {clock}", ""
    if typed or weekday is not None:
        if day := _day(typed, weekday, here):
            return day.isoformat(), ""
    return read_moment(text)


def _now() -> datetime:
    return datetime.fromtimestamp(wall_ms() / 1000, UTC).astimezone()


def _clock(time: re.Match[str]) -> str | None:
    """Return the time as ``21:40``, or None for what is no time of day."""
    half = (time["half"] or "").lower()
    digits = time["digits"] or ""
    if time["alone"] and half not in ("am", "pm"):
        return None
    hour = int(time["hour"] or digits[:-2] or time["alone"])
    minute = int(time["minute"] or digits[-2:] or 0)
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (half == "pm")
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _split(text: str) -> tuple[int | None, str]:
    """Return the day of the week at the beginning, Monday 0, or None; and what stands after it."""
    flat = " ".join(text.replace(",", " ").split())
    weekday = _WEEKDAY.fullmatch(flat)
    if weekday is None:
        return None, tidy_date(flat)
    return _WEEKDAYS.index(weekday["name"].lower()), tidy_date(weekday["rest"] or "")


def _day(typed: str, weekday: int | None, today: date) -> date | None:
    """Return the day of a short form, ``weekday`` before it; None for what is none."""
    if typed.lower() in _WORDS:
        return today + timedelta(days=_WORDS[typed.lower()])
    if not typed and weekday is not None:
        return today - timedelta(days=(today.weekday() - weekday) % 7)
    match = _NUMBERS.fullmatch(typed) or _NAMED.fullmatch(typed)
    if match is None:
        return None
    parts = match.groupdict()
    month = int(parts["month"]) if "month" in parts else month_number(parts["name"].lower())
    return _nearest(int(parts["day"]), month, today, weekday)


def _nearest(day: int, month: int, today: date, weekday: int | None) -> date | None:
    """Return the day of that month that is meant, or None where there is none."""
    days = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    fitting = [one for one in days if one.weekday() == weekday]
    if weekday is not None and fitting:
        return min(fitting, key=lambda one: abs(one - today))
    return next((one for one in days if today - BEFORE < one <= today + AHEAD), None)
