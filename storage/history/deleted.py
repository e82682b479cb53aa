"""What is deleted is kept: each record as it last was, to be looked at and brought back.

An import of a workbook takes its rows along, and brings them back; what is deleted of it is said
once. A deleted inspection may still have records, which nobody can open then: a deletion names the
ops of the inspection alone, so cases and notes that somebody wrote in it, before or in parallel, do
not beat it in anybody's tables.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, select
from sqlmodel import Session

from storage.conflicts import reopen
from storage.database.connection import driver
from storage.errors import FieldkitError
from storage.feed.projection import Row, row_of, table_of
from storage.feed.read import ops_of
from storage.history.removals import whose
from storage.ops.fold import fold
from storage.ops.op import DELETED, OpId
from storage.records import ForceRow, ForceRowKey, Inspection, SelfAssessment
from storage.records.registry import KINDS
from storage.records.self_assessment import force_row_key_id

_TOMBS = "SELECT DISTINCT record FROM leaf WHERE record_kind = ? AND field = ?"
_ALL_TOMBS = "SELECT DISTINCT record_kind, record FROM leaf WHERE field = ?"
_IDS = 'SELECT id FROM "{table}"'


class NotDeletedError(FieldkitError):
    """What was to be brought back is not deleted, or is not known here."""


@dataclass(frozen=True)
class DeletedRecord:
    """Holds a record that is deleted.

    Attributes:
        kind, record: which one.
        row: its fields as they last were, its id among them.
        tombs: the ops that deleted it.
        who: the id of the person who deleted it.
        whose: the id of the person whose it was (:func:`storage.history.removals.whose`).
        wall: when, ISO 8601 in UTC.
        reason: why, or empty.
        rows: of an import of a workbook, the rows that went with it, by kind and id.
    """

    kind: str
    record: str
    row: Row
    tombs: tuple[OpId, ...]
    who: str
    whose: str
    wall: str
    reason: str
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class DeletedInspection:
    """Holds an inspection that is deleted, and still has records.

    Attributes:
        inspection: as it was; no part of the session.
        tombs: the ops that deleted it.
        records: how many records belong to it here.
        who: the id of the person who deleted it.
        wall: when, ISO 8601 in UTC.
    """

    inspection: Inspection
    tombs: tuple[OpId, ...]
    records: int
    who: str
    wall: str


def deleted_records(session: Session, inspection_id: str) -> list[DeletedRecord]:
    """Return what is deleted of an inspection, the latest first; inspections themselves apart.

    What belongs to an inspection that is not here is returned as well, since no other list has it.
    """
    connection = session.connection()
    run = driver(connection).execute
    by_kind: dict[str, list[str]] = {}
    for kind, record in run(_ALL_TOMBS, (DELETED,)).fetchall():
        if kind in KINDS and KINDS[kind].COUNTED and kind != Inspection.KIND:
            by_kind.setdefault(kind, []).append(record)
    deleted: dict[str, list[DeletedRecord]] = {}
    for kind, records in by_kind.items():
        kept = {one for (one,) in run(_IDS.format(table=KINDS[kind].__tablename__))}
        looked = (deleted_record(session, kind, one) for one in records if one not in kept)
        deleted[kind] = [one for one in looked if one is not None]
    inspections = {one for (one,) in run(_IDS.format(table=Inspection.__tablename__))}
    listed = [
        one
        for one in _with_their_imports(deleted)
        if one.row.get("inspection_id") not in inspections - {inspection_id}
    ]
    return sorted(listed, key=lambda one: (one.wall, one.kind, one.record), reverse=True)


def _with_their_imports(deleted: dict[str, list[DeletedRecord]]) -> list[DeletedRecord]:
    """Return what is deleted, the rows of a deleted import with it and not by themselves."""
    rows = {one.record: one for one in deleted.pop(ForceRow.KIND, [])}
    keys = {one.record: one for one in deleted.pop(ForceRowKey.KIND, [])}
    listed: list[DeletedRecord] = []
    for imported in deleted.pop(SelfAssessment.KIND, []):
        mine = [one for one in rows.values() if one.row["self_assessment_id"] == imported.record]
        named = [*(one.record for one in mine), imported.record]
        along = [*mine, *(keys[key] for key in map(force_row_key_id, named) if key in keys)]
        listed.append(replace(imported, rows=tuple((one.kind, one.record) for one in along)))
        for one in along:
            rows.pop(one.record, None)
            keys.pop(one.record, None)
    alone = {force_row_key_id(row) for row in rows}
    listed += [
        replace(one, rows=((ForceRowKey.KIND, key),))
        if (key := force_row_key_id(row)) in keys
        else one
        for row, one in rows.items()
    ]
    listed += [one for key, one in keys.items() if key not in alone]
    return [*listed, *(one for several in deleted.values() for one in several)]


def deleted_record(session: Session, kind: str, record: str) -> DeletedRecord | None:
    """Return a record that is deleted, as it last was; None where it is not, or nothing is left."""
    connection = session.connection()
    known = KINDS.get(kind)
    if known is None:
        return None
    written = ops_of(connection, kind, record)
    folded = fold(written)
    before = fold(one for one in written if not one.fields.get(DELETED))
    if not folded.deleted or not before.values:
        return None
    tombs = folded.leaves[DELETED]
    return DeletedRecord(
        kind=kind,
        record=record,
        row=row_of(known, record, before),
        tombs=tuple(one.id for one in tombs),
        who=tombs[0].who,
        whose=whose(connection, kind, record, tombs[0].who),
        wall=tombs[0].wall,
        reason=tombs[0].reason or "",
    )


def bring_back_record(session: Session, deleted: DeletedRecord, reason: str) -> None:
    """Show a deleted record again as it was, with its rows, by ops that go to everybody."""
    for kind, record in ((deleted.kind, deleted.record), *deleted.rows):
        one = deleted_record(session, kind, record)
        if one is not None:
            reopen.restore_deleted(session, (kind, record), one.tombs, reason)


def records_left(connection: Connection, inspection_id: str) -> int:
    """Return how many records belong to an inspection, but those about sending and looking."""
    number = 0
    for kind in KINDS.values():
        table = table_of(kind)
        if "inspection_id" in table.c and kind.COUNTED:
            query = select(func.count()).where(table.c.inspection_id == inspection_id)
            number += connection.execute(query).scalar_one()
    return number


def deleted_inspections(session: Session) -> list[DeletedInspection]:
    """Return the inspections that were deleted while records of them are here."""
    connection = session.connection()
    rows = driver(connection).execute(_TOMBS, (Inspection.KIND, DELETED)).fetchall()
    deleted = [_deleted_inspection(session, record) for (record,) in sorted(rows)]
    return [one for one in deleted if one is not None]


def _deleted_inspection(session: Session, record: str) -> DeletedInspection | None:
    if session.get(Inspection, record) is not None:
        return None
    connection = session.connection()
    number = records_left(connection, record)
    known = ops_of(connection, Inspection.KIND, record)
    tombs = fold(known).leaves.get(DELETED, [])
    if not number or not tombs:
        return None
    before = fold(one for one in known if not one.fields.get(DELETED))
    if not before.values.get("force"):
        return None
    shown = Inspection(**row_of(Inspection, record, before))
    ids = tuple(one.id for one in tombs)
    return DeletedInspection(shown, ids, number, tombs[0].who, tombs[0].wall)


def bring_back_inspection(session: Session, inspection_id: str) -> Inspection:
    """Open a deleted inspection again, as it was, by an op that goes to everybody.

    Raises:
        NotDeletedError: there is nothing to bring back.
    """
    deleted = _deleted_inspection(session, inspection_id)
    if deleted is None:
        raise NotDeletedError(
            "This inspection is not deleted, or nothing of it is here. Nothing was changed. Look "
            "at the list of inspections again."
        )
    reopen.restore_deleted(
        session, (Inspection.KIND, inspection_id), deleted.tombs, "records of it are here"
    )
    return session.get_one(Inspection, inspection_id)
