"""Taking the bytes of ops away: what a redaction or an erasure leaves is a stub.

A stub keeps the op's inner digest and head, so that the chain still holds; the op's salt is gone
with its bytes, so that the digest of a short text cannot be guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, and_, null, or_, select, update

from storage.bundle.errors import ForgedError
from storage.bundle.tables import waiting_tables
from storage.op import Op, OpId, decode
from storage.redaction import REDACT, agrees, also, entries, named
from storage.tables import ops

BATCH = 200
"""Ops or records asked for in one statement."""


def take_bytes(connection: Connection, places: Iterable[OpId]) -> int:
    """Make ops stubs, where their bytes are here, also those that do not count yet.

    What the row tells besides (which record, when, who) stays. Returns how many bytes went of.
    """
    wanted = sorted(set(places))
    tables = [ops, *waiting_tables(connection)]
    taken = 0
    for several in _batches(wanted):
        for table in tables:
            here = and_(_among(table, several), table.c.bytes.is_not(None))
            taken += connection.execute(update(table).where(here).values(bytes=null())).rowcount
    return taken


def enforce(connection: Connection, touched: Iterable[tuple[str, str]]) -> int:
    """Take away what redact ops of these records name, whichever of the two came first.

    Returns how many ops lost their bytes. Raises :class:`ForgedError` where a redaction says of
    an op something that the op does not say.
    """
    taken = 0
    for tell in _tells(connection, {record for _, record in touched}):
        _compare(connection, tell)
        taken += take_bytes(connection, named(tell))
    return taken + _waiting(connection)


def _tells(connection: Connection, records: set[str]) -> Iterator[Op]:
    for several in _batches(sorted(records)):
        query = select(ops.c.bytes).where(
            ops.c.record.in_(several), ops.c.verb == REDACT, ops.c.bytes.is_not(None)
        )
        for (data,) in connection.execute(query).all():
            yield decode(data, trusted=True)


def _compare(connection: Connection, tell: Op) -> None:
    told = {one["id"]: one for one in entries(tell)}
    earlier = {one["id"] for one in also(tell)}
    for several in _batches(sorted(named(tell))):
        query = select(ops.c.bytes).where(_among(ops, several), ops.c.bytes.is_not(None))
        for (data,) in connection.execute(query).all():
            op = decode(data, trusted=True)
            entry = told.get(str(op.id))
            fits = agrees(op, entry) if entry else str(op.id) in earlier and op.op == REDACT
            if op.record != tell.record or not fits:
                raise ForgedError(
                    f"The redaction {tell.id} says of the entry {op.id} what that entry does not "
                    "say. Nothing was used. Keep the file, and tell whoever administers central."
                )


def _waiting(connection: Connection) -> int:
    """What waits behind a gap or for another roster is redacted too; mostly nothing does."""
    waiting = [
        decode(data, trusted=True)
        for table in waiting_tables(connection)
        for (data,) in connection.execute(select(table.c.bytes).where(table.c.bytes.is_not(None)))
    ]
    records = {one.record[1] for one in waiting}
    gone = {place for tell in _tells(connection, records) for place in named(tell)}
    return take_bytes(connection, [one.id for one in waiting if one.id in gone])


def _among(table: Any, places: list[OpId]) -> Any:
    return or_(
        *(
            and_(
                table.c.device == one.device,
                table.c.epoch == one.epoch,
                table.c.kind == one.kind,
                table.c.seq == one.seq,
            )
            for one in places
        )
    )


def _batches(several: list[Any]) -> Iterator[list[Any]]:
    for first in range(0, len(several), BATCH):
        yield several[first : first + BATCH]
