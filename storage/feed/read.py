"""Which entries of redactions count: those of ops that are here, as ops of the same record.

Whoever redacts says what is left of an op, and where the op's bytes are gone nobody can compare.
So an entry stands in the place of an op only where the feeds have that op, if only as a digest: an
entry of an op that nobody ever made would otherwise show what its supposed writer never wrote.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, and_, false, or_, select

from storage.database.connection import driver
from storage.database.tables import ops
from storage.ops.op import FeedId, Op, OpId, decode, op_id
from storage.ops.redactions import REDACT, effective_ops, redacted_ids, with_entries
from storage.records.registry import KINDS

_OPS_OF = (
    "SELECT bytes FROM op INDEXED BY op_of_record "
    "WHERE record = ? AND record_kind = ? AND bytes IS NOT NULL"
)


@dataclass
class Leaf:
    """An unreplaced write, as the journal needs it."""

    id: OpId
    hlc: str

    @property
    def order(self) -> tuple[str, str, int, str, int]:
        """As :attr:`storage.ops.op.Op.order`."""
        return (self.hlc, self.id.device, self.id.epoch, self.id.kind, self.id.seq)


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
    asked = {place for tell in tells for place in redacted_ids(tell)} - here
    mine, others = _sorted(connection, asked, tells[0].record)
    here |= asked - others if awaited else mine
    return [with_entries(one, here.__contains__) if one.op == REDACT else one for one in several]


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
        if not wanted.isdisjoint(redacted_ids(tell)):
            found.add(tell.record)
    return found


def among(table: Table, places: Iterable[OpId]) -> Any:
    """The condition that a row is one of these ops."""
    seqs: dict[FeedId, list[int]] = {}
    for one in places:
        seqs.setdefault(one.feed, []).append(one.seq)
    return or_(
        false(),
        *(
            and_(
                table.c.device == feed.device,
                table.c.epoch == feed.epoch,
                table.c.kind == feed.kind,
                table.c.seq.in_(several),
            )
            for feed, several in seqs.items()
        ),
    )


def batches(several: list[T]) -> Iterator[list[T]]:
    """A list in pieces of :data:`BATCH`."""
    for first in range(0, len(several), BATCH):
        yield several[first : first + BATCH]


def ops_of(connection: Connection, kind: str, record: str) -> list[Op]:
    """Every op of one record that is known here; those redacted as that left them, no stubs."""
    return effective_ops(counted(connection, written_of(connection, kind, record)))


def written_of(connection: Connection, kind: str, record: str) -> list[Op]:
    """Every op of one record whose bytes are here, as it was written."""
    rows = driver(connection).execute(_OPS_OF, (record, kind))
    return [decode(data, trusted=True) for (data,) in rows]


def leaves_of(connection: Connection, kind: str, record: str) -> dict[str, list[Leaf]]:
    """The unreplaced writes of a record by field, the one shown first at the head."""
    found: dict[str, list[Leaf]] = {}
    rows = driver(connection).execute(
        "SELECT field, op, hlc FROM leaf WHERE record_kind = ? AND record = ?", (kind, record)
    )
    for name, op, hlc in rows:
        found.setdefault(name, []).append(Leaf(op_id(op), hlc))
    for several in found.values():
        several.sort(key=lambda leaf: leaf.order, reverse=True)
    return found


def seen_of_others(
    connection: Connection,
    own: str,
    record: tuple[str, str],
    leaves: Mapping[str, Iterable[Leaf]],
    fields: Collection[str],
) -> set[OpId]:
    """Other laptops' writes that a write of these fields is made in sight of, in other fields.

    A base names them, so that a history can tell a write that was made without sight of them. Only
    those that share no field with it: of the others it would say that they are replaced.
    """
    beside = {
        leaf.id
        for name, several in leaves.items()
        if name not in fields
        for leaf in several
        if leaf.id.device != own
    }
    if not beside:
        return beside
    # As redactions left them: of what lost its bytes, too, it is known what it wrote.
    known = {one.id: one for one in ops_of(connection, *record)}
    seen = {one for one in beside & known.keys() if known[one].fields.keys().isdisjoint(fields)}
    # Whoever has seen an op of a feed has seen those before it.
    return set({one.feed: one for one in sorted(seen)}.values())


def redacted(connection: Connection) -> set[OpId]:
    """Every op that a redaction which counts here names."""
    tells = select(ops.c.bytes).where(
        ops.c.verb == REDACT, ops.c.record_kind.in_(KINDS), ops.c.bytes.is_not(None)
    )
    found: set[OpId] = set()
    for (data,) in connection.execute(tells):
        found.update(redacted_ids(decode(data, trusted=True)))
    return found


def cut_at(connection: Connection, stubs: frozenset[OpId]) -> dict[FeedId, int]:
    """The first op of each feed of whose missing words nobody here knows why they are missing."""
    found: dict[FeedId, int] = {}
    for place in stubs - redacted(connection) if stubs else ():
        found[place.feed] = min(place.seq, found.get(place.feed, place.seq))
    return found
