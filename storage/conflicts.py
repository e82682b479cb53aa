"""Which records hold parallel writes that do not say the same."""

from __future__ import annotations

from sqlalchemy import Connection

from storage.driver import driver
from storage.fold import fold
from storage.known import known_fields
from storage.op import DELETED
from storage.replay import ops_of

_SHARED = (
    "SELECT record_kind, record FROM op INDEXED BY op_of_record GROUP BY record, record_kind "
    "HAVING MIN(device) < MAX(device) OR MIN(epoch) < MAX(epoch)"
)
_LEAVES = "SELECT field FROM leaf WHERE record_kind = ? AND record = ?"


def conflicted(connection: Connection) -> dict[tuple[str, str], tuple[str, ...]]:
    """The fields in conflict of each record that has any, by kind and id.

    A laptop alone cannot write in parallel to itself, so only records that two have written, or
    one before and after its vault was restored, are looked at.
    """
    run = driver(connection).execute
    (lives,) = run("SELECT COUNT(*) FROM (SELECT DISTINCT device, epoch FROM feed)").fetchone()
    if lives < 2:
        return {}
    found = {}
    for kind, record in run(_SHARED).fetchall():
        fields = [row[0] for row in run(_LEAVES, (kind, record))]
        if len(set(fields)) == len(fields) and DELETED not in fields:
            continue
        folded = fold(ops_of(connection, kind, record))
        names = tuple(sorted(folded.conflicts.keys() & known_fields(kind)))
        if names:
            found[(kind, record)] = names
    return found
