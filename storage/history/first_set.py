"""When a field of each of many records first got a value, whatever it was changed to since."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from storage.database.connection import batches, driver
from storage.feed.read import ops_of
from storage.ops.clock import stamp

_LAST = (
    "SELECT record, hlc FROM leaf "
    "WHERE record_kind = ? AND record IN ({marks}) AND field = ? AND hlc >= ?"
)
_FIRST = (
    "SELECT record, wall, MIN(hlc) FROM op INDEXED BY op_of_record "
    "WHERE record IN ({marks}) AND record_kind = ? GROUP BY record"
)


def first_set(
    session: Session, kind: str, field: str, unset: object, records: Iterable[str], since: int
) -> dict[str, str]:
    """Return when each of several records was first given a value in a field, ISO 8601, by id.

    Records whose field nobody wrote since a moment are left out: they were given it before. Most
    of the others were given it by their first op, and nothing has replaced it, which two queries
    tell; only the ops of the rest are read.

    Args:
        session: a session.
        kind: of the records.
        field: its name.
        unset: the value that means none.
        records: their ids; one that never had a value is left out.
        since: milliseconds since 1970.
    """
    connection = session.connection()
    run = driver(connection).execute
    found: dict[str, str] = {}
    for batch in batches(records):
        marks, from_then = ",".join("?" * len(batch)), stamp(max(since, 0), 0)
        last = dict(run(_LAST.format(marks=marks), (kind, *batch, field, from_then)).fetchall())
        marks = ",".join("?" * len(last))
        for record, wall, first in run(_FIRST.format(marks=marks), (*last, kind)).fetchall():
            if last[record] == first:
                found[record] = wall
                continue
            wrote = sorted(ops_of(connection, kind, record), key=lambda op: op.order)
            walls = [op.wall for op in wrote if op.fields.get(field, unset) != unset]
            if walls:
                found[record] = walls[0]
    return found
