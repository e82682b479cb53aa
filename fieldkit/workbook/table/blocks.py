"""The tables of one sheet: one under another with headings of their own, or side by side."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fieldkit.workbook.table.columns import Column
from fieldkit.workbook.table.headings import is_case_row
from fieldkit.workbook.table.meaning import (
    NAMED,
    heading_scores,
    looks_like_ref,
    says_nothing,
    tick_word,
)
from fieldkit.workbook.table.table_rows import Body, LeftOut
from fieldkit.workbook.values.cells import BLANK, Cell, Sheet
from fieldkit.workbook.values.grades import looks_like_grade
from fieldkit.workbook.values.words import plain

KEYS = {"self_assessment": ("ref",), "case_list": ("case", "force_ref")}
"""Fields one of which the headings of any table of cases have."""
MANDATORY = {"self_assessment": ("ref", "grade"), "case_list": ("case",)}
_WORD = re.compile(r"[^\W\d_]{4,}")
"""A word, as no reference has one."""
_MIN_UNKNOWN = 3
"""Texts side by side from which a row may hold headings in unknown words."""
_VALUE = re.compile(r"\d|[.!?]\s*$")
_DATE = re.compile(r"\s*(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d\d-\d\d)(?:\s|$)")
"""A date in numbers, as a text."""
_MAX_HEADING = 60
"""Characters of a text from which it is no heading of a further table."""


@dataclass(frozen=True, slots=True)
class Block:
    """Holds the rows under one row of headings, from row `first` to `last` (both 0 for none)."""

    first: int
    last: int
    columns: tuple[Column, ...]
    cases: tuple[int, ...]
    left_out: tuple[LeftOut, ...]

    def missing(self, kind: str) -> tuple[str, ...]:
        """Return fields that an import cannot do without and that no column was taken for."""
        there = {column.field for column in self.columns}
        return tuple(field for field in MANDATORY[kind] if field not in there)

    def field(self, number: int) -> str:
        """Return what a column is taken for; empty where it is none of the block."""
        return next((column.field for column in self.columns if column.number == number), "")


class TableBody:
    """The lines of all blocks of a table; each line is read by the headings above it."""

    def __init__(self, sheet: Sheet, kind: str, blocks: Sequence[Block]) -> None:
        self._bodies = [(block.last, Body(sheet, kind, block.columns)) for block in blocks]
        self._fields = frozenset().union(*(body.by_field for _, body in self._bodies))

    def of(self, row: int) -> Body:
        """Return the block that a row lies in, the first for what stands above."""
        if len(self._bodies) == 1:
            return self._bodies[0][1]
        return next(
            (body for last, body in reversed(self._bodies) if row > last), self._bodies[0][1]
        )

    def has(self, field: str) -> bool:
        """Say whether any block has a column for a field."""
        return field in self._fields

    def number(self, row: int, field: str) -> int | None:
        """Return the column of a field in a row; None where it has none."""
        return self.of(row).by_field.get(field)

    def at(self, row: int, column: int) -> Cell:
        """Return the cell, or the first cell of the merged area it lies in."""
        return self.of(row).at(row, column)

    def field(self, row: int, field: str) -> Cell:
        """Return the cell of a field in a row; blank when the field has no column."""
        return self.of(row).field(row, field) if field in self._fields else BLANK

    def fields(self, row: int) -> dict[str, Cell]:
        """Return the cells of all fields that have a column in a row."""
        return self.of(row).fields(row)


def heading_rows(
    kind: str, sheet: Sheet, beside: Collection[int] = ()
) -> Iterator[tuple[int, Mapping[int, str]]]:
    """Yield the rows that hold the headings of a table of cases, and the texts.

    Such a row names the reference of a case and another field, or three fields, and holds no
    value. After a line that is empty or has one cell, a row of texts may hold headings in words
    that are not known, where a reference stands under it.
    """
    rows = sheet.rows()
    for place, row in enumerate(rows):
        filled = sheet.filled(row)
        cells = {c: cell for c, cell in filled.items() if c not in beside} if beside else filled
        if len(cells) < 2:
            continue
        if any(cell.kind != "text" or len(cell.text()) > _MAX_HEADING for cell in cells.values()):
            continue  # most rows, told without looking at their words
        if any(map(_is_date, filled.values())):
            continue
        texts = {column: " ".join(cell.text().split()) for column, cell in cells.items()}
        if _has_value_beside(kind, list(texts.values())):
            continue
        named = [_named(kind, text) for text in texts.values()]
        fields = {field for each in named for field in each}
        known = sum(map(bool, named)) + sum(map(bool, map(tick_word, texts.values())))
        if len(fields) >= (2 if fields & {*KEYS[kind]} else 3) and known * 2 >= len(named):
            if not is_case_row(kind, sheet, row):
                yield row, texts
        elif place and _may_be_headings(sheet, rows, place, texts):
            yield row, texts


def _may_be_headings(
    sheet: Sheet, rows: Sequence[int], place: int, texts: Mapping[int, str]
) -> bool:
    """Say whether a row of a sheet with a table may hold further headings, in unknown words."""
    before, row = rows[place - 1], rows[place]
    apart = before < row - 1 or len(sheet.filled(before)) == 1
    below = sheet.filled(rows[place + 1]).values() if place + 1 < len(rows) else ()
    return (
        apart
        and len(texts) >= _MIN_UNKNOWN
        and not any(_VALUE.search(text) or looks_like_grade(text) for text in texts.values())
        and any(looks_like_ref(cell.text()) for cell in below)
        and any(len(sheet.filled(one)) >= len(texts) for one in rows[:place])
    )


def _is_date(cell: Cell) -> bool:
    """Say whether a cell is a date, which no row of headings has."""
    return cell.kind == "date" or (cell.kind == "text" and _DATE.match(cell.text()) is not None)


def _has_value_beside(kind: str, texts: Sequence[str]) -> bool:
    """Say whether the name of the reference has a reference beside it, as on a form."""
    return any(
        _named(kind, text) & {*KEYS[kind]}
        and not _named(kind, value)
        and looks_like_ref(value)
        and _WORD.search(value) is None
        for text, value in pairwise(texts)
    )


def _named(kind: str, text: str) -> frozenset[str]:
    """Return the fields that a heading can mean and nothing else."""
    scores = heading_scores(kind, text)
    return frozenset(field for field, score in scores.items() if score >= NAMED)


def columns_beside(kind: str, headings: Mapping[int, str]) -> frozenset[int]:
    """Return the columns of a second table that stands to the right under the same row.

    Its reference is headed as that of the first, or stands behind an empty column, and both have
    a further field of the same name.
    """
    numbers = sorted(number for number, text in headings.items() if text)
    named = {number: _named(kind, headings[number]) for number in numbers}
    keys = [number for number in numbers if named[number] & {*KEYS[kind]}]
    for first, second in pairwise(keys):
        same = plain(headings[first]) == plain(headings[second])
        apart = says_nothing(headings.get(second - 1, "")) and second - 1 not in numbers
        left = {f for n in numbers if n < second for f in named[n]} - {*KEYS[kind]}
        right = {f for n in numbers if n > second for f in named[n]} - {*KEYS[kind]}
        if (same or apart) and left & right:
            return frozenset(range(second, numbers[-1] + 1))
    return frozenset()
