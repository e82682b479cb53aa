"""Dates as forces write them: day first, as text in many forms, or as day numbers."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from fieldkit.workbook.values.cells import Cell
from fieldkit.workbook.values.words import plain, word_groups

_TIME = (
    r"(?:[ T,]+(?:at )?\d{1,2}[:.]?\d{2}(?:[:.]\d{2}(?:\.\d+)?)?"
    r"\s*(?:Z|[+-]\d\d:?\d\d|hrs|h|am|pm)?)?"
)
_DAY_FIRST = re.compile(
    rf"(\d{{1,2}})\s*[/.\-\s]\s*(\d{{1,2}})\s*[/.\-\s]\s*(\d{{4}}|\d{{2}}){_TIME}", re.I
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})[/.\-](\d{{1,2}})[/.\-](\d{{1,2}}){_TIME}", re.I)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_NAMED = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|af|ain|eg|fed)?[\s\-/.]*(?:of )?([^\W\d_]+)\.?[\s\-/.,]*"
    rf"(\d{{4}}|\d{{2}}){_TIME}",
    re.I,
)
_NAMED_FIRST = re.compile(
    rf"([^\W\d_]+)\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}){_TIME}", re.I
)
_WEEKDAY = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun|llun|maw|mer|iau|gwe|sad|sul)[a-z]*[.,]?\s+(?=\d)", re.I
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
# Day numbers taken for dates: 1 January 1954 to 31 December 2099 in the 1900 system.
_FIRST_SERIAL, _LAST_SERIAL = 19_725, 73_050
_EPOCH_1900, _EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)


def read_date(
    cell: Cell, base_1904: bool = False, *, month_first: bool = False
) -> tuple[str | None, str]:
    """Return the date of a cell as ISO text, or None and the clause why it could not be read.

    A blank cell is (None, ""). Days come before months unless a person said otherwise
    (`month_first`); a date that only makes sense the other way round is not read, since then its
    neighbours cannot be trusted either.
    """
    if cell.blank:
        return None, ""
    if isinstance(cell.value, dt.datetime):
        return _checked(cell.value.date())
    if isinstance(cell.value, dt.date):
        return _checked(cell.value)
    if cell.kind == "number" and isinstance(cell.value, int | float):
        return _serial(float(cell.value), base_1904)
    if cell.kind == "text":
        return read_date_text(str(cell.value), base_1904, month_first)
    words = {
        "error": "the cell holds an error",
        "not calculated": "the cell holds a formula that was never calculated",
        "boolean": "it is true or false, not a date",
    }
    return None, words.get(cell.kind, "it is a time without a date")


@lru_cache(maxsize=16384)
def read_date_text(
    text: str, base_1904: bool = False, month_first: bool = False
) -> tuple[str | None, str]:
    """Do as `read_date`, for text."""
    text = _tidy(text)
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
        month = _month(match[2])
        return _made(_year(match[3]), month, int(match[1])) if month else (None, _NO_DATE)
    if match := _NAMED_FIRST.fullmatch(text):
        month = _month(match[1])
        return _made(int(match[3]), month, int(match[2])) if month else (None, _NO_DATE)
    if _SERIAL.fullmatch(text):
        return _serial(float(text), base_1904)
    return None, _NO_DATE


def numbers_of(cell: Cell) -> tuple[int, int] | None:
    """Return the first two numbers of a text that is a date in numbers with its year at the end."""
    match = _DAY_FIRST.fullmatch(_tidy(str(cell.value))) if cell.kind == "text" else None
    return (int(match[1]), int(match[2])) if match else None


def is_year_first(cell: Cell) -> bool:
    """Say whether a text is a date as a program writes one out, the year first."""
    return cell.kind == "text" and _YEAR_FIRST.fullmatch(_tidy(str(cell.value))) is not None


def _tidy(text: str) -> str:
    text = " ".join(text.replace("\u2013", "-").replace("\u2212", "-").split()).strip(" .,;*'")
    return _WEEKDAY.sub("", text, count=1) if _WEEKDAY.match(text) else text


_NO_DATE = "it is not a date that could be read"


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _month(word: str) -> int:
    name = plain(word)
    return next((int(n) for n, names in word_groups("months").items() if name in names), 0)


def _made(year: int, month: int, day: int) -> tuple[str | None, str]:
    try:
        return _checked(dt.date(year, month, day))
    except ValueError:
        return None, "there is no such day"


def _checked(date: dt.date) -> tuple[str | None, str]:
    if not 1950 <= date.year <= 2099:
        return None, "its year cannot be right"
    return date.isoformat(), ""


def _serial(number: float, base_1904: bool) -> tuple[str | None, str]:
    epoch = _EPOCH_1904 if base_1904 else _EPOCH_1900
    day = int(number) if abs(number) < 1e7 else 0
    shifted = day + (1462 if base_1904 else 0)
    if not _FIRST_SERIAL <= shifted <= _LAST_SERIAL:
        return None, "it is a number, and no spreadsheet's number of a day"
    return _checked(epoch + dt.timedelta(days=day))
