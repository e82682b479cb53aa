"""What this laptop wrote itself of the few kinds of record that only its own word counts for.

Neither the tables nor the leaves are asked which records there are: a colleague's op may have taken
one out of them. Which ops wrote them is kept with the connection, as home asks at every turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection

from storage.database.connection import driver
from storage.ops.op import MAIN
from storage.records.log import Disclosure, Erasure, Receipt

FEW = 2000
"""Up to so many ops are read where they lie; for more, the small index by record is read whole."""

KINDS = (Receipt.KIND, Disclosure.KIND, Erasure.KIND)
_FEEDS = "SELECT epoch, seq, head FROM feed WHERE device = ? AND kind = ?"
_HEAD = "SELECT head FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq = ?"
# WITHOUT ROWID: what is not in the index would be read op by op, so the bytes come afterwards.
_WHICH = (
    "SELECT record_kind, record, seq FROM op {index} WHERE device = ? AND epoch = ? AND kind = ? "
    "AND seq > ? AND record_kind IN (?, ?, ?)"
)
_BYTES = "SELECT bytes FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq = ?"


class _Found(NamedTuple):
    """The ops of a feed up to one of them: kind and id of the record, and place in the feed."""

    last: int
    head: bytes
    ops: list[tuple[str, str, int]]


def own_ops(connection: Connection, kind: str, device: str) -> Iterator[tuple[str, bytes]]:
    """Return record and bytes of each op that a laptop wrote of a kind, one of :data:`KINDS`."""
    run = driver(connection).execute
    for epoch, last, head in run(_FEEDS, (device, MAIN)).fetchall():
        place = (device, epoch, MAIN)
        for named, record, seq in _of_feed(connection, place, last, head).ops:
            if named == kind:
                (data,) = run(_BYTES, (*place, seq)).fetchone()
                if data is not None:
                    yield record, data


def _of_feed(connection: Connection, place: tuple[str, int, str], last: int, head: bytes) -> _Found:
    """Only what was added is read: the head of a feed says that nothing before it has changed."""
    run = driver(connection).execute
    kept: dict[tuple[str, int, str], _Found] = connection.info.setdefault("own_ops", {})
    found = kept.get(place)
    if found is None or not _stands(run, place, found, last):
        found = _Found(0, b"", [])
    if found.last < last:
        few = last - found.last <= FEW
        query = _WHICH.format(index="" if few else "INDEXED BY op_of_record")
        found.ops.extend(run(query, (*place, found.last, *KINDS)))
        found = _Found(last, head, found.ops)
    kept[place] = found
    return found


def _stands(run: Callable[..., Any], place: tuple[str, int, str], found: _Found, last: int) -> bool:
    row = run(_HEAD, (*place, found.last)).fetchone() if found.last <= last else None
    return row is not None and row[0] == found.head
