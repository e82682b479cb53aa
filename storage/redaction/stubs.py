"""Taking the bytes of ops away: what a redaction or an erasure leaves is a stub.

A stub keeps the op's inner digest and head, so that the chain still holds; the op's salt is gone
with its bytes, so that the digest of a short text cannot be guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, and_, null, select, update

from storage.database.connection import batches
from storage.database.tables import ops
from storage.database.transit import waiting_tables, want
from storage.feed.read import among
from storage.history.delivery import own_covers
from storage.ops.op import Op, OpId, decode, op_id
from storage.ops.redactions import (
    REDACT,
    differing_entries,
    earlier_redactions,
    entry_ids,
    judged_entries,
    redacted_ids,
    superseded_redactions,
)
from storage.records.log import Erasure


class Alarm(NamedTuple):
    """Says what is wrong with what a redaction says of an op, in a sentence."""

    redaction: OpId
    place: OpId
    said: str


def take_bytes(connection: Connection, places: Iterable[OpId]) -> int:
    """Make ops stubs, where their bytes are here, also those that do not count yet.

    What the row tells besides (which record, when, who) stays. Returns how many bytes went of.
    """
    wanted = sorted(set(places))
    tables = [ops, *waiting_tables(connection)]
    taken = 0
    for batch in batches(wanted):
        for table in tables:
            present = and_(among(table, batch), table.c.bytes.is_not(None))
            taken += connection.execute(update(table).where(present).values(bytes=null())).rowcount
    return taken


def enforce_redactions(
    connection: Connection, touched: Iterable[tuple[str, str]]
) -> tuple[int, list[Alarm]]:
    """Take away what redact ops of these records name, whichever of the two came first.

    The records are those of all that came, also of what does not count yet.

    Returns how many ops lost their bytes, and the alarms. An op of which a redaction speaks falsely
    keeps its bytes, and the entry counts for nothing (:func:`judged_entries`).
    """
    taken = 0
    alarms: list[Alarm] = []
    of_record: dict[tuple[str, str], list[Op]] = {}
    for redaction in _redactions_of(connection, set(touched)):
        of_record.setdefault(redaction.record, []).append(redaction)
    for redactions in of_record.values():
        earlier = _of_these(
            connection,
            [op_id(one["id"]) for redaction in redactions for one in earlier_redactions(redaction)],
        )
        record = redactions[0].record
        waiting = [op for op in earlier if (op.op, op.record) == (REDACT, record)]
        places = [place for redaction in redactions for place in entry_ids(redaction)]
        present = {op.id: op for op in _of_these(connection, places)}
        going = superseded_redactions(redactions, waiting)
        for redaction in redactions:
            for place, true in judged_entries(redaction, present):
                if true:
                    going.add(place)
                else:
                    alarms.append(Alarm(redaction.id, place, false_entry_text(redaction.id, place)))
        for redaction_id, place in differing_entries(redactions, present):
            alarms.append(Alarm(redaction_id, place, contradiction_text(redaction_id, place)))
        taken += take_bytes(connection, going)
    return taken, alarms


def withdraw_redactions(connection: Connection, went: Iterable[Op]) -> None:
    """Let what redactions took away come back from whoever has it: they count no more.

    The digests stay, without a verb, as those that came as such; so any bundle with the bytes fills
    them again, and another redaction that tells of them takes the bytes again. Until then this
    laptop's bundles say that it lacks them (:func:`storage.exchange.plan.plan`). What this laptop
    erased itself does not come back: that cannot be told from what was redacted, so nothing does
    that an erasure here covers.
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


def _of_these(connection: Connection, places: list[OpId]) -> Iterator[Op]:
    """Return those of the ops whose bytes are here, also where they do not count yet."""
    for batch in batches(sorted(set(places))):
        for table in (ops, *waiting_tables(connection)):
            query = select(table.c.bytes).where(among(table, batch), table.c.bytes.is_not(None))
            for (data,) in connection.execute(query).all():
                yield decode(data, trusted=True)


def contradiction_text(redaction: OpId, place: OpId) -> str:
    """Return the alarm that a redaction says otherwise of an op that is gone than another one."""
    return (
        f"The redaction {redaction} and another one say different things of the entry {place}, "
        "whose words are gone. What they differ in is not shown, unless the entry's own laptop "
        "says it. Keep the file, and tell whoever administers central."
    )


def false_entry_text(redaction: OpId, place: OpId) -> str:
    """Return the alarm that a redaction says of an op what the op does not say."""
    return (
        f"The redaction {redaction} says of the entry {place} what that entry does not say, so it "
        "was not followed: the entry stands as it is. Keep the file, and tell whoever administers "
        "central."
    )
