"""How the dates of a column are to be taken: day first, month first, or turned round.

One text such as 04/13/2026 says that its neighbours cannot be trusted to be day first; real dates
that all fall on days up to 12, beside texts that all lie beyond, are what is left when a
spreadsheet with American settings opens a British list. Neither is guessed: a person says it once
for the column, and until then the dates in question are not read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fieldkit.workbook.values.cells import Cell, make_cell
from fieldkit.workbook.values.dates import is_year_first, numbers_of, read_date

Order = Literal["as they stand", "month first", "turned round"]
AS_THEY_STAND: Order = "as they stand"
MONTH_FIRST: Order = "month first"
TURNED_ROUND: Order = "turned round"
ORDERS: Mapping[str, Order] = {
    "as they stand": AS_THEY_STAND,
    "as it stands": AS_THEY_STAND,
    "day first": AS_THEY_STAND,
    "month first": MONTH_FIRST,
    "turned round": TURNED_ROUND,
}
"""What a person may say of a column of dates, and which order that is."""
_HALVES = 3
"""Dates and texts together from which a column may be one that was converted by half."""


@dataclass(frozen=True, slots=True)
class DateQuestion:
    """Holds one question about a column of dates.

    ``kind`` is “month first”, “turned round” or “ahead”; ``evidence`` are the places that raise it
    and ``places`` those that are not read until it is answered.
    """

    kind: Literal["month first", "turned round", "ahead"]
    evidence: tuple[str, ...]
    places: tuple[str, ...]


class DateColumn:
    """Reads the dates of one column.

    Args:
        cells: address to cell, of the rows of cases.
        base_1904: whether day numbers count from 1904.
        said: what a person said of the column; empty where nothing.
        today: no incident is later than this day.
    """

    def __init__(
        self, cells: Mapping[str, Cell], base_1904: bool, said: Order | Literal[""], today: dt.date
    ) -> None:
        self._base_1904, self._said = base_1904, said
        self._has_month_first = False
        self.questions = tuple(self._questions(cells, today))
        self._asked = frozenset(
            place
            for one in self.questions
            for place in (*one.places, *(one.evidence if one.kind == "month first" else ()))
        )

    def read(self, place: str, cell: Cell) -> tuple[str | None, str]:
        """Do as `read_date`; (None, "") for a date that is asked about for the whole column."""
        return (None, "") if place in self._asked else self._read(cell)

    def _read(self, cell: Cell) -> tuple[str | None, str]:
        month_first = self._said == MONTH_FIRST
        if self._said == TURNED_ROUND:
            if (real := _real(cell)) is not None:
                return read_date(make_cell(_turned(real)), self._base_1904)
            month_first = self._has_month_first and not _is_day_first(cell)
        return read_date(cell, self._base_1904, month_first=month_first)

    def _questions(self, cells: Mapping[str, Cell], today: dt.date) -> list[DateQuestion]:
        low, high, either, day_first, month_first = _sorted(cells)
        self._has_month_first = bool(month_first)
        questions: list[DateQuestion] = []
        reals = low if not high else []
        asked: list[str] = []
        if not self._said and month_first and (either or reals):
            asked = [*either, *reals]
            questions.append(DateQuestion("month first", tuple(month_first), tuple(asked)))
        elif (
            not self._said
            and reals
            and day_first
            and not either
            and len(reals) + len(day_first) >= _HALVES
        ):
            asked = reals
            questions.append(DateQuestion("turned round", tuple(day_first), tuple(asked)))
        if self._said == AS_THEY_STAND:
            return questions
        last, waiting = today.isoformat(), frozenset(asked)
        ahead = [
            place
            for place, cell in cells.items()
            if place not in waiting and (self._read(cell)[0] or "") > last
        ]
        if ahead:
            questions.append(DateQuestion("ahead", tuple(ahead), tuple(ahead)))
        return questions


def _sorted(
    cells: Mapping[str, Cell],
) -> tuple[list[str], list[str], list[str], list[str], list[str]]:
    """Return real dates up to day 12 and beyond; texts that are either, day first, month first."""
    low: list[str] = []
    high: list[str] = []
    either: list[str] = []
    day_first: list[str] = []
    month_first: list[str] = []
    for place, cell in cells.items():
        if (real := _real(cell)) is not None:
            (low if real.day <= 12 else high).append(place)
        elif (numbers := numbers_of(cell)) is not None:
            first, second = numbers
            if first > 12 >= second:
                day_first.append(place)
            elif second > 12 >= first:
                month_first.append(place)
            elif first != second:
                either.append(place)
    return low, high, either, day_first, month_first


def _real(cell: Cell) -> dt.date | None:
    """Return the date of a cell that a program took for one; None for what a person typed."""
    if cell.kind == "date" and isinstance(cell.value, dt.date):
        return cell.value
    iso = read_date(cell)[0] if is_year_first(cell) else None
    return dt.date.fromisoformat(iso) if iso else None


def _is_day_first(cell: Cell) -> bool:
    numbers = numbers_of(cell)
    return numbers is not None and numbers[0] > 12


def _turned(date: dt.date) -> dt.date:
    """Return a date with its day and month the other way round, where that is one."""
    return date.replace(month=date.day, day=date.month) if date.day <= 12 else date
