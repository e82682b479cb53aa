"""The inspectors' own list of cases, for `cases import`: the same loader, problems by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from fieldkit.workbook.load.load import load_workbook
from fieldkit.workbook.problems import Code, Problem, in_order
from fieldkit.workbook.readings import Reading
from fieldkit.workbook.table.find_table import Finder, Table
from fieldkit.workbook.table.row_problems import cell_problem, ref_text, table_problems
from fieldkit.workbook.table.table_rows import Body
from fieldkit.workbook.values.case_types import CaseTypes, Types
from fieldkit.workbook.values.cells import Cell, address
from fieldkit.workbook.values.dates import read_date
from fieldkit.workbook.values.grades import read_grade
from fieldkit.workbook.values.words import plain, word_groups, word_set

CASE_FIELDS = (
    "case",
    "force_ref",
    "type",
    "date_of_incident",
    "origin",
    "overall_grade",
    "rationale",
)


@dataclass(frozen=True, slots=True)
class CaseListRow:
    """Holds one case of ours.

    ``origin`` is ``self-assessed`` or ``inspectors``; None where a column is missing, blank or not
    understood (the latter is a problem by its cell). ``state`` is ``not applicable`` or ``unable
    to judge`` where the grade column says so.
    """

    row: int
    case: str
    force_ref: str
    type: str | None
    types: tuple[str, ...]
    written_type: str
    date_of_incident: str | None
    origin: str | None
    overall_grade: str | None
    state: str | None
    rationale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseListReading(Reading):
    """Holds what a case list says; problems of severity ``error`` want mending before an import."""

    rows: tuple[CaseListRow, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that leave a case without an identity or a committed grade."""
        return tuple(p for p in self.problems if p.severity == "error")

    def to_json(self) -> dict[str, object]:
        """Return the whole reading."""
        return self.as_json(rows=len(self.rows), cases=[asdict(row) for row in self.rows])


def read_case_list(
    path: Path | str,
    *,
    scale: Sequence[str],
    types: Types | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    columns: Mapping[str, str] | None = None,
) -> CaseListReading:
    """Read our own case list from any workbook or .csv, under any near headings.

    Arguments as `read_workbook`. Raises the `WorkbookRefused` family; nothing is written.
    """
    book = load_workbook(path)
    case_types = CaseTypes(types)
    table, choices = Finder(book, "case_list", case_types).find(sheet, header_row, columns)
    missing = table.missing("case_list")
    reader = _Reader(table, case_types, tuple(scale), book.base_1904)
    rows = tuple(reader.row(row) for row in table.cases)
    problems = [
        *book.problems,
        *table_problems("case_list", table, choices, missing),
        *reader.problems,
    ]
    return CaseListReading(
        file_name=book.file_name,
        sha256=book.sha256,
        kind=book.kind,
        sheet=table.sheet.name,
        header_row=table.last,
        sheets=choices,
        columns=table.columns,
        rows=rows,
        left_out=table.left_out,
        problems=in_order(problems),
        missing=missing,
    )


class _Reader:
    def __init__(
        self, table: Table, types: CaseTypes, scale: tuple[str, ...], base_1904: bool
    ) -> None:
        self.table, self.types, self.scale, self.base_1904 = table, types, scale, base_1904
        self.body = Body(table.sheet, "case_list", table.columns)
        self.problems: list[Problem] = []
        self._cases: dict[str, str] = {}

    def row(self, row: int) -> CaseListRow:
        """Return one case; what cannot be read is added to ``problems``."""
        cells = {field: self.body.field(row, field) for field in CASE_FIELDS}
        written_type = cells["type"].text().strip()
        named = self.types.read(written_type) if written_type else ()
        if written_type and self.types and not named:
            self._say(row, "type", cells["type"], Code.TYPE_UNKNOWN)
        date, why = read_date(cells["date_of_incident"], self.base_1904)
        if why:
            cell = cells["date_of_incident"]
            self._say(row, "date_of_incident", cell, Code.DATE_UNREAD, why=why)
        grade, state = self._grade(row, cells["overall_grade"])
        return CaseListRow(
            row=row,
            case=self._case(row, cells["case"]),
            force_ref=ref_text(cells["force_ref"]),
            type=named[0] if named else None,
            types=named,
            written_type=written_type,
            date_of_incident=date,
            origin=self._origin(row, cells["origin"]),
            overall_grade=grade,
            state=state,
            rationale=cells["rationale"].text().strip(),
        )

    def _case(self, row: int, cell: Cell) -> str:
        text = ref_text(cell)
        if "case" not in self.body.by_field:
            return text
        at = address(row, self.body.by_field["case"])
        if not text:
            self._say(row, "case", cell, Code.NO_CASE)
        elif text.casefold() in self._cases:
            self._say(row, "case", cell, Code.CASE_TWICE, where=self._cases[text.casefold()])
        self._cases.setdefault(text.casefold(), at)
        return text

    def _grade(self, row: int, cell: Cell) -> tuple[str | None, str | None]:
        text = cell.text()
        if cell.blank and cell.kind != "not calculated":
            return None, None
        words = plain(text)
        if words in ("not applicable", "n a", "na"):
            return None, "not applicable"
        if words in ("unable to judge", "unable to grade", "unable"):
            return None, "unable to judge"
        grade, why = read_grade(text, self.scale)
        if grade is None and (words not in word_set("not_a_grade", "words") or not words):
            self._say(row, "overall_grade", cell, Code.OWN_GRADE_UNKNOWN, why=why)
        return grade, None

    def _origin(self, row: int, cell: Cell) -> str | None:
        words = plain(cell.text())
        if not words:
            return None
        for origin, known in word_groups("origins").items():
            if words in known:
                return origin
        self._say(row, "origin", cell, Code.ORIGIN_UNKNOWN)
        return None

    def _say(self, row: int, field: str, cell: Cell, code: Code, **parts: str) -> None:
        at = address(row, self.body.by_field[field])
        name = self.table.sheet.name
        self.problems.append(cell_problem(name, at, cell, code, code.severity, **parts))
