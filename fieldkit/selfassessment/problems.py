"""What was wrong in a workbook: what of it everyone may know, and what belongs to the key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from fieldkit.selfassessment.veiling import veiled
from fieldkit.visibility import shown_rows
from fieldkit.workbook import Problem, WorkbookReading, is_grade_word, is_no_grade
from storage.records import ForceRowKey, SelfAssessment
from storage.records.base import clean_text
from storage.records.self_assessment import force_row_key_id

_LONGEST_COUNT = 4
"""Digits of a total outside the rows of cases; a longer number may be a reference."""
_LONGEST_SYLLABLE = 3
"""Letters of a text that stands in any sentence; it is taken out as a quotation only."""
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")


def problems_of(s: Session, self_assessment: SelfAssessment) -> list[Problem]:
    """What was wrong in a workbook when it was read.

    What stood in cells with references or free text is kept in the key feed and put back here
    where that has come. What would tell of a grade that is not revealed is left out.
    """
    apart = _apart(s, self_assessment)
    found = []
    for place, told in enumerate(self_assessment.problems):
        value, reason = apart.get(place, (told["value"], told["reason"]))
        severity = told.get("severity", "error")
        found.append(Problem(told["sheet"], told["cell"], value, reason, severity))
    fields = {
        column: str(one.get("field", ""))
        for column, one in self_assessment.columns.items()
        if isinstance(one, dict)
    }
    return veiled(found, self_assessment.sheet, fields, shown_rows(s, self_assessment))


def words_of(s: Session, self_assessment: SelfAssessment) -> list[dict[str, Any]]:
    """The distinct words of the grade column with counts and meanings; none before all may be seen.

    Texts that are no plain words for a grade are put back as those of problems are.
    """
    if not shown_rows(s, self_assessment).whole:
        return []
    apart = _apart(s, self_assessment)
    words: list[dict[str, Any]] = self_assessment.grades.get("words", [])
    return [
        one | {"written": apart.get(-1 - place, (one["written"], ""))[0]}
        for place, one in enumerate(words)
    ]


def _apart(s: Session, self_assessment: SelfAssessment) -> dict[int, tuple[str, str]]:
    """What the key feed keeps: values and sentences of problems by place, words by -1 - place."""
    key = s.get(ForceRowKey, force_row_key_id(self_assessment.id))
    apart: dict[int, tuple[str, str]] = {}
    for one in key.cells if key else ():
        # A colleague's laptop may send anything here; what is no entry is passed over.
        match _parsed(one):
            case [int(place), str(value), str(reason)]:
                apart[place] = (value, reason)
    return apart


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def parted_words(reading: WorkbookReading) -> tuple[list[dict[str, Any]], list[str]]:
    """The words of the grade column as everyone may know them, and the texts that are more."""
    said: list[dict[str, Any]] = []
    withheld: list[str] = []
    for place, one in enumerate(reading.grades):
        written = clean_text(one.written)
        if not _is_word(written):
            withheld.append(json.dumps([-1 - place, written, ""], ensure_ascii=False))
            written = ""
        said.append({"written": written, "means": one.means, "count": one.count})
    return said, withheld


def parted(reading: WorkbookReading) -> tuple[list[dict[str, Any]], list[str]]:
    """The problems as everyone may know them, and what of them belongs into the key feed."""
    said: list[dict[str, Any]] = []
    withheld: list[str] = []
    numbers = {one.row for one in reading.rows}
    cells = {cell.cell: (cell.stored, cell.read) for row in reading.rows for cell in row.cells}
    for place, one in enumerate(reading.problems):
        value, reason = clean_text(one.value), clean_text(one.reason)
        if not _is_open(one, reading.sheet, numbers):
            withheld.append(json.dumps([place, value, reason], ensure_ascii=False))
            # A sentence quotes a cell as it is read, which is not always as it is stored.
            same = one.sheet == reading.sheet
            known = {value, *map(clean_text, cells.get(one.cell, ()) if same else ())}
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

    Words for a grade or for none are open, and so are headings and counts; the design keeps
    references and raw cells in the key feed.
    """
    value = problem.value.strip()
    address = _ADDRESS.fullmatch(problem.cell)
    if not value or address is None:
        return True
    if problem.sheet == sheet and int(address[2]) in numbers:
        return _is_word(value)
    return value.isdecimal() and len(value) <= _LONGEST_COUNT
