"""Records written since a moment are found without reading every op."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from storage.database.connection import batches, driver
from storage.history.delivery import written_after
from storage.ops.clock import stamp
from storage.ops.op import FeedId

_STAMP = "SELECT hlc FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq >= ? LIMIT 1"


def changed_since(connection: Connection, ms: int) -> set[str]:
    """Return the id of each record with an op from that moment on, by its laptop's own clock.

    Args:
        connection: within a transaction.
        ms: milliseconds since 1970.
    """
    since = stamp(max(ms, 0), 0)
    records: set[str] = set()
    for device, epoch, kind, first, last in feeds_from(connection, since):
        feed = FeedId(device, epoch, kind)
        records |= {record for _, record in written_after(connection, feed, first - 1, last)}
    return records


_WRITTEN = (
    "SELECT record, who, wall, MAX(hlc) FROM op INDEXED BY op_of_record "
    "WHERE record IN ({marks}) AND bytes IS NOT NULL GROUP BY record"
)


def last_written(connection: Connection, records: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return who wrote each of several records last, and when, ISO 8601 in UTC, by id."""
    run = driver(connection).execute
    written: dict[str, tuple[str, str]] = {}
    for batch in batches(records):
        rows = run(_WRITTEN.format(marks=",".join("?" * len(batch))), batch)
        written.update((record, (who, wall)) for record, who, wall, _ in rows)
    return written


def feeds_from(connection: Connection, since: str) -> list[tuple[str, int, str, int, int]]:
    """Return for each feed its first op from a stamp of the clock on, and its last.

    Within a feed the stamps never go back, so where the moment falls is found by halving. Where
    there is none from then on, the first comes after the last.
    """
    run = driver(connection).execute
    firsts = []
    for device, epoch, kind, last in list(run("SELECT device, epoch, kind, seq FROM feed")):
        low, high = 1, last + 1
        while low < high:
            middle = (low + high) // 2
            row = run(_STAMP, (device, epoch, kind, middle)).fetchone()
            if row is not None and row[0] < since:
                low = middle + 1
            else:
                high = middle
        firsts.append((device, epoch, kind, low, last))
    return firsts
