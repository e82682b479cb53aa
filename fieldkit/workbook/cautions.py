"""What of a table is not read before a person says so, though it stands in a row of a case.

Rows and cells that are struck out, the example row of a template, and dates of a column that may
be turned round or lie ahead: each is named by its cell and asked about, and none of it counts until
it is answered (`Answers`): “as it stands”, another meaning, or left out with a reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from fieldkit.wording.format import line
from fieldkit.workbook.cell_answers import AS_IT_STANDS, Answers
from fieldkit.workbook.problems import Code, Problem
from fieldkit.workbook.table.blocks import Block, TableBody
from fieldkit.workbook.table.columns import IGNORE
from fieldkit.workbook.table.examples import example_rows
from fieldkit.workbook.table.table import Table
from fieldkit.workbook.table.table_rows import LeftOut
from fieldkit.workbook.values.cells import BLANK, Cell, Sheet, address, letters
from fieldkit.workbook.values.date_order import DateColumn, DateQuestion
from fieldkit.workbook.values.grades import tells_grade
from fieldkit.workbook.values.words import limit
from storage.ops.text import many

ANSWERS: Mapping[Code, tuple[str, ...]] = {
    Code.STRUCK_ROW: (AS_IT_STANDS,),
    Code.EXAMPLE_ROW: (AS_IT_STANDS,),
    Code.STRUCK_CELL: (AS_IT_STANDS,),
    Code.MONTH_FIRST: ("month first", "turned round", "day first"),
    Code.DATES_TURNED: ("turned round", "as they stand"),
    Code.DATES_AHEAD: ("as they stand",),
}
"""What a person may say of the place of such a problem, besides what its cell means."""
_DATES = {"self_assessment": "date", "case_list": "date_of_incident"}
_REASONS = {"self_assessment": "rationale", "case_list": "rationale"}
_KEYS = {"self_assessment": ("ref",), "case_list": ("case", "force_ref")}
_MASK = "···"
_NAMED = 6
"""Cells named in a sentence about several."""
_QUESTIONS = {
    "month first": Code.MONTH_FIRST,
    "turned round": Code.DATES_TURNED,
    "ahead": Code.DATES_AHEAD,
}


class Cautions:
    """Holds what is asked about in a table.

    Args:
        kind: ``self_assessment`` or ``case_list``.
        table: as it was found.
        base_1904: whether day numbers count from 1904.
        answers: what a person said of its cells; None where nothing can have been said.
        today: no incident is later than this day; the day it is read where None.
    """

    def __init__(
        self,
        kind: str,
        table: Table,
        base_1904: bool,
        answers: Answers | None = None,
        today: dt.date | None = None,
    ) -> None:
        self._kind, self._answers = kind, answers
        self._body = TableBody(table.sheet, kind, table.blocks)
        self._sheet = table.sheet
        self.problems: list[Problem] = []
        """What is asked about, and what else stands beside the values."""
        self._stands: set[int] = set()
        self._comments: dict[int, dict[int, str]] = {}
        held = self._held(table)
        self.held = frozenset(held)
        """The rows that are not read before a person says so."""
        self.table = replace(table, blocks=tuple(self._without(b, held) for b in table.blocks))
        """The same table without those rows."""
        self._name_struck(table)
        self._name_comments()
        self._dates = self._date_column(base_1904, today or dt.datetime.now().date())

    def cell(self, row: int, field: str, cell: Cell) -> Cell:
        """Return what counts of the cell of a field: nothing where all of it is struck out.

        A reason keeps its struck-out words, with their mark.
        """
        if not cell.struck or row in self._stands:
            return cell
        if field == _REASONS[self._kind]:
            return Cell(cell.struck, "text", cell.formula)
        return BLANK if cell.withdrawn else cell

    def with_comments(self, row: int, reason: str) -> str:
        """Return the reason of a row, and the comments beside its cells behind it.

        Like the reason they may tell the grade, so they are shown where it is.
        """
        comments = self._comments.get(row, {})
        said = [f"[comment at {address(row, at)}: {comments[at]}]" for at in sorted(comments)]
        return "\n".join(filter(None, (reason, *said)))

    def date(self, row: int, cell: Cell) -> tuple[str | None, str]:
        """Return the date of a row and why it could not be read, as `read_date` does."""
        column = self._body.number(row, _DATES[self._kind])
        return self._dates.read(address(row, column) if column else "", cell)

    def _held(self, table: Table) -> dict[int, str]:
        struck = {row for row, _ in table.sheet.struck}
        examples = example_rows(self._kind, self._body, table.cases)
        held: dict[int, str] = {}
        for row in table.cases:
            code = None
            if row in struck and self._is_struck(row):
                code, reason = Code.STRUCK_ROW, "it is struck out"
            elif row in examples:
                code, reason = Code.EXAMPLE_ROW, "it looks like the example of a template"
            if code is None:
                continue
            if self._answers is not None and self._answers.decides(row):
                self._stands.add(row)
                continue
            held[row] = reason
            text = line(self._first(row).text())
            text = "" if tells_grade(text) else text
            self.problems.append(code.at(table.sheet.name, self._at(row), text))
        return held

    def _without(self, block: Block, held: Mapping[int, str]) -> Block:
        """Return a block whose held rows are lines that are left out."""
        lines = [
            LeftOut(row, self._at(row), self._text(row), held[row], asked=True)
            for row in block.cases
            if row in held
        ]
        return replace(
            block,
            cases=tuple(row for row in block.cases if row not in held),
            left_out=tuple(sorted((*block.left_out, *lines), key=lambda one: one.row)),
        )

    def _is_struck(self, row: int) -> bool:
        """Say whether all that is read of a row is struck out."""
        columns = self._body.of(row).by_field.values()
        cells = [self._body.at(row, column) for column in columns]
        filled = [cell for cell in cells if not cell.blank]
        return bool(filled) and all(cell.withdrawn for cell in filled)

    def _name_struck(self, table: Table) -> None:
        for which in table.sheet.struck_by_rule:
            self.problems.append(Code.STRUCK_BY_RULE.at(table.sheet.name, which=which[:60]))
        cases = frozenset(self.table.cases)
        left_out = self._answers.rows if self._answers is not None else {}
        for row, column in table.sheet.struck:
            cell, field = table.sheet.at(row, column), table.field_at(row, column)
            field = "" if field == IGNORE else field
            if row in self.held or row in left_out or row in self._stands:
                continue
            fix = self._answers.fix(row, field) if self._answers is not None else None
            if row not in cases or not field:
                code = Code.STRUCK_BESIDE
            elif fix is not None:
                continue
            else:
                code = Code.STRUCK_CELL if cell.withdrawn else Code.STRUCK_WORDS
            shown = self._shown((row, column), cell.struck)
            self.problems.append(code.at(table.sheet.name, address(row, column), shown))

    def _name_comments(self) -> None:
        sheet = self._sheet
        if not sheet.comments:
            return
        places = sorted(sheet.comments)
        count, which = many(len(places), "comment"), _which([address(*one) for one in places])
        self.problems.append(Code.COMMENTS.at(sheet.name, "", "", count=count, which=which))
        for place in places:
            self._comments.setdefault(place[0], {})[place[1]] = sheet.comments[place]
            words = self._shown(place, sheet.comments[place])
            text = line(words, limit("say", "comment_characters"))
            self.problems.append(Code.COMMENT.at(sheet.name, address(*place), words, text=text))

    def _shown(self, place: tuple[int, int], words: str) -> str:
        """Return the words of a cell or comment, but not what tells a grade of the force.

        In our own list that is what stands outside of the columns which are taken for ours.
        """
        ours = self._kind != "case_list" or self.table.field_at(*place) not in ("", IGNORE)
        return words if ours or not tells_grade(words) else _MASK

    def _date_column(self, base_1904: bool, today: dt.date) -> DateColumn:
        field = _DATES[self._kind]
        cells: dict[str, Cell] = {}
        column = 0
        for row in self.table.cases:
            number = self._body.number(row, field)
            if number is None:
                continue
            column = column or number
            fixed = self._answers is not None and self._answers.fix(row, field) is not None
            cell = self._body.at(row, number)
            if not fixed and (not cell.withdrawn or row in self._stands):
                cells[address(row, number)] = cell
        said = self._answers.order if self._answers is not None else ""
        dates = DateColumn(cells, base_1904, said, today)
        for question in dates.questions:
            self.problems.append(_asked(self._sheet, letters(column), question))
            if question.kind == "ahead":  # each has a line of its own, where it can be answered
                listed = question.places[: limit("say", "formulas")]
                self.problems += [Code.DATE_AHEAD.at(self._sheet.name, place) for place in listed]
        return dates

    def _first(self, row: int) -> Cell:
        cells = (self._body.field(row, field) for field in _KEYS[self._kind])
        return next((cell for cell in cells if not cell.blank), BLANK)

    def _at(self, row: int) -> str:
        """Return the address by which a row is named: of its reference, or its first cell."""
        for field in _KEYS[self._kind]:
            if (number := self._body.number(row, field)) is not None:
                return address(row, number)
        return address(row, min(self._sheet.filled(row), default=1))

    def _text(self, row: int) -> str:
        texts = (cell.text().strip() for cell in self._sheet.filled(row).values())
        return " | ".join(texts)[: limit("say", "left_out_characters")]


def _asked(sheet: Sheet, column: str, question: DateQuestion) -> Problem:
    return _QUESTIONS[question.kind].at(
        sheet.name,
        column,
        "",
        count=many(len(question.evidence), "date"),
        which=_which(question.evidence),
        others=_which(question.places),
        column=column,
    )


def _which(places: Sequence[str]) -> str:
    """Return the first few places and how many more there are."""
    more = len(places) - _NAMED
    return ", ".join(places[:_NAMED]) + (f" and {more} more" if more > 0 else "")
