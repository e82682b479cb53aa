"""The inspectors' own list of cases, for `cases import`: the same loader, problems by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from fieldkit.workbook.cautions import Cautions
from fieldkit.workbook.cell_answers import OWN_GRADE, STATES, Answers, read_origin
from fieldkit.workbook.load.load import load_workbook
from fieldkit.workbook.problems import Code, Problem, in_order
from fieldkit.workbook.readings import Reading
from fieldkit.workbook.table.blocks import TableBody
from fieldkit.workbook.table.find_table import Finder
from fieldkit.workbook.table.row_problems import cell_problem, damage_code, ref_text, table_problems
from fieldkit.workbook.table.sheet_accounts import accounts_of
from fieldkit.workbook.values.case_types import CaseTypes, Types
from fieldkit.workbook.values.cells import BLANK, Cell, address, column_number
from fieldkit.workbook.values.dates import read_date
from fieldkit.workbook.values.grades import GradeWord, grade_words
from fieldkit.workbook.values.words import plain, word_set
from storage.ops.references import comparable_reference, tidy_reference

CASE_FIELDS = (
    "case",
    "force_ref",
    "type",
    "date_of_incident",
    "origin",
    "overall_grade",
    "rationale",
    "auditor",
)


_STATES = {
    **dict.fromkeys(("not applicable", "n a", "na"), STATES[0]),
    **dict.fromkeys(("unable to judge", "unable to grade", "unable"), STATES[1]),
}
"""Words for a state, made comparable."""


@dataclass(frozen=True, slots=True)
class CaseListRow:
    """Holds one case of ours.

    ``origin`` is ``self-assessed`` or ``inspectors``; None where a column is missing, blank or not
    understood (the latter is a problem by its cell). ``state`` is ``not applicable`` or ``unable
    to judge`` where the grade column says so. ``auditor`` is who graded it, as the list has it: a
    name, a role or initials. ``case_said``: a person said which case the row is.
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
    auditor: str = ""
    case_said: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseListReading(Reading):
    """Holds what a case list says; problems of severity ``error`` want mending before an import.

    ``skipped`` are the rows a person left out, each with the reason among the problems.
    """

    rows: tuple[CaseListRow, ...]
    skipped: tuple[CaseListRow, ...] = ()

    def cell(self, row: int, field: str) -> str:
        """Return the address of a field's cell in a row; of its first column without one."""
        columns = {column.field: column.column for column in self.columns}
        return f"{columns.get(field) or columns.get('case', 'A')}{row}"

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that leave a case without an identity or a committed grade."""
        return tuple(p for p in self.problems if p.severity == "error")

    def to_json(self) -> dict[str, object]:
        """Return the whole reading."""
        return self.as_json(
            rows=len(self.rows),
            cases=[asdict(row) for row in self.rows],
            skipped=[row.row for row in self.skipped],
        )


def read_case_list(
    path: Path | str,
    *,
    scale: Sequence[str],
    types: Types | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    columns: Mapping[str, str] | None = None,
    grades: Mapping[str, str | None] | None = None,
    fixes: Mapping[str, str] | None = None,
    skips: Mapping[str, str] | None = None,
) -> CaseListReading:
    """Read our own case list from any workbook or .csv, under any near headings.

    Arguments as `read_workbook`; a grade word may also mean a state. Raises the `WorkbookRefused`
    family; nothing is written.
    """
    book = load_workbook(path)
    case_types = CaseTypes(types)
    table, choices = Finder(book, "case_list", case_types).find(sheet, header_row, columns)
    answers = Answers(table, fixes or {}, skips or {}, case_types, scale)
    missing = table.missing("case_list")
    cautions = Cautions("case_list", table, book.base_1904, answers)
    table = cautions.table
    reader = _Reader(cautions, case_types, tuple(scale), book.base_1904, answers)
    reader.grades(grades)
    left_out = answers.rows
    rows = tuple(reader.row(row) for row in table.cases if row not in left_out)
    skipped = reader.skipped()
    accounts, unclaimed = accounts_of(book.sheets, "case_list", table, choices, left_out)
    problems = answers.over(
        [
            *book.problems,
            *table_problems("case_list", table, choices, missing),
            *cautions.problems,
            *reader.problems,
            *unclaimed,
            *answers.of_columns(),
        ]
    )
    return CaseListReading(
        file_name=book.file_name,
        sha256=book.sha256,
        kind=book.kind,
        sheet=table.sheet.name,
        header_row=table.last,
        header_rows=(table.first, table.last),
        sheets=choices,
        columns=table.columns,
        grades=tuple(reader.words.values()),
        rows=rows,
        left_out=table.left_out,
        problems=in_order(problems),
        missing=missing,
        accounts=accounts,
        skipped=skipped,
    )


class _Reader:
    def __init__(
        self,
        cautions: Cautions,
        types: CaseTypes,
        scale: tuple[str, ...],
        base_1904: bool,
        answers: Answers,
    ) -> None:
        table = cautions.table
        self.table, self.types, self.scale, self.base_1904 = table, types, scale, base_1904
        self.answers, self.cautions = answers, cautions
        self.body = TableBody(table.sheet, "case_list", table.blocks)
        self.words: dict[str, GradeWord] = {}
        self.problems: list[Problem] = []
        self._cases: dict[str, str] = {}

    def grades(self, chosen: Mapping[str, str | None] | None) -> None:
        """Say what each word of the column of grades means; `chosen` are a person's words."""
        if self.body.has(OWN_GRADE):
            cells = [self._grade_cell(row) for row in self.table.cases]
            written = ["" if cell.blank else cell.text() for cell in cells]
            self.words = {word.written: word for word in own_words(written, self.scale, chosen)}

    def skipped(self) -> tuple[CaseListRow, ...]:
        """Return the rows a person left out, and why, in place of what is wrong with them."""
        before, cases = len(self.problems), dict(self._cases)
        rows = tuple(self.row(row) for row in sorted(self.answers.rows))
        del self.problems[before:]
        self._cases = cases
        for row, (cell, reason) in self.answers.rows.items():
            stored = self.body.at(row, column_number(cell.rstrip("0123456789")) or 1).stored()
            at = (self.table.sheet.name, cell, stored)
            self.problems.append(Code.ROW_SKIPPED.at(*at, answer=reason, said=reason))
        return rows

    def row(self, row: int) -> CaseListRow:
        """Return one case; what cannot be read is added to ``problems``."""
        own = self.body.fields(row)
        cells = {field: self._cell(row, field, own.get(field, BLANK)) for field in CASE_FIELDS}
        if (code := damage_code(cells["force_ref"])) is not None:
            self._say(row, "force_ref", cells["force_ref"], code)
        written_type = cells["type"].text().strip()
        named = self.types.read(written_type) if written_type else ()
        if written_type and self.types and not named:
            self._say(row, "type", cells["type"], Code.TYPE_UNKNOWN)
        date, why = self._date(row, cells["date_of_incident"])
        if why:
            cell = cells["date_of_incident"]
            self._say(row, "date_of_incident", cell, Code.DATE_UNREAD, why=why)
        grade, state = self._grade(row, cells[OWN_GRADE])
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
            auditor=" ".join(cells["auditor"].text().split()),
            case_said=self.answers.fix(row, "case") is not None,
        )

    def _cell(self, row: int, field: str, cell: Cell) -> Cell:
        """Return the cell of a field, or what a person says it means."""
        fix = self.answers.fix(row, field)
        if fix is None:
            return self.cautions.cell(row, field, cell)
        place = (self.table.sheet.name, self._address(row, field), cell.stored())
        self.problems.append(Code.MEANING_SAID.at(*place, answer=fix.answer, said=fix.said))
        return cell if fix.stands else fix.cell

    def _date(self, row: int, cell: Cell) -> tuple[str | None, str]:
        if self.answers.fix(row, "date_of_incident") is not None:
            return read_date(cell, self.base_1904)
        return self.cautions.date(row, cell)

    def _grade_cell(self, row: int) -> Cell:
        """Return what counts of the cell of a grade, whatever a person says that it means."""
        cell, fix = self.body.field(row, OWN_GRADE), self.answers.fix(row, OWN_GRADE)
        return cell if fix is not None and fix.stands else self.cautions.cell(row, OWN_GRADE, cell)

    def _case(self, row: int, cell: Cell) -> str:
        text = tidy_reference(ref_text(cell))
        if self.body.number(row, "case") is None:
            return text
        at = self._address(row, "case")
        form = comparable_reference(text)
        if not text:
            self._say(row, "case", cell, damage_code(cell) or Code.NO_CASE)
        elif form in self._cases:
            self._say(row, "case", cell, Code.CASE_TWICE, where=self._cases[form])
        self._cases.setdefault(form, at)
        return text

    def _grade(self, row: int, cell: Cell) -> tuple[str | None, str | None]:
        if cell.blank and cell.kind != "not calculated":
            return None, None
        word = self.words.get(cell.text())
        fix = self.answers.fix(row, OWN_GRADE)
        if word is None or (fix is not None and not fix.stands):
            (word,) = own_words([cell.text()], self.scale, None)
        if word.means in STATES:
            return None, word.means
        words = plain(word.written)
        silent = words in word_set("not_a_grade", "words") and words
        if word.means is None and not silent and not word.chosen:
            self._say(row, OWN_GRADE, cell, Code.OWN_GRADE_UNKNOWN, why=word.why)
        return word.means, None

    def _origin(self, row: int, cell: Cell) -> str | None:
        if not plain(cell.text()):
            return None
        origin = read_origin(cell.text())
        if not origin:
            self._say(row, "origin", cell, Code.ORIGIN_UNKNOWN)
        return origin or None

    def _address(self, row: int, field: str) -> str:
        return address(row, self.body.number(row, field) or 1)

    def _say(self, row: int, field: str, cell: Cell, code: Code, **parts: str) -> None:
        at = self._address(row, field)
        name = self.table.sheet.name
        self.problems.append(cell_problem(name, at, cell, code, code.severity, **parts))


def own_words(
    written: Sequence[str], scale: Sequence[str], chosen: Mapping[str, str | None] | None
) -> tuple[GradeWord, ...]:
    """Return what the words of our own grades mean: a grade of the scale, a state, or neither.

    Raises `MappingRefused` as `grade_words` does.
    """
    said = dict(chosen or {})
    states = {word: _state(said[word] or "" if word in said else word) for word in written}
    grades = {word: means for word, means in said.items() if not _state(means or "")}
    return tuple(
        replace(word, means=states[word.written], why="", chosen=word.written in said)
        if states.get(word.written)
        else word
        for word in grade_words(written, scale, grades)
    )


def _state(words: str) -> str:
    """Return the state that words mean; empty where they mean none."""
    return _STATES.get(plain(words), "")
