"""Which ops belong to an inspection: what is handed out of a feed, and what stays behind.

A record belongs to the inspection that its writes name, and of several to the one that is shown
(:mod:`storage.ops.scope`): what somebody's op only mentions hands nothing out. Where no op of a
record writes, as those of a later fieldkit's verb, all that mention an inspection must mention the
same. What names none, such as the account of what was sent and received, belongs to every
inspection; what belongs to another one does not leave, and its place in the feed is taken by its
digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from storage.database.tables import ops
from storage.feed.judge import BACKDATED
from storage.feed.read import judged
from storage.ops.fold import WRITES
from storage.ops.op import MAX_ID_CHARS, FeedId, Op, OpId, decode
from storage.ops.redactions import REDACT
from storage.ops.scope import inspections_of, written_inspections
from storage.records.inspection import Inspection

Row = tuple[int, bytes | None, bytes]
"""An op to be written: its seq, its bytes (none for a stub) and its digest."""
Key = tuple[str, str]

_TELLING = (*sorted(WRITES), REDACT)
# An op of the same record; written out for each question, as a statement is never put together.
_SLICE = text(
    "SELECT o.seq, CASE WHEN EXISTS (SELECT 1 FROM op c WHERE c.record = o.record "
    "AND c.record_kind = o.record_kind AND c.inspection = :inspection AND c.verb IN :telling) "
    "OR NOT EXISTS (SELECT 1 FROM op c WHERE c.record = o.record "
    "AND c.record_kind = o.record_kind AND c.inspection <> '' AND c.verb IN :telling) "
    "AND (EXISTS (SELECT 1 FROM op c WHERE c.record = o.record "
    "AND c.record_kind = o.record_kind AND c.verb IN :telling) "
    "OR NOT EXISTS (SELECT 1 FROM op c WHERE c.record = o.record "
    "AND c.record_kind = o.record_kind AND c.inspection NOT IN ('', :inspection))) "
    "THEN o.bytes END AS bytes, o.digest, o.record_kind, o.record FROM op o "
    "WHERE o.device = :device AND o.epoch = :epoch AND o.kind = :kind "
    "AND o.seq BETWEEN :first AND :last ORDER BY o.seq"
).bindparams(bindparam("telling", _TELLING, expanding=True))
_FEEDS = text("SELECT DISTINCT device, epoch, kind FROM op WHERE inspection = :inspection")
_CONTESTED = text(
    "SELECT record_kind, record FROM op WHERE (record_kind, record) IN "
    "(SELECT record_kind, record FROM op WHERE inspection = :inspection) "
    "AND inspection <> '' AND verb IN :telling "
    "GROUP BY record_kind, record HAVING COUNT(DISTINCT inspection) > 1"
).bindparams(bindparam("telling", _TELLING, expanding=True))


class Belonging:
    """What of a store belongs to one inspection; made within a transaction, kept as it was."""

    def __init__(self, connection: Connection, inspection: str) -> None:
        self._inspection = inspection
        self.feeds: set[FeedId]
        """The feeds that have something of it."""
        self._elsewhere: set[Key] = set()
        if connection.dialect.name == "postgresql":
            rows = connection.execute(_FEEDS, {"inspection": inspection})
            self.feeds = {FeedId(*row) for row in rows}
            contested = connection.execute(_CONTESTED, {"inspection": inspection}).all()
            self._settle(connection, ((row[0], row[1]) for row in contested))
        else:
            self._look(connection)

    def _look(self, connection: Connection) -> None:
        """Ask the ops themselves, as the file store has no column for it."""
        columns = (ops.c.device, ops.c.epoch, ops.c.kind, ops.c.bytes)
        self.feeds = set()
        written_of: dict[Key, set[str]] = {}
        mentioned: dict[Key, set[str]] = {}
        for row in connection.execute(select(*columns).where(ops.c.bytes.is_not(None))):
            op = decode(row.bytes, trusted=True)
            named = _named(op)
            if self._inspection in named:
                self.feeds.add(FeedId(row.device, row.epoch, row.kind))
            where = written_of if op.op in _TELLING else mentioned
            where.setdefault(op.record, set()).update(named)
        mine = {self._inspection}
        self._elsewhere = {
            record
            for record, named in (mentioned | written_of).items()
            if named and (not named & mine or (record not in written_of and named != mine))
        }
        self._settle(connection, (one for one, named in written_of.items() if mine < named))

    def _settle(self, connection: Connection, contested: Iterable[Key]) -> None:
        """Find the inspection that is shown, of records that were written to be of several."""
        for kind, record in contested:
            query = select(ops.c.bytes).where(
                ops.c.record == record,
                ops.c.record_kind == kind,
                ops.c.bytes.is_not(None),
                ops.c.verb != BACKDATED,
            )
            known = [decode(data, trusted=True) for data in connection.execute(query).scalars()]
            if self._inspection not in inspections_of(judged(connection, kind, known).ops):
                self._elsewhere.add((kind, record))

    def slice(self, connection: Connection, place: OpId, last: int) -> Sequence[Row]:
        """Return the ops of a feed in a stretch, those of other inspections as stubs."""
        if connection.dialect.name == "postgresql":
            values = dict(zip(("device", "epoch", "kind", "first"), place, strict=True))
            values |= {"last": last, "inspection": self._inspection}
            return list(self._veiled(connection.execute(_SLICE, values)))
        where = (
            ops.c.device == place.device,
            ops.c.epoch == place.epoch,
            ops.c.kind == place.kind,
            ops.c.seq.between(place.seq, last),
        )
        columns = (ops.c.seq, ops.c.bytes, ops.c.digest, ops.c.record_kind, ops.c.record)
        query = select(*columns).where(*where).order_by(ops.c.seq)
        return list(self._veiled(connection.execute(query)))

    def _veiled(self, rows: Iterable[Any]) -> Iterable[Row]:
        for row in rows:
            hidden = (row.record_kind, row.record) in self._elsewhere
            yield row.seq, None if hidden else row.bytes, row.digest


def _named(op: Op) -> frozenset[str]:
    """Return the inspections that an op names: by writing, or else by carrying the name."""
    if op.op in _TELLING and op.record[0] != Inspection.KIND:
        return written_inspections(op)
    return frozenset(filter(None, (inspection_of(op),)))


def inspection_of(op: Op) -> str:
    """Return the inspection that an op names, or nothing; of a redaction, what it restates.

    What is too long to be one is none: kinds and verbs of a later fieldkit are not looked into when
    they come, and an index of the database holds no text of any length.
    """
    kind, record = op.record
    named: object
    if kind == Inspection.KIND:
        named = record
    elif op.op == REDACT:
        named = min(written_inspections(op), default="")
    else:
        named = op.fields.get("inspection_id", "")
    return named if isinstance(named, str) and len(named) <= MAX_ID_CHARS else ""
