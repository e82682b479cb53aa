"""A deleted inspection may still have records, which nobody can open then.

A deletion names the ops of the inspection alone, so cases and notes that somebody wrote in it,
before or in parallel, do not beat it in anybody's tables.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select
from sqlmodel import Session

from storage.conflicts import reopen
from storage.database.connection import driver
from storage.errors import FieldkitError
from storage.feed.projection import row_of, table_of
from storage.feed.read import ops_of
from storage.ops.fold import fold
from storage.ops.op import DELETED, OpId
from storage.records import Inspection
from storage.records.registry import KINDS

_TOMBS = "SELECT DISTINCT record FROM leaf WHERE record_kind = ? AND field = ?"


class NotDeletedError(FieldkitError):
    """The inspection is not deleted, or is not known here."""


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
