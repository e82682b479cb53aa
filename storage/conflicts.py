"""Which records hold parallel writes that do not say the same."""

from __future__ import annotations

from sqlalchemy import Connection

from storage.driver import driver
from storage.fold import fold
from storage.op import DELETED
from storage.replay import ops_of


def conflicted(connection: Connection) -> dict[tuple[str, str], tuple[str, ...]]:
    """The fields in conflict of each record that has any, by kind and id.

    A laptop alone cannot write in parallel to itself, so one feed of each kind needs no look.
    """
    run = driver(connection).execute
    (lives,) = run("SELECT COUNT(*) FROM (SELECT DISTINCT device, epoch FROM feed)").fetchone()
    if lives < 2:
        return {}
    rows = run(
        "SELECT record_kind, record FROM leaf GROUP BY record_kind, record, field "
        "HAVING COUNT(*) > 1 UNION SELECT record_kind, record FROM leaf WHERE field = ?",
        (DELETED,),
    ).fetchall()
    found = {}
    for kind, record in rows:
        names = tuple(sorted(fold(ops_of(connection, kind, record)).conflicts))
        if names:
            found[(kind, record)] = names
    return found
