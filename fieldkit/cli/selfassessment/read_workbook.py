"""What a person chooses of a workbook on the command line, and how a reading is printed."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection
from dataclasses import asdict

from fieldkit.cli.kit.layout import table
from fieldkit.selfassessment.masking import (
    MASK,
    NO_WORDS,
    left_out_text,
    mask_reading,
    shown_reference,
    shown_samples,
    shown_text,
    shown_words,
    unfit_fields,
    why_hidden,
)
from fieldkit.service import RefusedError
from fieldkit.wording.format import line
from fieldkit.workbook.cell_answers import NO_GRADE
from fieldkit.workbook.overrides import Overrides
from fieldkit.workbook.problems import Problem
from fieldkit.workbook.readings import FIELDS, WorkbookReading
from storage.ops.text import many

COLUMN, GRADE, FIX = "COLUMN=FIELD", "WRITTEN=GRADE", "CELL=MEANING"
_WIDEST = 40
"""Characters of a text of the force in a column that is printed; --json has it whole."""


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Add the options by which a person says what stands where in a workbook."""
    parser.add_argument(
        "--sheet", type=_given, metavar="NAME", help="the sheet, in place of the one found"
    )
    parser.add_argument(
        "--header-row", type=int, metavar="N", help="last row of the headings; 0 for none"
    )
    repeated: tuple[tuple[str, str, Callable[[str], object], str], ...] = (
        ("--column", COLUMN, _column, f"a letter or heading and what it is: {', '.join(FIELDS)}"),
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
        (
            "--reason",
            "TEXT",
            str,
            "why: one for all that is skipped, or one for each in their order",
        ),
    )
    for option, form, parse, words in repeated:
        parser.add_argument(
            option, action="append", default=[], type=parse, metavar=form, help=words
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


def _column(text: str) -> tuple[str, str]:
    column, _, field = map(str.strip, text.rpartition("="))
    if not column or field not in FIELDS:
        fields = ", ".join(FIELDS)
        raise argparse.ArgumentTypeError(
            f"“{text}” is not {COLUMN}, as in E=grade; the fields are {fields}"
        )
    return column, field


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


_BY_CASE = ("grade", "written_grade", "rationale", "cells")
"""What of a row tells the force's grade of one case."""
_AS_WRITTEN = {"ref": "ref", "written_type": "type", "written_date": "date"}
"""What the force wrote in a row where no grade belongs, but may stand all the same; its field."""


def _written(name: str, value: object, hidden: Collection[str]) -> object:

    if name not in _AS_WRITTEN:
        return value
    if value and _AS_WRITTEN[name] in hidden:
        return MASK
    return shown_reference(str(value)) if name == "ref" else shown_text(str(value))


def reading_data(reading: WorkbookReading) -> dict[str, object]:
    """Return a reading for ``--json``: grades by word and count, and none of them by case."""
    hidden = unfit_fields(reading)
    rows = [
        {
            name: _written(name, value, hidden)
            for name, value in asdict(one).items()
            if name not in _BY_CASE
        }
        for one in reading.rows
    ]
    return reading.to_json() | {
        "columns": [
            one.to_json() | {"samples": list(shown_samples(one)), "hidden": why_hidden(one)}
            for one in reading.columns
        ],
        "grades": [one.to_json() for one in shown_words(reading)],
        "force_rows": rows,
        "left_out": [one.to_json() | {"text": left_out_text(one)} for one in reading.left_out],
        "problems": [one.to_json() for one in mask_reading(reading)],
    }


def reading_text(reading: WorkbookReading) -> str:
    """Return a reading as a page: sheet, columns, grade words and problems."""
    columns = [
        (
            one.column,
            line(one.heading, _WIDEST) or "(no heading)",
            one.field,
            f"{one.confidence:.0%}" if one.confidence else "",
            why_hidden(one) or line("; ".join(shown_samples(one)), _WIDEST),
        )
        for one in reading.columns
    ]
    grades = [
        (
            f"“{line(one.written, _WIDEST)}”" if one.written else "(blank)",
            str(one.count),
            one.means or f"no grade: {one.why}",
        )
        for one in shown_words(reading)
    ]
    skipped = f", {len(reading.skipped)} skipped" if reading.skipped else ""
    problems = mask_reading(reading)
    lines = [
        f"{reading_head(reading)}, {many(len(reading.rows), 'row')}{skipped}",
        "",
        table(("column", "heading", "taken for", "sure", "samples"), columns),
    ]
    if grades:
        lines += ["", table(("written", "rows", "means"), grades)]
    if reading.cases_above:
        lines += ["", NO_WORDS]
    lines += ["", *reading.account_lines()]
    lines += ["", f"To look at: {len(problems) or 'nothing'}"]
    lines += [f"  {problem_line(one)}" for one in problems]
    return "\n".join(lines)


def reading_head(reading: WorkbookReading) -> str:
    """Say which file, which sheet, which headings."""
    headings = f"headings in row {reading.header_row}" if reading.header_row else "no headings"
    return f"{reading.file_name}, sheet {reading.sheet}, {headings}"


def problem_line(problem: Problem) -> str:
    """Return a problem as a line: its place, and the sentence."""
    place = ", ".join(filter(None, (problem.sheet, problem.cell)))
    return f"{place}: {problem.reason}" if place else problem.reason
