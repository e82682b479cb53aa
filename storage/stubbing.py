"""Taking the bytes of ops away: what a redaction or an erasure leaves is a stub.

A stub keeps the op's inner digest and head, so that the chain still holds; the op's salt is gone
with its bytes, so that the digest of a short text cannot be guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, and_, null, or_, select, update

from storage.bundle.tables import waiting_tables
from storage.op import Op, OpId, decode
from storage.redaction import REDACT, fits, named
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


def enforce(
    connection: Connection, touched: Iterable[tuple[str, str]]
) -> tuple[int, list[tuple[OpId, OpId]]]:
    """Take away what redact ops of these records name, whichever of the two came first.

    Returns how many ops lost their bytes, and each redact op with an op it speaks of falsely:
    that one keeps its bytes, and the entry counts for nothing (:func:`storage.redaction.fits`).
    """
    taken = 0
    false: list[tuple[OpId, OpId]] = []
    records = set(touched) | _records_waiting(connection)
    for tell in _tells(connection, records):
        going = []
        for op in _of_these(connection, named(tell)):
            if fits(op, tell):
                going.append(op.id)
            else:
                false.append((tell.id, op.id))
        taken += take_bytes(connection, going)
    return taken, false


def _tells(connection: Connection, records: set[tuple[str, str]]) -> Iterator[Op]:
    for several in _batches(sorted({record for _, record in records})):
        query = select(ops.c.bytes).where(
            ops.c.record.in_(several), ops.c.verb == REDACT, ops.c.bytes.is_not(None)
        )
        for (data,) in connection.execute(query).all():
            tell = decode(data, trusted=True)
            if tell.record in records:
                yield tell


def _of_these(connection: Connection, places: list[OpId]) -> Iterator[Op]:
    """Those of the ops whose bytes are here, also where they do not count yet."""
    for several in _batches(sorted(set(places))):
        for table in (ops, *waiting_tables(connection)):
            query = select(table.c.bytes).where(_among(table, several), table.c.bytes.is_not(None))
            for (data,) in connection.execute(query).all():
                yield decode(data, trusted=True)


def _records_waiting(connection: Connection) -> set[tuple[str, str]]:
    """The records of what waits behind a gap or for another roster; mostly nothing does."""
    return {
        decode(data, trusted=True).record
        for table in waiting_tables(connection)
        for (data,) in connection.execute(select(table.c.bytes).where(table.c.bytes.is_not(None)))
    }


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
