"""The reading of one file with everything a person has changed of it; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fieldkit.methodology import Methodology
from fieldkit.selfassessment.carry_over import CarriedAnswers, read_with_answers
from fieldkit.selfassessment.past_mappings import FittingMapping, PastMapping, fitting_mapping
from fieldkit.workbook.overrides import Overrides
from fieldkit.workbook.table.columns import Column
from fieldkit.workbook.values.grades import GradeWord
from screens.selfassessment.steps.file_kind import FORCE_WORKBOOK, FileKind
from screens.selfassessment.steps.preview_rows import Preview, read_preview

NOTHING = CarriedAnswers()


@dataclass(frozen=True)
class Journey:
    """Holds a file as it reads now.

    Attributes:
        path: the file.
        overrides: what a person decided in place of what was proposed.
        reading: the same reading that the import takes, of the kind that ``kind`` reads.
        preview: the first rows of every sheet, as they stand.
        last: what was agreed of the force's last workbook like it; None where there was none.
        carried: answers to cells of the workbook it corrects that hold in it.
        kind: what kind of file it is.
    """

    path: Path
    overrides: Overrides
    reading: Any
    preview: Preview
    last: FittingMapping | None = None
    carried: CarriedAnswers = NOTHING
    kind: FileKind = FORCE_WORKBOOK

    @property
    def as_last_time(self) -> bool:
        """Say whether what was agreed last time is what is read now."""
        as_agreed = replace(self.overrides, fixes={}, skips={})
        return self.last is not None and self.last.changes and as_agreed == self.last.overrides

    @property
    def as_corrected(self) -> str:
        """Return what is still answered as in the workbook it corrects, as a sentence; or empty."""
        now = self.overrides
        fixes = {
            one: said for one, said in self.carried.fixes.items() if now.fixes.get(one) == said
        }
        skips = {one: why for one, why in self.carried.skips.items() if now.skips.get(one) == why}
        return replace(self.carried, fixes=fixes, skips=skips).words()

    def is_as_last_time(self, column: str = "", word: str | None = None) -> bool:
        """Say whether a column or word stands as it did last time, and would not by itself."""
        if self.last is None:
            return False
        of, now = self.last.overrides, self.overrides
        if word is not None:
            return word in of.grades and now.grades.get(word, "") == of.grades[word]
        return column in of.columns and now.columns.get(column) == of.columns[column]

    def word(self, written: str) -> GradeWord:
        """Return a word of the grade column."""
        words: Sequence[GradeWord] = self.reading.grades
        return next(one for one in words if one.written == written)

    def column(self, letter: str) -> Column:
        """Return a column of the sheet."""
        columns: Sequence[Column] = self.reading.columns
        return next(one for one in columns if one.column == letter)


def begin_reading(path: Path, methodology: Methodology, kind: FileKind) -> Journey:
    """Read a file for the first time, as it is proposed; runs in a thread as the others do.

    Raises `WorkbookRefused`.
    """
    nothing = Overrides()
    reading = kind.read(path, methodology, nothing)
    return Journey(path, nothing, reading, read_preview(path, kind.table), kind=kind)


def begin_journey(path: Path, methodology: Methodology, known: Sequence[PastMapping]) -> Journey:
    """Read a force's workbook for the first time: as the last like it, where there was one.

    Takes up to seconds for a large file, so it runs in a thread. Raises `WorkbookRefused`.
    """
    journey = begin_reading(path, methodology, FORCE_WORKBOOK)
    last = fitting_mapping(path, methodology, journey.reading, known)
    journey = replace(journey, last=last)
    return read_again(journey, methodology, last.overrides) if last and last.changes else journey


def read_again(journey: Journey, methodology: Methodology, overrides: Overrides) -> Journey:
    """Read the file again with what a person decided; runs in a thread like :func:`begin_journey`.

    Raises:
        WorkbookRefused: with the sentence why.
    """
    reading = journey.kind.read(journey.path, methodology, overrides)
    return replace(journey, overrides=overrides, reading=reading)


def read_with_carried(
    journey: Journey, methodology: Methodology, answers: CarriedAnswers
) -> Journey:
    """Read the file with the answers that were given to the one it corrects."""
    reading, carried = read_with_answers(journey.path, methodology, journey.overrides, answers)
    overrides = replace(journey.overrides, fixes=carried.fixes, skips=carried.skips)
    return replace(journey, reading=reading, overrides=overrides, carried=carried)


def choose_sheet(overrides: Overrides, name: str) -> Overrides:
    """Choose another sheet: its headings and columns are proposed afresh, answers by cell go."""
    return Overrides(sheet=name, grades=overrides.grades)


def choose_headings(overrides: Overrides, sheet: str, row: int) -> Overrides:
    """Choose other headings: the columns are proposed afresh, answers by cell go."""
    return replace(overrides, sheet=sheet, header_row=row, columns={}, fixes={}, skips={})


def choose_field(overrides: Overrides, column: str, taken_for: str) -> Overrides:
    """Choose another field for a column; the field leaves the column that had it.

    What was said of its cells was said of another field, and goes.
    """
    kept = {name: one for name, one in overrides.columns.items() if one != taken_for}
    fixes = {
        cell: said for cell, said in overrides.fixes.items() if cell.rstrip("0123456789") != column
    }
    return replace(overrides, columns={**kept, column: taken_for}, fixes=fixes)


def choose_meaning(overrides: Overrides, written: str, means: str | None) -> Overrides:
    """Choose another meaning for a word of the grade column."""
    return replace(overrides, grades={**overrides.grades, written: means})
