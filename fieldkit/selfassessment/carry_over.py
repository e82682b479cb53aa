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
from fieldkit.selfassessment.import_workbook import Overrides, read_force_workbook
from fieldkit.selfassessment.key_entries import headings_of
from fieldkit.selfassessment.problems import unmasked_problems
from fieldkit.wording.format import local
from fieldkit.workbook.errors import WorkbookRefused
from fieldkit.workbook.problems import WRONG_TOTALS, Code, Problem
from fieldkit.workbook.readings import WorkbookReading
from storage.ops.text import clean_text, many
from storage.records import SelfAssessment

_CELL = re.compile(r"([A-Z]+)(\d+)")


@dataclass(frozen=True, slots=True)
class CarriedAnswers:
    """Answers to cells that hold in a corrected workbook.

    Attributes:
        source: the workbook they were given to, and when it was taken in.
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
        """How many answers."""
        return len(self.fixes) + len(self.skips)

    def words(self) -> str:
        """What was carried over, as a sentence; empty where nothing was."""
        if not self.count:
            return ""
        return (
            f"As in {self.source}: {many(len(self.fixes), 'cell')} answered and "
            f"{len(self.skips)} skipped again."
        )


def answers_to_carry_over(
    s: Session, inspection_id: str, reading: WorkbookReading
) -> CarriedAnswers:
    """The answers given to the import that a reading corrects, as far as they hold.

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
    for one in unmasked_problems(s, before):
        if one.code is Code.MEANING_SAID:
            for cell in carrying.cell(one):
                fixes[cell] = one.answer
        elif one.code is Code.ROW_SKIPPED:
            for cell in carrying.row(one):
                skips[cell] = one.answer
                rows.add(cell)
        elif one.answer:
            for place in carrying.passed(one):
                skips[place] = one.answer
    source = f"{before.file_name} of {local(before.read_at)}"
    return CarriedAnswers(source, fixes, skips, frozenset(rows))


def read_with_answers(
    path: Path | str, methodology: Methodology, wishes: Overrides, found: CarriedAnswers
) -> tuple[WorkbookReading, CarriedAnswers]:
    """A workbook with the answers that hold in it beside what a person wishes of it.

    Needs no vault. What no longer fits with the others is left for a person to answer.
    """
    rows = {name: why for name, why in found.skips.items() if name in found.rows}
    for tried in (found, replace(found, skips=rows), CarriedAnswers()):
        again = replace(
            wishes,
            fixes={**tried.fixes, **wishes.fixes},
            skips={**tried.skips, **wishes.skips},
        )
        try:
            return read_force_workbook(path, methodology, again), tried
        except WorkbookRefused:
            if not tried.count:
                raise
    raise AssertionError("the last is read or refused")


class _Places:
    """Finds in a reading the places of an import's answers."""

    def __init__(self, s: Session, before: SelfAssessment, reading: WorkbookReading) -> None:
        _, new, pairs = pair_rows(s, before, reading)
        self._before, self._reading = before, reading
        self._pairs: dict[int, tuple[RowTexts, RowTexts]] = {
            pairs[one.row].row: (pairs[one.row], one) for one in new if one.row in pairs
        }
        self._named = headings_of(s, before)
        by_field = {one.field: one.column for one in reading.columns}
        self._ref = column_names(reading).get(by_field.get("ref", ""), "")
        self._columns = {name: column for column, name in column_names(reading).items()}
        self._wrong = {
            one.cell
            for one in reading.problems
            if one.sheet == reading.sheet and one.severity != "note"
        }

    def cell(self, said: Problem) -> Iterator[str]:
        """Where the same text of the same row is stumbled over again."""
        for name, column, was, one in self._place(said):
            cell = f"{column}{one.row}"
            same = all(was.cells.get(each) == one.cells.get(each) for each in (name, self._ref))
            if same and cell in self._wrong:
                yield cell

    def row(self, skipped: Problem) -> Iterator[str]:
        """The same row, where nothing in it has changed."""
        for _, column, was, one in self._place(skipped):
            if was.cells == one.cells:
                yield f"{column}{one.row}"

    def passed(self, passed: Problem) -> Iterator[str]:
        """The same problem at the same place outside the rows of cases."""
        if passed.code in WRONG_TOTALS:  # nobody passes over what is not shown
            return
        here = passed.sheet == self._before.sheet
        sheet = self._reading.sheet if here else passed.sheet
        for one in self._reading.problems:
            same = (one.sheet, one.cell, one.code) == (sheet, passed.cell, passed.code)
            if same and clean_text(one.value) == passed.value:
                yield one.cell if here else f"{one.sheet}!{one.cell}"

    def _place(self, answer: Problem) -> Iterator[tuple[str, str, RowTexts, RowTexts]]:
        found = _CELL.fullmatch(answer.cell)
        if found is None or answer.sheet != self._before.sheet:
            return
        name = clean_text(self._named.get(found[1], "")) or found[1]
        pair = self._pairs.get(int(found[2]))
        if pair is not None and name in self._columns:
            yield name, self._columns[name], *pair
