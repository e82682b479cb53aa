"""What was wrong in a workbook: what of it everyone may know, and what belongs to the key."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from fieldkit.selfassessment.key_entries import headings_of, key_entries, key_entry
from fieldkit.selfassessment.masking import mask_problems
from fieldkit.visibility import shown_rows
from fieldkit.workbook.cell_answers import NO_GRADE, NO_GRADE_SAID
from fieldkit.workbook.problems import Code, Problem, answer_in, is_answer
from fieldkit.workbook.readings import WorkbookReading
from fieldkit.workbook.table.columns import most_guarded
from fieldkit.workbook.values.grades import is_grade_word, is_no_grade
from storage.ops.text import clean_text
from storage.records import SelfAssessment

_LONGEST_COUNT = 4
"""Digits of a total outside the rows of cases; a longer number may be a reference."""
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")


def problems_of(s: Session, self_assessment: SelfAssessment) -> list[Problem]:
    """Return what was wrong in a workbook when it was read.

    What stood in cells with references or free text is kept in the key feed and put back here
    where that has come. What would tell of a grade that is not revealed is left out.
    """
    problems = unmasked_problems(s, self_assessment)
    fields = {
        column: most_guarded((str(column_data.get("field", "")), *_below(column_data)))
        for column, column_data in self_assessment.columns.items()
        if isinstance(column_data, dict)
    }
    return mask_problems(problems, self_assessment.sheet, fields, shown_rows(s, self_assessment))


def unmasked_problems(s: Session, self_assessment: SelfAssessment) -> list[Problem]:
    """Return the same with all that they tell; not to be shown."""
    withheld = _withheld(s, self_assessment)
    problems = []
    for place, kept in enumerate(self_assessment.problems):
        value, reason, answer = withheld.get(place, (kept["value"], kept["reason"], ""))
        severity = kept.get("severity", "error")
        if "code" in kept:
            code = Code(kept["code"])
        else:  # kept before there were codes
            code, answer = Code.by_sentence(reason), answer_in(reason)
            answer = NO_GRADE if answer == NO_GRADE_SAID else answer
        problems.append(Problem(kept["sheet"], kept["cell"], value, reason, severity, code, answer))
    return problems


def grade_words_of(s: Session, self_assessment: SelfAssessment) -> list[dict[str, Any]]:
    """Return the words of the grade column with counts and meanings; none before all may be seen.

    Texts that are no plain words for a grade are put back as those of problems are.
    """
    return _words(s, self_assessment) if shown_rows(s, self_assessment).whole else []


def agreed_words(s: Session, self_assessment: SelfAssessment) -> dict[str, str | None]:
    """Return what each word of the grade column was taken for, for the next workbook of the force.

    Words without counts tell of no case.
    """
    return {
        word["written"]: word.get("means") for word in _words(s, self_assessment) if word["written"]
    }


def _words(s: Session, self_assessment: SelfAssessment) -> list[dict[str, Any]]:
    withheld = _withheld(s, self_assessment)
    words: list[dict[str, Any]] = self_assessment.grades.get("words", [])
    return [
        word | {"written": withheld.get(-1 - place, (word["written"],))[0]}
        for place, word in enumerate(words)
    ]


def columns_of(s: Session, self_assessment: SelfAssessment) -> dict[str, dict[str, str]]:
    """Return what each column was taken for, with its heading where the key has come."""
    named = headings_of(s, self_assessment)
    return {
        column: {"heading": named.get(column, ""), "field": str(data.get("field", ""))}
        for column, data in self_assessment.columns.items()
        if isinstance(data, dict)
    }


def _below(column_data: dict[str, Any]) -> list[str]:
    """Return what a column is taken for in tables further down, where that is kept."""
    below = column_data.get("below", [])
    return [str(field) for field in below] if isinstance(below, list) else []


def _withheld(s: Session, self_assessment: SelfAssessment) -> dict[int, tuple[str, str, str]]:
    """Return what key entries hold by place: value, sentence, answer; words by -1 - place."""
    withheld: dict[int, tuple[str, str, str]] = {}
    for parts in key_entries(s, self_assessment):
        match parts:
            case [int(place), str(value), str(reason), *more]:
                withheld[place] = (value, reason, str(*more[:1]))
    return withheld


def split_words(reading: WorkbookReading) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the words of the grade column as everyone may know them, and key entries."""
    words: list[dict[str, Any]] = []
    withheld: list[str] = []
    for place, word in enumerate(reading.grades):
        written = clean_text(word.written)
        if not _is_word(written):
            withheld.append(key_entry(-1 - place, written, ""))
            written = ""
        words.append({"written": written, "means": word.means, "count": word.count})
    return words, withheld


def split_problems(reading: WorkbookReading) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the problems as everyone may know them, and key entries of what is more."""
    problems: list[dict[str, Any]] = []
    withheld: list[str] = []
    numbers = {one.row for one in (*reading.rows, *reading.skipped)}
    for place, problem in enumerate(reading.problems):
        value, reason = clean_text(problem.value), clean_text(problem.reason)
        if not _is_open(problem, reading.sheet, numbers):
            withheld.append(key_entry(place, value, reason, clean_text(problem.answer)))
            value, reason = "", clean_text(problem.open_reason)
        problems.append(
            {
                "sheet": clean_text(problem.sheet),
                "cell": problem.cell,
                "value": value,
                "reason": reason,
                "severity": problem.severity,
                "code": problem.code.value,
            }
        )
    return problems, withheld


def _is_word(text: str) -> bool:
    """Say whether a text is a word for a grade or for none, and nothing more."""
    return is_no_grade(text) or is_grade_word(text)


def _is_open(problem: Problem, sheet: str, numbers: Iterable[int]) -> bool:
    """Say whether what stands in a cell is no raw reference or free text of the force.

    Words for a grade or for none are open, and so are counts; fieldkit keeps references and raw
    cells in the key feed, and headings and what a person said of a cell may name people too.
    """
    value = problem.value.strip()
    if is_answer(problem):
        return False
    if not value or not problem.cell:
        return True
    address = _ADDRESS.fullmatch(problem.cell)
    if address is None:
        return False
    if problem.sheet == sheet and int(address[2]) in numbers:
        return _is_word(value)
    return value.isdecimal() and len(value) <= _LONGEST_COUNT
