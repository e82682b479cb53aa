"""Cells of a .csv file, with any usual separator, and what is odd about single ones."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.workbook.errors import WorkbookTooLarge
from fieldkit.workbook.load.separated.decode import decode, has_wrong, repaired
from fieldkit.workbook.load.separated.records import Record, find_separator, read_records
from fieldkit.workbook.load.separated.width import Widths, filled_width
from fieldkit.workbook.problems import Code, Problem
from fieldkit.workbook.values.cells import ERRORS, Cell, Sheet, address, without_escapes
from fieldkit.workbook.values.words import limit
from storage.ops.text import many

NAME = "csv"
"""The name of the one sheet."""


def load_csv(data: bytes, name: str) -> tuple[Sheet, str, list[Problem]]:
    """Return the one sheet of a .csv file, its encoding, and what is odd about cells.

    Row numbers are those a spreadsheet program would show. Raises `WorkbookTooLarge`,
    `WorkbookKindUnknown`.
    """
    text, encoding = decode(data, name)
    mark, offset = "", 0
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        mark, text, offset = first.strip()[4], rest, 1
    mark = mark or find_separator(text)
    records: list[Record] = []
    filled, cells = 0, limit("sheet", "cells")
    for record in read_records(text, mark):
        records.append(record)
        filled += len(record.fields) - record.fields.count("")
        if filled > cells or len(records) > _most_lines():
            raise _too_large(name)
    reader = _Reader(name, mark, offset, encoding, is_odd=has_wrong(text) or _has_escapes(text))
    reader.read(records)
    return reader.sheet, encoding, reader.problems


class _Reader:
    def __init__(
        self, name: str, separator: str, offset: int, encoding: str, *, is_odd: bool
    ) -> None:
        self._name, self._separator, self._offset = name, separator, offset
        self._encoding, self._is_odd = encoding, is_odd
        self.sheet = Sheet(NAME)
        self.problems: list[Problem] = []

    def read(self, records: Sequence[Record]) -> None:
        """Fill the sheet."""
        widths = Widths([record.fields for record in records])
        rows, columns = limit("sheet", "rows"), limit("sheet", "columns")
        cells: dict[str, Cell] = {}
        for number, record in enumerate(records, 1 + self._offset):
            width = filled_width(record.fields)
            if not width:
                continue
            if number > rows or width > columns:
                raise _too_large(self._name)
            for code, places in ((Code.QUOTE_STRAY, record.stray), (Code.QUOTE_ODD, record.odd)):
                self.problems += [code.at(NAME, address(number, at + 1)) for at in places]
            fields: Sequence[str] = record.fields
            if 1 < widths.width < width:
                fields = self._fitted(widths, fields, number, width)
            row = self.sheet.cells[number] = {}
            for column, value in enumerate(fields, 1):
                if value == "":
                    continue
                text = self._text(value, number, column) if self._is_odd else value
                cell = cells.get(text)
                if cell is None:
                    cell = cells[text] = _cell(text)
                row[column] = cell
        most = limit("say", "formulas")
        wrong = [one for one in self.problems if one.code is Code.WRONG_BYTES]
        if len(wrong) > most:
            self.problems = [one for one in self.problems if one not in wrong[most:]]
            count = many(len(wrong) - most, "further cell")
            self.problems.append(Code.WRONG_BYTES_MORE.at(NAME, count=count))

    def _fitted(
        self, widths: Widths, fields: Sequence[str], number: int, width: int
    ) -> Sequence[str]:
        """Return the cells of a record that has too many, and say so."""
        count, usual = many(width, "cell"), str(widths.width)
        joined = widths.joined(fields, self._separator)
        if joined is not None:
            at = address(number, joined.place + 1)
            self.problems.append(Code.CELLS_JOINED.at(NAME, at, count=count, usual=usual))
            return joined.fields
        at = address(number, widths.width + 1)
        self.problems.append(Code.CELLS_TOO_MANY.at(NAME, at, count=count, usual=usual))
        return fields

    def _text(self, text: str, row: int, column: int) -> str:
        text, wrong = repaired(without_escapes(text).replace("\x0b", "\n"))
        if wrong:
            at = address(row, column)
            count = many(wrong, "sign")
            self.problems.append(
                Code.WRONG_BYTES.at(NAME, at, count=count, encoding=self._encoding)
            )
        return text


def _cell(text: str) -> Cell:
    """Return the cell of a text: of an error where a spreadsheet wrote out one."""
    return Cell(text, "error" if text[:1] == "#" and text.strip() in ERRORS else "text")


def _has_escapes(text: str) -> bool:
    return any(sign in text for sign in ("\x0b", "_x00", "_X00", "&#", "&nbsp"))


def _most_lines() -> int:
    return limit("sheet", "rows") * 50


def _too_large(name: str) -> WorkbookTooLarge:
    rows, columns, cells = (limit("sheet", what) for what in ("rows", "columns", "cells"))
    return WorkbookTooLarge(
        f"{name} has more than fieldkit reads ({rows:,} rows, {columns:,} columns, "
        f"{cells:,} cells). Nothing was changed; ask for the self-assessment alone."
    )
