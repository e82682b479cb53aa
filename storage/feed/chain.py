"""Verifies the chain of every feed: wholly in a check, its end at every unlocking."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, func, select
from sqlmodel import Session

from storage.database.connection import driver
from storage.database.tables import feeds, ops
from storage.ops.canonical_json import MalformedError
from storage.ops.op import FeedId, Op, OpId, decode, digest, first_head, next_head
from storage.progress import Progress, silent

RECENT = 200
"""Ops at the end of each feed that are verified at every unlocking."""

_ALL = (
    "SELECT device, epoch, kind, seq, {bytes}, digest, head FROM op "
    "ORDER BY device, epoch, kind, seq"
)
_ENDS = "SELECT device, epoch, kind, seq, head FROM feed"
_LAST = (
    "SELECT seq, bytes, digest, head FROM op WHERE device = ? AND epoch = ? AND kind = ? "
    "AND seq > ? ORDER BY seq"
)


def check_chains(
    connection: Connection, progress: Progress = silent, changed: Collection[OpId] | None = None
) -> tuple[int, list[str]]:
    """Return how many ops there are, and where bytes, place or head are not what they must be.

    Args:
        connection: to the vault.
        progress: hears how many ops are done.
        changed: the ops whose bytes are not those that were written, as :func:`as_written` says,
            where somebody has looked at all of them; without it each is read here.
    """
    findings: list[str] = []
    ends: dict[FeedId, tuple[int, bytes]] = {}
    count = 0
    total = int(connection.execute(select(func.count()).select_from(ops)).scalar_one())
    query = _ALL.format(bytes="bytes" if changed is None else "NULL")
    by_feed = groupby(driver(connection).execute(query), itemgetter(0, 1, 2))
    for (device, epoch, kind), rows in by_feed:
        feed = FeedId(device, epoch, kind)
        seq, head = 0, first_head(feed)
        for *_, at, data, inner, after in rows:
            count += 1
            if count % 1000 == 0:
                progress("chain", count, total)
            name = feed.at(at)
            if (
                data is not None and as_written(data, name, inner) is None
                if changed is None
                else name in changed
            ):
                findings.append(f"op {name}: its bytes are not those that were written")
            if at == seq + 1:
                if next_head(head, inner) != after:
                    findings.append(f"op {name}: it is not chained to the op before it")
                seq, head = at, after
            else:
                findings.append(f"op {name}: the op before it is missing")
        ends[feed] = (seq, head)
    for row in connection.execute(select(feeds)):
        feed = FeedId(row.device, row.epoch, row.kind)
        if ends.get(feed, (0, first_head(feed))) != (row.seq, row.head):
            findings.append(f"feed {feed}: it does not reach the op it is said to reach")
    return count, findings


def recent(session: Session, last: int = RECENT) -> list[str]:
    """Return what is wrong with the head and the last ops of each feed; some ten milliseconds."""
    findings: list[str] = []
    run = driver(session.connection()).execute
    for device, epoch, kind, reached, head in run(_ENDS).fetchall():
        feed = FeedId(device, epoch, kind)
        before = max(reached - last, 0)
        # One more, whose head is what the first of them is chained to.
        rows = run(_LAST, (device, epoch, kind, max(before - 1, 0))).fetchall()
        at = first_head(feed)
        if before:
            at = rows[0][3] if rows and rows[0][0] == before else b""
            rows = rows[1:]
        for seq, data, inner, after in rows:
            name = feed.at(seq)
            whole = data is None or (isinstance(data, bytes) and digest(data) == inner)
            if not whole or next_head(at, inner) != after:
                findings.append(f"op {name}: it is not what was written")
            at = after
        end = (rows[-1][0], rows[-1][3]) if rows else (0, first_head(feed))
        if end != (reached, head):
            findings.append(f"feed {feed}: it does not reach the op it is said to reach")
    return findings


def as_written(data: object, name: OpId, inner: bytes) -> Op | None:
    """Return the op that was written at a place, or None where its bytes are others."""
    try:
        if isinstance(data, bytes) and digest(data) == inner:
            op = decode(data)
            return op if op.id == name else None
    except MalformedError:
        pass
    return None
