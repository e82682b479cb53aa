"""A cell as the file stores it, and the sheet of such cells."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from fieldkit.workbook.values.number_format import shown_number
from fieldkit.workbook.values.struck import Run, mark, split_runs

Value = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None
Kind = Literal[
    "blank", "text", "number", "boolean", "date", "time", "duration", "error", "not calculated"
]
State = Literal["visible", "hidden", "very hidden"]

ERRORS = frozenset(
    "#N/A #NAME? #REF! #VALUE! #DIV/0! #NUM! #NULL! #GETTING_DATA #SPILL! #CALC! #FIELD!".split()
)
_LIBRE_ERROR = re.compile(r"Err:5\d\d")
_NOTHING_SEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*")
_ESCAPED = re.compile(
    r"_x(?P<code>00(?:[01][0-9a-f]|7f|a0))_|&#(?P<number>1[03]|9|160|x0*(?:9|a|d|a0));|&nbsp;",
    re.IGNORECASE,
)
"""Line ends, tabs and blanks that a program wrote out as it writes them between programs."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Holds one cell; ``formula`` is its text (never run), ``number_format`` as the file has it.

    ``struck`` is the whole text with the words marked that are struck out; empty where none are.
    ``value`` is then without them, but for a cell that is struck out from end to end.
    """

    value: Value
    kind: Kind
    formula: str | None = None
    number_format: str = ""
    struck: str = ""

    def text(self) -> str:
        """Return the cell as a person reads it; dates are ISO, whole numbers have no point."""
        if self.kind == "text" or self.kind == "error":
            return str(self.value)
        if self.value is None:
            return ""
        if isinstance(self.value, bool):
            return "TRUE" if self.value else "FALSE"
        if isinstance(self.value, int | float):
            return _number_text(self.value, self.number_format)
        if isinstance(self.value, dt.datetime):
            midnight = self.value.time() == dt.time()
            return self.value.date().isoformat() if midnight else self.value.isoformat(" ")
        if isinstance(self.value, dt.date | dt.time):
            return self.value.isoformat()
        return str(self.value)

    def stored(self) -> str:
        """Return the cell as the file stores it: the formula where there is one, else the value."""
        if self.formula is not None:
            return self.formula
        if isinstance(self.value, float):
            return repr(self.value)
        return self.value if isinstance(self.value, str) else self.text()

    @property
    def withdrawn(self) -> bool:
        """Whether all of the cell is struck out."""
        return self.struck != "" and self.struck == mark(self.text())

    @property
    def blank(self) -> bool:
        """Nothing to read: no value, or only spaces and characters without a width.

        An uncalculated formula is not blank.
        """
        if self.kind != "text":
            return self.kind == "blank"
        text = str(self.value)
        return not text[:1].isalnum() and _NOTHING_SEEN.fullmatch(text) is not None


BLANK = Cell(None, "blank")
_NO_CELLS: Mapping[int, Cell] = {}


def _number_text(number: int | float, number_format: str) -> str:
    if isinstance(number, float):
        if number != number or number in (float("inf"), float("-inf")):
            return str(number)
        if not number.is_integer():
            return repr(number)
        number = int(number)
    return shown_number(number, number_format)


def without_escapes(text: str) -> str:
    """Return a text with line ends, tabs and blanks for what a program wrote out as ``_x000D_``."""
    if "_x00" not in text and "_X00" not in text and "&#" not in text and "&nbsp" not in text:
        return text
    return _ESCAPED.sub(_meant, text)


def _meant(match: re.Match[str]) -> str:
    number = match["number"]
    if match["code"]:
        code = int(match["code"], 16)
    elif number:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
    else:
        code = 0xA0
    return {0x0A: "\n", 0x0D: "\n", 0x09: "\t", 0xA0: " "}.get(code, "")


def struck_cell(cell: Cell) -> Cell:
    """Return a cell that is struck out from end to end."""
    return cell if cell.blank else replace(cell, struck=mark(cell.text()))


def text_cell(runs: Iterable[Run], formula: str | None = None) -> Cell:
    """Return the cell of a text in runs, some of them struck out."""
    live, marked = split_runs((without_escapes(text), is_struck) for text, is_struck in runs)
    # Blanks beside words that are struck out are no part of those that stand.
    cell = make_cell(live if marked in (live, mark(live)) else live.strip(), formula, "@")
    return cell if marked == live or cell.blank else replace(cell, struck=marked)


def make_cell(value: Value, formula: str | None = None, number_format: str = "") -> Cell:
    """Return a cell from a library's value; error words become the kind ``error``."""
    kind: Kind
    if value is None or value == "":
        return BLANK if formula is None else Cell(None, "blank", formula, number_format)
    if isinstance(value, bool):
        kind = "boolean"
    elif isinstance(value, int | float):
        kind = "number"
    elif isinstance(value, dt.date):
        kind = "date"
    elif isinstance(value, dt.time):
        kind = "time"
    elif isinstance(value, dt.timedelta):
        kind = "duration"
    else:
        value = without_escapes(str(value))
        is_error = value in ERRORS or _LIBRE_ERROR.fullmatch(value) is not None
        kind = "error" if is_error else "text"
    return Cell(value, kind, formula, number_format)


@lru_cache(maxsize=32768)
def letters(column: int) -> str:
    """Name a column: 1 is ``A``, 27 is ``AA``."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@lru_cache(maxsize=32768)
def column_number(name: str) -> int | None:
    """Return a column's number: ``A`` is 1; None when `name` is not one to three letters."""
    if not re.fullmatch(r"[A-Za-z]{1,3}", name):
        return None
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number


def address(row: int, column: int) -> str:
    """Return the address of a cell, as ``E9``; rows and columns count from 1."""
    return f"{letters(column)}{row}"


@dataclass(slots=True)
class Sheet:
    """Holds the used cells of one sheet, by row and column counted from 1.

    ``too_large`` completes "the sheet was not read: …"; ``stray`` are the places of the few filled
    cells beyond the limits, which were not read; ``struck`` the places of cells with words that
    are struck out, ``struck_by_rule`` areas in which a rule strikes cells out; ``comments`` the
    words that stand beside a cell.
    """

    name: str
    state: State = "visible"
    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    too_large: str | None = None
    stray: tuple[tuple[int, int], ...] = ()
    struck: tuple[tuple[int, int], ...] = ()
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)
    struck_by_rule: tuple[str, ...] = ()
    _filled: dict[int, dict[int, Cell]] | None = field(
        default=None, init=False, repr=False, compare=False
    )
    """What stands in each row, kept when it is first asked for: cells do not change after that."""
    _rows: list[int] = field(default_factory=list, init=False, repr=False, compare=False)

    def at(self, row: int, column: int) -> Cell:
        """Return the cell, or a blank one."""
        return self.cells.get(row, _NO_CELLS).get(column, BLANK)

    def rows(self) -> Sequence[int]:
        """Return numbers of the rows with at least one cell that is not blank, in order."""
        self._look()
        return self._rows

    def rows_between(self, after: int, until: int | None = None) -> Sequence[int]:
        """Return the same, below row `after` and above row `until`."""
        rows = self.rows()
        end = len(rows) if until is None else bisect_left(rows, until)
        return rows[bisect_right(rows, after) : end]

    def filled(self, row: int) -> Mapping[int, Cell]:
        """Return the cells of a row that are not blank, by column, in order."""
        return self._look().get(row, _NO_CELLS)

    def _look(self) -> dict[int, dict[int, Cell]]:
        """Return what stands in each row that is not blank; each cell is looked at once."""
        if self._filled is None:
            filled: dict[int, dict[int, Cell]] = {}
            for number in sorted(self.cells):
                row = self.cells[number]
                blank = {column for column, cell in row.items() if cell.blank}
                columns = sorted(row)
                if blank or columns != list(row):
                    row = {column: row[column] for column in columns if column not in blank}
                if row:
                    filled[number] = row
            self._filled, self._rows = filled, list(filled)
        return self._filled

    def last_column(self) -> int:
        """Return the number of the last column with a value; 0 for an empty sheet."""
        return max((max(row) for row in self.cells.values() if row), default=0)

    def __iter__(self) -> Iterator[tuple[int, int, Cell]]:
        for row in sorted(self.cells):
            for column, cell in sorted(self.cells[row].items()):
                yield row, column, cell
