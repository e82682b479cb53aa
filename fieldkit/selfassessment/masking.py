"""What of a workbook may be shown while a grade that it tells is hidden.

The kind of a problem may always be known, and so may its cell, but for a word in the column of the
grades that is more than a word for none: the words are listed with their counts, and one that
stands there once would tell with its cell what the force gave a case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from fieldkit.visibility import ShownRows
from fieldkit.workbook.problems import NO_VALUE, WRONG_TOTALS, Code, Problem, is_answer
from fieldkit.workbook.readings import WorkbookReading
from fieldkit.workbook.table.columns import IGNORE, Column
from fieldkit.workbook.table.meaning import BIRTH, looks_like_ref
from fieldkit.workbook.table.table_rows import LeftOut
from fieldkit.workbook.values.grades import GradeWord, is_no_grade, tells_grade
from storage.ops.text import many

ANSWERED = (
    "A person said what this cell means; it is hidden until the force's grade of the case is "
    "revealed."
)
LEFT_OUT = "A person skipped this row, for a reason that tells of the force's grades."
NOT_SHOWN = "Not shown: dates of birth."
MASK = "···"
"""Stands for something that tells of the force's grade of a case."""
MATCH_FIELDS = ("ref", "type", "date")
"""The fields of a row that are shown while its grade is hidden: what a row is matched by."""
MAX_OPEN_TEXT = 24
"""A column with longer texts may hold the force's reasons; its values are not shown."""
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_GRADES = ("grade", "rationale")


def shown_samples(column: Column) -> tuple[str, ...]:
    """Return values of a column, in no order that says of which row."""
    if column.mask_reason or column.shown_as in _GRADES or column.why == BIRTH:
        return ()
    open_ = tuple(one for one in column.samples if not tells_grade(one))
    if column.shown_as in MATCH_FIELDS:
        return open_
    long = any(len(one) > MAX_OPEN_TEXT for one in column.samples)
    return () if long else tuple(sorted(open_, key=str.casefold))


def shown_list_samples(column: Column) -> tuple[str, ...]:
    """Return values of a column of our own list of cases.

    What is read is ours and is shown. Any other column may hold the force's grades or reasons.
    """
    if column.field != IGNORE:
        return column.samples
    return shown_samples(column)


def why_hidden(column: Column) -> str:
    """Say why a column has no samples; empty where it has some, or nothing to show."""
    if not column.samples or shown_samples(column):
        return ""
    if column.why == BIRTH:
        return NOT_SHOWN
    if column.field == "grade":
        return "Hidden; its words with their counts are listed apart."
    why = column.mask_reason or "it may hold texts of the force"
    return f"Hidden until our own grade: {why}."


def shown_text(text: str) -> str:
    """Return what stands in a field by which rows are matched, or that it tells of a grade."""
    return MASK if tells_grade(text) else text


def unfit_fields(reading: WorkbookReading) -> frozenset[str]:
    """Return the fields whose columns do not suit them, and may hold anything."""
    fields = {one.column: one.shown_as for one in reading.columns}
    unfit_fields = (one.cell for one in reading.problems if one.code is Code.COLUMN_UNFIT)
    return frozenset(fields.get(column, "") for column in unfit_fields)


NO_WORDS = (
    "The words for grades are not listed: a row above looks like a case, and what is missing below "
    "would tell its grade. Choose the row that holds the headings."
)
"""Said in place of the words of :func:`shown_words`."""


def shown_words(reading: WorkbookReading) -> tuple[GradeWord, ...]:
    """Return the words for grades with their counts; none where they would tell of single rows."""
    return () if reading.cases_above else reading.grades


def shown_reference(text: str) -> str:
    """Return a force's reference without words for a grade that stand beside it."""
    masked = _LETTERS.sub(lambda match: MASK if tells_grade(match[0]) else match[0], text)
    return MASK if tells_grade(masked) else masked


def left_out_text(line: LeftOut) -> str:
    """Return the text of a line that was left out, where it is none of a case with its grade."""
    telling = tells_grade(line.text) and any(map(looks_like_ref, line.text.split(" | ")))
    return MASK if telling else line.text


def mask_problems(
    problems: Iterable[Problem], sheet: str, fields: Mapping[str, str], rows: ShownRows
) -> list[Problem]:
    """Return the problems with what may not be shown taken out of values, sentences and places.

    Args:
        problems: what was found.
        sheet: the sheet with the rows of cases.
        fields: column letter to field, of that sheet.
        rows: how far its rows may be shown.
    """
    hidden = (Code.TOTALS_COMPARED,) if rows.whole else WRONG_TOTALS
    return _together(_mask(one, sheet, fields, rows) for one in problems if one.code not in hidden)


def mask_reading(reading: WorkbookReading) -> list[Problem]:
    """Return the problems of a file that is being read, with nothing revealed.

    What stands outside the rows of cases is told: it is by count and word, not by case. How totals
    come out is not: read again with a row left out, they would say its grade.
    """
    rows = ShownRows(frozenset(problem.row for problem in (*reading.rows, *reading.skipped)))
    fields = {column.column: column.shown_as for column in reading.columns}
    texts = {problem.cell: left_out_text(problem) for problem in reading.left_out}
    masked = []
    for problem in reading.problems:
        if problem.code in WRONG_TOTALS:
            continue
        if _row(problem, reading.sheet) in rows.rows or problem.code is Code.COMMENT:
            masked.append(_mask(problem, reading.sheet, fields, rows))
        elif problem.sheet == reading.sheet and texts.get(problem.cell) == MASK:
            masked.append(replace(problem, value=MASK))
        else:
            masked.append(problem)
    if reading.cases_above:
        masked = [problem for problem in masked if problem.code is not Code.GRADES_MASKED]
    return _together(masked)


def _together(problems: Iterable[Problem]) -> list[Problem]:
    """Return each problem once; words of a column that are no grade as one for all their cells."""
    return [
        _words(problem, count) if problem.code is Code.GRADES_MASKED else problem
        for problem, count in Counter(problems).items()
    ]


def _words(problem: Problem, count: int) -> Problem:
    hold = "holds a word that is" if count == 1 else "hold words that are"
    words = f"{many(count, 'cell')} of this column {hold}"
    return Code.GRADES_MASKED.at(problem.sheet, problem.cell, words=words)


def _row(problem: Problem, sheet: str) -> int:
    address = _ADDRESS.fullmatch(problem.cell) if problem.sheet == sheet else None
    return int(address[2]) if address else 0


def _mask(problem: Problem, sheet: str, fields: Mapping[str, str], rows: ShownRows) -> Problem:
    row = _row(problem, sheet)
    told = tells_grade(problem.value) or tells_grade(problem.reason)
    masked = replace(problem, value="", answer="", open_reason="")
    place: Any = {"sheet": problem.sheet, "cell": problem.cell, "severity": problem.severity}
    if row not in rows.rows and problem.code is Code.COMMENT:
        return Code.COMMENT_MASKED.at(**place) if told and not rows.whole else problem
    if row not in rows.rows:
        return Code.MASKED.at(**place) if told and not rows.whole else problem
    if problem.code is Code.ROW_SKIPPED:
        tells = tells_grade(problem.reason)
        return replace(masked, reason=LEFT_OUT if tells else problem.reason)
    # A note may be of a merged cell, which tells of the rows below it as well.
    own = problem.severity != "note" or is_answer(problem)
    if row in rows.shown and (rows.whole or own):
        return problem
    column = problem.cell.rstrip("0123456789")
    field = fields.get(column, "")
    was_said = problem.code is Code.MEANING_SAID
    own_words = was_said or problem.code is Code.COMMENT
    if is_no_grade(problem.value) and not own_words and (field == "grade" or not told):
        return problem
    if field in MATCH_FIELDS and not told:
        return problem
    if was_said:
        return replace(masked, reason=ANSWERED)
    if problem.code is Code.COMMENT:
        return Code.COMMENT_MASKED.at(**place)
    if problem.code in NO_VALUE:
        return replace(problem, value="")
    if field == "grade" and problem.severity == "error":
        return Code.GRADES_MASKED.at(problem.sheet, column, words="")
    if problem.severity == "check" and not problem.code.quotes and not tells_grade(problem.reason):
        return replace(problem, value="")  # the sentence says nothing of what stands here
    return Code.CELL_MASKED.at(**place)
