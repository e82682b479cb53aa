"""Problems of a workbook as far as they tell nothing of a grade that may not be shown yet.

The cell and the kind of a problem may always be known, and so may a word that is no grade.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from fieldkit.visibility import ShownRows
from fieldkit.workbook import Problem, WorkbookReading, is_answer, is_no_grade, tells_grade
from fieldkit.workbook.problems import SAID, SKIPPED

UNTIL = "it is hidden until the force's grade of the case is revealed."
NOT_A_GRADE = f"What stands here is not taken for a grade; {UNTIL}"
TO_LOOK_AT = f"What stands here is to be looked at; {UNTIL}"
ANSWERED = f"A person said what this cell means; {UNTIL}"
LEFT_OUT = "A person skipped this row, for a reason that tells of the force's grades."
OVER_ALL = (
    "What stands here tells of the force's grades; it is hidden until the grades of all its "
    "matched cases are revealed."
)
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")
_ABOUT = ("ref", "type", "date")
"""The fields of a row that are shown while its grade is hidden."""


def veiled(
    problems: Iterable[Problem], sheet: str, fields: Mapping[str, str], rows: ShownRows
) -> list[Problem]:
    """The problems with what may not be shown taken out of values and sentences.

    Args:
        problems: what was found.
        sheet: the sheet with the rows of cases.
        fields: column letter to field, of that sheet.
        rows: how far its rows may be shown.
    """
    return [_veiled(one, sheet, fields, rows) for one in problems]


def veiled_reading(reading: WorkbookReading) -> list[Problem]:
    """The problems of a file that is being read, with nothing revealed.

    What stands outside the rows of cases is told: it is by count and word, not by case.
    """
    rows = ShownRows(frozenset(one.row for one in (*reading.rows, *reading.skipped)))
    fields = {one.column: one.field for one in reading.columns}
    return [
        _veiled(one, reading.sheet, fields, rows) if _row(one, reading.sheet) in rows.rows else one
        for one in reading.problems
    ]


def _row(problem: Problem, sheet: str) -> int:
    address = _ADDRESS.fullmatch(problem.cell) if problem.sheet == sheet else None
    return int(address[2]) if address else 0


def _veiled(problem: Problem, sheet: str, fields: Mapping[str, str], rows: ShownRows) -> Problem:
    row = _row(problem, sheet)
    told = tells_grade(problem.value) or tells_grade(problem.reason)
    if row not in rows.rows:
        hide = told and not rows.whole
        return replace(problem, value="", reason=OVER_ALL) if hide else problem
    if problem.reason.startswith(SKIPPED):
        tells = tells_grade(problem.reason)
        return replace(problem, value="", reason=LEFT_OUT if tells else problem.reason)
    # A note may be of a merged cell, which tells of the rows below it as well.
    own = problem.severity != "note" or is_answer(problem)
    if row in rows.shown and (rows.whole or own):
        return problem
    field = fields.get(problem.cell.rstrip("0123456789"), "")
    if (
        is_no_grade(problem.value)
        and not problem.reason.startswith(SAID)
        and (field == "grade" or not told)
    ):
        return problem
    if field in _ABOUT and not told:
        return problem
    if problem.reason.startswith(SAID):
        return replace(problem, value="", reason=ANSWERED)
    return replace(problem, value="", reason=NOT_A_GRADE if field == "grade" else TO_LOOK_AT)
