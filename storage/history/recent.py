"""Records written since a moment are found without reading every op."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection

from storage.database.connection import batches, driver
from storage.history.delivery import written_after
from storage.ops.clock import stamp
from storage.ops.op import FeedId, OpId

_STAMP = "SELECT hlc FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq >= ? LIMIT 1"


def changed_since(connection: Connection, ms: int) -> set[str]:
    """Return the id of each record with an op from that moment on, by its laptop's own clock.

    Ops that count for nothing do not count here either.

    Args:
        connection: within a transaction.
        ms: milliseconds since 1970.
    """
    since = stamp(max(ms, 0), 0)
    records: set[str] = set()
    for device, epoch, kind, first, last in feeds_from(connection, since):
        feed = FeedId(device, epoch, kind)
        records |= {record for _, record in written_after(connection, feed, first - 1, last)}
    for record, ops in _counting(connection, records).items():
        if not any(hlc >= since for hlc, _, _ in ops):
            records.discard(record)
    return records


_WRITTEN = (
    "SELECT record, who, wall, MAX(hlc) FROM op INDEXED BY op_of_record "
    "WHERE record IN ({marks}) AND bytes IS NOT NULL GROUP BY record"
)


def last_written(connection: Connection, records: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return who wrote each of several records last, and when, ISO 8601 in UTC, by id.

    Ops that count for nothing are passed over.
    """
    run = driver(connection).execute
    written: dict[str, tuple[str, str]] = {}
    wanted = list(records)
    for batch in batches(wanted):
        rows = run(_WRITTEN.format(marks=",".join("?" * len(batch))), batch)
        written.update((record, (who, wall)) for record, who, wall, _ in rows)
    for record, ops in _counting(connection, wanted).items():
        written.pop(record, None)
        if ops:
            _, who, wall = max(ops)
            written[record] = (who, wall)
    return written


_REFUSED = "SELECT record, op FROM refused"
_OPS = (
    "SELECT device, epoch, kind, seq, hlc, who, wall FROM op INDEXED BY op_of_record "
    "WHERE record = ? AND bytes IS NOT NULL"
)


def _counting(
    connection: Connection, records: Iterable[str]
) -> dict[str, list[tuple[str, str, str]]]:
    """Return stamp, person and time of each op that counts, of the records with one that does not.

    In nearly every vault no op is refused, so nothing more is read.
    """
    run = driver(connection).execute
    refused: dict[str, set[str]] = defaultdict(set)
    for record, op in run(_REFUSED):
        refused[record].add(op)
    if not refused:
        return {}
    return {
        record: [
            (hlc, who, wall)
            for device, epoch, kind, seq, hlc, who, wall in run(_OPS, (record,))
            if str(OpId(device, epoch, kind, seq)) not in refused[record]
        ]
        for record in refused.keys() & set(records)
    }


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
