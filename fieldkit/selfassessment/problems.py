"""What was wrong in a workbook: what of it everyone may know, and what belongs to the key."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from fieldkit.selfassessment.key_entries import entries, entry, headings
from fieldkit.selfassessment.masking import veiled
from fieldkit.visibility import shown_rows
from fieldkit.wording.format import line
from fieldkit.workbook import Problem, WorkbookReading, is_answer, is_grade_word, is_no_grade
from storage.ops.text import clean_text
from storage.records import SelfAssessment

_LONGEST_COUNT = 4
"""Digits of a total outside the rows of cases; a longer number may be a reference."""
_LONGEST_SYLLABLE = 3
"""Letters of a text that stands in any sentence; it is taken out as a quotation only."""
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")
_QUOTED = re.compile(r"“[^”]*”")


def problems_of(s: Session, self_assessment: SelfAssessment) -> list[Problem]:
    """What was wrong in a workbook when it was read.

    What stood in cells with references or free text is kept in the key feed and put back here
    where that has come. What would tell of a grade that is not revealed is left out.
    """
    found = whole_problems(s, self_assessment)
    fields = {
        column: str(one.get("field", ""))
        for column, one in self_assessment.columns.items()
        if isinstance(one, dict)
    }
    return veiled(found, self_assessment.sheet, fields, shown_rows(s, self_assessment))


def whole_problems(s: Session, self_assessment: SelfAssessment) -> list[Problem]:
    """The same with all that they tell; not to be shown."""
    apart = _apart(s, self_assessment)
    found = []
    for place, told in enumerate(self_assessment.problems):
        value, reason = apart.get(place, (told["value"], told["reason"]))
        severity = told.get("severity", "error")
        found.append(Problem(told["sheet"], told["cell"], value, reason, severity))
    return found


def words_of(s: Session, self_assessment: SelfAssessment) -> list[dict[str, Any]]:
    """The distinct words of the grade column with counts and meanings; none before all may be seen.

    Texts that are no plain words for a grade are put back as those of problems are.
    """
    return _words(s, self_assessment) if shown_rows(s, self_assessment).whole else []


def agreed_words(s: Session, self_assessment: SelfAssessment) -> dict[str, str | None]:
    """What each word of the grade column was taken for, for the next workbook of the force.

    Words without counts tell of no case.
    """
    return {
        one["written"]: one.get("means") for one in _words(s, self_assessment) if one["written"]
    }


def _words(s: Session, self_assessment: SelfAssessment) -> list[dict[str, Any]]:
    apart = _apart(s, self_assessment)
    words: list[dict[str, Any]] = self_assessment.grades.get("words", [])
    return [
        one | {"written": apart.get(-1 - place, (one["written"], ""))[0]}
        for place, one in enumerate(words)
    ]


def columns_of(s: Session, self_assessment: SelfAssessment) -> dict[str, dict[str, str]]:
    """What each column was taken for, with its heading where the key has come."""
    named = headings(s, self_assessment)
    return {
        column: {"heading": named.get(column, ""), "field": str(one.get("field", ""))}
        for column, one in self_assessment.columns.items()
        if isinstance(one, dict)
    }


def _apart(s: Session, self_assessment: SelfAssessment) -> dict[int, tuple[str, str]]:
    """What the key feed keeps: values and sentences of problems by place, words by -1 - place."""
    apart: dict[int, tuple[str, str]] = {}
    for one in entries(s, self_assessment):
        match one:
            case [int(place), str(value), str(reason)]:
                apart[place] = (value, reason)
    return apart


def parted_words(reading: WorkbookReading) -> tuple[list[dict[str, Any]], list[str]]:
    """The words of the grade column as everyone may know them, and the texts that are more."""
    said: list[dict[str, Any]] = []
    withheld: list[str] = []
    for place, one in enumerate(reading.grades):
        written = clean_text(one.written)
        if not _is_word(written):
            withheld.append(entry(-1 - place, written, ""))
            written = ""
        said.append({"written": written, "means": one.means, "count": one.count})
    return said, withheld


def parted(reading: WorkbookReading) -> tuple[list[dict[str, Any]], list[str]]:
    """The problems as everyone may know them, and what of them belongs into the key feed."""
    said: list[dict[str, Any]] = []
    withheld: list[str] = []
    numbers = {one.row for one in (*reading.rows, *reading.skipped)}
    cells = {
        cell.cell: (cell.stored, cell.read, cell.matched or "")
        for row in (*reading.rows, *reading.skipped)
        for cell in row.cells
    }
    for place, one in enumerate(reading.problems):
        value, reason = clean_text(one.value), clean_text(one.reason)
        if not _is_open(one, reading.sheet, numbers):
            withheld.append(entry(place, value, reason))
            # A sentence quotes a cell as it is read, which is not always as it is stored.
            same = one.sheet == reading.sheet
            known = {value, *map(clean_text, cells.get(one.cell, ()) if same else ())}
            known |= {line(text) for text in known}
            if is_answer(one):
                reason = _QUOTED.sub("“…”", reason)
            for text in sorted(filter(None, map(str.strip, known)), key=len, reverse=True):
                reason = reason.replace(f"“{text}”", "“…”")
                if len(text) > _LONGEST_SYLLABLE or not text.isalpha():
                    reason = reason.replace(text, "…")
            value = ""
        said.append(
            {
                "sheet": clean_text(one.sheet),
                "cell": one.cell,
                "value": value,
                "reason": reason,
                "severity": one.severity,
            }
        )
    return said, withheld


def _is_word(text: str) -> bool:
    """Whether a text is a word for a grade or for none, and nothing more."""
    return is_no_grade(text) or is_grade_word(text)


def _is_open(problem: Problem, sheet: str, numbers: Iterable[int]) -> bool:
    """Whether what stands in a cell is no raw reference or free text of the force.

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
