"""The origin of a record is who began it; this says also whether it ever left this laptop."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlmodel import Session

from storage.database.connection import driver
from storage.database.tables import ops
from storage.feed.judge import COUNTS
from storage.feed.projection import table_of
from storage.feed.writer import Author
from storage.history.delivery import own_covers
from storage.ops.op import FeedId
from storage.records.inspection import Inspection
from storage.records.log import Disclosure, Receipt
from storage.records.registry import KINDS, uncounted
from storage.trust.identity import own_device

_FIRST = (
    "SELECT device, who FROM op INDEXED BY op_of_record WHERE record = ? AND record_kind = ? "
    "AND {counts} ORDER BY hlc, device, epoch, kind, seq LIMIT 1"
).replace("{counts}", COUNTS)
_PLACES = (
    "SELECT device, epoch, kind, seq FROM op INDEXED BY op_of_record "
    "WHERE record = ? AND record_kind = ?"
)


@dataclass(frozen=True)
class Origin:
    """Says who wrote the first op of a record.

    Attributes:
        who: the id of the person; empty where nothing of the record is known.
        is_own: it was written on this laptop.
    """

    who: str
    is_own: bool


def origin_of(connection: Connection, kind: str, record: str) -> Origin:
    """Return who began a record."""
    row = driver(connection).execute(_FIRST, (record, kind)).fetchone()
    return Origin(row[1], row[0] == own_device(connection)) if row else Origin("", False)


def has_written_in(session: Session, inspection: str) -> bool:
    """Say whether the vault's person wrote anything of an inspection, its own line included.

    What is written about sending and looking does not count: it follows by itself.
    """
    connection = session.connection()
    author: Author = session.info["author"]
    uncounted_kinds = uncounted()
    for kind, known in KINDS.items():
        table = table_of(known)
        where = "id" if kind == Inspection.KIND else "inspection_id"
        if kind in uncounted_kinds or where not in table.c:
            continue
        own = select(ops.c.seq).where(
            ops.c.record == table.c.id, ops.c.record_kind == kind, ops.c.who == author.person
        )
        query = select(table.c.id).where(table.c[where] == inspection, own.exists()).limit(1)
        if connection.execute(query).first() is not None:
            return True
    return False


def never_left(session: Session, kind: str, record: str) -> bool:
    """Say whether every op of a record was written here and is certain to have stayed here.

    What was written before the vault was put back from a copy counts as gone: the note that it
    left may be what the copy lacks.
    """
    connection = session.connection()
    author: Author = session.info["author"]
    # Colleagues' bundles as well as central's: whoever has it may have begun to work in it.
    delivered = own_covers(connection, Disclosure, Receipt)
    return all(
        (device, epoch) == (author.device, author.epoch)
        and seq > delivered.get(FeedId(device, epoch, feed), 0)
        for device, epoch, feed, seq in driver(connection).execute(_PLACES, (record, kind))
    )
