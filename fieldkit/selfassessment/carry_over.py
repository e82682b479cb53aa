"""What a person said of single cells, said again of a corrected workbook where it still holds.

An answer holds where a row of the same reference has the same text in the same column, and fieldkit
stumbles over it again; a row is skipped again only where nothing in it has changed. Like everything
proposed it is said aloud and can be taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlmodel import Session

from fieldkit.methodology import Methodology
from fieldkit.selfassessment.corrections import RowTexts, column_names, corrected_import, pair_rows
from fieldkit.selfassessment.import_workbook import read_force_workbook
from fieldkit.selfassessment.known_rows import known_import
from fieldkit.selfassessment.problems import unmasked_problems
from fieldkit.wording.dates import short_moment
from fieldkit.workbook.errors import WorkbookRefused
from fieldkit.workbook.overrides import Overrides
from fieldkit.workbook.problems import WRONG_TOTALS, Code, Problem
from fieldkit.workbook.readings import WorkbookReading
from storage.ops.text import clean_text, many
from storage.records import SelfAssessment

_CELL = re.compile(r"([A-Z]+)(\d+)")


@dataclass(frozen=True, slots=True)
class CarriedAnswers:
    """Holds the answers to cells that are right in a corrected workbook.

    Attributes:
        source: the workbook they were given to, and when it was imported.
        fixes: address in the corrected workbook to what the cell means.
        skips: address to why it is skipped; with ``Sheet!`` before it for another sheet.
        rows: those of the skipped that are in a row of a case.
    """

    source: str = ""
    fixes: Mapping[str, str] = field(default_factory=dict)
    skips: Mapping[str, str] = field(default_factory=dict)
    rows: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        """Return how many answers."""
        return len(self.fixes) + len(self.skips)

    def words(self) -> str:
        """Return what was carried over, as a sentence; empty where nothing was."""
        if not self.count:
            return ""
        return (
            f"As in {self.source}: {many(len(self.fixes), 'cell')} answered and "
            f"{len(self.skips)} skipped again."
        )


def answers_to_carry_over(
    s: Session, inspection_id: str, reading: WorkbookReading
) -> CarriedAnswers:
    """Return the answers given to the import that a reading corrects, as far as they hold.

    Args:
        s: a session.
        inspection_id: of which inspection.
        reading: the corrected workbook, read without answers to its cells.
    """
    before = corrected_import(s, inspection_id, reading)
    if before is None:
        return CarriedAnswers()
    fixes: dict[str, str] = {}
    skips: dict[str, str] = {}
    rows: set[str] = set()
    carrying = _Places(s, before, reading)
    for problem in unmasked_problems(s, before):
        if problem.code is Code.MEANING_SAID:
            for cell in carrying.cell(problem):
                fixes[cell] = problem.answer
        elif problem.code is Code.ROW_SKIPPED:
            for cell in carrying.row(problem):
                skips[cell] = problem.answer
                rows.add(cell)
        elif problem.answer:
            for place in carrying.passed(problem):
                skips[place] = problem.answer
    source = f"{before.file_name} of {short_moment(before.read_at)}"
    return CarriedAnswers(source, fixes, skips, frozenset(rows))


def read_with_answers(
    path: Path | str, methodology: Methodology, overrides: Overrides, answers: CarriedAnswers
) -> tuple[WorkbookReading, CarriedAnswers]:
    """Return a workbook with the answers that hold in it beside what a person overrides of it.

    Needs no vault. What no longer fits with the others is left for a person to answer.
    """
    rows = {name: why for name, why in answers.skips.items() if name in answers.rows}
    for answers_tried in (answers, replace(answers, skips=rows), CarriedAnswers()):
        again = replace(
            overrides,
            fixes={**answers_tried.fixes, **overrides.fixes},
            skips={**answers_tried.skips, **overrides.skips},
        )
        try:
            return read_force_workbook(path, methodology, again), answers_tried
        except WorkbookRefused:
            if not answers_tried.count:
                raise
    raise AssertionError("the last is read or refused")


class _Places:
    """Finds in a reading the places of an import's answers."""

    def __init__(self, s: Session, before: SelfAssessment, reading: WorkbookReading) -> None:
        known = known_import(s, before)
        _, new, pairs = pair_rows(known, reading)
        self._before, self._reading = before, reading
        self._pairs: dict[int, tuple[RowTexts, RowTexts]] = {
            pairs[row.row].row: (pairs[row.row], row) for row in new if row.row in pairs
        }
        self._named = known.headings
        by_field = {row.field: row.column for row in reading.columns}
        self._ref = column_names(reading).get(by_field.get("ref", ""), "")
        self._columns = {name: column for column, name in column_names(reading).items()}
        self._wrong = {
            row.cell
            for row in reading.problems
            if row.sheet == reading.sheet and row.severity != "note"
        }

    def cell(self, answer: Problem) -> Iterator[str]:
        """Say where the same text of the same row is stumbled over again."""
        for name, column, old, new in self._place(answer):
            cell = f"{column}{new.row}"
            same = all(old.cells.get(each) == new.cells.get(each) for each in (name, self._ref))
            if same and cell in self._wrong:
                yield cell

    def row(self, skipped: Problem) -> Iterator[str]:
        """Yield the same row, where nothing in it has changed."""
        for _, column, old, new in self._place(skipped):
            if old.cells == new.cells:
                yield f"{column}{new.row}"

    def passed(self, passed: Problem) -> Iterator[str]:
        """Yield the same problem at the same place outside the rows of cases."""
        if passed.code in WRONG_TOTALS:  # nobody passes over what is not shown
            return
        in_cases = passed.sheet == self._before.sheet
        sheet = self._reading.sheet if in_cases else passed.sheet
        for problem in self._reading.problems:
            same = (problem.sheet, problem.cell, problem.code) == (sheet, passed.cell, passed.code)
            if same and clean_text(problem.value) == passed.value:
                yield problem.cell if in_cases else f"{problem.sheet}!{problem.cell}"

    def _place(self, answer: Problem) -> Iterator[tuple[str, str, RowTexts, RowTexts]]:
        address = _CELL.fullmatch(answer.cell)
        if address is None or answer.sheet != self._before.sheet:
            return
        name = clean_text(self._named.get(address[1], "")) or address[1]
        pair = self._pairs.get(int(address[2]))
        if pair is not None and name in self._columns:
            yield name, self._columns[name], *pair
