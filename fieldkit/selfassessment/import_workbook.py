"""Importing a force's workbook: the preview, the import in one step, and removing it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from sqlmodel import Session

from fieldkit.methodology import Methodology
from fieldkit.selfassessment.corrections import (
    Change,
    Correction,
    change_entries,
    correction_of,
    mask_changes,
)
from fieldkit.selfassessment.key_entries import HEADING, key_entry
from fieldkit.selfassessment.problems import split_problems, split_words
from fieldkit.selfassessment.rows import SKIPPED, ForceRows, QueueLine, RowLine, decide
from fieldkit.service import RefusedError, existing, filled, now, person
from fieldkit.wording.dates import at_words
from fieldkit.workbook.overrides import Overrides, reading_arguments
from fieldkit.workbook.read_workbook import read_workbook
from fieldkit.workbook.readings import ForceRowReading, WorkbookReading
from fieldkit.workbook.table.columns import Column
from storage.feed.bulk import add_many, remove_many
from storage.feed.journal import because
from storage.ops.text import clean_text, many
from storage.records import ForceRow, ForceRowKey, Inspection, Record, SelfAssessment
from storage.records.inspection import inspections
from storage.records.lookup import records_in
from storage.records.self_assessment import (
    force_row_id,
    force_row_key_id,
    force_row_keys,
    self_assessment_id,
)


class AlreadyImportedError(RefusedError):
    """The same sheet of the same file was imported before."""


def read_force_workbook(
    path: Path | str, methodology: Methodology | str, overrides: Overrides | None = None
) -> WorkbookReading:
    """Return what would be read from a workbook; needs no vault and writes nothing.

    Args:
        path: the workbook.
        methodology: the inspection's, or its version.
        overrides: what a person chose.

    Raises:
        WorkbookRefused: the file cannot be read so, with the reason.
    """
    return read_workbook(path, **reading_arguments(methodology, overrides))


def import_reading(
    s: Session,
    inspection_id: str,
    reading: WorkbookReading,
    *,
    accept_exact: bool,
    corrects: SelfAssessment | None = None,
    progress: Callable[[int], object] = lambda done: None,
) -> SelfAssessment:
    """Take a reading in: one transaction, and one step for undo.

    A workbook of thousands of rows takes seconds. An interruption leaves nothing of it.

    Args:
        s: a writing session.
        inspection_id: into which inspection.
        reading: what :func:`read_force_workbook` gave.
        accept_exact: confirm the rows whose reference is equal and unique on both sides; every
            other row waits in the queue.
        corrects: the import it takes the place of; what was decided of it and holds is kept.
        progress: told now and then how many rows are written; called on the writing thread.

    Raises:
        AlreadyImportedError: the same sheet of the same file is here already.
        RefusedError: a column that is needed was not found, or there are no rows.
    """
    existing(s, Inspection, inspection_id)
    _importable(s, inspection_id, reading)
    correction = _correction(s, inspection_id, reading, corrects)
    problems, withheld = split_problems(reading)
    words, more = split_words(reading)
    withheld += more
    withheld += [key_entry(HEADING, one.column, clean_text(one.heading)) for one in reading.columns]
    if correction is not None:
        withheld += change_entries(correction.changes)
    imported = _made(inspection_id, reading, problems, words, read_at=now(), by=person(s))
    rows = _rows(s, imported, reading, correction)
    if correction is not None:
        _remove(s, correction.before, f"corrected by {imported.file_name}")
    if accept_exact:
        ForceRows(s, inspection_id, more=(imported, rows)).accept()
    add_many(s, (imported, _key(imported, imported.id, cells=withheld)))
    add_many(s, chain.from_iterable(rows), lambda done: progress(done // 2))
    return imported


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """Says what a reading would come to, before it is imported.

    Attributes:
        exact: the rows of the exact group, each with the case it is expected to be.
        queue: the rows a person decides on.
        kept: how many rows keep what was decided of the workbook it corrects.
        skipped: how many rows a person left out.
        correction: what it changes of that workbook; None where it corrects none.
        changes: the same without what is not revealed.
        ours: references of our self-assessed cases that no row would be, even by the exact group.
        rows: how many rows of cases would be imported.
    """

    exact: list[RowLine]
    queue: list[QueueLine]
    kept: int
    skipped: int
    correction: Correction | None
    changes: list[Change]
    ours: list[str]
    rows: int

    @property
    def new(self) -> int:
        """Return how many rows the force had not sent before."""
        return self.correction.new if self.correction is not None else self.rows

    def words(self) -> str:
        """Return the counts as a sentence: new, pre-ticked, unmatched on both sides, skipped."""
        kept = f", {self.kept} as decided before" if self.kept else ""
        return (
            f"{many(self.new, 'new row')}: {len(self.exact)} pre-ticked{kept}, "
            f"{len(self.queue)} to decide, {self.skipped} skipped; "
            f"{many(len(self.ours), 'self-assessed case')} of ours without a row."
        )


def preview_import(
    s: Session,
    inspection_id: str,
    reading: WorkbookReading,
    corrects: SelfAssessment | None = None,
) -> ImportPreview:
    """Return what a reading would be matched to, before it is imported; changes nothing.

    Raises as :func:`import_reading` does.
    """
    _importable(s, inspection_id, reading)
    correction = _correction(s, inspection_id, reading, corrects)
    imported = _made(inspection_id, reading, [], [])
    rows = _rows(s, imported, reading, correction)
    own_rows = {row.id for row, _ in rows}
    without = correction.before.id if correction is not None else ""
    book = ForceRows(s, inspection_id, more=(imported, rows), without=without)
    plan = book.plan()
    exact = [book.row_line(pair.row, pair.case_id) for pair in plan.exact]
    waiting = [book.queue_line(item) for item in plan.queue]
    return ImportPreview(
        exact=[one for one in exact if one.row_id in own_rows],
        queue=[one for one in waiting if one.row_id in own_rows],
        kept=len(correction.kept) if correction is not None else 0,
        skipped=len(reading.skipped),
        correction=correction,
        changes=mask_changes(s, correction) if correction is not None else [],
        ours=book.unmatched({pair.case_id for pair in plan.exact}),
        rows=len(reading.rows),
    )


def remove_import(s: Session, self_assessment: str, reason: str) -> None:
    """Remove an import with all its rows and links, as when the force sends a better one.

    What was decided and revealed stays in the history. Raises `RefusedError` without a reason.
    """
    imported = existing(s, SelfAssessment, self_assessment)
    _remove(s, imported, filled(reason, "The reason"))


def _remove(s: Session, imported: SelfAssessment, why: str) -> None:
    keys = force_row_keys(s, imported.inspection_id)
    gone: list[Record] = []
    for row in records_in(s, ForceRow, imported.inspection_id):
        if row.self_assessment_id == imported.id:
            gone += [key, row] if (key := keys.get(row.id)) is not None else [row]
    gone += [key, imported] if (key := keys.get(imported.id)) is not None else [imported]
    with because(s, why):
        remove_many(s, gone)


def _correction(
    s: Session, inspection_id: str, reading: WorkbookReading, corrects: SelfAssessment | None
) -> Correction | None:
    if corrects is None:
        return None
    before = existing(s, SelfAssessment, corrects.id)
    if before.inspection_id != inspection_id:
        raise RefusedError(
            "A workbook can only correct one of the same inspection. Nothing was changed."
        )
    return correction_of(s, before, reading)


def _rows(
    s: Session, imported: SelfAssessment, reading: WorkbookReading, correction: Correction | None
) -> list[tuple[ForceRow, ForceRowKey]]:
    """Return the rows to be kept, with what was decided of the rows they were."""
    rows = []
    for reading_row in reading.rows:
        row, key = _row(imported, reading_row)
        old_row = correction.kept.get(reading_row.row) if correction is not None else None
        if old_row is not None:
            decide(s, row, old_row.decision, old_row.case_id)
        rows.append((row, key))
    for reading_row in reading.skipped:
        row, key = _row(imported, reading_row)
        decide(s, row, SKIPPED, "")
        rows.append((row, key))
    return rows


def _importable(s: Session, inspection_id: str, reading: WorkbookReading) -> None:
    before = s.get(SelfAssessment, self_assessment_id(inspection_id, reading.sha256, reading.sheet))
    if before is not None:
        raise AlreadyImportedError(
            f"{reading.file_name} was imported {at_words(before.read_at)} already and has not "
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
        columns={one.column: _kept_column(one) for one in reading.columns},
        grades={"words": words},
        problems=problems,
        **stamps,
    )


def _kept_column(column: Column) -> dict[str, Any]:
    """Return what is kept of a column: its field, and those of tables further down, if others."""
    others = [field for field in column.below if field != column.field]
    return {"field": column.field} | ({"below": others} if others else {})


def _row(imported: SelfAssessment, reading: ForceRowReading) -> tuple[ForceRow, ForceRowKey]:
    row = ForceRow.make(
        id=force_row_id(imported.file_hash, imported.sheet, reading.row),
        inspection_id=imported.inspection_id,
        self_assessment_id=imported.id,
        row=reading.row,
        grade=reading.grade or "",
    )
    key = _key(
        imported,
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


def _key(imported: SelfAssessment, of: str, *, row: int = 0, **values: Any) -> ForceRowKey:
    return ForceRowKey.make(
        id=force_row_key_id(of),
        inspection_id=imported.inspection_id,
        force_row_id=of,
        sheet=imported.sheet,
        row=row,
        **values,
    )
