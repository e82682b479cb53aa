"""The cells of one worksheet of an .xlsx, in one streaming pass over its XML that counts and stops.

The pass is our own, because openpyxl's streaming reader sees neither hidden rows and columns,
merged cells, a formula beside its value nor words that are struck out, refuses a workbook for
styles and properties that nobody needs here, and knows no strict Open XML; its full reader would
expand a merged range of a million cells one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601

from fieldkit.workbook.load.survey import Survey
from fieldkit.workbook.load.walk_xml import walk_xml
from fieldkit.workbook.load.xlsx_styles import GENERAL, Style
from fieldkit.workbook.load.xlsx_texts import Text, TextRuns, decoded
from fieldkit.workbook.values.cells import (
    Cell,
    Value,
    column_number,
    make_cell,
    struck_cell,
    text_cell,
)
from fieldkit.workbook.values.words import limit

_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_NO_DATE = "#VALUE!"
"""What a spreadsheet program shows for a number that is no day."""


class BeyondLimits(Exception):
    """The sheet has more than fieldkit reads; the message completes "it has …"."""


@dataclass(slots=True)
class XlsxSurvey(Survey):
    """Holds what the XML of one sheet says.

    ``stray`` are the few filled cells far beyond all that is read: a note by the way.
    """

    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    stray: set[tuple[int, int]] = field(default_factory=set)
    struck: list[tuple[int, int]] = field(default_factory=list)
    struck_by_rule: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Book:
    """Holds what the cells of all sheets refer to."""

    strings: Sequence[Text]
    styles: Sequence[Style]
    base_1904: bool
    striking: Collection[str] = ()
    """Formats of rules that strike cells out."""


class _Handler:
    def __init__(self, book: Book) -> None:
        self.survey = XlsxSurvey()
        self.elements = 0
        self._book = book
        self._epoch = MAC_EPOCH if book.base_1904 else WINDOWS_EPOCH
        self._row = 0
        self._column = 0
        self._type = ""
        self._style = GENERAL
        self._value: list[str] | None = None
        self._has_value = False
        self._is_stray = False
        self._in_value = False
        self._formula: str | None = None
        self._text: list[str] | None = None
        self._ruled = ""
        self._runs: TextRuns | None = None
        self._has_runs = False
        self._max_rows = limit("sheet", "rows")
        self._max_columns = limit("sheet", "columns")
        self._max_cells = limit("sheet", "cells")
        self._max_elements = limit("sheet", "elements")
        self._max_stray = limit("sheet", "stray")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take in an opening tag."""
        name = tag.rpartition(":")[2]
        if name == "c":
            self._cell(attributes)
        elif name == "v":
            # An empty result of text is a result; elsewhere an empty value is none at all.
            self._in_value = True
            self._value = []
            if self._type == "str":
                self._count()
        elif self._runs is not None and self._has_runs:
            self._runs.start(name, attributes)
        elif name == "is":
            self._runs, self._has_runs = TextRuns(), True
            self._count()
        elif name == "f":
            self._text = []
        elif name == "row":
            self._row = _bounded(attributes.get("r"), self._row + 1, _MOST_ROWS)
            self._column = 0
            if attributes.get("hidden") in ("1", "true"):
                self.survey.hidden_rows.add(self._row)
        elif name == "col":
            if attributes.get("hidden") in ("1", "true"):
                first = _bounded(attributes.get("min"), 1, _MOST_COLUMNS)
                last = _bounded(attributes.get("max"), first, _MOST_COLUMNS)
                self.survey.hidden_columns.update(range(first, last + 1))
        elif name == "conditionalFormatting":
            self._ruled = attributes.get("sqref", "")
        elif name == "cfRule":
            if attributes.get("dxfId") in self._book.striking:
                self.survey.struck_by_rule.append(", ".join(self._ruled.split()))
        elif name == "mergeCell":
            area = parse_range(attributes.get("ref", ""))
            if area is not None and len(self.survey.merged) < self._max_cells:
                self.survey.merged.append(area)

    def end(self, tag: str) -> None:
        """Take in a closing tag."""
        name = tag.rpartition(":")[2]
        if name == "v":
            self._in_value = False
        elif name == "c":
            self._end_cell()
        elif name == "is":
            self._has_runs = False
        elif self._has_runs and self._runs is not None:
            self._runs.end(name)
        elif self._text is not None and name == "f":
            if not self._beyond():
                self._formula = "".join(self._text)
            self._text = None

    def text(self, data: str) -> None:
        """Take in characters of a value, a text or a formula."""
        if self._in_value:
            if self._type != "str" and not self._value:
                self._count()
            if self._value is not None:
                self._value.append(data)
        elif self._has_runs and self._runs is not None:
            self._runs.text(data)
        elif self._text is not None:
            self._text.append(data)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.elements += 1
        self._type = attributes.get("t", "n")
        if self.elements > self._max_elements:
            raise BeyondLimits(f"more than {self._max_elements:,} cells")
        style = attributes.get("s", "0")
        at = int(style) if style.isdecimal() and len(style) < 7 else 0
        self._style = self._book.styles[at] if at < len(self._book.styles) else GENERAL
        self._value, self._formula, self._runs = None, None, None
        self._has_value = self._is_stray = False
        reference = attributes.get("r")
        if not reference:
            self._column += 1
            return
        cut = len(reference.rstrip("0123456789"))
        column = column_number(reference[:cut])
        row = int(reference[cut:]) if reference[cut:].isascii() and reference[cut:] else 0
        if column is None or column > _MOST_COLUMNS or not 0 < row <= _MOST_ROWS:
            raise ValueError("a cell at an impossible address")
        self._row, self._column = row, column

    def _end_cell(self) -> None:
        if self._is_stray or (not self._has_value and self._formula is None):
            return
        formula = self._formula
        if formula is not None:
            formula = f"={formula}" if formula else "=(shared formula)"
        if not self._has_value:
            if self._row > self._max_rows:
                return
            cell = Cell(None, "not calculated", formula)
        else:
            cell = self._read(formula)
            if cell.value is None and formula is None:
                return
        if self._style.struck and not cell.struck:
            cell = struck_cell(cell)
        if cell.struck:
            self.survey.struck.append((self._row, self._column))
        cells = self.survey.cells.setdefault(self._row, {})
        if cells.get(self._column, cell) != cell:
            raise ValueError("a cell that stands twice, with different values")
        cells[self._column] = cell

    def _read(self, formula: str | None) -> Cell:
        """Return the cell of a value; raises `ValueError` where it is not what it says."""
        if self._type == "inlineStr":
            return _of_text(self._runs.result() if self._runs is not None else "", formula)
        raw = "".join(self._value or ())
        raw = raw if self._type == "str" else raw.strip()
        if not raw:
            return make_cell("", formula)
        if self._type == "s":
            at = int(raw)
            if not 0 <= at < len(self._book.strings):
                raise ValueError("a text that is not there")
            return _of_text(self._book.strings[at], formula)
        if self._type == "str":
            return _of_text(decoded(raw)[: limit("sheet", "text_characters")], formula)
        if self._type == "b":
            return make_cell(raw.strip().casefold() in ("1", "true"), formula)
        if self._type == "e":
            return make_cell(raw, formula)
        return make_cell(self._number_or_date(raw), formula, self._style.number_format)

    def _number_or_date(self, raw: str) -> Value:
        value: Value
        if self._type == "d":
            value = from_ISO8601(raw)
            return value
        number = float(raw) if "." in raw or "e" in raw.casefold() else int(raw)
        if not self._style.is_date:
            return number
        try:
            value = from_excel(number, self._epoch, timedelta=self._style.is_duration)
        except (OverflowError, ValueError):
            value = _NO_DATE
        return value

    def _count(self) -> None:
        survey = self.survey
        self._has_value = True
        if self._beyond():
            return
        survey.valued += 1
        survey.last_row = max(survey.last_row, self._row)
        survey.last_column = max(survey.last_column, self._column)
        if survey.valued > self._max_cells:
            raise BeyondLimits(f"more than {self._max_cells:,} filled cells")

    def _beyond(self) -> bool:
        """Say whether this cell is beyond the limits; too many such cells are the sheet itself."""
        if self._row <= self._max_rows and self._column <= self._max_columns:
            return False
        self._is_stray = True
        self.survey.stray.add((self._row, self._column))
        if len(self.survey.stray) > self._max_stray:
            if self._row > self._max_rows:
                raise BeyondLimits(f"rows beyond {self._max_rows:,}")
            raise BeyondLimits(f"columns beyond {self._max_columns:,}")
        return True


def _of_text(text: Text, formula: str | None) -> Cell:
    return make_cell(text, formula, "@") if isinstance(text, str) else text_cell(text, formula)


def _bounded(text: str | None, otherwise: int, most: int) -> int:
    number = int(text) if text is not None else otherwise
    if not 0 < number <= most:
        raise ValueError("a row or column that no spreadsheet has")
    return number


def parse_range(text: str) -> tuple[int, int, int, int] | None:
    """``A2:G2`` as (first row, first column, last row, last column); None when it is no range."""
    ends: list[tuple[int, int]] = []
    for end in text.replace("$", "").split(":"):
        cut = len(end.rstrip("0123456789"))
        column = column_number(end[:cut])
        if column is None or not end[cut:].isdecimal() or len(end) - cut > 7:
            return None
        ends.append((int(end[cut:]), column))
    if len(ends) != 2:
        return None
    (r1, c1), (r2, c2) = ends
    return min(r1, r2), min(c1, c2), max(r1, r2), max(c1, c2)


def read_sheet(data: bytes, book: Book) -> XlsxSurvey:
    """Read the XML of one worksheet; a cell stands where it says, whatever the order of rows.

    Raises `BeyondLimits`, `expat.ExpatError` for XML that is not well formed, and `ValueError`
    for addresses that no spreadsheet has and values that are not what they say.
    """
    handler = _Handler(book)
    walk_xml(data, handler.start, handler.end, handler.text)
    handler.survey.cells = {
        row: dict(sorted(cells.items())) for row, cells in sorted(handler.survey.cells.items())
    }
    return handler.survey
