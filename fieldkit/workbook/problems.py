"""What is wrong or worth knowing in a workbook, by cell address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "check", "note"]
_ORDER = {"error": 0, "check": 1, "note": 2}
SAID = "A person said what this cell means"
SKIPPED = "A person skipped this row"
PASSED = "A person passed it over"
"""How the sentences about a person's answers to single cells begin."""
ERROR = "The cell holds the error"
NOT_SAVED = "The cell holds a formula whose result was never saved"
LEFT_OUT = "This line was left out"
NO_VALUE = (ERROR, NOT_SAVED)
"""How the sentences about a cell without any value begin."""
TOTAL, TOTALS = "This total", "The totals of sheet"
"""How the sentences about a wrong total begin, and the one that totals were looked at."""
UNFIT = "Most values of this column"
"""How the sentence about a column begins that does not suit what it was taken for."""
_ADDRESS = re.compile(r"([A-Z]*)(\d*)")


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem at one place.

    ``cell`` is an address ("E9"), a column ("E") or empty for a whole sheet or file; ``value`` is
    what stands there; ``reason`` is a sentence. Severity: ``error`` leaves a row without a grade
    or reference, ``check`` wants a look, ``note`` is said so that it is known.
    """

    sheet: str
    cell: str
    value: str
    reason: str
    severity: Severity = "error"

    def to_json(self) -> dict[str, str]:
        """The shape `compare --json` and `self-assessment read --json` print."""
        return {
            "sheet": self.sheet,
            "cell": self.cell,
            "value": self.value,
            "reason": self.reason,
            "severity": self.severity,
        }


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Worst first, then by sheet, row and column; the same problem only once."""

    def key(problem: Problem) -> tuple[int, str, int, int, str]:
        found = _ADDRESS.fullmatch(problem.cell)
        column, row = found.groups() if found else ("", "")
        return (
            _ORDER[problem.severity],
            problem.sheet,
            int(row or 0),
            len(column),
            column,
        )

    return tuple(sorted(dict.fromkeys(problems), key=key))


def is_skip(problem: Problem) -> bool:
    """Whether a problem tells that a person left its row out."""
    return problem.reason.startswith(SKIPPED)


def is_answer(problem: Problem) -> bool:
    """Whether a problem tells what a person answered to it."""
    return problem.reason.startswith((SAID, SKIPPED)) or f" {PASSED}: “" in problem.reason
