"""What differs between the files that are read step by step: the force's workbook, our own list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldkit.methodology import Methodology
from fieldkit.selfassessment.import_workbook import read_force_workbook
from fieldkit.selfassessment.masking import (
    MATCH_FIELDS,
    mask_reading,
    shown_samples,
    shown_words,
    unfit_fields,
    why_hidden,
)
from fieldkit.workbook.overrides import Overrides
from fieldkit.workbook.problems import Problem
from fieldkit.workbook.readings import WorkbookReading
from fieldkit.workbook.table.columns import IGNORE, Column
from fieldkit.workbook.values.grades import GradeWord


@dataclass(frozen=True)
class FileKind:
    """Says of a kind of file what its columns may be, how it is read, and what of it is shown.

    Attributes:
        table: the kind of table that is sought in it.
        place: where the words of answers to its cells are kept, before the inspection's id.
        purpose: by which its folder is remembered.
        asked_for: the title of the dialog that chooses the file.
        whose: whose words and reasons stand in it.
        fields: what a column may be taken for, and what that is called.
        texts: the fields whose cells are answered by a text, and what is asked.
        grade: the field of the grade.
        states: what a word of the grade may mean besides a grade.
        read: reads the file with a person's choices; raises `WorkbookRefused`.
        samples: gives the values of a column that are shown.
        hidden: says why a column shows none.
        words: gives the words of the column of grades that are shown.
        problems: gives the problems as they are shown.
        open_columns: gives the columns whose values are shown by row.
        columns_said: what is said above the columns.
        after: what follows the problems.
    """

    table: str
    place: str
    purpose: str
    asked_for: str
    whose: str
    fields: Mapping[str, str]
    texts: Mapping[str, str]
    grade: str
    states: Sequence[str]
    read: Callable[[Path, Methodology, Overrides], Any]
    samples: Callable[[Column], Sequence[str]]
    hidden: Callable[[Column], str]
    words: Callable[[Any], Sequence[GradeWord]]
    problems: Callable[[Any], Sequence[Problem]]
    open_columns: Callable[[Any], Sequence[Column]]
    columns_said: str
    after: str


def _open_columns(reading: WorkbookReading) -> list[Column]:
    """Return the columns a row is matched by, where they suit what they are taken for."""
    unfit = unfit_fields(reading)
    return [
        one for one in reading.columns if one.shown_as in MATCH_FIELDS and one.field not in unfit
    ]


FORCE_WORKBOOK = FileKind(
    table="self_assessment",
    place="new-answer",
    purpose="self_assessment",
    asked_for="The force's workbook (.xlsx, .xlsm, .xls, .ods, .csv)",
    whose="the force's",
    fields={
        "ref": "force's reference",
        "type": "case type",
        "date": "date of incident",
        "grade": "grade",
        "rationale": "rationale",
        IGNORE: "not read",
    },
    texts={
        "ref": "the force's reference",
        "date": "the date of the incident",
        "rationale": "the force's reasons",
    },
    grade="grade",
    states=(),
    read=read_force_workbook,
    samples=shown_samples,
    hidden=why_hidden,
    words=shown_words,
    problems=mask_reading,
    open_columns=_open_columns,
    columns_said="What each column is taken for. Values of the force's grades are not shown by "
    "case.",
    after="matches",
)
