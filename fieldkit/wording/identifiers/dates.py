"""Dates as people type them in running text: found with their place, day, month and year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache

from fieldkit.wording.identifiers.word_lists import WORDS
from storage.ops.dates import MONTH_NUMBERS, ORDINAL_ENDINGS

_UNSEPARATED = re.compile(
    r"(?<![\d/])(?<!\d[a-z])"
    r"(?:(\d\d)(\d\d)(\d{4}|\d\d)|(\d\d?)[ .](\d\d?)[ .](\d{4}|\d\d))(?![\w/])"
)

_MOMENT = re.compile(
    r"(?<!\w)\d{4}(?:-\d\d-\d\d[T ]\d\d:?\d\d(?::?\d\d(?:[.,]\d{1,9})?)?|"
    r"\d{4}T\d{4}(?:\d\d(?:[.,]\d{1,9})?)?)(?: ?(?:Z|[+-]\d\d(?::?\d\d)?))?(?![\w/*]|[-.:]\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """Holds a date in a text; the year is 0 where none is given."""

    start: int
    end: int
    day: int
    month: int
    year: int


def find_moments(text: str) -> Iterator[tuple[int, int]]:
    """Return where a day with a time of day stands, as ISO 8601 writes both.

    A digital record prints so; what only looks like it and is on no calendar is left out.
    """
    for match in _MOMENT.finditer(text):
        try:
            datetime.fromisoformat(match[0].replace(",", ".").replace(" ", "T", 1).replace(" ", ""))
        except ValueError:
            continue
        yield match.span()


@lru_cache(maxsize=8)
def find_dates(text: str, today: date) -> tuple[FoundDate, ...]:
    """Return the dates of a text in their order, those without a year among them.

    A year of two digits that would lie after ``today`` is of the last century.
    """
    found: list[FoundDate] = []
    for pattern in _patterns():
        for match in pattern.finditer(text):
            one = _date_of(match, today)
            if one and not any(one.start < other.end and other.start < one.end for other in found):
                found.append(one)
    return tuple(sorted(found, key=lambda one: one.start))


def find_unseparated(text: str, today: date) -> Iterator[FoundDate]:
    """Return the numbers that are a date only behind a label: “030411”, “8 8 08”."""
    for match in _UNSEPARATED.finditer(text):
        day, month, year = (group for group in match.groups() if group)
        one = _checked(match, int(day), int(month), year, today)
        if one:
            yield one


def find_months(text: str, today: date) -> Iterator[FoundDate]:
    """Return months with their year that no day stands before: “born in May 2012”."""
    dates = find_dates(text, today)
    for match in _month_pattern().finditer(text):
        if not any(one.start < match.end() and match.start() < one.end for one in dates):
            month = MONTH_NUMBERS[match["name"].lower()]
            yield FoundDate(match.start(), match.end(), 1, month, int(match["year"]))


@cache
def _month_pattern() -> re.Pattern[str]:
    months = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
    return re.compile(rf"\b(?P<name>{months})\b\.?,?\s+(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    months = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
    ordinals = "|".join(
        word.replace("-", r"[\s\-]+") for word in sorted(WORDS.ordinals, key=len, reverse=True)
    )
    day = rf"(?P<day>\d{{1,2}})\s?(?:{ORDINAL_ENDINGS})?"
    year = r"(?P<year>['’]?\d{4}|['’]?\d\d)(?!\d|[:.]\d|\s?(?:hrs|hours|am|pm)\b)"
    sep, again = r"\s{0,2}(?P<sep>[./\-–·,])\s{0,2}", r"\s{0,2}(?P=sep)\s{0,2}"
    flags = re.IGNORECASE
    return (
        re.compile(
            r"(?<![\d/.\-])(?P<year>(?:19|20)\d\d)([-/.])(?P<month>\d\d)\2(?P<day>\d\d)(?!\d)"
        ),
        re.compile(
            rf"(?<![\d/.\-])(?P<day>\d{{1,2}}){sep}(?P<month>\d{{1,2}}){again}{year}(?![\w/]|[.\-]\d)"
        ),
        re.compile(rf"(?<![\w/])(?P<day>\d\d) (?P<month>\d\d) {year}(?![\w/]|\s\d)"),
        re.compile(
            rf"(?<!\w){day}(?:[\s\-./,]+|\s*(?:of|o)\s+)(?:of\s+|o\s+)?"
            rf"(?P<name>{months})\b\.?(?:[\s\-./,]*{year})?",
            flags,
        ),
        re.compile(
            rf"\b(?P<name>{months})\b\.?[\s\-]+(?:the\s+)?{day}\b(?![:.]\d)(?:[\s,]+{year})?", flags
        ),
        re.compile(
            rf"\b(?:the\s+|y\s+|ar\s+)?(?P<ordinal>{ordinals})\s+(?:of\s+|o\s+)?(?P<name>{months})"
            rf"\b(?:[\s,]+{year})?",
            flags,
        ),
        re.compile(
            rf"(?<!\w){day}\s+of\s+the\s+(?:(?P<month>\d{{1,2}})(?:{ORDINAL_ENDINGS})"
            rf"|(?P<monthly>{ordinals}))[\s,]+{year}",
            flags,
        ),
    )


def _date_of(match: re.Match[str], today: date) -> FoundDate | None:
    parts = match.groupdict()
    ordinal, name, monthly = (
        re.sub(r"\s+", "-", (parts.get(part) or "").lower())
        for part in ("ordinal", "name", "monthly")
    )
    day = WORDS.ordinals[ordinal] if ordinal else int(parts["day"])
    if name:
        month = MONTH_NUMBERS[name]
    else:
        month = WORDS.ordinals[monthly] if monthly else int(parts["month"])
    return _checked(match, day, month, parts.get("year") or "", today)


def _checked(
    match: re.Match[str], day: int, month: int, written: str, today: date
) -> FoundDate | None:
    year = int(written.strip("'’") or 0)
    if written and year < 100:
        year += 2000 if year <= today.year - 2000 else 1900
    try:
        date(year or 2000, month, day)
    except ValueError:
        return None
    return FoundDate(match.start(), match.end(), day, month, year)
