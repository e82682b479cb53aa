"""Which records hold parallel writes that do not say the same."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from storage.driver import driver
from storage.fold import Folded, fold
from storage.known import known_fields
from storage.op import DELETED
from storage.replay import ops_of

_SHARED = (
    "SELECT record_kind, record FROM op INDEXED BY op_of_record GROUP BY record, record_kind "
    "HAVING MIN(device) < MAX(device) OR MIN(epoch) < MAX(epoch)"
)
_LEAVES = "SELECT field FROM leaf WHERE record_kind = ? AND record = ?"


_DOUBLED = (
    "SELECT DISTINCT record FROM leaf WHERE record_kind = ? AND record IN ({marks}) "
    "GROUP BY record, field HAVING COUNT(*) > 1"
)
_TOGETHER = 500
"""Records asked for in one statement."""

FOLLOWING = frozenset({"by", "answered_by", "answered_at", "decided_by", "decided_at"})
"""Fields that say who wrote another field, and when. Two who agree differ in them, and nobody has
anything to decide."""


def conflicted(connection: Connection) -> dict[tuple[str, str], tuple[str, ...]]:
    """The fields in conflict of each record that has any, by kind and id.

    Those that only follow from others are left out.

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
        names = disputed(kind, fold(ops_of(connection, kind, record)))
        if names:
            found[(kind, record)] = names
    return found


def disputed_of(
    connection: Connection, kind: str, records: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """As :func:`conflicted`, of some records of a kind; quick where few of them are in conflict."""
    run = driver(connection).execute
    wanted, found = sorted(set(records)), {}
    for start in range(0, len(wanted), _TOGETHER):
        several = wanted[start : start + _TOGETHER]
        marks = ",".join("?" * len(several))
        for (record,) in run(_DOUBLED.format(marks=marks), (kind, *several)).fetchall():
            names = disputed(kind, fold(ops_of(connection, kind, record)))
            if names:
                found[record] = names
    return found


def disputed(kind: str, folded: Folded) -> tuple[str, ...]:
    """The fields in conflict that are known here and that somebody has to decide."""
    return tuple(sorted((folded.conflicts.keys() & known_fields(kind)) - FOLLOWING))
