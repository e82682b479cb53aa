"""Finds the writes of a feed whose stamp is not after those before them: honest clocks only grow.

Their rows say so in the place of the verb, in every kind of store, so that whoever adds up the ops
of a record leaves them out.
"""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from storage.database.connection import batches
from storage.database.tables import feeds, ops
from storage.feed.judge import BACKDATED, Refusal
from storage.feed.positions import of_feed
from storage.ops.fold import WRITES
from storage.ops.op import FeedId


def mark_backdated(connection: Connection, feed: FeedId, first: int) -> list[Refusal]:
    """Mark the backdated writes of a feed from an op on, and return why they are refused.

    An op of which only the digest is here has no stamp, and one that redacts is judged by what it
    redacts.
    """
    mine = of_feed(ops, feed)
    before = select(ops.c.hlc).where(
        mine, ops.c.seq < first, ops.c.hlc != "", ops.c.verb != BACKDATED
    )
    last = connection.execute(before.order_by(ops.c.seq.desc()).limit(1)).scalar() or ""
    query = select(ops.c.seq, ops.c.hlc, ops.c.verb, ops.c.record_kind, ops.c.record)
    marked: dict[int, tuple[str, str]] = {}
    rows = connection.execute(query.where(mine, ops.c.seq >= first).order_by(ops.c.seq))
    for seq, hlc, verb, kind, record in rows:
        if hlc > last:
            last = hlc
        elif hlc and verb in WRITES:
            marked[seq] = (kind, record)
    for several in batches(sorted(marked)):
        these = update(ops).where(mine, ops.c.seq.in_(several))
        connection.execute(these.values(verb=BACKDATED))
    return [Refusal(feed.at(seq), record, "clock") for seq, record in sorted(marked.items())]


def mark_all(connection: Connection) -> None:
    """Mark the backdated writes of every feed, as where a vault of earlier rules is opened."""
    rows = connection.execute(select(feeds.c.device, feeds.c.epoch, feeds.c.kind)).all()
    for row in rows:
        mark_backdated(connection, FeedId(*row), 1)
