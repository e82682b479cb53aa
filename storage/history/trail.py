"""The trail is the ops of every feed together, the latest first, as an audit needs them.

What a row holds besides an op's bytes (which record, which verb, who, when) stays when the bytes
are redacted or erased, so the trail of a person who is gone from the records is metadata only.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from storage.database.connection import driver
from storage.feed.judge import BACKDATED
from storage.ops.op import Op, OpId, decode

BATCH = 200
"""Rows of one feed read at once."""

_COLUMNS = "device, epoch, kind, seq, record_kind, record, verb, hlc, wall, who, bytes"
_ROWS = (
    "SELECT {columns} FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq < ? "
    "AND hlc <> '' {only}ORDER BY seq DESC LIMIT ?"
)
_OF_RECORD = (
    "SELECT {columns} FROM op INDEXED BY op_of_record WHERE hlc <> '' AND ((record = ?1 "
    "AND record_kind = ?2) "
    "OR record IN (SELECT id FROM consultation WHERE of_kind = ?2 AND of_id = ?1))"
)


@dataclass(frozen=True, slots=True)
class Trace:
    """Says that somebody did something.

    Attributes:
        id: which op.
        verb, record, hlc, wall, who: as in the op.
        op: the op itself; nothing where its bytes were redacted or erased.
    """

    id: OpId
    verb: str
    record: tuple[str, str]
    hlc: str
    wall: str
    who: str
    op: Op | None


def traces(session: Session, verbs: Collection[str] = ()) -> Iterator[Trace]:
    """Return every op known here, or those with some verbs, the latest by the clock first.

    Within a feed the clock never goes back, so nothing need be sorted and only what is taken is
    read. The session must stay open, and write nothing, until the last was taken.
    """
    feeds = driver(session.connection()).execute("SELECT device, epoch, kind, seq FROM feed")
    ways = [
        _feed(session, device, epoch, kind, last, sorted(verbs))
        for device, epoch, kind, last in feeds.fetchall()
    ]
    return heapq.merge(*ways, key=lambda one: (one.hlc, one.id), reverse=True)


def traces_of(session: Session, kind: str, record: str) -> list[Trace]:
    """Return the ops on one record, and those that say it was opened, the latest first."""
    query = _OF_RECORD.format(columns=_COLUMNS)
    rows = driver(session.connection()).execute(query, (record, kind))
    return sorted(map(_trace, rows), key=lambda one: (one.hlc, one.id), reverse=True)


def _feed(
    session: Session, device: str, epoch: int, kind: str, last: int, verbs: list[str]
) -> Iterator[Trace]:
    only = f"AND verb IN ({','.join('?' * len(verbs))}) " if verbs else ""
    query, before = _ROWS.format(columns=_COLUMNS, only=only), last + 1
    while True:
        run = driver(session.connection()).execute
        rows = run(query, (device, epoch, kind, before, *verbs, BATCH)).fetchall()
        yield from map(_trace, rows)
        if len(rows) < BATCH:
            return
        before = rows[-1][3]


def _trace(row: tuple[Any, ...]) -> Trace:
    *place, kind, record, verb, hlc, wall, who, data = row
    op = None if data is None else decode(data, trusted=True)
    if op is not None and verb == BACKDATED:
        verb = op.op
    return Trace(OpId(*place), verb, (kind, record), hlc, wall, who, op)
