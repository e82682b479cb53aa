"""The reading of a force's self-assessment: the same for the preview and for the import.

Pure: a file in, a `WorkbookReading` out; nothing is written anywhere. What a person decides (sheet,
header row, columns, grade words) goes in again as arguments and the file is read afresh.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from fieldkit.workbook.cautions import Cautions
from fieldkit.workbook.cell_answers import Answers
from fieldkit.workbook.load.load import RawWorkbook, load_workbook
from fieldkit.workbook.problems import Code, Problem, Severity, in_order
from fieldkit.workbook.readings import (
    FIELDS,
    CellReading,
    ForceRowReading,
    WorkbookReading,
)
from fieldkit.workbook.table.blocks import Block, TableBody
from fieldkit.workbook.table.columns import IGNORE
from fieldkit.workbook.table.find_table import Finder
from fieldkit.workbook.table.headings import cases_above
from fieldkit.workbook.table.row_problems import (
    cell_code,
    cell_problem,
    ref_code,
    ref_text,
    table_problems,
)
from fieldkit.workbook.table.sheet_accounts import accounts_of
from fieldkit.workbook.table.table import SheetChoice
from fieldkit.workbook.table.totals import check_totals
from fieldkit.workbook.values.case_types import CaseTypes, Types
from fieldkit.workbook.values.cells import BLANK, Cell, address, column_number, letters
from fieldkit.workbook.values.dates import read_date
from fieldkit.workbook.values.grades import GradeWord, grade_words

_READ = tuple(field for field in FIELDS if field != IGNORE)
_MOST = 4
"""Values that do not suit a column's field, from which they may be most of them."""
_SPOILT = (Code.REFERENCE_ROUNDED, Code.REFERENCE_DATE, Code.REFERENCE_CUT)
"""What is said of each reference that a spreadsheet spoilt, however many there are."""
_MEANT = {"ref": "references that stand once", "type": "case types", "date": "dates"}


def read_workbook(
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
) -> WorkbookReading:
    """Read a force's workbook; what is not given is proposed.

    `scale`: the case grades of the inspection, best first. `types`: its case types, or types with
    aliases. `columns`: column letter or heading to field. `grades`: written word to grade or None.
    `fixes`, `skips`: address of a cell to what it means, or to why it is passed over (`Answers`).
    Raises the `WorkbookRefused` family, each with a sentence; nothing is written.
    """
    book = load_workbook(path)
    case_types = CaseTypes(types)
    table, choices = Finder(book, "self_assessment", case_types).find(sheet, header_row, columns)
    answers = Answers(table, fixes or {}, skips or {}, case_types, scale)
    cautions = Cautions("self_assessment", table, book.base_1904, answers)
    return _Reader(book, cautions, choices, case_types, tuple(scale), answers).read(grades)


class _Reader:
    def __init__(
        self,
        book: RawWorkbook,
        cautions: Cautions,
        choices: tuple[SheetChoice, ...],
        types: CaseTypes,
        scale: tuple[str, ...],
        answers: Answers,
    ) -> None:
        self.answers, self.cautions = answers, cautions
        self.book, self.table, self.choices = book, cautions.table, choices
        self.types, self.scale = types, scale
        table = self.table
        self.body = TableBody(table.sheet, "self_assessment", table.blocks)
        self.problems: list[Problem] = [*book.problems]

    def read(self, chosen: Mapping[str, str | None] | None) -> WorkbookReading:
        """Return the reading; `chosen` are a person's grade words."""
        table = self.table
        has_grade = self.body.has("grade")
        written = [_written(self._grade_cell(row)) for row in table.cases]
        words = grade_words(written if has_grade else (), self.scale, chosen)
        by_word = {word.written: word for word in words}
        missing = table.missing("self_assessment")
        self.problems += table_problems("self_assessment", table, self.choices, missing)
        refs: dict[str, str] = {}
        left_out = self.answers.rows
        rows = tuple(self._row(row, by_word, refs) for row in table.cases if row not in left_out)
        for block in table.blocks:
            self._unfit(block)
        self.problems += [*self.cautions.problems, *self.answers.of_columns()]
        skipped = self._skipped(by_word)
        last = max((*table.cases, table.last), default=0)
        totals = check_totals(
            self.book.sheets,
            table.sheet,
            range(max(table.first, 1), last + 1),
            table.left_out,
            self.scale,
            self.types,
            [(row.types, row.grade) for row in rows],
        )
        accounts, unclaimed = accounts_of(
            self.book.sheets, "self_assessment", table, self.choices, left_out
        )
        self.problems += unclaimed
        # Nobody passes a total over: whether that is possible would tell how it comes out.
        problems = [*self.answers.over(self.problems), *(totals if has_grade else ())]
        return WorkbookReading(
            file_name=self.book.file_name,
            sha256=self.book.sha256,
            kind=self.book.kind,
            sheet=table.sheet.name,
            header_row=table.last,
            header_rows=(table.first, table.last),
            sheets=self.choices,
            columns=table.columns,
            grades=words,
            rows=rows,
            left_out=table.left_out,
            problems=in_order(problems),
            missing=missing,
            accounts=accounts,
            skipped=skipped,
            cases_above=has_grade
            and cases_above(
                "self_assessment",
                table.sheet,
                table.last,
                self.body.number(0, "ref") or 0,
                self.body.number(0, "grade") or 0,
            ),
        )

    def _unfit(self, block: Block) -> None:
        """Say once that a column suits its field in few rows, in place of once for each.

        Row by row they would read a column out that may hold the force's grades.
        """
        if sum(problem.severity != "note" for problem in self.problems) < _MOST:
            return
        for field, meant in _MEANT.items():
            number = self.body.number(block.last + 1, field)
            if number is None:
                continue
            cells = {
                address(row, number): self.body.at(row, number)
                for row in block.cases
                if row not in self.answers.rows
            }
            wrong = [
                problem
                for problem in self.problems
                if problem.sheet == self.table.sheet.name
                and problem.severity != "note"
                and problem.code not in _SPOILT
                and problem.cell in cells
                and not cells[problem.cell].blank
            ]
            filled = sum(not cell.blank for cell in cells.values())
            if len(wrong) < _MOST or len(wrong) <= filled / 2:
                continue
            self.problems = [problem for problem in self.problems if problem not in wrong]
            self.problems.append(
                Code.COLUMN_UNFIT.at(
                    self.table.sheet.name,
                    letters(number),
                    meant=meant,
                    wrong=len(wrong),
                    filled=filled,
                )
            )

    def _skipped(self, words: Mapping[str, GradeWord]) -> tuple[ForceRowReading, ...]:
        """Return the rows a person left out, and why, in place of what is wrong with them."""
        before = len(self.problems)
        rows = tuple(self._row(row, words, {}) for row in sorted(self.answers.rows))
        del self.problems[before:]
        for row, (cell, reason) in self.answers.rows.items():
            stored = self.body.at(row, column_number(cell.rstrip("0123456789")) or 1).stored()
            at = (self.table.sheet.name, cell, stored)
            self.problems.append(Code.ROW_SKIPPED.at(*at, answer=reason, said=reason))
        return rows

    def _row(
        self, row: int, words: Mapping[str, GradeWord], refs: dict[str, str]
    ) -> ForceRowReading:
        own = self.body.fields(row)
        cells = {field: self._cell(row, field, own.get(field, BLANK)) for field in _READ}
        ref = ref_text(cells["ref"])
        self._ref_problems(row, cells["ref"], ref, refs)
        type_text = cells["type"].text().strip()
        named = self.types.read(type_text) if type_text and cells["type"].kind == "text" else ()
        if type_text and self.types and not named:
            self._say(row, "type", cells["type"], Code.TYPE_UNKNOWN)
        date, why = self._date(row, cells["date"])
        if why:
            self._say(row, "date", cells["date"], Code.DATE_UNREAD, why=why)
        if (code := cell_code(cells["rationale"])) is not None:
            self._say(row, "rationale", cells["rationale"], code)
        grade = self._grade(row, cells["grade"], words)
        matched = {
            "ref": ref or None,
            "type": "; ".join(named) or None,
            "date": date,
            "grade": grade,
            "rationale": cells["rationale"].text().strip() or None,
        }
        return ForceRowReading(
            row=row,
            ref=ref,
            type=named[0] if named else None,
            types=named,
            date=date,
            grade=grade,
            written_grade=cells["grade"].text(),
            written_type=type_text,
            written_date=cells["date"].text().strip(),
            rationale=self.cautions.with_comments(row, cells["rationale"].text().strip()),
            hidden=row in self.table.sheet.hidden_rows,
            cells=self._raw(row, matched),
        )

    def _cell(self, row: int, field: str, cell: Cell) -> Cell:
        """Return the cell of a field, or what a person says it means; of a grade its own."""
        fix = self.answers.fix(row, field)
        if fix is None:
            return self.cautions.cell(row, field, cell)
        at = self._address(row, field)
        place = (self.table.sheet.name, at, cell.stored())
        self.problems.append(Code.MEANING_SAID.at(*place, answer=fix.answer, said=fix.said))
        return cell if field == "grade" or fix.stands else fix.cell

    def _date(self, row: int, cell: Cell) -> tuple[str | None, str]:
        if self.answers.fix(row, "date") is not None:
            return read_date(cell, self.book.base_1904)
        return self.cautions.date(row, cell)

    def _grade_cell(self, row: int) -> Cell:
        """Return what counts of the cell of a grade, whatever a person says that it means."""
        cell, fix = self.body.field(row, "grade"), self.answers.fix(row, "grade")
        return cell if fix is not None and fix.stands else self.cautions.cell(row, "grade", cell)

    def _grade(self, row: int, cell: Cell, words: Mapping[str, GradeWord]) -> str | None:
        fix = self.answers.fix(row, "grade")
        if fix is not None and not fix.stands:
            return fix.grade
        word = words.get(_written(cell))
        if word is not None and word.means is None:
            self._grade_problem(row, cell, word)
        return word.means if word else None

    def _raw(self, row: int, matched: Mapping[str, str | None]) -> tuple[CellReading, ...]:
        readings: list[CellReading] = []
        body = self.body.of(row)
        for number, column in body.columns:
            cell, field = body.at(row, number), column.field
            if (field == IGNORE or column.tick) and cell.blank:
                continue
            at = f"{column.column}{row}"
            text = cell.text()
            stored = text if cell.kind == "text" and cell.formula is None else cell.stored()
            if cell.struck:
                text = stored = cell.struck
            readings.append(CellReading(at, field, stored, text, matched.get(field)))
        return tuple(readings)

    def _ref_problems(self, row: int, cell: Cell, ref: str, seen: dict[str, str]) -> None:
        if self.body.number(row, "ref") is None:
            return
        at = self._address(row, "ref")
        code = ref_code(cell)
        if code is None and ref.casefold() in seen:
            code = Code.REFERENCE_TWICE
        where = seen.get(ref.casefold(), "")
        if ref:
            seen.setdefault(ref.casefold(), at)
        if code is not None:
            self._say(row, "ref", cell, code, "error", where=where)

    def _grade_problem(self, row: int, cell: Cell, word: GradeWord) -> None:
        if self.body.field(row, "grade").withdrawn:
            return  # that it is struck out is said of it
        if cell.blank:
            at = self._address(row, "grade")
            self.problems.append(Code.NO_GRADE.at(self.table.sheet.name, at))
        else:
            more = " The case stays without a grade of the force."
            self._say(row, "grade", cell, Code.GRADE_UNKNOWN, "error", why=word.why, more=more)

    def _address(self, row: int, field: str) -> str:
        """Return where a field of a row stands; of columns of ticks, the first."""
        return address(row, self.body.number(row, field) or 1)

    def _say(
        self,
        row: int,
        field: str,
        cell: Cell,
        code: Code,
        severity: Severity | None = None,
        **parts: str,
    ) -> None:
        at = self._address(row, field)
        name = self.table.sheet.name
        self.problems.append(cell_problem(name, at, cell, code, severity, **parts))


def _written(cell: Cell) -> str:
    """Return what stands in the cell of a grade; blank cells are all the same."""
    return "" if cell.blank else cell.text()
