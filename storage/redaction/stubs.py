"""A redaction or an erasure takes the bytes of ops away and leaves stubs.

A stub keeps the op's inner digest and head, so that the chain still holds; the op's salt is gone
with its bytes, so that the digest of a short text cannot be guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, and_, null, select, update

from storage.database.connection import batches
from storage.database.tables import ops
from storage.database.transit import waiting_tables, want
from storage.feed.read import among
from storage.history.delivery import own_covers
from storage.ops.op import Op, OpId, decode
from storage.ops.redactions import REDACT, redacted_ids, superseded_redactions, taken_by
from storage.records.log import Erasure


def take_bytes(connection: Connection, places: Iterable[OpId]) -> int:
    """Make ops stubs, where their bytes are here, also those that do not count yet.

    The rest of the row (which record, when, who) stays. Returns how many ops lost their bytes.
    """
    tables = [ops, *waiting_tables(connection)]
    taken = 0
    for batch in batches(sorted(set(places))):
        for table in tables:
            present = and_(among(table, batch), table.c.bytes.is_not(None))
            taken += connection.execute(update(table).where(present).values(bytes=null())).rowcount
    return taken


def enforce_redactions(connection: Connection, touched: Iterable[tuple[str, str]]) -> int:
    """Take away the bytes of the ops that redactions of these records name.

    The records are those of all that came, also of what does not count yet. An op of which a
    redaction says what the op does not say keeps its bytes. Returns how many ops lost theirs.
    """
    taken = 0
    of_record: dict[tuple[str, str], list[Op]] = {}
    for redaction in _redactions_of(connection, set(touched)):
        of_record.setdefault(redaction.record, []).append(redaction)
    for record, redactions in of_record.items():
        places = [place for redaction in redactions for place in redacted_ids(redaction)]
        present = {op.id: op for op in _present_ops(connection, places)}
        waiting = [op for op in present.values() if (op.op, op.record) == (REDACT, record)]
        going = superseded_redactions(redactions, waiting)
        taken += take_bytes(connection, going.union(*(taken_by(r, present) for r in redactions)))
    return taken


def withdraw_redactions(connection: Connection, went: Iterable[Op]) -> None:
    """Let what revoked redactions took away come back from whoever has it.

    The digests stay, without a verb, so any bundle with the bytes fills them again, and another
    redaction that names them takes them away again. Until then this laptop's bundles say that it
    lacks them (:func:`storage.exchange.plan.plan`). What an erasure here covers does not come back,
    as nothing says whether its bytes were erased or redacted.
    """
    erased = own_covers(connection, Erasure)
    of_record: dict[tuple[str, str], set[OpId]] = {}
    for op in went:
        back = (place for place in redacted_ids(op) if place.seq > erased.get(place.feed, 0))
        of_record.setdefault(op.record, set()).update(back)
    for (kind, identity), places in of_record.items():
        mine = and_(ops.c.record_kind == kind, ops.c.record == identity, ops.c.bytes.is_(None))
        for batch in batches(sorted(places)):
            connection.execute(update(ops).where(mine, among(ops, batch)).values(verb=""))
        want(connection, places)


def _redactions_of(connection: Connection, records: set[tuple[str, str]]) -> Iterator[Op]:
    for batch in batches(sorted({record for _, record in records})):
        query = select(ops.c.bytes).where(
            ops.c.record.in_(batch), ops.c.verb == REDACT, ops.c.bytes.is_not(None)
        )
        for (data,) in connection.execute(query).all():
            redaction = decode(data, trusted=True)
            if redaction.record in records:
                yield redaction


def _present_ops(connection: Connection, places: list[OpId]) -> Iterator[Op]:
    """Return those of the ops whose bytes are here, also where they do not count yet."""
    for batch in batches(sorted(set(places))):
        for table in (ops, *waiting_tables(connection)):
            query = select(table.c.bytes).where(among(table, batch), table.c.bytes.is_not(None))
            for (data,) in connection.execute(query).all():
                yield decode(data, trusted=True)
