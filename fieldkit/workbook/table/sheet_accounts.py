"""Accounting for every filled cell of a workbook, and naming by its cells what nothing claimed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fieldkit.workbook.problems import Code, Problem
from fieldkit.workbook.table.account import Fate, SheetAccount, sheet_account, spans
from fieldkit.workbook.table.blocks import Block
from fieldkit.workbook.table.columns import IGNORE, Column
from fieldkit.workbook.table.headings import is_case_row
from fieldkit.workbook.table.table import SheetChoice, Table
from fieldkit.workbook.table.table_rows import FIELD_NAME, OTHER_HEADINGS
from fieldkit.workbook.values.cells import Sheet, address
from storage.ops.text import many

ABOVE = "it stands above the headings"
SKIPPED = "a person skipped it"
_BESIDE = "beside the table, under no heading"
_ABOVE, _UNREAD = "like cases, above the headings", "like cases, but not of this table"
_SECOND = "of a second table that stands beside the first"
_UNKNOWN = "for no known reason"
_CODES = {
    _ABOVE: Code.ROWS_ABOVE,
    _UNREAD: Code.ROWS_UNREAD,
    _UNKNOWN: Code.LINES_UNREAD,
    _BESIDE: Code.CELLS_BESIDE,
    _SECOND: Code.TABLE_BESIDE,
}
"""Why something was named, and the problem that names it."""
_NUMBERED: tuple[Fate, str] = ("left out", "in a column of running numbers")
_NAMED_SECOND: tuple[Fate, str] = ("named", _SECOND)
_Place = tuple[int, int]


@dataclass(slots=True)
class _Fates:
    """Holds what the rows of a sheet came to, and cells where that differs from their row."""

    rows: dict[int, tuple[Fate, str]] = field(default_factory=dict)
    cells: dict[int, dict[int, tuple[Fate, str]]] = field(default_factory=dict)


def accounts_of(
    sheets: Sequence[Sheet],
    kind: str,
    table: Table,
    choices: Sequence[SheetChoice],
    skipped: Collection[int] = (),
) -> tuple[tuple[SheetAccount, ...], list[Problem]]:
    """Return the account of every sheet, and the problems that name what was not claimed.

    `table` is the table that was read, `choices` what was thought of each sheet, `skipped` the
    rows that a person left out.
    """
    accounts: list[SheetAccount] = []
    problems: list[Problem] = []
    by_name = {choice.name: choice for choice in choices}
    for sheet in sheets:
        filled = {row: tuple(sheet.filled(row)) for row in sheet.rows()}
        if sheet is table.sheet:
            fates = _claims(kind, table, filled, skipped)
            problems += _problems(sheet.name, fates)
        else:
            choice = by_name[sheet.name]
            fate: Fate = "named" if choice.rival else "left out"
            fates = _Fates({row: (fate, choice.reason.rstrip(".")) for row in filled})
        accounts.append(sheet_account(sheet.name, filled, fates.rows, fates.cells))
    return tuple(accounts), problems


def _claims(
    kind: str, table: Table, filled: Mapping[int, Sequence[int]], skipped: Collection[int]
) -> _Fates:
    """Return what became of the rows and cells of the sheet that holds the table."""
    sheet, fates = table.sheet, _Fates()
    left_out = {line.row: line.reason for line in table.left_out}
    asked = {line.row for line in table.left_out if line.asked}
    cases = set(table.cases)
    heads = {row for block in table.blocks for row in range(max(block.first, 1), block.last + 1)}
    rest = _Rest(table)
    for row, columns in filled.items():
        if row in heads:
            fates.rows[row] = ("heading", "")
        elif row in skipped:
            fates.rows[row] = ("left out", SKIPPED)
        elif row in cases:
            fates.rows[row] = ("read", "")
            if others := rest.of(row, columns):
                fates.cells[row] = others
        elif row in asked or (
            row in left_out and not _may_be_case(kind, sheet, row, left_out[row])
        ):
            fates.rows[row] = ("left out", left_out[row])
        elif row in left_out or is_case_row(kind, sheet, row):
            fates.rows[row] = ("named", _ABOVE if row < table.first else _UNREAD)
        elif row < table.first:
            fates.rows[row] = ("left out", ABOVE)
        else:
            fates.rows[row] = ("named", _UNKNOWN)
        if table.beside:
            second = [column for column in columns if column in table.beside]
            named = dict.fromkeys(second, _NAMED_SECOND)
            fates.cells[row] = fates.cells.get(row, {}) | named
            if len(second) == len(columns):
                fates.rows[row] = _NAMED_SECOND
    return fates


def _may_be_case(kind: str, sheet: Sheet, row: int, reason: str) -> bool:
    """Say whether a line that was left out looks like a case all the same."""
    return reason.startswith((OTHER_HEADINGS, FIELD_NAME)) or is_case_row(kind, sheet, row)


class _Rest:
    """Says which cells of a row of a case were not read into it, and why.

    Most rows have the same columns filled, and share one answer.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._numbers = _running_numbers(table)
        self._known: dict[tuple[int, Sequence[int]], dict[int, tuple[Fate, str]]] = {}

    def of(self, row: int, columns: Sequence[int]) -> dict[int, tuple[Fate, str]]:
        """Return the columns of such cells among those filled, and what they came to."""
        block = self._table.block(row)
        key = (block.last, columns)
        if key not in self._known:
            self._known[key] = dict(self._cells(block, columns))
        return self._known[key]

    def _cells(
        self, block: Block, columns: Sequence[int]
    ) -> Iterator[tuple[int, tuple[Fate, str]]]:
        by_number = {column.number: column for column in block.columns}
        ignored = [column.column for column in block.columns if column.field == IGNORE]
        not_taken = f"in columns that are not taken, {', '.join(ignored)}"
        for number in columns:
            column = by_number.get(number)
            if column is None or (not column.heading and _is_beside(self._table, column)):
                yield number, _NUMBERED if number in self._numbers else ("named", _BESIDE)
            elif column.field == IGNORE:
                yield number, ("left out", not_taken)


def _is_beside(table: Table, column: Column) -> bool:
    """Say whether a column without a heading stands beside a table that has headings."""
    return column.field == IGNORE and table.last > 0 and not column.chosen


def _running_numbers(table: Table) -> frozenset[int]:
    """Return the columns without a heading in which the rows are numbered."""
    found = set()
    for column in table.columns:
        if column.heading or column.field != IGNORE:
            continue
        texts = [table.sheet.at(row, column.number).text().strip(" .") for row in table.cases]
        whole = [int(text) for text in texts if text.isdecimal() and len(text) < 7]
        if len(whole) == len([text for text in texts if text]) and whole == sorted(set(whole)):
            found.add(column.number)
    return frozenset(found)


def _problems(sheet: str, fates: _Fates) -> Iterator[Problem]:
    """Yield a problem for each kind of thing that was named, with its rows or cells."""
    by_code: dict[str, list[int]] = {}
    for row, (fate, why) in fates.rows.items():
        if fate == "named":
            by_code.setdefault(why, []).append(row)
    by_code.pop(_SECOND, None)  # its cells are named
    for why, rows in by_code.items():
        which = spans(rows)
        yield _CODES[why].at(sheet, "", which, count=many(len(rows), "row"), which=which)
    places: dict[str, list[_Place]] = {}
    for row, cells in fates.cells.items():
        for column, (fate, why) in cells.items():
            if fate == "named":
                places.setdefault(why, []).append((row, column))
    for why, named in places.items():
        which = areas(named)
        yield _CODES[why].at(
            sheet, address(*named[0]), "", count=many(len(named), "filled cell"), which=which
        )


def areas(places: Sequence[_Place]) -> str:
    """Return cells in words, each block of them together: “G2 to H9, K4”."""
    by_column: dict[int, list[int]] = {}
    for row, column in places:
        by_column.setdefault(column, []).append(row)
    groups: list[tuple[int, int, list[int]]] = []
    for column in sorted(by_column):
        rows = sorted(by_column[column])
        if groups and groups[-1][1] == column - 1 and groups[-1][2] == rows:
            groups[-1] = (groups[-1][0], column, rows)
        else:
            groups.append((column, column, rows))
    words = []
    for left, right, rows in groups:
        for span in spans(rows).split(", "):
            top, _, bottom = span.partition(" to ")
            begin, end = address(int(top), left), address(int(bottom or top), right)
            words.append(begin if begin == end else f"{begin} to {end}")
    return ", ".join(words)
