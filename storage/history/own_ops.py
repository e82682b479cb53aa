"""Reads what this laptop wrote of the few kinds of record that only its own ops count for.

Neither the tables nor the leaves are asked which records there are: a colleague's op may have taken
one out of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from storage.database.connection import driver
from storage.history.feed_rows import feed_rows
from storage.ops.op import MAIN, OpId
from storage.records.log import Disclosure, Erasure, Receipt

KINDS = (Receipt.KIND, Disclosure.KIND, Erasure.KIND)
_FEEDS = "SELECT epoch, seq FROM feed WHERE device = ? AND kind = ?"
# WITHOUT ROWID: what is not in the index would be read op by op, so the bytes come afterwards.
_COLUMNS = "seq, record_kind, record"
_BYTES = "SELECT bytes FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq = ?"


def own_ops(connection: Connection, kind: str, device: str) -> Iterator[tuple[str, bytes]]:
    """Return record and bytes of each op that a laptop wrote of a kind, one of :data:`KINDS`."""
    run = driver(connection).execute
    for epoch, last in run(_FEEDS, (device, MAIN)).fetchall():
        start = OpId(device, epoch, MAIN, 0)
        rows = feed_rows(connection, "own_ops", _COLUMNS, start, last, KINDS)
        for seq, record in sorted((seq, record) for seq, named, record in rows if named == kind):
            (data,) = run(_BYTES, (*start[:3], seq)).fetchone()
            if data is not None:
                yield record, data
