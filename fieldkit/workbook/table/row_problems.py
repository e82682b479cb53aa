"""The sentences said about cells, columns and lines of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fieldkit.wording.format import line
from fieldkit.workbook.problems import Code, Problem, Severity
from fieldkit.workbook.table.column_fit import FAR_APART
from fieldkit.workbook.table.columns import IGNORE, likely_grades
from fieldkit.workbook.table.headings import is_case_row
from fieldkit.workbook.table.meaning import BIRTH
from fieldkit.workbook.table.table import SheetChoice, Table
from fieldkit.workbook.table.table_rows import FIELD_NAME, OTHER_HEADINGS
from fieldkit.workbook.values.cells import Cell, address
from fieldkit.workbook.values.damaged import damage_of
from storage.ops.text import many

_FIELDS = {"ref": "reference", "case": "case reference", "force_ref": "force's reference"}
"""What a person calls a field whose name is no words."""

_EXACT_DIGITS = 15  # a spreadsheet keeps no more digits of a number


def cell_code(cell: Cell) -> Code | None:
    """Return what is wrong with a cell of any field; None when nothing is."""
    if cell.kind == "error":
        return Code.ERROR_VALUE
    return Code.NOT_SAVED if cell.kind == "not calculated" else None


def cell_problem(
    sheet: str, at: str, cell: Cell, code: Code, severity: Severity | None = None, **parts: str
) -> Problem:
    """Return a problem of a cell: that it has no value, or else the one given.

    `severity` is that of either; without one it is the problem's own.
    """
    code = cell_code(cell) or code
    return code.at(sheet, at, cell.stored(), severity=severity, text=line(cell.text()), **parts)


def damage_code(cell: Cell) -> Code | None:
    """Return what is said of a reference that a spreadsheet has spoilt; None of any other."""
    damage = damage_of(cell)
    if damage is None:
        return None
    return Code.REFERENCE_ROUNDED if damage == "rounded" else Code.REFERENCE_DATE


def ref_text(cell: Cell) -> str:
    """Return a reference as text; empty for a cell that cannot hold one, or holds a spoilt one."""
    if cell.kind in ("text", "number") and damage_of(cell) is None:
        return cell.text().strip()
    return ""


def ref_code(cell: Cell) -> Code | None:
    """Say why the cell gives no usable reference; None when it does."""
    if (code := cell_code(cell)) is not None:
        return code
    if cell.blank:
        return Code.NO_REFERENCE
    if cell.kind in ("date", "time", "duration"):
        return Code.REFERENCE_DATE
    if cell.kind == "boolean":
        return Code.REFERENCE_BOOLEAN
    if cell.kind == "number" and isinstance(cell.value, int | float):
        if abs(cell.value) >= 10**_EXACT_DIGITS:
            return Code.REFERENCE_CUT
    if (code := damage_code(cell)) is not None:
        return code
    return None if any(map(str.isdigit, cell.text())) else Code.NO_DIGIT


def table_problems(
    kind: str, table: Table, choices: Sequence[SheetChoice], missing: Sequence[str]
) -> list[Problem]:
    """Return what a person should know about the sheet, its columns and the lines left out."""
    name = table.sheet.name
    problems = [_no_column(name, field, table) for field in missing]
    if table.last == 0:
        problems.append(Code.NO_HEADINGS.at(name))
    problems += [
        Code.CASE_IN_HEADINGS.at(name, address(row, min(table.sheet.filled(row))), row=row)
        for row in range(max(table.first, 1), table.last + 1)
        if is_case_row(kind, table.sheet, row)
    ]
    problems += [
        Code.TABLE_BELOW.at(name, "", row=block.last, count=many(len(block.cases), "row"))
        for block in table.blocks[1:]
        if block.cases
    ]
    if not table.cases:
        problems.append(Code.NO_CASES.at(name))
    problems += filter(None, map(_sheet_problem, choices))
    return [*problems, *_column_problems(kind, table), *_line_problems(table)]


def _no_column(sheet: str, field: str, table: Table) -> Problem:
    likely = likely_grades(table.columns) if field == "grade" else ""
    return Code.NO_COLUMN.at(sheet, "", field, field=field, more=f" {likely}".rstrip())


def _sheet_problem(choice: SheetChoice) -> Problem | None:
    """Return what a person should know of a sheet: that it is hidden, or could be meant as well."""
    if choice.rival:
        return Code.SHEET_RIVAL.at(choice.name, "", str(choice.cases), reason=choice.reason)
    if choice.state == "visible":
        return None
    code = Code.TABLE_HIDDEN if choice.chosen else Code.SHEET_HIDDEN
    return code.at(choice.name, "", choice.state)


def _column_problems(kind: str, table: Table) -> Iterator[Problem]:
    name = table.sheet.name
    for column in table.columns:
        at = (name, column.column, column.heading)
        if column.rival and not column.chosen and column.field != IGNORE:
            yield Code.COLUMN_RIVAL.at(*at, rival=column.rival, field=_called(column.field))
        if column.why in (BIRTH, FAR_APART) and column.samples:
            yield Code.BIRTH_DATES.at(*at, why=column.why)
        elif column.why and column.samples and kind == "case_list":
            severity: Severity = "check" if column.mask_reason or column.rival else "note"
            yield Code.COLUMN_NOT_TAKEN.at(*at, why=column.why, severity=severity)
        if column.hidden and column.samples:
            more = "" if column.field == IGNORE else f" It was read as the {_called(column.field)}."
            yield Code.COLUMN_HIDDEN.at(*at, more=more)


def _called(field: str) -> str:
    """Return what a person calls a field of the table."""
    return _FIELDS.get(field, field.replace("_", " "))


def _line_problems(table: Table) -> Iterator[Problem]:
    sheet = table.sheet
    first = next((c.number for c in table.columns if c.field in ("ref", "case")), 1)
    for row in table.cases:
        if row in sheet.hidden_rows:
            yield Code.ROW_HIDDEN.at(sheet.name, address(row, first), sheet.at(row, first).text())
    for left in table.left_out:
        if not left.asked and not left.reason.startswith((OTHER_HEADINGS, FIELD_NAME)):
            yield Code.LINE_LEFT_OUT.at(sheet.name, left.cell, left.text, why=left.reason)
    end = max(table.cases, default=0)
    for top, column, bottom, _ in sheet.merged:
        cell = sheet.at(top, column)
        if table.last < top <= end and bottom > top and not cell.blank:
            yield Code.MERGED.at(sheet.name, address(top, column), cell.text(), bottom=bottom)
