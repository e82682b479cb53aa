"""What a person chooses of a workbook on the command line, and how its columns are printed."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.layout import table
from fieldkit.service import RefusedError
from fieldkit.wording.format import line
from fieldkit.workbook.cell_answers import NO_GRADE
from fieldkit.workbook.overrides import Overrides
from fieldkit.workbook.problems import Problem
from fieldkit.workbook.readings import Reading
from fieldkit.workbook.table.columns import Column
from fieldkit.workbook.values.grades import GradeWord

COLUMN, GRADE, FIX = "COLUMN=FIELD", "WRITTEN=GRADE", "CELL=MEANING"
WIDEST = 40
"""Characters of a text of a file in a column that is printed; --json has it whole."""


def add_choices(parser: CommandParser, fields: Sequence[str]) -> None:
    """Add the options by which a person says what stands where in a file of those fields."""

    def column(text: str) -> tuple[str, str]:
        name, _, field = map(str.strip, text.rpartition("="))
        if not name or field not in fields:
            raise argparse.ArgumentTypeError(
                f"“{text}” is not {COLUMN}, as in E={fields[0]}; the fields are {', '.join(fields)}"
            )
        return name, field

    parser.add_argument(
        "--sheet", type=_given, metavar="NAME", help="the sheet, in place of the one found"
    )
    parser.add_argument(
        "--header-row", type=int, metavar="N", help="last row of the headings; 0 for none"
    )
    repeated: tuple[tuple[str, str, Callable[[str], object], str], ...] = (
        ("--column", COLUMN, column, f"a letter or heading and what it is: {', '.join(fields)}"),
        ("--grade", GRADE, _grade, f"what a written grade means; “{NO_GRADE}”: it is no grade"),
        (
            "--fix",
            FIX,
            lambda text: split_pair(text, FIX, "E12=good"),
            f"what one cell means, as in E12=good; “{NO_GRADE}”: it is no grade",
        ),
        (
            "--skip",
            "CELL",
            _given,
            "leave out the row of a case, or pass over what is wrong there; needs --reason",
        ),
    )
    for option, form, parse, words in repeated:
        parser.add_argument(
            option, action="append", default=[], type=parse, metavar=form, help=words
        )
    parser.text(
        "--reason",
        "why: one for all that is skipped, or one for each in their order",
        action="append",
        default=[],
    )


def split_pair(text: str, form: str, example: str) -> tuple[str, str]:
    """Return both sides of “LEFT=RIGHT”; raises `argparse.ArgumentTypeError` without one."""
    name, sign, meaning = text.partition("=")
    if not (name.strip() and sign and meaning.strip()):
        raise argparse.ArgumentTypeError(f"“{text}” is not {form}, as in {example}")
    return name.strip(), meaning.strip()


def _given(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("nothing was named")
    return text


def _grade(text: str) -> tuple[str, str | None]:
    written, sign, grade = text.rpartition("=")
    if not (sign and grade.strip()):
        raise argparse.ArgumentTypeError(f"“{text}” is not {GRADE}, as in ReqImp=good")
    return written, None if grade.strip() == NO_GRADE else grade.strip()


def _reasons(args: argparse.Namespace) -> list[str]:
    """Return the reason of each cell skipped; raises `RefusedError` where one is missing."""
    reasons: list[str] = args.reason
    if len(reasons) == 1:
        reasons = reasons * len(args.skip)
    if len(reasons) != len(args.skip):
        raise RefusedError(
            "What is skipped needs its reason: one --reason for all, or one for each --skip. "
            "Nothing was changed."
        )
    return reasons


def overrides_of(args: argparse.Namespace) -> Overrides:
    """Return what a person chose; raises `RefusedError` for a skip without a reason."""
    return Overrides(
        sheet=args.sheet,
        header_row=args.header_row,
        columns=dict(args.column),
        grades=dict(args.grade),
        fixes=dict(args.fix),
        skips=dict(zip(args.skip, _reasons(args), strict=True)),
    )


def columns_table(columns: Iterable[Column], shown: Callable[[Column], str]) -> str:
    """Return the columns of a file as a table.

    Args:
        columns: of the sheet.
        shown: gives the samples of one, or why there are none.
    """
    rows = [
        (
            column.column,
            line(column.heading, WIDEST) or "(no heading)",
            column.field,
            f"{column.confidence:.0%}" if column.confidence else "",
            shown(column),
        )
        for column in columns
    ]
    return table(("column", "heading", "taken for", "sure", "samples"), rows)


def words_table(words: Iterable[GradeWord]) -> str:
    """Return the words of the column of grades as a table; empty without any."""
    rows = [
        (
            f"“{line(word.written, WIDEST)}”" if word.written else "(blank)",
            str(word.count),
            word.means or f"no grade: {word.why}",
        )
        for word in words
    ]
    return table(("written", "rows", "means"), rows) if rows else ""


def reading_head(reading: Reading) -> str:
    """Say which file, which sheet, which headings."""
    headings = f"headings in row {reading.header_row}" if reading.header_row else "no headings"
    return f"{reading.file_name}, sheet {reading.sheet}, {headings}"


def problem_line(problem: Problem) -> str:
    """Return a problem as a line: its place, and the sentence."""
    place = ", ".join(filter(None, (problem.sheet, problem.cell)))
    return f"{place}: {problem.reason}" if place else problem.reason
