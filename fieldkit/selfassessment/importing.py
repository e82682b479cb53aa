"""Taking a force's workbook in: the preview, the commit in one step, and taking it out again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlmodel import Session

from fieldkit.methodology import Methodology, load
from fieldkit.selfassessment.book import Book, QueueLine, RowLine
from fieldkit.selfassessment.problems import parted, parted_words
from fieldkit.wordings import local
from fieldkit.workbook import ForceRowReading, WorkbookReading, read_workbook
from fieldkit.writing import RefusedError, existing, filled, now, person
from storage.journal import because
from storage.records import ForceRow, ForceRowKey, Inspection, SelfAssessment
from storage.records.base import clean_text
from storage.records.inspection import inspections
from storage.records.self_assessment import (
    force_row_id,
    force_row_key_id,
    force_row_keys,
    force_rows,
    self_assessment_id,
)


class AlreadyImportedError(RefusedError):
    """The same sheet of the same file was imported before."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a person chose in place of what was proposed; empty where nothing was.

    Attributes:
        sheet: the name of the sheet.
        header_row: the last row of the headings, from 1; 0 for a table without any.
        columns: column letter or heading to field.
        grades: written grade word to a grade of the scale, or None for no grade.
    """

    sheet: str | None = None
    header_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    grades: Mapping[str, str | None] = field(default_factory=dict)


def preview(
    path: Path | str, methodology: Methodology | str, overrides: Overrides | None = None
) -> WorkbookReading:
    """What would be read from a workbook; needs no vault and writes nothing.

    Args:
        path: the workbook.
        methodology: the inspection's, or its version.
        overrides: what a person chose.

    Raises:
        WorkbookRefused: the file cannot be read so, with the reason.
    """
    pinned = load(methodology) if isinstance(methodology, str) else methodology
    chosen = overrides or Overrides()
    return read_workbook(
        path,
        scale=pinned.scale_for("case").labels,
        types={one.label: (one.key, *one.aliases) for one in pinned.case_types},
        sheet=chosen.sheet,
        header_row=chosen.header_row,
        columns=chosen.columns or None,
        grades=chosen.grades or None,
    )


def commit(
    s: Session, inspection_id: str, reading: WorkbookReading, *, accept_exact: bool
) -> SelfAssessment:
    """Take a reading in: one transaction, and one step for undo.

    Args:
        s: a writing session.
        inspection_id: into which inspection.
        reading: what :func:`preview` gave.
        accept_exact: confirm the rows whose reference is equal and unique on both sides; every
            other row waits in the queue.

    Raises:
        AlreadyImportedError: the same sheet of the same file is here already.
        RefusedError: a column that is needed was not found, or there are no rows.
    """
    existing(s, Inspection, inspection_id)
    _importable(s, inspection_id, reading)
    problems, withheld = parted(reading)
    words, more = parted_words(reading)
    withheld += more
    made = _made(inspection_id, reading, problems, words, read_at=now(), by=person(s))
    rows = [_row(made, one) for one in reading.rows]
    if accept_exact:
        Book(s, inspection_id, more=(made, rows)).accept()
    s.add(made)
    for row, key in rows:
        s.add(row)
        s.add(key)
    if withheld:
        s.add(_key(made, made.id, cells=withheld))
    s.flush()
    return made


def foresee(
    s: Session, inspection_id: str, reading: WorkbookReading
) -> tuple[list[RowLine], list[QueueLine]]:
    """What a reading would be matched to, before it is taken in; changes nothing.

    Returns the exact group, each row with the case it is expected to be, and the queue. Raises as
    :func:`commit` does.
    """
    _importable(s, inspection_id, reading)
    made = _made(inspection_id, reading, [], [])
    rows = [_row(made, one) for one in reading.rows]
    own = {row.id for row, _ in rows}
    book = Book(s, inspection_id, more=(made, rows))
    plan = book.plan()
    exact = [book.row_line(pair.row, pair.case_id) for pair in plan.exact]
    waiting = [book.queue_line(item) for item in plan.queue]
    return (
        [one for one in exact if one.row_id in own],
        [one for one in waiting if one.row_id in own],
    )


def take_out(s: Session, self_assessment: str, reason: str) -> None:
    """Take an import out again with all its rows and links, as when the force sends a better one.

    What was decided and revealed stays in the history. Raises `RefusedError` without a reason.
    """
    found = existing(s, SelfAssessment, self_assessment)
    why = filled(reason, "The reason")
    keys = force_row_keys(s, found.inspection_id)
    with because(s, why):
        for row in force_rows(s, found.inspection_id):
            if row.self_assessment_id == found.id:
                if (key := keys.get(row.id)) is not None:
                    s.delete(key)
                s.delete(row)
        if (key := keys.get(found.id)) is not None:
            s.delete(key)
        s.delete(found)


def _importable(s: Session, inspection_id: str, reading: WorkbookReading) -> None:
    before = s.get(SelfAssessment, self_assessment_id(inspection_id, reading.sha256, reading.sheet))
    if before is not None:
        raise AlreadyImportedError(
            f"{reading.file_name} was imported on {local(before.read_at)} already and has not "
            "changed since. Nothing was changed; its rows are in the queue and the comparison."
        )
    if reading.missing:
        raise RefusedError(
            f"{reading.file_name} has no column taken for {' and '.join(reading.missing)}, which "
            "an import cannot do without. Nothing was changed; say which column it is."
        )
    if not reading.rows:
        raise RefusedError(
            f"{reading.file_name} has no row of a case under its headings. Nothing was changed; "
            "choose another sheet or header row."
        )
    for other in inspections(s):
        if s.get(SelfAssessment, self_assessment_id(other.id, reading.sha256, reading.sheet)):
            raise AlreadyImportedError(
                f"{reading.file_name} was imported into the inspection of {other.force} kept here. "
                "Nothing was changed; take it out there first, or ask for the right file."
            )


def _made(
    inspection_id: str,
    reading: WorkbookReading,
    problems: list[dict[str, Any]],
    words: list[dict[str, Any]],
    **stamps: str,
) -> SelfAssessment:
    return SelfAssessment.make(
        id=self_assessment_id(inspection_id, reading.sha256, reading.sheet),
        inspection_id=inspection_id,
        file_name=reading.file_name,
        file_hash=reading.sha256,
        sheet=reading.sheet,
        header_row=reading.header_row,
        columns={
            one.column: {"heading": clean_text(one.heading), "field": one.field}
            for one in reading.columns
        },
        grades={"words": words},
        problems=problems,
        **stamps,
    )


def _row(made: SelfAssessment, reading: ForceRowReading) -> tuple[ForceRow, ForceRowKey]:
    row = ForceRow.make(
        id=force_row_id(made.file_hash, made.sheet, reading.row),
        inspection_id=made.inspection_id,
        self_assessment_id=made.id,
        row=reading.row,
        grade=reading.grade or "",
    )
    key = _key(
        made,
        row.id,
        row=reading.row,
        reference=reading.ref,
        case_type="; ".join(reading.types) or reading.written_type,
        dated=reading.date or "",
        written=reading.written_grade,
        rationale=reading.rationale,
        cells=[f"{one.cell}\t{one.stored}" for one in reading.cells],
    )
    return row, key


def _key(made: SelfAssessment, of: str, *, row: int = 0, **values: Any) -> ForceRowKey:
    return ForceRowKey.make(
        id=force_row_key_id(of),
        inspection_id=made.inspection_id,
        force_row_id=of,
        sheet=made.sheet,
        row=row,
        **values,
    )
