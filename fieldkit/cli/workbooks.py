"""What a person chooses of a workbook on the command line, and how a reading is printed."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.selfassessment import Overrides
    from fieldkit.workbook import Column, WorkbookReading

FIELDS = ("ref", "type", "date", "grade", "rationale", "ignore")
NO_GRADE = "none"


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Add the options by which a person says what stands where in a workbook."""
    parser.add_argument("--sheet", metavar="NAME", help="the sheet, in place of the one found")
    parser.add_argument(
        "--header-row", type=int, metavar="N", help="last row of the headings; 0 for none"
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        type=_column,
        metavar="COLUMN=FIELD",
        help=f"a letter or heading and what it is: {', '.join(FIELDS)}",
    )
    parser.add_argument(
        "--grade",
        action="append",
        default=[],
        type=_grade,
        metavar="WRITTEN=GRADE",
        help=f"what a written grade means; “{NO_GRADE}”: it is no grade",
    )
    parser.add_argument(
        "--fix",
        action="append",
        default=[],
        type=_fix,
        metavar="CELL=MEANING",
        help=f"what one cell means, as in E12=good; “{NO_GRADE}”: it is no grade",
    )
    parser.add_argument(
        "--skip",
        action="append",
        default=[],
        metavar="CELL",
        help="leave out the row of a case, or pass over what is wrong there; needs --reason",
    )
    parser.add_argument(
        "--reason",
        action="append",
        default=[],
        metavar="TEXT",
        help="why: one for all that is skipped, or one for each in their order",
    )


def _column(text: str) -> tuple[str, str]:
    column, sign, field = text.rpartition("=")
    if not sign or field.strip() not in FIELDS:
        raise argparse.ArgumentTypeError(f"«{text}» does not end in = and one of {FIELDS}")
    return column.strip(), field.strip()


def _grade(text: str) -> tuple[str, str | None]:
    written, sign, grade = text.rpartition("=")
    if not sign:
        raise argparse.ArgumentTypeError(f"«{text}» is not WRITTEN=GRADE")
    return written, None if grade.strip() == NO_GRADE else grade.strip()


def _fix(text: str) -> tuple[str, str]:
    cell, sign, meaning = text.partition("=")
    if not (cell.strip() and sign and meaning.strip()):
        raise argparse.ArgumentTypeError(f"«{text}» is not CELL=MEANING, as in E12=good")
    return cell.strip(), meaning.strip()


def _reasons(args: argparse.Namespace) -> list[str]:
    """The reason of each cell that is skipped; raises `RefusedError` where one is missing."""
    from fieldkit.writing import RefusedError

    reasons: list[str] = args.reason
    if len(reasons) == 1:
        reasons = reasons * len(args.skip)
    if len(reasons) != len(args.skip):
        raise RefusedError(
            "What is skipped needs its reason: one --reason for all, or one for each --skip. "
            "Nothing was changed."
        )
    return reasons


def chosen(args: argparse.Namespace) -> Overrides:
    """What a person chose; raises `RefusedError` for a skip without a reason."""
    from fieldkit.selfassessment import Overrides

    return Overrides(
        sheet=args.sheet,
        header_row=args.header_row,
        columns=dict(args.column),
        grades=dict(args.grade),
        fixes=dict(args.fix),
        skips=dict(zip(args.skip, _reasons(args), strict=True)),
    )


_BY_CASE = ("grade", "written_grade", "rationale", "cells")
"""What of a row tells the force's grade of one case."""
_HIDDEN_SAMPLES = ("grade", "rationale")


def _samples(column: Column) -> tuple[str, ...]:
    """Values of a column, but none in the order of the cases where they tell of a grade."""
    return () if column.field in _HIDDEN_SAMPLES else column.samples


def reading_data(reading: WorkbookReading) -> dict[str, object]:
    """A reading for ``--json``: grades by word and count, and none of them by case."""
    from fieldkit.selfassessment import veiled_reading

    rows = [
        {name: value for name, value in one.to_json().items() if name not in _BY_CASE}
        for one in reading.rows
    ]
    return reading.to_json() | {
        "columns": [one.to_json() | {"samples": list(_samples(one))} for one in reading.columns],
        "force_rows": rows,
        "problems": [one.to_json() for one in veiled_reading(reading)],
    }


def reading_text(reading: WorkbookReading) -> str:
    """A reading as a page: sheet, columns, grade words and problems."""
    from fieldkit.cli.layout import shorter, table
    from fieldkit.selfassessment import veiled_reading

    columns = [
        (
            one.column,
            one.heading,
            one.field,
            f"{one.confidence:.0%}",
            shorter("; ".join(_samples(one)), 40),
        )
        for one in reading.columns
    ]
    grades = [
        (f"“{one.written}”", str(one.count), one.means or "no grade") for one in reading.grades
    ]
    lines = [
        f"{reading.file_name}: sheet {reading.sheet}, headings in row {reading.header_row}, "
        f"{len(reading.rows)} rows" + (f", {len(reading.skipped)} skipped" * bool(reading.skipped)),
        "",
        table(("column", "heading", "taken for", "sure", "samples"), columns),
    ]
    if grades:
        lines += ["", table(("written", "rows", "means"), grades)]
    lines += ["", f"To look at: {len(reading.problems) or 'nothing'}"]
    lines += [f"  {one.sheet}, {one.cell}: {one.reason}" for one in veiled_reading(reading)]
    return "\n".join(lines)
