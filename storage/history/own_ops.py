"""Reads what this laptop wrote of the few kinds of record that only its own ops count for.

Neither the tables nor the leaves are asked which records there are: a colleague's op may have taken
one out of them. An index of these ops alone finds them among all others.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from storage.database.connection import driver
from storage.feed.derived import SENDING
from storage.ops.op import MAIN

_PLACES = (
    "SELECT epoch, seq, record FROM op INDEXED BY op_sending "  # noqa: S608 - names of our own
    f"WHERE {SENDING} AND device = ? AND kind = ? AND record_kind = ? ORDER BY epoch, seq"
)
_BYTES = "SELECT bytes FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq = ?"


def own_ops(connection: Connection, kind: str, device: str) -> Iterator[tuple[str, bytes]]:
    """Return record and bytes of each op that a laptop wrote of a kind of :data:`SENDING`."""
    run = driver(connection).execute
    for epoch, seq, record in run(_PLACES, (device, MAIN, kind)).fetchall():
        (data,) = run(_BYTES, (device, epoch, MAIN, seq)).fetchone()
        if data is not None:
            yield record, data
