"""Which entries of redactions count: those of ops that are here, as ops of the same record.

Whoever redacts says what is left of an op, and where the op's bytes are gone nobody can compare.
So an entry stands in the place of an op only where the feeds have that op, if only as a digest: an
entry of an op that nobody ever made would otherwise show what its supposed writer never wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, and_, false, or_, select

from storage.op import Op, OpId, decode
from storage.redaction import REDACT, named, only
from storage.tables import ops

BATCH = 200
"""Ops or records asked for in one statement."""

T = TypeVar("T")


def counted(connection: Connection, known: Iterable[Op], *, awaited: bool = False) -> list[Op]:
    """The ops of one record, its redactions without what they tell of ops that are not here.

    What an entry names may be here as a digest of which nobody knows the record; an op of another
    record is none that it may tell of. With ``awaited`` what is not here yet counts as well.
    """
    several = list(known)
    tells = [one for one in several if one.op == REDACT]
    if not tells:
        return several
    here = {one.id for one in several}
    asked = {place for tell in tells for place in named(tell)} - here
    mine, others = _sorted(connection, asked, tells[0].record)
    here |= asked - others if awaited else mine
    return [only(one, here.__contains__) if one.op == REDACT else one for one in several]


def _sorted(
    connection: Connection, places: set[OpId], record: tuple[str, str]
) -> tuple[set[OpId], set[OpId]]:
    """Of ops those that are here and may be of a record, and those of another record."""
    columns = (ops.c.device, ops.c.epoch, ops.c.kind, ops.c.seq, ops.c.record_kind, ops.c.record)
    mine: set[OpId] = set()
    others: set[OpId] = set()
    for several in batches(sorted(places)):
        for *place, kind, of in connection.execute(select(*columns).where(among(ops, several))):
            (mine if of == "" or (kind, of) == record else others).add(OpId(*place))
    return mine, others


def telling_of(connection: Connection, places: Iterable[OpId]) -> set[tuple[str, str]]:
    """The records whose redactions tell of these ops; asked where digests came or went."""
    wanted = set(places)
    found: set[tuple[str, str]] = set()
    if not wanted:
        return found
    query = select(ops.c.bytes).where(ops.c.verb == REDACT, ops.c.bytes.is_not(None))
    for (data,) in connection.execute(query):
        tell = decode(data, trusted=True)
        if not wanted.isdisjoint(named(tell)):
            found.add(tell.record)
    return found


def among(table: Table, places: Iterable[OpId]) -> Any:
    """The condition that a row is one of these ops."""
    of_feed: dict[tuple[str, int, str], list[int]] = {}
    for one in places:
        of_feed.setdefault(one[:3], []).append(one.seq)
    return or_(
        false(),
        *(
            and_(
                table.c.device == device,
                table.c.epoch == epoch,
                table.c.kind == kind,
                table.c.seq.in_(several),
            )
            for (device, epoch, kind), several in of_feed.items()
        ),
    )


def batches(several: list[T]) -> Iterator[list[T]]:
    """A list in pieces of :data:`BATCH`."""
    for first in range(0, len(several), BATCH):
        yield several[first : first + BATCH]
