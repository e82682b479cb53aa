"""What a person says of single cells: what one means, or that it is passed over, with a reason.

A cell keeps what the force wrote; what a person says of it stands beside it. Skipping a cell in a
row of a case leaves that row out; skipping any other passes its problem over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fieldkit.workbook.errors import MappingRefused
from fieldkit.workbook.problems import Code, Problem, is_answer
from fieldkit.workbook.table.table import Table
from fieldkit.workbook.values.case_types import CaseTypes
from fieldkit.workbook.values.cells import BLANK, Cell, column_number, make_cell
from fieldkit.workbook.values.date_order import ORDERS, Order
from fieldkit.workbook.values.dates import read_date
from fieldkit.workbook.values.words import plain, word_groups
from storage.ops.day_words import day_words

NO_GRADE = "none"
"""Said of a grade's cell: it gives no grade."""
OWN_GRADE = "overall_grade"
"""The field of our own grade in a list of cases."""
STATES = ("not applicable", "unable to judge")
"""What may stand in the place of a grade of ours."""
_DATES = ("date", "date_of_incident")
_TEXTS = {
    "ref": "a reference",
    "case": "a case reference",
    "force_ref": "a reference",
    "rationale": "a text",
    "auditor": "a name, a role or initials",
}
NO_GRADE_SAID = "no grade"
"""The same in the sentence about it."""
AS_IT_STANDS = "as it stands"
"""Said of a cell that is struck out or looks like an example: it counts all the same."""
_PLACE = re.compile(r"(?:(?P<sheet>.+)!)?(?P<column>[A-Za-z]{1,3})(?P<row>[1-9]\d{0,6})?")
_NOTHING = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class Fix:
    """Holds what a person says a cell means: ``said`` in words, ``cell`` as it is then read.

    ``answer`` is what was typed; ``grade`` the grade of a grade's cell, None where it gives none.
    ``stands``: the cell counts as it stands, and ``cell`` says nothing of it.
    """

    answer: str
    said: str
    cell: Cell
    grade: str | None = None
    stands: bool = False


def read_origin(written: str) -> str:
    """Return the origin of a case of ours that words mean; empty where they mean none."""
    words = plain(written)
    return next((each for each, known in word_groups("origins").items() if words in known), "")


class Answers:
    """Holds a person's answers to a table, checked.

    Args:
        table: what they are about.
        fixes: address to what the cell means: a grade of the scale or “none”, of ours also a
            state, a reference, a date, a case type, an origin, or a text.
        skips: address, with ``Sheet!`` before it for another sheet, to the reason.
        types: the inspection's case types.
        scale: its case grades.

    Raises:
        MappingRefused: an answer does not fit the file.
    """

    def __init__(
        self,
        table: Table,
        fixes: Mapping[str, str],
        skips: Mapping[str, str],
        types: CaseTypes,
        scale: Sequence[str],
    ) -> None:
        self._table, self._types = table, types
        self._scale = {one.casefold(): one for one in scale}
        self._cases = frozenset(table.cases)
        self.rows: dict[int, tuple[str, str]] = {}
        """The rows left out: number to address and reason."""
        self.passed: dict[tuple[str, str], str] = {}
        """Problems passed over: sheet and address to the reason."""
        self._fixed: dict[tuple[int, str], Fix] = {}
        self.order: Order | Literal[""] = ""
        """How the dates of the column are to be taken; empty where nothing was said."""
        self._column_said: Problem | None = None
        for name, said in skips.items():
            self._skip(name, " ".join(said.split()))
        for name, said in fixes.items():
            self._fix(name, said.strip())

    def fix(self, row: int, field: str) -> Fix | None:
        """Return what was said of the cell of a field in a row."""
        return self._fixed.get((row, field)) if self._fixed else None

    def decides(self, row: int) -> bool:
        """Say whether a person said of a row that it counts, or left it out."""
        return row in self.rows or any(
            fix.stands for (fixed_row, _), fix in self._fixed.items() if fixed_row == row
        )

    def of_columns(self) -> list[Problem]:
        """Return what was said of whole columns, as problems that are answered."""
        return [self._column_said] if self._column_said is not None else []

    def over(self, problems: Sequence[Problem]) -> list[Problem]:
        """Return the problems with those passed over said to be so.

        Raises `MappingRefused` where there is nothing to pass over.
        """
        left = dict(self.passed)
        over = []
        for problem in problems:
            reason = self.passed.get((problem.sheet, problem.cell))
            if reason is not None and not is_answer(problem):
                left.pop((problem.sheet, problem.cell), None)
                problem = problem.passed_over(reason)
            over.append(problem)
        if left:
            _, cell = next(iter(left))
            raise MappingRefused(
                f"Nothing was found wrong at {cell}, and it is in no row of a case, so there is "
                f"nothing to skip. {_NOTHING}"
            )
        return over

    def _place(self, name: str) -> tuple[str, int, int]:
        """Return the sheet, row and column of a place; row 0 for a whole column."""
        match = _PLACE.fullmatch(name.strip())
        column = column_number(match["column"]) if match else None
        if match is None or column is None:
            raise MappingRefused(f"“{name}” is not a cell such as E12. {_NOTHING}")
        return match["sheet"] or self._table.sheet.name, int(match["row"] or 0), column

    def _skip(self, name: str, reason: str) -> None:
        sheet, row, _ = self._place(name)
        cell = name.strip().rpartition("!")[2].upper()
        if not reason:
            raise MappingRefused(f"Say why {cell} is skipped. {_NOTHING}")
        if sheet == self._table.sheet.name and row in self._cases:
            self.rows.setdefault(row, (cell, reason))
        else:
            self.passed[sheet, cell] = reason

    def _fix(self, name: str, said: str) -> None:
        sheet, row, column = self._place(name)
        field = self._table.field_at(row, column)
        cell = name.strip().rpartition("!")[2].upper()
        if row == 0 and sheet == self._table.sheet.name:
            fields = {block.field(column) for block in self._table.blocks}
            self._fix_column(cell, bool(fields & {*_DATES}), said)
            return
        if sheet != self._table.sheet.name or row not in self._cases:
            raise MappingRefused(
                f"{name} is in no row of a case, so it cannot be given a meaning. {_NOTHING}"
            )
        fixed = self._meant(field, said) if said else None
        if fixed is None:
            raise MappingRefused(
                f"“{said}”, said of {cell}, is not {self._wanted(field)}. {_NOTHING}"
            )
        self._fixed[row, field] = fixed

    def _fix_column(self, column: str, has_dates: bool, said: str) -> None:
        order = ORDERS.get(" ".join(said.casefold().split())) if has_dates else None
        if order is None:
            wanted = ", ".join(f"“{one}”" for one in ORDERS) if has_dates else ""
            why = f"one of {wanted}" if wanted else "possible: only a column of dates has a meaning"
            raise MappingRefused(f"“{said}”, said of column {column}, is not {why}. {_NOTHING}")
        self.order = order
        at = (self._table.sheet.name, column, "")
        self._column_said = Code.COLUMN_MEANING_SAID.at(*at, answer=said, said=order)

    def _meant(self, field: str, said: str) -> Fix | None:
        if field and " ".join(said.casefold().split()) == AS_IT_STANDS:
            return Fix(AS_IT_STANDS, AS_IT_STANDS, BLANK, stands=True)
        if field == "grade":
            grade = self._scale.get(said.casefold())
            known = grade is not None or said.casefold() == NO_GRADE
            return Fix(said, grade or NO_GRADE_SAID, make_cell(said), grade) if known else None
        if field == OWN_GRADE:
            word = self._scale.get(said.casefold()) or said.casefold()
            known = word in (*self._scale.values(), *STATES, NO_GRADE)
            return (
                Fix(said, NO_GRADE_SAID if word == NO_GRADE else word, make_cell(word))
                if known
                else None
            )
        if field == "origin":
            origin = read_origin(said)
            return Fix(said, origin, make_cell(origin)) if origin else None
        if field in _DATES:
            date, _ = read_date(make_cell(said))
            return Fix(said, day_words(date), make_cell(date)) if date else None
        if field == "type":
            named = self._types.read(said) if self._types else (said,)
            labels = "; ".join(named)
            return Fix(said, labels, make_cell(labels)) if named else None
        if field in _TEXTS:
            return Fix(said, said, make_cell(said))
        return None

    def _wanted(self, field: str) -> str:
        """Return what may be said of a cell of a field, for a refusal."""
        grades = ", ".join(self._scale.values())
        return {
            "grade": f"one of {grades}, or {NO_GRADE}",
            OWN_GRADE: f"one of {grades}, {', '.join(STATES)}, or {NO_GRADE}",
            **dict.fromkeys(_DATES, "a date such as 6 July 2026"),
            "type": "a case type of this inspection",
            "origin": "self-assessed or inspectors",
            **_TEXTS,
        }.get(field, "possible: its column is not read")
