"""What was read of a feed is kept with the connection, so that only later ops are read again.

Every page asks which records were written: that must not read a day's ops each time.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from sqlalchemy import Connection

from storage.database.connection import driver
from storage.ops.op import OpId

FEW = 2000
"""Up to so many ops are always read where they lie."""
SHARE = 7
"""So many times as long as an entry of the small index by record takes one that is read where it
lies. The index is read whole, so it is quicker only for more than this part of all ops."""
MAX_READINGS = 16
"""Readings kept with a connection: of each feed, since the export and since midnight."""

# Without DISTINCT or GROUP BY: sorting in SQLite takes longer than a set here.
_ROWS = "SELECT {columns} FROM op {index} WHERE device = ? AND epoch = ? AND kind = ? AND seq > ?"
_ALL = "SELECT SUM(seq) FROM feed"
_HEAD = "SELECT head FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq = ?"


class _Reading(NamedTuple):
    """Holds the rows up to an op; its head says that nothing before it has changed."""

    last: int
    head: bytes | None
    rows: set[Any]
    counts: Counter[Any] | None = None
    """How many rows begin with what, once somebody asked."""


def feed_rows(
    connection: Connection,
    name: str,
    columns: str,
    after: OpId,
    last: int,
) -> set[Any]:
    """Return columns of the ops of a feed ``after`` one and up to ``last``, not to be changed.

    Args:
        connection: within a transaction.
        name: under which the readings are kept; ``connection.info.pop`` forgets them.
        columns: of the table of ops.
        after: the op before the first.
        last: the place of the feed's last op.
    """
    return _reading(connection, name, columns, after, last).rows


def row_counts(
    connection: Connection, name: str, columns: str, after: OpId, last: int
) -> Counter[Any]:
    """Return how many of the rows that :func:`feed_rows` gives begin with what."""
    reading = _reading(connection, name, columns, after, last)
    if reading.counts is None:
        reading = reading._replace(counts=Counter(row[0] for row in reading.rows))
        if reading.rows:
            connection.info[name][after] = reading
    return Counter(reading.counts)


def _reading(connection: Connection, name: str, columns: str, after: OpId, last: int) -> _Reading:
    run = driver(connection).execute
    readings: dict[OpId, _Reading] = connection.info.setdefault(name, {})

    def head_at(seq: int) -> bytes | None:
        row = run(_HEAD, (*after[:3], seq)).fetchone()
        return row[0] if row is not None else None

    reading = readings.get(after)
    if reading is None or reading.last > last or reading.head != head_at(reading.last):
        reading = _Reading(after.seq, None, set())
    if reading.last < last:
        few = last - reading.last <= FEW or last - reading.last <= run(_ALL).fetchone()[0] // SHARE
        index = "" if few else "INDEXED BY op_of_record"
        query = _ROWS.format(columns=columns, index=index)
        rows = run(query, (*after[:3], reading.last))
        if reading.counts is None:
            reading.rows.update(rows)
        else:
            fresh = set(rows) - reading.rows
            reading.rows.update(fresh)
            reading.counts.update(row[0] for row in fresh)
        if len(readings) >= MAX_READINGS:
            readings.clear()
        reading = reading._replace(last=last, head=head_at(last))
        readings[after] = reading
    return reading
