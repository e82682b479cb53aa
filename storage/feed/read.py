"""Reads the ops of a record, and says which entries of redactions count.

An entry stands in the place of an op only where the feeds have that op, if only as a digest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, and_, false, or_, select, text

from storage.database.connection import batches, driver
from storage.database.tables import ops
from storage.feed.judge import BACKDATED, Judged, Look, judge, without
from storage.ops.op import FeedId, Op, OpId, decode, op_id
from storage.ops.redactions import REDACT, effective_ops, redacted_ids, with_entries
from storage.records.registry import KINDS

_OPS_OF = (
    "SELECT bytes FROM op INDEXED BY op_of_record "
    "WHERE record = ? AND record_kind = ? AND bytes IS NOT NULL AND verb <> ?"
)

REDACTING = f"verb = '{REDACT}'"
"""The condition of the ops that redact, written out, so that their index serves."""

_REFUSED_OF = "SELECT op FROM refused WHERE record = ? AND record_kind = ?"
_OPS_OF_SEVERAL = (
    "SELECT record, bytes FROM op INDEXED BY op_of_record "
    "WHERE record IN ({marks}) AND record_kind = ? AND bytes IS NOT NULL AND verb <> ?"
)
_LEAVES_OF_SEVERAL = (
    "SELECT record, field, op, hlc FROM leaf WHERE record_kind = ? AND record IN ({marks})"
)
_REFUSED_OF_SEVERAL = "SELECT record, op FROM refused WHERE record IN ({marks}) AND record_kind = ?"


@dataclass
class Leaf:
    """Holds an unreplaced write, as the journal needs it."""

    id: OpId
    hlc: str

    @property
    def order(self) -> tuple[str, str, int, str, int]:
        """Do as :attr:`storage.ops.op.Op.order`."""
        return (self.hlc, self.id.device, self.id.epoch, self.id.kind, self.id.seq)


def with_known_entries(connection: Connection, known: Iterable[Op]) -> list[Op]:
    """Return the ops of a record, its redactions without entries of ops that are not here.

    What an entry names may be here as a digest of which nobody knows the record; an op of another
    record is none that it may tell of. Neither is what a revoked laptop wrote after its time, nor
    what counts for nothing because it is dated back.
    """
    written = list(known)
    redactions = [op for op in written if op.op == REDACT]
    if not redactions:
        return written
    asked = {place for redaction in redactions for place in redacted_ids(redaction)}
    place_columns = (ops.c.device, ops.c.epoch, ops.c.kind, ops.c.seq)
    columns = (*place_columns, ops.c.record_kind, ops.c.record)
    here: set[OpId] = set()
    for batch in batches(sorted(asked)):
        counts = among(ops, batch) & (ops.c.verb != BACKDATED)
        for *place, kind, of in connection.execute(select(*columns).where(counts)):
            if (kind, of) in (("", ""), redactions[0].record):
                here.add(OpId(*place))
    return [with_entries(op, here.__contains__) if op.op == REDACT else op for op in written]


def records_redacting(connection: Connection, places: Iterable[OpId]) -> set[tuple[str, str]]:
    """Return the records whose redactions name these ops; asked where digests came or went."""
    wanted = set(places)
    records: set[tuple[str, str]] = set()
    if not wanted:
        return records
    query = select(ops.c.bytes).where(text(REDACTING), ops.c.bytes.is_not(None))
    for (data,) in connection.execute(query):
        redaction = decode(data, trusted=True)
        if not wanted.isdisjoint(redacted_ids(redaction)):
            records.add(redaction.record)
    return records


def among(table: Table, places: Iterable[OpId]) -> Any:
    """Return the condition that a row is one of these ops."""
    seqs: dict[FeedId, list[int]] = {}
    for place in places:
        seqs.setdefault(place.feed, []).append(place.seq)
    return or_(
        false(),
        *(
            and_(
                table.c.device == feed.device,
                table.c.epoch == feed.epoch,
                table.c.kind == feed.kind,
                table.c.seq.in_(numbers),
            )
            for feed, numbers in seqs.items()
        ),
    )


def judged(
    connection: Connection, kind: str, written: Iterable[Op], look: Look | None = None
) -> Judged:
    """Judge the ops of one record that were written, as redactions left them."""
    written = list(written)
    if not any(op.op == REDACT for op in written):
        return judge(kind, written, look)
    return judge(kind, effective_ops(with_known_entries(connection, written)), look)


def looking(connection: Connection) -> Look:
    """Return what looks records up that others lie under or are named by, each once.

    What those lie under in their turn is not: ids that are made of an inspection prove it.
    """
    known: dict[tuple[str, str], list[Op]] = {}

    def look(kind: str, record: str) -> list[Op]:
        if (kind, record) not in known:
            written = written_of(connection, kind, record)
            known[kind, record] = judged(connection, kind, written).ops
        return known[kind, record]

    return look


def ops_of(connection: Connection, kind: str, record: str) -> list[Op]:
    """Return every op of one record that counts here, as redactions left it; no stubs."""
    known = effective_ops(with_known_entries(connection, written_of(connection, kind, record)))
    rows = driver(connection).execute(_REFUSED_OF, (record, kind)).fetchall()
    return without(known, {op_id(place) for (place,) in rows}) if rows else known


def ops_of_several(
    connection: Connection, kind: str, records: Iterable[str]
) -> dict[str, list[Op]]:
    """Return what :func:`ops_of` does of several records of a kind, by id, in few statements."""
    run = driver(connection).execute
    written: dict[str, list[Op]] = {}
    refused: dict[str, set[OpId]] = {}
    for batch in batches(sorted(set(records))):
        marks = ",".join("?" * len(batch))
        for record, data in run(_OPS_OF_SEVERAL.format(marks=marks), (*batch, kind, BACKDATED)):
            written.setdefault(record, []).append(decode(data, trusted=True))
        for record, place in run(_REFUSED_OF_SEVERAL.format(marks=marks), (*batch, kind)):
            refused.setdefault(record, set()).add(op_id(place))
    return {
        record: without(effective_ops(with_known_entries(connection, ops)), refused.get(record, ()))
        for record, ops in written.items()
    }


def written_of(connection: Connection, kind: str, record: str) -> list[Op]:
    """Return every op of one record whose bytes are here, as it was written, in growing time."""
    rows = driver(connection).execute(_OPS_OF, (record, kind, BACKDATED))
    return [decode(data, trusted=True) for (data,) in rows]


def leaves_of(connection: Connection, kind: str, record: str) -> dict[str, list[Leaf]]:
    """Return the unreplaced writes of a record by field, the one shown first at the head."""
    rows = driver(connection).execute(
        "SELECT field, op, hlc FROM leaf WHERE record_kind = ? AND record = ?", (kind, record)
    )
    return _leaves(rows)


def leaves_of_several(
    connection: Connection, kind: str, records: Iterable[str]
) -> dict[str, dict[str, list[Leaf]]]:
    """Return what :func:`leaves_of` does of those records of a kind that have any, by id."""
    run = driver(connection).execute
    rows: dict[str, list[tuple[str, str, str]]] = {}
    for batch in batches(sorted(set(records))):
        marks = ",".join("?" * len(batch))
        for record, *leaf in run(_LEAVES_OF_SEVERAL.format(marks=marks), (kind, *batch)):
            rows.setdefault(record, []).append(tuple(leaf))
    return {record: _leaves(several) for record, several in rows.items()}


def _leaves(rows: Iterable[tuple[str, str, str]]) -> dict[str, list[Leaf]]:
    leaves: dict[str, list[Leaf]] = {}
    for name, op, hlc in rows:
        leaves.setdefault(name, []).append(Leaf(op_id(op), hlc))
    for field_leaves in leaves.values():
        field_leaves.sort(key=lambda leaf: leaf.order, reverse=True)
    return leaves


def seen_of_others(
    connection: Connection,
    own: str,
    record: tuple[str, str],
    leaves: Mapping[str, Iterable[Leaf]],
    fields: Collection[str],
) -> set[OpId]:
    """Return other laptops' writes of other fields that a write is made in sight of.

    A base names them, so that a history can tell a write that was made without sight of them. Only
    those that share no field with it: of the others it would say that they are replaced.
    """
    others = {
        leaf.id
        for name, field_leaves in leaves.items()
        if name not in fields
        for leaf in field_leaves
        if leaf.id.device != own
    }
    if not others:
        return others
    # As redactions left them: of what lost its bytes, too, it is known what it wrote.
    known = {op.id: op for op in ops_of(connection, *record)}
    seen = {
        place for place in others & known.keys() if known[place].fields.keys().isdisjoint(fields)
    }
    # Whoever has seen an op of a feed has seen those before it.
    return set({place.feed: place for place in sorted(seen)}.values())


def redacted(connection: Connection) -> set[OpId]:
    """Return every op that a redaction which counts here names."""
    query = select(ops.c.bytes).where(
        text(REDACTING), ops.c.record_kind.in_(KINDS), ops.c.bytes.is_not(None)
    )
    places: set[OpId] = set()
    for (data,) in connection.execute(query):
        places.update(redacted_ids(decode(data, trusted=True)))
    return places


def cut_at(connection: Connection, stubs: frozenset[OpId]) -> dict[FeedId, int]:
    """Return the first op of each feed of which nobody here knows why its words are missing."""
    firsts: dict[FeedId, int] = {}
    for place in stubs - redacted(connection) if stubs else ():
        firsts[place.feed] = min(place.seq, firsts.get(place.feed, place.seq))
    return firsts
