"""What is wrong or worth knowing in a workbook: every kind of problem, and where one was found."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Literal

Severity = Literal["error", "check", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "check", "note")
"""Worst first."""
_ADDRESS = re.compile(r"([A-Z]*)(\d*)")
_WITHHELD = {"text": "…", "said": "…"}
"""The parts of a sentence that are the force's words, or a person's about them."""
_PASSED = " A person passed it over: “{said}”."
_MIN_BEGINNING = 10
"""Characters of a sentence before its first part by which its kind is known."""


@cache
def _sentences() -> Mapping[str, tuple[Severity, str]]:
    """Code to severity and sentence, as ``problems.toml`` beside this file has them."""
    data = tomllib.loads(files(__package__).joinpath("problems.toml").read_text("utf-8"))
    return {code: (each, data[each][code]) for each in SEVERITIES for code in data[each]}


class Code(StrEnum):
    """The kinds of problems; their severities and sentences are in ``problems.toml``."""

    CARRIED = "carried"
    ENCODING = "encoding"
    NO_FORMATS = "no formats"
    QUOTE_STRAY = "quote stray"
    QUOTE_ODD = "quote odd"
    CELLS_JOINED = "cells joined"
    CELLS_TOO_MANY = "cells too many"
    WRONG_BYTES = "wrong bytes"
    WRONG_BYTES_MORE = "wrong bytes more"
    SHEET_NOT_READ = "sheet not read"
    STRAY_CELLS = "stray cells"
    SHEET_RIVAL = "sheet rival"
    SHEET_HIDDEN = "sheet hidden"
    TABLE_HIDDEN = "table hidden"
    FORMULA = "formula"
    TEXT_FORMULA = "text formula"
    FORMULAS = "formulas"
    NO_COLUMN = "no column"
    NO_HEADINGS = "no headings"
    CASE_IN_HEADINGS = "case in headings"
    NO_CASES = "no cases"
    COLUMN_RIVAL = "column rival"
    COLUMN_HIDDEN = "column hidden"
    COLUMN_UNFIT = "column unfit"
    ROW_HIDDEN = "row hidden"
    STRUCK_ROW = "struck row"
    STRUCK_CELL = "struck cell"
    STRUCK_WORDS = "struck words"
    STRUCK_BESIDE = "struck beside"
    STRUCK_BY_RULE = "struck by rule"
    EXAMPLE_ROW = "example row"
    COMMENTS = "comments"
    COMMENT = "comment"
    MONTH_FIRST = "month first"
    DATES_TURNED = "dates turned"
    DATES_AHEAD = "dates ahead"
    DATE_AHEAD = "date ahead"
    LINE_LEFT_OUT = "line left out"
    MERGED = "merged"
    ERROR_VALUE = "error value"
    NOT_SAVED = "not saved"
    NO_REFERENCE = "no reference"
    REFERENCE_DATE = "reference date"
    REFERENCE_BOOLEAN = "reference boolean"
    REFERENCE_CUT = "reference cut"
    REFERENCE_ROUNDED = "reference rounded"
    NO_DIGIT = "no digit"
    REFERENCE_TWICE = "reference twice"
    NO_CASE = "no case reference"
    CASE_TWICE = "case twice"
    CASE_KEPT = "case kept"
    CASE_NEAR = "case near"
    TYPE_UNKNOWN = "type unknown"
    DATE_UNREAD = "date unread"
    ORIGIN_UNKNOWN = "origin unknown"
    OWN_GRADE_UNKNOWN = "own grade unknown"
    NO_GRADE = "no grade"
    GRADE_UNKNOWN = "grade unknown"
    GRADES_MASKED = "grades masked"
    GRADE_TOTAL = "grade total"
    ROW_TOTAL = "row total"
    TOTALS_COMPARED = "totals compared"
    MEANING_SAID = "meaning said"
    COLUMN_MEANING_SAID = "column meaning said"
    ROW_SKIPPED = "row skipped"
    ROWS_ABOVE = "rows above"
    ROWS_UNREAD = "rows unread"
    LINES_UNREAD = "lines unread"
    CELLS_BESIDE = "cells beside"
    TABLE_BESIDE = "table beside"
    TABLE_BELOW = "table below"
    BIRTH_DATES = "birth dates"
    COLUMN_NOT_TAKEN = "column not taken"
    OTHER = "other"

    # What may not be shown yet.
    CELL_MASKED = "cell masked"
    COMMENT_MASKED = "comment masked"
    MASKED = "masked"

    @classmethod
    def _missing_(cls, value: object) -> Code:
        """Return a code of a later version, as a colleague's bundle may hold."""
        return cls.OTHER

    @classmethod
    def by_sentence(cls, reason: str) -> Code:
        """Return the kind of a problem that was kept before problems had codes."""
        for code in cls:
            beginning = code.sentence.partition("{")[0]
            if len(beginning) >= _MIN_BEGINNING and reason.startswith(beginning):
                return code
        return cls.OTHER

    @property
    def sentence(self) -> str:
        """Return its sentence, with the names of the parts that fill it."""
        return _sentences()[self.value][1]

    @property
    def severity(self) -> Severity:
        """Say how bad such a problem is."""
        return _sentences()[self.value][0]

    @property
    def quotes(self) -> bool:
        """Say whether its sentence repeats what stands in the cell."""
        return self is Code.OTHER or any(f"{{{name}}}" in self.sentence for name in _WITHHELD)

    def at(
        self,
        sheet: str,
        cell: str = "",
        value: str = "",
        *,
        severity: Severity | None = None,
        answer: str = "",
        **parts: object,
    ) -> Problem:
        """Return such a problem at a place; `parts` fill its sentence."""
        whole = {"more": "", **parts}
        return Problem(
            sheet,
            cell,
            value,
            self.sentence.format_map(whole),
            severity or self.severity,
            self,
            answer,
            self.sentence.format_map({**whole, **_WITHHELD}),
        )


NO_VALUE = (Code.ERROR_VALUE, Code.NOT_SAVED)
"""Of a cell without any value."""
WRONG_TOTALS = (Code.GRADE_TOTAL, Code.ROW_TOTAL)
"""Of a total that is not the count of the rows."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Holds one problem at one place.

    ``cell`` is an address ("E9"), a column ("E") or empty for a whole sheet or file; ``value`` is
    what stands there; ``reason`` is a sentence, ``open_reason`` the same without the words of the
    file. Severity: ``error`` leaves a row without a grade or reference, ``check`` wants a look,
    ``note`` is said so that it is known. ``answer`` is what a person said of it.
    """

    sheet: str
    cell: str
    value: str
    reason: str
    severity: Severity = "error"
    code: Code = Code.OTHER
    answer: str = ""
    open_reason: str = ""

    def passed_over(self, why: str) -> Problem:
        """Return it as a note that a person passed it over."""
        return replace(
            self,
            reason=self.reason + _PASSED.format(said=why),
            open_reason=self.open_reason + _PASSED.format_map(_WITHHELD),
            severity="note",
            answer=why,
        )

    def to_json(self) -> dict[str, str]:
        """Return the shape `cases import --json` and `self-assessment read --json` print."""
        return {
            "sheet": self.sheet,
            "cell": self.cell,
            "value": self.value,
            "reason": self.reason,
            "severity": self.severity,
            "code": self.code.value,
        }


def answer_in(reason: str) -> str:
    """Return the answer in a sentence kept before problems had codes; empty without one."""
    for code in (Code.MEANING_SAID, Code.ROW_SKIPPED):
        beginning, end = code.sentence.split("{said}")
        if reason.startswith(beginning) and reason.endswith(end):
            return reason[len(beginning) : -len(end)]
    beginning, end = _PASSED.split("{said}")
    before, _, answer = reason.partition(beginning)
    return answer.removesuffix(end) if before and answer.endswith(end) else ""


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems once each, worst first, then by sheet, row and column."""

    def key(problem: Problem) -> tuple[int, str, int, int, str]:
        match = _ADDRESS.fullmatch(problem.cell)
        column, row = match.groups() if match else ("", "")
        worst = SEVERITIES.index(problem.severity)
        return worst, problem.sheet, int(row or 0), len(column), column

    return tuple(sorted(dict.fromkeys(problems), key=key))


def is_skip(problem: Problem) -> bool:
    """Say whether a problem tells that a person left its row out."""
    return problem.code is Code.ROW_SKIPPED


def is_answer(problem: Problem) -> bool:
    """Say whether a problem tells what a person answered to it."""
    return problem.code in (Code.MEANING_SAID, Code.ROW_SKIPPED) or bool(problem.answer)
