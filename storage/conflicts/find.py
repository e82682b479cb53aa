"""A record is in conflict where it holds parallel writes that do not say the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from storage.database.connection import batches, driver
from storage.feed.read import ops_of
from storage.ops.fold import Folded, fold
from storage.ops.op import DELETED
from storage.records.registry import KINDS, fields_with, known_fields
from storage.trust.current import ROSTER

_ALONE = (
    "SELECT COUNT(*) < 2 AND EXISTS (SELECT 1 FROM meta WHERE key = 'person') "
    "AND NOT EXISTS (SELECT 1 FROM meta WHERE key = ?) "
    "FROM (SELECT DISTINCT device, epoch FROM feed)"
)
# No GROUP BY: it copies every row where this only looks at the next, and takes six times as long.
# A record that is deleted has no row in the table of its kind, and nobody anything to decide.
_PARALLEL = (
    "SELECT DISTINCT record FROM leaf WHERE record_kind = ? AND {which} (field = ? OR EXISTS "
    "(SELECT 1 FROM leaf AS other WHERE other.record_kind = leaf.record_kind AND "
    "other.record = leaf.record AND other.field = leaf.field AND other.op > leaf.op)) "
    'AND EXISTS (SELECT 1 FROM "{table}" AS shown WHERE shown.id = leaf.record)'
)


def conflicted_fields(connection: Connection) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the fields in conflict of each record that has any, by kind and id.

    Those that only follow from others are left out. A person's vault that has no roster and was
    never put back holds only its own writes, which follow each other. Elsewhere even one laptop's
    own may be parallel: where the write between them was another's, which is not here or revoked.
    """
    run = driver(connection).execute
    (alone,) = run(_ALONE, (ROSTER.key,)).fetchone()
    if alone:
        return {}
    return {
        (kind, record): names
        for kind in KINDS
        for record, names in _disputed(connection, kind, "", ())
    }


def disputed_fields_of(
    connection: Connection, kind: str, records: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return what :func:`conflicted_fields` does, of some records of a kind, which is quick."""
    fields_of: dict[str, tuple[str, ...]] = {}
    for batch in batches(sorted(set(records))):
        which = f"record IN ({','.join('?' * len(batch))}) AND"
        fields_of.update(_disputed(connection, kind, which, batch))
    return fields_of


def _disputed(
    connection: Connection, kind: str, which: str, records: Sequence[str]
) -> list[tuple[str, tuple[str, ...]]]:
    query = _PARALLEL.format(which=which, table=KINDS[kind].__tablename__)
    rows = driver(connection).execute(query, (kind, *records, DELETED)).fetchall()
    folded = ((record, fold(ops_of(connection, kind, record))) for (record,) in rows)
    fields_of = ((record, disputed_fields(kind, each)) for record, each in folded)
    return [(record, names) for record, names in fields_of if names]


def disputed_fields(kind: str, folded: Folded) -> tuple[str, ...]:
    """Return the fields in conflict that are known here and that somebody has to decide."""
    known = KINDS[kind]
    decided = folded.conflicts.keys() & known_fields(kind)
    return tuple(sorted(decided - fields_with(known, "following")))
