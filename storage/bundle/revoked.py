"""Ops that a revoked laptop made after its time: kept apart, where they count for nothing.

They are verified, but the roster does not accept them. Where a later roster does, because the
laptop's last bundles could be trusted after all, they are taken in from here. What had been taken
in before the revocation was known is moved here too, so that whoever holds the same ops and the
same roster shows the same thing, in whatever order the two came.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, inspect, select

from storage.bundle.errors import TooMuchHeldError
from storage.bundle.manifest import signed_head
from storage.crypto.signing import SEGMENT, SignatureError, verify
from storage.database.connection import make_missing
from storage.database.tables import feeds, ops
from storage.database.transit import apart_ops, aside, held_ops, make_transit_tables
from storage.feed.backdated import mark_backdated
from storage.feed.positions import digest_only, head_at, held, keep_signed, move, of_feed
from storage.feed.projection import project_many
from storage.feed.read import records_redacting
from storage.feed.writer import op_row
from storage.ops.op import FeedId, OpId, decode, next_head
from storage.ops.redactions import REDACT
from storage.ops.text import size
from storage.redaction.stubs import enforce_redactions, withdraw_redactions
from storage.trust.roster import Device, Roster

MAX_HELD_OPS = 200_000
"""Ops that may wait in a store behind gaps."""
MAX_HELD_BYTES = 64 * 1024 * 1024
MAX_REVOKED_OPS = 20_000
"""Ops of one revoked laptop, after its time, that are kept in case a later roster accepts them."""


def keep_revoked(
    connection: Connection, rows: Sequence[dict[str, Any]], most: int | None = None
) -> None:
    """Keep ops of a feed apart; those that are there already stay.

    With ``most``, no more than so many of one laptop: what comes after that is not kept.
    """
    if not rows:
        return
    make_missing(connection, aside)
    feed = FeedId(*(rows[0][name] for name in ("device", "epoch", "kind")))
    seqs = [row["seq"] for row in rows]
    mine = and_(of_feed(apart_ops, feed), apart_ops.c.seq.between(min(seqs), max(seqs)))
    known = set(connection.execute(select(apart_ops.c.seq).where(mine)).scalars())
    fresh = [row for row in rows if row["seq"] not in known]
    if most is not None:
        own = select(func.count()).select_from(apart_ops).where(apart_ops.c.device == feed.device)
        fresh = fresh[: max(0, most - connection.execute(own).scalar_one())]
    if fresh:
        connection.execute(insert(apart_ops), fresh)


def revoked_feeds(connection: Connection) -> dict[FeedId, tuple[int, int]]:
    """Return the first and the last op that is kept apart of each feed with such ops."""
    if not inspect(connection).has_table(apart_ops.name):
        return {}
    query = select(
        apart_ops.c.device,
        apart_ops.c.epoch,
        apart_ops.c.kind,
        func.min(apart_ops.c.seq),
        func.max(apart_ops.c.seq),
    ).group_by(apart_ops.c.device, apart_ops.c.epoch, apart_ops.c.kind)
    return {FeedId(*feed): (first, last) for *feed, first, last in connection.execute(query)}


def refuse_too_many_held(connection: Connection) -> None:
    """Raise :class:`TooMuchHeldError` where more waits than may; a merge reads all of it."""
    bytes_held = connection.execute(select(func.sum(func.length(held_ops.c.bytes)))).scalar() or 0
    refuse_held(held(connection), bytes_held)


def refuse_held(waiting: int, bytes_held: int) -> None:
    """Raise :class:`TooMuchHeldError` where so many ops of so many bytes may not wait."""
    if waiting > MAX_HELD_OPS:
        raise TooMuchHeldError(
            f"With this bundle {waiting:,} entries would wait here for earlier ones; at most "
            f"{MAX_HELD_OPS:,} may. Nothing was used. Take in the bundles that are missing first "
            "(fieldkit exchange names them)."
        )
    if bytes_held > MAX_HELD_BYTES:
        raise TooMuchHeldError(
            f"With this bundle {size(bytes_held)} of entries would wait here for earlier ones; at "
            f"most {size(MAX_HELD_BYTES)} may. Nothing was used. Take in the bundles that "
            "are missing first (fieldkit exchange names them)."
        )


@dataclass
class Changed:
    """What a bundle or a roster changes, gathered on the way.

    Attributes:
        records: those of ops that count from now on, or do no more.
        waiting: those of ops that came and do not count yet; redactions take their words too.
        stubs: ops of which a digest came, went or was filled: redactions name them from now on, or
            not.
    """

    records: set[tuple[str, str]] = field(default_factory=set)
    waiting: set[tuple[str, str]] = field(default_factory=set)
    stubs: set[OpId] = field(default_factory=set)

    def row(self, place: OpId, data: bytes | None, inner: bytes, head: bytes) -> dict[str, Any]:
        """Return the row of an op that counts from now on, and note its record or its digest."""
        if data is None:
            self.stubs.add(place)
            return op_row(digest_only(place), None, inner, head)
        op = decode(data, trusted=True)
        self.records.add(op.record)
        return op_row(op, data, inner, head)


def apply_roster(connection: Connection, roster: Roster, own: str) -> set[tuple[str, str]]:
    """Take out of the feeds what a roster does not accept, and take in what it does accept again.

    Args:
        connection: within a writing transaction.
        roster: the roster in use from now on.
        own: this laptop's id; nobody takes anything out of its own feeds here.

    Returns:
        The records that changed, in their tables already.
    """
    changed = Changed()
    make_transit_tables(connection)
    for device in roster.devices:
        for feed in device.signed if device.id != own else ():
            _vouch(connection, device, feed)
    rows = connection.execute(select(feeds.c.device, feeds.c.epoch, feeds.c.kind))
    for feed in sorted({FeedId(*row) for row in rows} | revoked_feeds(connection).keys()):
        owner = roster.device(feed.device)
        if owner is None or owner.id == own:
            continue
        limit = owner.accepted_to(feed)
        if limit is not None:
            _take_out(connection, feed, limit, changed)
        _take_in(connection, feed, limit, changed)
    touched = changed.records | records_redacting(connection, changed.stubs)
    if touched:
        enforce_redactions(connection, touched)
        project_many(connection, touched)
    return touched


def _vouch(connection: Connection, device: Device, feed: FeedId) -> None:
    """Keep what a revoked laptop signed of the end of a feed, where the roster repeats it.

    Whoever has cut the feed there may hold no other signature of it than one of a later head.
    """
    head, signature = device.signed[feed]
    place = feed.at(device.accepted_to(feed) or 0)
    with suppress(SignatureError):
        verify(device.sign_pk, SEGMENT, signed_head(feed, place.seq, head), signature)
        keep_signed(connection, place, head, device.sign_pk, signature)


def _take_out(connection: Connection, feed: FeedId, limit: int, changed: Changed) -> None:
    for table in (held_ops, ops):
        past = and_(of_feed(table, feed), table.c.seq > limit)
        rows = connection.execute(select(table).where(past).order_by(table.c.seq)).all()
        if not rows:
            continue
        kept = [{name: getattr(row, name) for name in apart_ops.c.keys()} for row in rows]
        keep_revoked(connection, kept)
        connection.execute(delete(table).where(past))
        if table is ops:
            changed.records |= {(row.record_kind, row.record) for row in rows if row.record}
            changed.stubs |= {feed.at(row.seq) for row in rows if not row.record}
            went = [row.bytes for row in rows if row.verb == REDACT and row.bytes is not None]
            withdraw_redactions(connection, (decode(data, trusted=True) for data in went))
            where = and_(of_feed(ops, feed), ops.c.seq == limit)
            head = connection.execute(select(ops.c.head).where(where)).scalar()
            if head is not None:
                move(connection, feed, limit, head)
            else:
                connection.execute(delete(feeds).where(of_feed(feeds, feed)))


def _take_in(connection: Connection, feed: FeedId, limit: int | None, changed: Changed) -> None:
    """Take in what is accepted again: what follows on counts, the rest waits as any other."""
    if not inspect(connection).has_table(apart_ops.name):
        return
    start, head = head_at(connection, feed)
    seq = start
    accepted = of_feed(apart_ops, feed)
    if limit is not None:
        accepted = and_(accepted, apart_ops.c.seq <= limit)
    query = select(apart_ops).where(accepted).order_by(apart_ops.c.seq)
    for row in connection.execute(query).all():
        if row.seq == seq + 1 and next_head(head, row.digest) == row.head:
            counts = changed.row(feed.at(row.seq), row.bytes, row.digest, row.head)
            connection.execute(insert(ops), [counts])
            seq, head = row.seq, row.head
        elif row.seq > seq + 1:
            connection.execute(insert(held_ops), [dict(row._mapping)])
    connection.execute(delete(apart_ops).where(accepted))
    if seq > start:
        move(connection, feed, seq, head)
        mark_backdated(connection, feed, start + 1)
