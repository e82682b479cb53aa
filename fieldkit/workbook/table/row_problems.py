"""The sentences said about cells, columns and lines of a table."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.wording.format import line
from fieldkit.workbook.problems import ERROR, LEFT_OUT, NOT_SAVED, Problem
from fieldkit.workbook.table.columns import IGNORE, likely_grades
from fieldkit.workbook.table.headings import is_case_row
from fieldkit.workbook.table.tables import SheetChoice, Table
from fieldkit.workbook.values.cells import Cell, address, letters

_EXACT_DIGITS = 15  # a spreadsheet keeps no more digits of a number


def cell_problem(cell: Cell) -> str | None:
    """What is wrong with a cell of any field, as a sentence; None when nothing is."""
    if cell.kind == "error":
        return f"{ERROR} {cell.text()}, not a value."
    if cell.kind == "not calculated":
        return (
            f"{NOT_SAVED}; open the workbook in a spreadsheet program, save it, and read it again."
        )
    return None


def ref_text(cell: Cell) -> str:
    """A reference as text; empty for a cell that cannot hold one."""
    if cell.kind in ("text", "number"):
        return cell.text().strip()
    return ""


def ref_problem(cell: Cell) -> str | None:
    """Why the cell gives no usable reference, as a sentence; None when it does."""
    general = cell_problem(cell)
    if general is not None:
        return general
    if cell.blank:
        return "No reference is given; the row can only be matched by its date and type."
    if cell.kind in ("date", "time", "duration"):
        return (
            f"The spreadsheet has turned this reference into a date ({cell.text()}); ask the force "
            "what it was."
        )
    if cell.kind == "boolean":
        return "The cell holds true or false, not a reference."
    if cell.kind == "number" and len(cell.text().lstrip("-").split(".")[0]) > _EXACT_DIGITS:
        return (
            "A spreadsheet keeps only 15 digits of a number, so the end of this reference is lost."
        )
    if not any(character.isdigit() for character in cell.text()):
        return f"“{line(cell.text())}” has no digit, so it may not be a reference."
    return None


def table_problems(
    kind: str, table: Table, choices: Sequence[SheetChoice], missing: Sequence[str]
) -> list[Problem]:
    """What a person should know about the sheet, its columns and the lines left out."""
    name = table.sheet.name
    problems = [Problem(name, "", field, _no_column(field, table), "error") for field in missing]
    if table.last == 0:
        problems.append(
            Problem(
                name,
                "",
                "",
                "There is no row of headings; the columns were taken by their "
                "values, so look at them closely.",
                "check",
            )
        )
    problems += [
        Problem(
            name,
            f"{letters(min(table.sheet.filled(row)))}{row}",
            "",
            f"Row {row} looks like a case, not like headings, so its texts are not shown. Choose "
            "the row that holds the headings.",
            "check",
        )
        for row in range(max(table.first, 1), table.last + 1)
        if is_case_row(kind, table.sheet, row)
    ]
    if not table.cases:
        problems.append(
            Problem(name, "", "", "No row of a case stands under the headings.", "error")
        )
    problems += filter(None, map(_sheet_problem, choices))
    problems += _column_problems(table)
    problems += _line_problems(table)
    return problems


def _no_column(field: str, table: Table) -> str:
    likely = likely_grades(table.columns) if field == "grade" else ""
    return f"No column was found for {field}; choose one. {likely}".rstrip()


def _sheet_problem(choice: SheetChoice) -> Problem | None:
    """What a person should know of a sheet: that it is hidden, or could be meant as well."""
    if not choice.chosen and choice.cases and "looks like a table" in choice.reason:
        said = f"{choice.reason} It was not read with this one."
        return Problem(choice.name, "", str(choice.cases), said, "check")
    if choice.state == "visible":
        return None
    if choice.chosen:
        said = "The table was found on a hidden sheet."
        return Problem(choice.name, "", choice.state, said, "check")
    said = "This sheet is hidden in the workbook."
    return Problem(choice.name, "", choice.state, said, "note")


def _column_problems(table: Table) -> list[Problem]:
    name = table.sheet.name
    problems: list[Problem] = []
    for column in table.columns:
        if column.rival and not column.chosen:
            problems.append(
                Problem(
                    name,
                    column.column,
                    column.heading,
                    f"Column {column.rival} could be the "
                    f"{column.field} just as well; choose between them.",
                    "check",
                )
            )
        if column.hidden and column.samples:
            what = "" if column.field == IGNORE else f" It was read as the {column.field}."
            problems.append(
                Problem(
                    name,
                    column.column,
                    column.heading,
                    f"This column is hidden in the workbook.{what}",
                    "note",
                )
            )
    return problems


def _line_problems(table: Table) -> list[Problem]:
    name = table.sheet.name
    first = next((c.number for c in table.columns if c.field in ("ref", "case")), 1)
    problems = [
        Problem(
            name,
            address(row, first),
            table.sheet.at(row, first).text(),
            "This row is hidden in the workbook. It was read all the same; skip it if the force "
            "did not mean to send it.",
            "note",
        )
        for row in table.cases
        if row in table.sheet.hidden_rows
    ]
    problems += [
        Problem(name, line.cell, line.text, f"{LEFT_OUT}: {line.reason}.", "note")
        for line in table.left_out
    ]
    merged = [
        area
        for area in table.sheet.merged
        if area[0] > table.last and area[2] > area[0] and area[0] <= max(table.cases, default=0)
    ]
    problems += [
        Problem(
            name,
            f"{letters(left)}{top}",
            table.sheet.at(top, left).text(),
            f"This cell is merged down to row {bottom}; its value was taken for each of those "
            "rows.",
            "note",
        )
        for top, left, bottom, _ in merged
        if not table.sheet.at(top, left).blank
    ]
    return problems
