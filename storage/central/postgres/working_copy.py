"""A working copy of some inspections' records, for a report: in memory, and gone afterwards.

PostgreSQL keeps the ops and no tables of records. A report folds the ops of what it asks for into
the same tables a laptop has, so that the same services read them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, insert, select, text
from sqlmodel import Session

from storage.central.postgres.database import Database
from storage.database.connection import batches
from storage.database.tables import feeds, ops
from storage.feed.judge import BACKDATED, is_homed, parents_of
from storage.feed.read import among, judged
from storage.feed.replay import replay
from storage.feed.writer import Author
from storage.ops.clock import Clock
from storage.ops.fold import fold
from storage.ops.forces import comparable_force
from storage.ops.op import Op, decode
from storage.ops.redactions import REDACT, redacted_ids
from storage.records import Inspection
from storage.records.registry import KINDS
from storage.vault.store import Store
from storage.vault.vault import Job, P, T

BATCH = 2000
_NOBODY = "0" * 16
_ROWS = text(
    "SELECT device, epoch, kind, seq, record_kind, record, verb, hlc, wall, who, bytes, digest, "
    "head FROM op WHERE bytes IS NOT NULL AND (record_kind, record) IN "
    "(SELECT record_kind, record FROM op WHERE inspection = ANY(:inspections))"
)
_INSPECTIONS = text(
    "SELECT record, bytes FROM op WHERE record_kind = 'inspection' AND bytes IS NOT NULL "
    "AND verb <> :backdated"
)
_FEEDS = text("SELECT device, epoch, kind, seq, head FROM feed")


class WorkingCopy:
    """The copy; jobs that change nothing are run on it as on a vault."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read_now(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a job that changes nothing."""
        return self._store.read(job, *args, **kwargs)


@contextmanager
def working_copy(database: Database, inspections: Sequence[str]) -> Iterator[WorkingCopy]:
    """Return a working copy of inspections; never written to a disk, closed at the end."""
    with empty_copy() as (store, copy):
        with store.engine.begin() as target:
            database.read_now(_copy, target, inspections)
            replay(target)
        yield copy


@contextmanager
def empty_copy() -> Iterator[tuple[Store, WorkingCopy]]:
    """Return a store in memory with empty tables, and what reads from it; closed at the end."""
    connection = sqlcipher.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA temp_store = MEMORY")
    store = Store(connection)
    try:
        store.make({})
        store.author = Author(device=_NOBODY, epoch=1, person="", clock=Clock(""))
        yield store, WorkingCopy(store)
    finally:
        store.engine.dispose()
        connection.close()


def _copy(session: Session, target: Connection, inspections: Sequence[str]) -> None:
    source = session.connection()
    streaming = source.execution_options(stream_results=True, yield_per=BATCH)
    for table, query in ((ops, _ROWS), (feeds, _FEEDS)):
        values = {"inspections": list(inspections)} if table is ops else {}
        rows = streaming.execute(query, values).mappings()
        for batch in rows.partitions(BATCH):
            target.execute(insert(table), [dict(row) for row in batch])
    _copy_above(source, target)
    _copy_named(source, target)


def _copy_above(source: Connection, target: Connection) -> None:
    """Copy the ops of what records lie under that are of another inspection than their own says."""
    for kind in filter(is_homed, KINDS.values()):
        query = _ABOVE.format(field=kind.UNDER, kind=kind.KIND)
        above = [record for (record,) in target.exec_driver_sql(query) if isinstance(record, str)]
        mine = ops.c.record_kind.in_(parents_of(kind)), ops.c.bytes.is_not(None)
        for batch in batches(sorted(above)):
            rows = source.execute(select(ops).where(*mine, ops.c.record.in_(batch))).mappings()
            known = insert(ops).prefix_with("OR IGNORE")
            for several in rows.partitions(BATCH):
                target.execute(known, [dict(row) for row in several])


_ABOVE = (
    "SELECT DISTINCT json_extract(CAST(bytes AS TEXT), '$.fields.{field}') AS above FROM op "
    "WHERE record_kind = '{kind}' AND NOT EXISTS (SELECT 1 FROM op AS other WHERE other.record = "
    "json_extract(CAST(op.bytes AS TEXT), '$.fields.{field}') AND other.record_kind <> '{kind}')"
)


def _copy_named(source: Connection, target: Connection) -> None:
    """Copy the places of ops that redactions name and that are held as digests only."""
    tells = target.execute(select(ops.c.bytes).where(ops.c.verb == REDACT)).scalars()
    places = {place for data in tells for place in redacted_ids(decode(data, trusted=True))}
    for batch in batches(sorted(places)):
        stubs = select(ops).where(among(ops, batch), ops.c.bytes.is_(None))
        rows = [dict(row) for row in source.execute(stubs).mappings()]
        if rows:
            target.execute(insert(ops), rows)


def inspections_by_force(session: Session) -> list[tuple[str, ...]]:
    """Return the ids of the inspections held, those of one force together."""
    ops_of: dict[str, list[Op]] = {}
    for record, data in session.connection().execute(_INSPECTIONS, {"backdated": BACKDATED}):
        ops_of.setdefault(record, []).append(decode(data, trusted=True))
    forces: dict[str, list[str]] = {}
    for record, each in sorted(ops_of.items()):
        folded = fold(judged(session.connection(), Inspection.KIND, each).ops)
        if not folded.deleted:
            force: Any = folded.values.get("force", "")
            forces.setdefault(comparable_force(str(force)), []).append(record)
    return [tuple(ids) for _, ids in sorted(forces.items())]
