"""Importing a force's workbook: the preview, the import in one step, and removing it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from fieldkit.history.staged_records import StagedRecords
from fieldkit.methodology import Methodology
from fieldkit.selfassessment.corrections import Change, Correction, correction_of, mask_changes
from fieldkit.selfassessment.import_plan import (
    ImportBase,
    import_of,
    planned_import,
    read_base,
    reading_base,
    removal_of,
    rows_of,
)
from fieldkit.selfassessment.known_rows import known_import
from fieldkit.selfassessment.rows import ForceRows, QueueLine, RowLine
from fieldkit.service import existing, filled
from fieldkit.workbook.overrides import Overrides, reading_arguments
from fieldkit.workbook.read_workbook import read_workbook
from fieldkit.workbook.readings import WorkbookReading
from storage.ops.text import many
from storage.progress import Progress, silent
from storage.records import SelfAssessment
from storage.vault.stage import do, undisturbed
from storage.vault.vault import Vault


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
) -> SelfAssessment:
    """Take a reading in, in one transaction, as :func:`take_reading` does slice by slice."""
    base = read_base(s, inspection_id, reading, corrects, writes=True)
    imported, entries = planned_import(base, reading, accept_exact=accept_exact)
    StagedRecords.do_all(s, entries)
    return imported


def take_reading(
    vault: Vault,
    inspection_id: str,
    reading: WorkbookReading,
    *,
    accept_exact: bool,
    corrects: SelfAssessment | None = None,
    drafts: tuple[str, Sequence[str]] = ("", ()),
    progress: Progress = silent,
) -> SelfAssessment:
    """Take a reading in: all of it or nothing, one step for undo, and no key waits for it.

    Not on the clerk's thread. What becomes of it where it is cut short says
    :mod:`storage.vault.stage`.

    Args:
        vault: unlocked.
        inspection_id: into which inspection.
        reading: what :func:`read_force_workbook` gave.
        accept_exact: confirm the rows whose reference is equal and unique on both sides; every
            other row waits in the queue.
        corrects: the import it takes the place of; what was decided of it and holds is kept.
        drafts: the place and fields of the drafts that go with it.
        progress: is told how far the writing is.

    Raises as :func:`read_base` does, and `UnfinishedError`.
    """
    with undisturbed(vault):
        base = vault.read_in_steps_now(reading_base, inspection_id, reading, corrects, writes=True)
        imported, entries = planned_import(base, reading, accept_exact=accept_exact)
        job = StagedRecords(f"the workbook {reading.file_name}", *drafts)
        do(vault, job, StagedRecords.slices(entries), progress)
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

    Raises as :func:`read_base` does.
    """
    return preview_of(read_base(s, inspection_id, reading, corrects), reading)


def preview_of(base: ImportBase, reading: WorkbookReading) -> ImportPreview:
    """Return what :func:`preview_import` does, of what was read; needs no vault."""
    correction = correction_of(base.before, reading) if base.before is not None else None
    imported = import_of(base.inspection_id, reading, [], [])
    rows = rows_of(base, imported, reading, correction)
    own_rows = {row.id for row, _ in rows}
    without = correction.before.id if correction is not None else ""
    book = ForceRows(base.known, more=(imported, rows), without=without)
    plan = book.plan()
    exact = [book.row_line(pair.row, pair.case_id) for pair in plan.exact]
    waiting = [book.queue_line(item) for item in plan.queue]
    return ImportPreview(
        exact=[one for one in exact if one.row_id in own_rows],
        queue=[one for one in waiting if one.row_id in own_rows],
        kept=len(correction.kept) if correction is not None else 0,
        skipped=len(reading.skipped),
        correction=correction,
        changes=mask_changes(base.shown, correction) if correction is not None else [],
        ours=book.unmatched({pair.case_id for pair in plan.exact}),
        rows=len(reading.rows),
    )


def remove_import(s: Session, self_assessment: str, reason: str) -> None:
    """Remove an import with all its rows and links, as when the force sends a better one.

    What was decided and revealed stays in the history. Raises `RefusedError` without a reason.
    """
    imported = existing(s, SelfAssessment, self_assessment)
    why = filled(reason, "The reason")
    StagedRecords.do_all(s, removal_of(known_import(s, imported), why))
