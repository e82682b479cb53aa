"""The reading of one file with everything a person has changed of it; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fieldkit.methodology import Methodology
from fieldkit.selfassessment.carry_over import CarriedAnswers, read_with_answers
from fieldkit.selfassessment.import_workbook import Overrides, read_force_workbook
from fieldkit.selfassessment.past_mappings import FittingMapping, PastMapping, fitting_mapping
from fieldkit.workbook.readings import WorkbookReading
from fieldkit.workbook.table.columns import Column
from fieldkit.workbook.values.grades import GradeWord
from screens.selfassessment.steps.preview_rows import Preview, read_preview

NOTHING = CarriedAnswers()


@dataclass(frozen=True)
class Journey:
    """A file as it reads now.

    Attributes:
        path: the file.
        wishes: what a person decided in place of what was proposed.
        reading: the same reading that the import takes.
        preview: the first rows of every sheet, as they stand.
        last: what was agreed of the force's last workbook like it; None where there was none.
        carried: answers to cells of the workbook it corrects that hold in it.
    """

    path: Path
    wishes: Overrides
    reading: WorkbookReading
    preview: Preview
    last: FittingMapping | None = None
    carried: CarriedAnswers = NOTHING

    @property
    def as_last_time(self) -> bool:
        """Whether what was agreed last time is what is read now."""
        as_agreed = replace(self.wishes, fixes={}, skips={})
        return self.last is not None and self.last.changes and as_agreed == self.last.overrides

    @property
    def as_corrected(self) -> str:
        """What is still answered as in the workbook it corrects, as a sentence; or empty."""
        now = self.wishes
        fixes = {
            one: said for one, said in self.carried.fixes.items() if now.fixes.get(one) == said
        }
        skips = {one: why for one, why in self.carried.skips.items() if now.skips.get(one) == why}
        return replace(self.carried, fixes=fixes, skips=skips).words()

    def remembered(self, column: str = "", word: str | None = None) -> bool:
        """Whether a column or word stands as it did last time, and would not by itself."""
        if self.last is None:
            return False
        of, now = self.last.overrides, self.wishes
        if word is not None:
            return word in of.grades and now.grades.get(word, "") == of.grades[word]
        return column in of.columns and now.columns.get(column) == of.columns[column]

    def word(self, written: str) -> GradeWord:
        """A word of the grade column."""
        return next(one for one in self.reading.grades if one.written == written)

    def column(self, letter: str) -> Column:
        """A column of the sheet."""
        return next(one for one in self.reading.columns if one.column == letter)


def begin(path: Path, methodology: Methodology, known: Sequence[PastMapping]) -> Journey:
    """Read a file for the first time: as the last workbook like it, where there was one.

    Takes up to seconds for a large file, so it runs in a thread. Raises `WorkbookRefused`.
    """
    reading = read_force_workbook(path, methodology)
    last = fitting_mapping(path, methodology, reading, known)
    found = Journey(path, Overrides(), reading, read_preview(path), last)
    return read(found, methodology, last.overrides) if last and last.changes else found


def read(journey: Journey, methodology: Methodology, wishes: Overrides) -> Journey:
    """Read the file again with what a person decided; runs in a thread like :func:`begin`.

    Raises:
        WorkbookRefused: with the sentence why.
    """
    reading = read_force_workbook(journey.path, methodology, wishes)
    return replace(journey, wishes=wishes, reading=reading)


def carrying(journey: Journey, methodology: Methodology, found: CarriedAnswers) -> Journey:
    """Read the file with the answers that were given to the one it corrects."""
    reading, held = read_with_answers(journey.path, methodology, journey.wishes, found)
    wishes = replace(journey.wishes, fixes=held.fixes, skips=held.skips)
    return replace(journey, reading=reading, wishes=wishes, carried=held)


def on_sheet(wishes: Overrides, name: str) -> Overrides:
    """Another sheet: its headings and columns are proposed afresh, answers by cell go."""
    return Overrides(sheet=name, grades=wishes.grades)


def under(wishes: Overrides, sheet: str, row: int) -> Overrides:
    """Other headings: the columns are proposed afresh, answers by cell go."""
    return replace(wishes, sheet=sheet, header_row=row, columns={}, fixes={}, skips={})


def with_column(wishes: Overrides, column: str, taken_for: str) -> Overrides:
    """Another field for a column; the field leaves the column that had it.

    What was said of its cells was said of another field, and goes.
    """
    kept = {name: one for name, one in wishes.columns.items() if one != taken_for}
    fixes = {
        cell: said for cell, said in wishes.fixes.items() if cell.rstrip("0123456789") != column
    }
    return replace(wishes, columns={**kept, column: taken_for}, fixes=fixes)


def with_grade(wishes: Overrides, written: str, means: str | None) -> Overrides:
    """Another meaning for a word of the grade column."""
    return replace(wishes, grades={**wishes.grades, written: means})
