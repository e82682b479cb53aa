"""What one file says: the rows a force graded, cell by cell, and what was found on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from fieldkit.workbook.problems import Problem
from fieldkit.workbook.table.account import SheetAccount
from fieldkit.workbook.table.columns import IGNORE, Column
from fieldkit.workbook.table.table import SheetChoice
from fieldkit.workbook.table.table_rows import LeftOut
from fieldkit.workbook.values.grades import GradeWord
from storage.ops.text import clean_text, many

FIELDS = ("ref", "type", "date", "grade", "rationale", IGNORE)


@dataclass(frozen=True, slots=True)
class CellReading:
    """One cell three ways: as stored in the file, as a person reads it, as fieldkit takes it."""

    cell: str
    field: str
    stored: str
    read: str
    matched: str | None


@dataclass(frozen=True, slots=True)
class ForceRowReading:
    """One row the force graded. ``row`` is its number in the sheet; ``ref`` as read, not canonical.

    ``type`` is the first case type named and ``types`` all; ``date`` ISO; ``grade`` on the scale or
    None; ``written_…`` as the force wrote it; ``hidden`` when the row is hidden in the workbook.
    """

    row: int
    ref: str
    type: str | None
    types: tuple[str, ...]
    date: str | None
    grade: str | None
    written_grade: str
    written_type: str
    written_date: str
    rationale: str
    hidden: bool
    cells: tuple[CellReading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Holds what one file says, whatever it lists.

    ``header_row`` counts from 1 and is the last line of the headings, 0 when there are none, and
    ``header_rows`` their first and last. ``grades`` are the words of the column of grades.
    ``missing`` names the fields an import cannot do without; ``accounts`` say of every sheet what
    became of each filled row and cell.
    """

    file_name: str
    sha256: str
    kind: str
    sheet: str
    header_row: int
    header_rows: tuple[int, int]
    sheets: tuple[SheetChoice, ...]
    columns: tuple[Column, ...]
    grades: tuple[GradeWord, ...]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]
    missing: tuple[str, ...]
    accounts: tuple[SheetAccount, ...]
    cases_above: bool = False
    """Whether a row down to the headings of a force's workbook looks like a case, so that what the
    words below come to would tell of single rows."""

    @property
    def account(self) -> SheetAccount:
        """Return the account of the sheet that was read."""
        return next(account for account in self.accounts if account.sheet == self.sheet)

    def field_of(self, column: str, row: int) -> str:
        """Return what the cell of a column is taken for in a row, or that it is not."""
        fields = {one.column: one.field for one in self.columns}
        return fields.get(column, IGNORE)

    def account_lines(self) -> list[str]:
        """Return in words what became of all that is filled: the sums, and why what was left."""
        lines = [self.account.words(), *self.account.lines()]
        for account in self.accounts:
            if account is not self.account and account.filled_rows:
                lines.append(f"Sheet {account.sheet}: {many(account.filled_rows, 'filled row')}, "
                             "none read.")  # fmt: skip
        return lines

    def as_json(self, **own: object) -> dict[str, object]:
        """Return what is printed of any file, with what is its own."""
        return {
            "file": self.file_name,
            "sha256": self.sha256,
            "kind": self.kind,
            "sheet": self.sheet,
            "header_row": self.header_row,
            "sheets": [sheet.to_json() for sheet in self.sheets],
            "columns": [column.to_json() for column in self.columns],
            "grades": [grade.to_json() for grade in self.grades],
            **own,
            "left_out": [line.to_json() for line in self.left_out],
            "missing": self.missing,
            "accounts": [account.to_json() for account in self.accounts],
            "problems": [problem.to_json() for problem in self.problems],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookReading(Reading):
    """Holds what a force's workbook says.

    ``skipped`` are the rows a person left out, each with the reason among the problems.
    """

    rows: tuple[ForceRowReading, ...]
    skipped: tuple[ForceRowReading, ...] = ()

    def field_of(self, column: str, row: int) -> str:
        """Return what the cell of a column is taken for: tables below may have another order."""
        cells = (
            cell for one in (*self.rows, *self.skipped) if one.row == row for cell in one.cells
        )
        own = {cell.cell.rstrip("0123456789"): cell.field for cell in cells}
        return own.get(column) or super(WorkbookReading, self).field_of(column, row)

    def fingerprint(self) -> str:
        """Return the headings as one comparable text: past mappings are known by force and this."""
        return fingerprint_of(column.heading for column in self.columns)

    def to_json(self) -> dict[str, object]:
        """Return the shape of `self-assessment read --json`.

        ``rows`` is their number, as in the totals a force states; ``force_rows`` the rows.
        """
        return self.as_json(
            rows=len(self.rows),
            force_rows=[asdict(row) for row in self.rows],
            skipped=[row.row for row in self.skipped],
        )


def fingerprint_of(headings: Iterable[str]) -> str:
    """Return headings in order, lower case, so that next month's workbook of a force is recognised.

    What is kept of headings is in NFC without control characters.
    """
    return "|".join(" ".join(clean_text(one).casefold().split()) for one in headings)
