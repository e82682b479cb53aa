"""The reading of one file with everything a person has changed of it; nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from fieldkit import selfassessment
from fieldkit.methodology import Methodology
from fieldkit.selfassessment import Overrides
from fieldkit.workbook import Column, GradeWord, WorkbookReading
from screens.self_assessment_steps.glimpse import Glimpse, glimpse


@dataclass(frozen=True)
class Journey:
    """A file as it reads now.

    Attributes:
        path: the file.
        wishes: what a person decided in place of what was proposed.
        reading: the same reading that the import takes.
        glimpse: the first rows of every sheet, as they stand.
    """

    path: Path
    wishes: Overrides
    reading: WorkbookReading
    glimpse: Glimpse

    def word(self, written: str) -> GradeWord:
        """A word of the grade column."""
        return next(one for one in self.reading.grades if one.written == written)

    def column(self, letter: str) -> Column:
        """A column of the sheet."""
        return next(one for one in self.reading.columns if one.column == letter)


def read(
    path: Path, methodology: Methodology, wishes: Overrides, seen: Glimpse | None = None
) -> Journey:
    """Read the file; takes up to seconds for a large one, so it runs in a thread.

    Args:
        path: the file.
        methodology: the inspection's own scale and case types.
        wishes: what a person decided.
        seen: its first rows, where they were read before.

    Raises:
        WorkbookRefused: with the sentence why.
    """
    reading = selfassessment.preview(path, methodology, wishes)
    return Journey(path, wishes, reading, seen or glimpse(path))


def on_sheet(wishes: Overrides, name: str) -> Overrides:
    """Another sheet: its headings and columns are proposed afresh."""
    return Overrides(sheet=name, grades=wishes.grades)


def under(wishes: Overrides, sheet: str, row: int) -> Overrides:
    """Other headings: the columns are proposed afresh."""
    return replace(wishes, sheet=sheet, header_row=row, columns={})


def with_column(wishes: Overrides, column: str, taken_for: str) -> Overrides:
    """Another field for a column; the field leaves the column that had it."""
    kept = {name: one for name, one in wishes.columns.items() if one != taken_for}
    return replace(wishes, columns={**kept, column: taken_for})


def with_grade(wishes: Overrides, written: str, means: str | None) -> Overrides:
    """Another meaning for a word of the grade column."""
    return replace(wishes, grades={**wishes.grades, written: means})
