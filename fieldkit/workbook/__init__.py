"""Reading the workbooks a force sends and the inspectors' own case lists.

``read_workbook`` and ``read_case_list`` are the ways in; both are pure and write nothing.
"""

from fieldkit.workbook.answers import NO_GRADE
from fieldkit.workbook.case_list import CaseListReading, CaseListRow, read_case_list
from fieldkit.workbook.errors import (
    MappingRefused,
    NoTableFound,
    WorkbookDamaged,
    WorkbookKindUnknown,
    WorkbookNotFound,
    WorkbookProtected,
    WorkbookRefused,
    WorkbookTooLarge,
)
from fieldkit.workbook.problems import Code, Problem, is_answer, is_skip
from fieldkit.workbook.read import read_workbook
from fieldkit.workbook.readings import (
    FIELDS,
    CellReading,
    ForceRowReading,
    WorkbookReading,
)
from fieldkit.workbook.table.columns import IGNORE, Column
from fieldkit.workbook.table.rows import LeftOut
from fieldkit.workbook.table.tables import SheetChoice
from fieldkit.workbook.values.cells import Cell, Sheet
from fieldkit.workbook.values.grades import (
    GradeWord,
    is_grade_word,
    is_no_grade,
    read_grade,
    tells_grade,
)

__all__ = [
    "FIELDS",
    "IGNORE",
    "NO_GRADE",
    "CaseListReading",
    "CaseListRow",
    "Cell",
    "CellReading",
    "Code",
    "Column",
    "ForceRowReading",
    "GradeWord",
    "LeftOut",
    "MappingRefused",
    "NoTableFound",
    "Problem",
    "Sheet",
    "SheetChoice",
    "WorkbookDamaged",
    "WorkbookKindUnknown",
    "WorkbookNotFound",
    "WorkbookProtected",
    "WorkbookReading",
    "WorkbookRefused",
    "WorkbookTooLarge",
    "is_answer",
    "is_grade_word",
    "is_no_grade",
    "is_skip",
    "read_case_list",
    "read_grade",
    "read_workbook",
    "tells_grade",
]
