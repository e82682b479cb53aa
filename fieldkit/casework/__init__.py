"""Cases: the inspection's list, its allocation, what is kept of each case, and importing a list."""

from fieldkit.casework.cases import (
    add_case,
    allocate,
    edit_case,
    find_case,
    reinstate,
    set_audit,
    withdraw,
)
from fieldkit.casework.file import CaseFile, open_case
from fieldkit.casework.importing import ImportSummary, import_cases, read_list
from fieldkit.casework.lines import CaseLine, case_lines

__all__ = [
    "CaseFile",
    "CaseLine",
    "ImportSummary",
    "add_case",
    "allocate",
    "case_lines",
    "edit_case",
    "find_case",
    "import_cases",
    "open_case",
    "read_list",
    "reinstate",
    "set_audit",
    "withdraw",
]
