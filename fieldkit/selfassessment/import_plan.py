"""What the import of a force's workbook writes, planned of what was read in one go."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from types import SimpleNamespace
from typing import Any, ClassVar, NamedTuple, Self

from sqlmodel import Session

from fieldkit.history.staged_records import REMOVE, SET, Entry, by_id
from fieldkit.selfassessment.corrections import Correction, change_entries, correction_of
from fieldkit.selfassessment.key_entries import HEADING, key_entry
from fieldkit.selfassessment.known_rows import (
    KnownImport,
    KnownRows,
    known_import,
    reading_known_rows,
)
from fieldkit.selfassessment.problems import split_problems, split_words
from fieldkit.selfassessment.rows import EXACT, SKIPPED, ForceRows, decided
from fieldkit.service import RefusedError, existing, now, person
from fieldkit.visibility import shown_rows
from fieldkit.wording.dates import at_words
from fieldkit.workbook.readings import ForceRowReading, WorkbookReading
from fieldkit.workbook.table.columns import Column
from storage.feed.reasons import reason_in
from storage.feed.session import Steps, whole
from storage.ops.text import clean_text
from storage.records import ForceRow, ForceRowKey, Inspection, Record, SelfAssessment
from storage.records.inspection import inspections
from storage.records.self_assessment import force_row_id, force_row_key_id, self_assessment_id


class AlreadyImportedError(RefusedError):
    """The same sheet of the same file was imported before."""


class ImportBase(NamedTuple):
    """Holds what an import goes by, read in one go: the rest needs no vault.

    Attributes:
        inspection_id: into which inspection.
        known: its rows and cases.
        before: the import it takes the place of, if any.
        shown: the rows of that one that may be shown.
        by: who imports.
        why: the reason with which it is written, where the site was left.
    """

    inspection_id: str
    known: KnownRows
    before: KnownImport | None
    shown: frozenset[int]
    by: str
    why: str | None


def read_base(
    s: Session,
    inspection_id: str,
    reading: WorkbookReading,
    corrects: SelfAssessment | None = None,
    *,
    writes: bool = False,
) -> ImportBase:
    """Read what the import of a reading goes by.

    Args:
        s: a session.
        inspection_id: into which inspection.
        reading: what :func:`read_force_workbook` gave.
        corrects: the import it takes the place of.
        writes: it is to be written, for which a reason may be needed.

    Raises:
        AlreadyImportedError: the same sheet of the same file is here already.
        RefusedError: a column that is needed was not found, or there are no rows.
        ReasonNeededError: the site was left, and no reason is given.
    """
    s.flush()
    return whole(reading_base(s, inspection_id, reading, corrects, writes=writes))


def reading_base(
    s: Session,
    inspection_id: str,
    reading: WorkbookReading,
    corrects: SelfAssessment | None = None,
    *,
    writes: bool = False,
) -> Steps[ImportBase]:
    """Do as :func:`read_base`, in steps between which keys are served."""
    existing(s, Inspection, inspection_id)
    _importable(s, inspection_id, reading)
    known = yield from reading_known_rows(s, inspection_id)
    before, shown = None, frozenset[int]()
    if corrects is not None:
        corrected = existing(s, SelfAssessment, corrects.id)
        if corrected.inspection_id != inspection_id:
            raise RefusedError(
                "A workbook can only correct one of the same inspection. Nothing was changed."
            )
        before, shown = known_import(s, corrected, known), shown_rows(s, corrected).shown
    why = reason_in(s, inspection_id, None) if writes else None
    return ImportBase(inspection_id, known, before, shown, person(s), why)


def planned_import(
    base: ImportBase, reading: WorkbookReading, *, accept_exact: bool
) -> tuple[SelfAssessment, list[Entry]]:
    """Return the import of a reading and what is written for it; needs no vault.

    The import itself comes last, and where it takes another's place, that goes first.
    """
    correction = correction_of(base.before, reading) if base.before is not None else None
    problems, withheld = split_problems(reading)
    words, more = split_words(reading)
    withheld += more
    withheld += [key_entry(HEADING, one.column, clean_text(one.heading)) for one in reading.columns]
    if correction is not None:
        withheld += change_entries(correction.changes)
    imported = import_of(base.inspection_id, reading, problems, words, read_at=now(), by=base.by)
    rows = rows_of(base, imported, reading, correction)
    entries: list[Entry] = []
    if correction is not None and base.before is not None:
        entries += removal_of(base.before, f"corrected by {imported.file_name}")
    if accept_exact:
        without = base.before.imported.id if base.before is not None else ""
        for row, case_id in ForceRows(base.known, (imported, rows), without).exact():
            values = decided(EXACT, case_id, base.by)
            if isinstance(row, PlannedRow):
                row.change(**values)
            else:
                entries.append(Entry(SET, ForceRow.KIND, row.id, values, base.why))
    key = _key(imported, imported.id, cells=withheld)
    entries += by_id(one.adding(base.why) for one in chain.from_iterable(rows))
    entries += [key.adding(base.why), Entry.adding(imported, base.why)]
    return imported, entries


def removal_of(known: KnownImport, why: str) -> list[Entry]:
    """Return what removes an import: its rows with their keys, then itself."""
    gone = [Entry(REMOVE, ForceRow.KIND, row.id, {}, why) for row in known.rows.values()]
    gone += [
        Entry(REMOVE, ForceRowKey.KIND, known.keys[row.id].id, {}, why)
        for row in known.rows.values()
        if row.id in known.keys
    ]
    last = [Entry(REMOVE, SelfAssessment.KIND, known.imported.id, {}, why)]
    if (key := known.keys.get(known.imported.id)) is not None:
        last.insert(0, Entry(REMOVE, ForceRowKey.KIND, key.id, {}, why))
    return by_id(gone) + last


def rows_of(
    base: ImportBase,
    imported: SelfAssessment,
    reading: WorkbookReading,
    correction: Correction | None,
) -> list[tuple[PlannedRow, PlannedRow]]:
    """Return the rows to be kept, with what was decided of the rows they were."""
    rows = []
    for reading_row in reading.rows:
        old_row = correction.kept.get(reading_row.row) if correction is not None else None
        said = decided(old_row.decision, old_row.case_id, base.by) if old_row is not None else {}
        rows.append(_row(imported, reading_row, said))
    for reading_row in reading.skipped:
        rows.append(_row(imported, reading_row, decided(SKIPPED, "", base.by)))
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


def import_of(
    inspection_id: str,
    reading: WorkbookReading,
    problems: list[dict[str, Any]],
    words: list[dict[str, Any]],
    **stamps: str,
) -> SelfAssessment:
    """Return the import of a reading, with what was found in it."""
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


class PlannedRow(SimpleNamespace):
    """Is a row or its key that is to be written: what it holds by name, valid; no record of it.

    An object of SQLAlchemy's of each of ten thousand takes as long to make as to check them all.
    """

    KIND: ClassVar[type[Record]]
    id: str

    @classmethod
    def make(cls, **values: Any) -> Self:
        """Return one as :meth:`storage.records.model.base.Record.make` would make it."""
        identity, checked = cls.KIND.made_of(**values)
        return cls(id=identity, **checked)

    def change(self, **values: Any) -> None:
        """Set values; raises `InvalidError`."""
        vars(self).update(self.KIND.made_of(**vars(self) | values)[1])

    def adding(self, why: str | None) -> Entry:
        """Return the entry that adds it."""
        return Entry.making(self.KIND, vars(self), why)


class _PlannedForceRow(PlannedRow):
    KIND = ForceRow


class _PlannedKey(PlannedRow):
    KIND = ForceRowKey


def _row(
    imported: SelfAssessment, reading: ForceRowReading, said: Mapping[str, str]
) -> tuple[PlannedRow, PlannedRow]:
    row = _PlannedForceRow.make(
        id=force_row_id(imported.file_hash, imported.sheet, reading.row),
        inspection_id=imported.inspection_id,
        self_assessment_id=imported.id,
        row=reading.row,
        grade=reading.grade or "",
        **said,
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


def _key(imported: SelfAssessment, of: str, *, row: int = 0, **values: Any) -> PlannedRow:
    return _PlannedKey.make(
        id=force_row_key_id(of),
        inspection_id=imported.inspection_id,
        force_row_id=of,
        sheet=imported.sheet,
        row=row,
        **values,
    )
