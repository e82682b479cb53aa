"""Cases: the inspection's list, its allocation, what is kept of each case, and importing a list.

What reads spreadsheets is imported when it is first used: it takes as much memory as all the rest
of a page, and no page needs it at first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fieldkit.casework.case_file import CaseFile, open_case
from fieldkit.casework.case_lines import CaseLine, case_lines
from fieldkit.casework.cases import (
    add_case,
    allocate_case,
    edit_case,
    find_case,
    reinstate_case,
    set_audit,
    withdraw_case,
)

if TYPE_CHECKING:
    from fieldkit.casework.import_list import ImportSummary, import_cases, read_list

__all__ = [
    "CaseFile",
    "CaseLine",
    "ImportSummary",
    "add_case",
    "allocate_case",
    "case_lines",
    "edit_case",
    "find_case",
    "import_cases",
    "open_case",
    "read_list",
    "reinstate_case",
    "set_audit",
    "withdraw_case",
]


def __getattr__(name: str) -> Any:
    if name not in ("ImportSummary", "import_cases", "read_list"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from fieldkit.casework import import_list

    return getattr(import_list, name)
