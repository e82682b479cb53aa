"""Dates in cells: as texts that people write, as day numbers, or as the spreadsheet's own dates."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from fieldkit.workbook.values.cells import Cell
from storage.ops.dates import checked_day, day_and_month, read_day, tidy_date
from storage.ops.dates import is_year_first as is_year_first_text

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
        return checked_day(cell.value.date())
    if isinstance(cell.value, dt.date):
        return checked_day(cell.value)
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
    if _SERIAL.fullmatch(tidy_date(text)):
        return _serial(float(tidy_date(text)), base_1904)
    return read_day(text, month_first)


def numbers_of(cell: Cell) -> tuple[int, int] | None:
    """Return the first two numbers of a text that is a date in numbers with its year at the end."""
    return day_and_month(str(cell.value)) if cell.kind == "text" else None


def is_year_first(cell: Cell) -> bool:
    """Say whether a text is a date as a program writes one out, the year first."""
    return cell.kind == "text" and is_year_first_text(str(cell.value))


def _serial(number: float, base_1904: bool) -> tuple[str | None, str]:
    epoch = _EPOCH_1904 if base_1904 else _EPOCH_1900
    day = int(number) if abs(number) < 1e7 else 0
    shifted = day + (1462 if base_1904 else 0)
    if not _FIRST_SERIAL <= shifted <= _LAST_SERIAL:
        return None, "it is a number, and no spreadsheet's number of a day"
    return checked_day(epoch + dt.timedelta(days=day))
