"""Days and times as people write them: day first, in numbers or with the month in words.

The same text is understood on a form, in a command and in a cell of a workbook. What months are
called, and what follows the number of a day, stands here alone, also for dates that are looked for
in a text.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache

ORDINAL_ENDINGS = "st|nd|rd|th|af|il|ydd|edd|ed|fed|eg|ain"
"""What follows the number of a day, in English and Welsh: “3rd”, “2il”."""
_ZONE = r"Z|[+-]\d\d:?\d\d|hrs|h|am|pm"
_TIME = rf"(?:[ T,]+(?:at )?\d{{1,2}}[:.]?\d{{2}}(?:[:.]\d{{2}}(?:\.\d+)?)?\s*(?:{_ZONE})?)?"
_CLOCK = re.compile(
    r"(?:T|[ ,]+(?:at )?)(?P<hour>\d{1,2})[:.]?(?P<minute>\d{2})"
    rf"(?P<more>[:.]\d{{2}}(?:\.\d+)?)?(?:\s*(?P<zone>{_ZONE}))?",
    re.I,
)
_DAY_FIRST = re.compile(
    rf"(\d{{1,2}})\s*[/.\-\s]\s*(\d{{1,2}})\s*[/.\-\s]\s*(\d{{4}}|\d{{2}}){_TIME}", re.I
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})[/.\-](\d{{1,2}})[/.\-](\d{{1,2}}){_TIME}", re.I)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_NAMED = re.compile(
    rf"(\d{{1,2}})(?:{ORDINAL_ENDINGS})?[\s\-/.]*(?:of )?([^\W\d_]+)\.?[\s\-/.,]*"
    rf"(\d{{4}}|\d{{2}}){_TIME}",
    re.I,
)
_NAMED_FIRST = re.compile(
    rf"([^\W\d_]+)\.?\s+(\d{{1,2}})(?:{ORDINAL_ENDINGS})?,?\s+(\d{{4}}){_TIME}", re.I
)
_WEEKDAY = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun|llun|maw|mer|iau|gwe|sad|sul)[a-z]*[.,]?\s+(?=\d)", re.I
)
_MONTHS = (
    "january jan ionawr ion",
    "february feb febr chwefror chwe chwef",
    "march mar mawrth maw fawrth",
    "april apr ebrill ebr",
    "may mai fai",
    "june jun mehefin meh fehefin",
    "july jul gorffennaf gorff gor orffennaf ngorffennaf",
    "august aug awst",
    "september sep sept medi fedi",
    "october oct hydref hyd",
    "november nov tachwedd tach dachwedd nhachwedd thachwedd",
    "december dec rhagfyr rhag ragfyr",
)
"""What each month is called, in English and Welsh (mutated too), in full and cut short."""
MONTH_NUMBERS = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
_FIRST_YEAR, _LAST_YEAR = 1950, 2099
NO_DATE = "it is not a date that could be read"


@lru_cache(maxsize=16384)
def read_day(text: str, month_first: bool = False) -> tuple[str | None, str]:
    """Return the day of a text as ISO 8601, or None and the clause why it could not be read.

    A time after it is passed over. Days come before months unless a person said otherwise
    (`month_first`); what only makes sense the other way round is not read.
    """
    text = tidy_date(text)
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _made(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        day, month = int(match[1]), int(match[2])
        if month_first:
            day, month = month, day
        if month > 12 >= day:
            order = "day before the month" if month_first else "month before the day"
            first = "months" if month_first else "days"
            return None, f"it has the {order}; {first} come first here"
        return _made(_year(match[3]), month, day)
    if match := _NAMED.fullmatch(text):
        month = month_number(match[2])
        return _made(_year(match[3]), month, int(match[1])) if month else (None, NO_DATE)
    if match := _NAMED_FIRST.fullmatch(text):
        month = month_number(match[1])
        return _made(int(match[3]), month, int(match[2])) if month else (None, NO_DATE)
    return None, NO_DATE


def read_moment(text: str) -> tuple[str | None, str]:
    """Return a day, with the time where one stands after it, as ISO 8601; or None and why not.

    As in “3/3/2026 8:15” or “12 March 2026, 8.15 pm”. A zone is kept where it is given in numbers.
    """
    text = tidy_date(text)
    for clock in _CLOCK.finditer(text):
        day, _ = read_day(text[: clock.start()])
        if day is None or clock.end() != len(text):
            continue
        hour, zone = int(clock["hour"]), (clock["zone"] or "").lower()
        if zone in ("am", "pm") and 1 <= hour <= 12:
            hour = hour % 12 + 12 * (zone == "pm")
        more = (clock["more"] or "").replace(".", ":", 1)
        written = f"{day} {hour:02}:{clock['minute']}{more}"
        if zone == "z" or zone[:1] in ("+", "-"):
            written += zone.upper()
        try:
            dt.datetime.fromisoformat(written)
        except ValueError:
            return None, "there is no such time of day"
        return written, ""
    return read_day(text)


@lru_cache(maxsize=16384)
def day_and_month(text: str) -> tuple[int, int] | None:
    """Return the first two numbers of a date in numbers with its year at the end."""
    match = _DAY_FIRST.fullmatch(tidy_date(text))
    return (int(match[1]), int(match[2])) if match else None


@lru_cache(maxsize=16384)
def is_year_first(text: str) -> bool:
    """Say whether a text is a date as a program writes one out, the year first."""
    return _YEAR_FIRST.fullmatch(tidy_date(text)) is not None


def tidy_date(text: str) -> str:
    """Return a text with plain dashes and single blanks, without a day of the week before it."""
    flat = " ".join(unicodedata.normalize("NFKC", text).split())
    flat = flat.replace("\u2013", "-").replace("\u2212", "-").strip(" .,;*'")
    return _WEEKDAY.sub("", flat, count=1) if _WEEKDAY.match(flat) else flat


def checked_day(day: dt.date) -> tuple[str | None, str]:
    """Return a day as ISO 8601, or None and why it cannot be right."""
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return None, "its year cannot be right"
    return day.isoformat(), ""


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def month_number(word: str) -> int:
    """Return the number of a month by its name in English or Welsh; 0 where it is none."""
    return MONTH_NUMBERS.get(word.casefold(), 0)


def _made(year: int, month: int, day: int) -> tuple[str | None, str]:
    try:
        return checked_day(dt.date(year, month, day))
    except ValueError:
        return None, "there is no such day"
