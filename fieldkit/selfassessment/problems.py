"""What was wrong in a workbook: what of it everyone may know, and what belongs to the key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session

from fieldkit.workbook import Problem, WorkbookReading
from storage.records import ForceRowKey, SelfAssessment
from storage.records.base import clean_text
from storage.records.self_assessment import force_row_key_id

_LONGEST_WORD = 60
_LONGEST_COUNT = 4
"""Digits of a total outside the rows of cases; a longer number may be a reference."""
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")
_OPEN_FIELDS = ("grade", "type", "date")


def problems_of(s: Session, self_assessment: SelfAssessment) -> list[Problem]:
    """What was wrong in a workbook when it was read.

    What stood in cells with references or free text is kept in the key feed and put back here
    where that has come.
    """
    key = s.get(ForceRowKey, force_row_key_id(self_assessment.id))
    apart: dict[int, tuple[str, str]] = {}
    for one in key.cells if key else ():
        place, value, reason = json.loads(one)
        apart[place] = (value, reason)
    found = []
    for place, told in enumerate(self_assessment.problems):
        value, reason = apart.get(place, (told["value"], told["reason"]))
        severity = told.get("severity", "error")
        found.append(Problem(told["sheet"], told["cell"], value, reason, severity))
    return found


def parted(reading: WorkbookReading) -> tuple[list[dict[str, Any]], list[str]]:
    """The problems as everyone may know them, and what of them belongs into the key feed."""
    said: list[dict[str, Any]] = []
    withheld: list[str] = []
    fields = {one.column: one.field for one in reading.columns}
    numbers = {one.row for one in reading.rows}
    cells = {cell.cell: (cell.stored, cell.read) for row in reading.rows for cell in row.cells}
    for place, one in enumerate(reading.problems):
        value, reason = clean_text(one.value), clean_text(one.reason)
        if not _is_open(one, reading.sheet, fields, numbers):
            withheld.append(json.dumps([place, value, reason], ensure_ascii=False))
            # A sentence quotes a cell as it is read, which is not always as it is stored.
            same = one.sheet == reading.sheet
            known = {value, *map(clean_text, cells.get(one.cell, ()) if same else ())}
            for text in sorted(filter(None, map(str.strip, known)), key=len, reverse=True):
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


def _is_open(
    problem: Problem, sheet: str, fields: Mapping[str, str], numbers: Iterable[int]
) -> bool:
    """Whether what stands in a cell is no raw reference or free text of the force.

    Grade words, case types and dates are open, and so are headings and counts; the design keeps
    references and raw cells in the key feed.
    """
    value = problem.value.strip()
    address = _ADDRESS.fullmatch(problem.cell)
    if not value or address is None:
        return True
    if problem.sheet == sheet and int(address[2]) in numbers:
        return fields.get(address[1]) in _OPEN_FIELDS and len(value) <= _LONGEST_WORD
    return value.isdecimal() and len(value) <= _LONGEST_COUNT
