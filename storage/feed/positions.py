"""Tells how far each feed is known, what it waits for, and what was signed of it.

What is asked of every bundle is a statement made once: to make one costs more than to run it.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, bindparam, func, insert, select, update

from storage.database.tables import feeds, ops
from storage.database.transit import held_ops, make_transit_tables, signed_heads
from storage.ops.op import FeedId, Op, OpId, first_head

MOST_FEEDS = 200
"""Feeds of one laptop, two for each epoch: a vault is restored a few times in its life."""


def gaps(connection: Connection) -> dict[FeedId, tuple[int, int]]:
    """Return for each feed with ops held here the first and the last op it waits for."""
    make_transit_tables(connection)
    columns = (held_ops.c.device, held_ops.c.epoch, held_ops.c.kind)
    query = select(*columns, func.min(held_ops.c.seq)).group_by(*columns).order_by(*columns)
    first = {FeedId(*row[:3]): row[3] for row in connection.execute(query)}
    return {feed: (head_at(connection, feed)[0] + 1, seq - 1) for feed, seq in first.items()}


def held(connection: Connection) -> int:
    """Return how many ops wait behind gaps, of all feeds."""
    return int(connection.execute(select(func.count()).select_from(held_ops)).scalar_one())


def of_feed(table: Table, feed: FeedId) -> Any:
    """Return the condition that a row of ``table`` belongs to a feed."""
    return and_(
        table.c.device == feed.device,
        table.c.epoch == feed.epoch,
        table.c.kind == feed.kind,
    )


def _named(table: Table, *columns: str) -> Any:
    """Return the condition that a row is of the place that is said when a statement is run."""
    return and_(*(table.c[name] == bindparam(name) for name in columns))


_FEED = ("device", "epoch", "kind")
_POSITION = select(feeds.c.seq, feeds.c.head).where(_named(feeds, *_FEED))
_HEAD = select(ops.c.head).where(_named(ops, *OpId._fields))
_SIGNED = select(signed_heads.c.head, signed_heads.c.signature).where(
    _named(signed_heads, *OpId._fields)
)


@cache
def _stretch(table: Table) -> Select[Any]:
    """Return the query for what stands in ``table`` of a stretch of a feed."""
    between = table.c.seq.between(bindparam("first"), bindparam("last"))
    return select(table.c.seq, table.c.head).where(_named(table, *_FEED), between)


@cache
def _stubs(table: Table) -> Select[Any]:
    """Return the query for the ops of a stretch of which nothing but the digest was known."""
    query = _stretch(table).with_only_columns(table.c.seq).where(table.c.bytes.is_(None))
    return query.where(table.c.verb == "") if "verb" in table.c else query


def head_at(connection: Connection, feed: FeedId) -> tuple[int, bytes]:
    """Return the last op known of a feed without a gap, and the head there."""
    row = connection.execute(_POSITION, asdict(feed)).one_or_none()
    return (row[0], row[1]) if row is not None else (0, first_head(feed))


def head_of(connection: Connection, place: OpId) -> bytes:
    """Return the head of a feed at an op that is here, or before its first one."""
    if place.seq == 0:
        return first_head(place.feed)
    head: bytes = connection.execute(_HEAD, place._asdict()).scalar_one()
    return head


def move(connection: Connection, feed: FeedId, seq: int, head: bytes) -> None:
    """Write down that a feed is now known up to ``seq``."""
    moved = connection.execute(update(feeds).where(of_feed(feeds, feed)).values(seq=seq, head=head))
    if not moved.rowcount:
        connection.execute(
            insert(feeds).values(
                device=feed.device, epoch=feed.epoch, kind=feed.kind, seq=seq, head=head
            )
        )


def heads(
    connection: Connection, table: Table, feed: FeedId, first: int, last: int
) -> dict[int, bytes]:
    """Return the heads known at the ops of a stretch."""
    stretch = {**asdict(feed), "first": first, "last": last}
    return {row[0]: row[1] for row in connection.execute(_stretch(table), stretch)}


def stubs(connection: Connection, table: Table, feed: FeedId, first: int, last: int) -> set[int]:
    """Return the ops of a stretch of which nothing but the digest was ever known here.

    Of what was redacted or erased here the row still says what it did.
    """
    stretch = {**asdict(feed), "first": first, "last": last}
    return set(connection.execute(_stubs(table), stretch).scalars())


def signature_at(connection: Connection, place: OpId, head: bytes) -> bytes | None:
    """Return a laptop's own signature of the head of its feed at a place, where it is here."""
    row = connection.execute(_SIGNED, place._asdict()).one_or_none()
    return row.signature if row is not None and row.head == head else None


def keep_signed(
    connection: Connection, place: OpId, head: bytes, public: bytes, signature: bytes
) -> None:
    """Keep a laptop's signature of the head at ``place``, so that its ops can be relayed."""
    if connection.execute(_SIGNED, place._asdict()).one_or_none() is None:
        connection.execute(
            insert(signed_heads).values(
                **place._asdict(),
                head=head,
                public=public,
                signature=signature,
            )
        )


def digest_only(place: OpId) -> Op:
    """Return what stands in the row of an op of which nothing but the digest came."""
    return Op(id=place, hlc="", wall="", who="", op="", record=("", ""), fields={}, salt="")


def many_feeds(connection: Connection, feed: FeedId) -> bool:
    """Say whether a laptop has as many feeds here as it may, and ``feed`` is none of them."""
    known: set[tuple[int, str]] = set()
    for table in (feeds, held_ops):
        query = select(table.c.epoch, table.c.kind).where(table.c.device == feed.device)
        known.update((row[0], row[1]) for row in connection.execute(query.distinct()))
    return len(known) >= MOST_FEEDS and (feed.epoch, feed.kind) not in known
