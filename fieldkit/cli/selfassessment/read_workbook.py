"""How the reading of a force's workbook is printed, without what may not be shown yet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict

from fieldkit.cli.kit.workbook_choices import (
    WIDEST,
    columns_table,
    problem_line,
    reading_head,
    words_table,
)
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
from fieldkit.wording.format import line
from fieldkit.workbook.readings import WorkbookReading
from storage.ops.text import many

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
    grades = words_table(shown_words(reading))
    skipped = f", {len(reading.skipped)} skipped" if reading.skipped else ""
    problems = mask_reading(reading)
    lines = [
        f"{reading_head(reading)}, {many(len(reading.rows), 'row')}{skipped}",
        "",
        columns_table(
            reading.columns,
            lambda one: why_hidden(one) or line("; ".join(shown_samples(one)), WIDEST),
        ),
    ]
    if grades:
        lines += ["", grades]
    if reading.cases_above:
        lines += ["", NO_WORDS]
    lines += ["", *reading.account_lines()]
    lines += ["", f"To look at: {len(problems) or 'nothing'}"]
    lines += [f"  {problem_line(one)}" for one in problems]
    return "\n".join(lines)
