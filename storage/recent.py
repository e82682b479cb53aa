"""Which records were written since a moment, without reading every op."""

from __future__ import annotations

from sqlalchemy import Connection

from storage.clock import stamp
from storage.driver import driver
from storage.sent import written_after

_STAMP = "SELECT hlc FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq >= ? LIMIT 1"


def changed_since(connection: Connection, ms: int) -> set[str]:
    """The id of each record with an op from that moment on, by its laptop's own clock.

    Within a feed the clock's stamps never go back, so where the moment falls is found by halving.

    Args:
        connection: within a transaction.
        ms: milliseconds since 1970.
    """
    run = driver(connection).execute
    since = stamp(max(ms, 0), 0)
    found: set[str] = set()
    for device, epoch, kind, last in list(run("SELECT device, epoch, kind, seq FROM feed")):
        low, high = 1, last + 1
        while low < high:
            middle = (low + high) // 2
            row = run(_STAMP, (device, epoch, kind, middle)).fetchone()
            if row is not None and row[0] < since:
                low = middle + 1
            else:
                high = middle
        feed = f"{device}/{epoch}/{kind}"
        found.update(record for _, record in written_after(connection, feed, low - 1, last))
    return found
