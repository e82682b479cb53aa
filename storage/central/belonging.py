"""Which ops belong to an inspection: what is handed out of a feed, and what stays behind.

A record belongs to the inspection that one of its ops names. What names none, such as the account
of what was sent and received, belongs to every inspection; what belongs to another one does not
leave, and its place in the feed is taken by its digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select, text

from storage.central.naming import inspection_of
from storage.op import OpId, decode
from storage.tables import ops

Row = tuple[int, bytes | None, bytes]
"""An op to be written: its seq, its bytes (none for a stub) and its digest."""

_SLICE = text(
    "SELECT o.seq, CASE WHEN o.inspection = :inspection "
    "OR EXISTS (SELECT 1 FROM op c WHERE c.record = o.record AND c.record_kind = o.record_kind "
    "AND c.inspection = :inspection) "
    "OR NOT EXISTS (SELECT 1 FROM op c WHERE c.record = o.record "
    "AND c.record_kind = o.record_kind AND c.inspection <> '') "
    "THEN o.bytes END, o.digest FROM op o "
    "WHERE o.device = :device AND o.epoch = :epoch AND o.kind = :kind "
    "AND o.seq BETWEEN :first AND :last ORDER BY o.seq"
)
_FEEDS = text("SELECT DISTINCT device, epoch, kind FROM op WHERE inspection = :inspection")


class Belonging:
    """What of a store belongs to one inspection; made within a transaction, kept as it was."""

    def __init__(self, connection: Connection, inspection: str) -> None:
        self._inspection = inspection
        self.feeds: set[tuple[str, int, str]]
        """The feeds that have something of it."""
        self._elsewhere: set[str] = set()
        if connection.dialect.name == "postgresql":
            rows = connection.execute(_FEEDS, {"inspection": inspection})
            self.feeds = {(row[0], row[1], row[2]) for row in rows}
        else:
            self._look(connection)

    def _look(self, connection: Connection) -> None:
        """The file store has no column for it, so the ops themselves are asked."""
        columns = (ops.c.device, ops.c.epoch, ops.c.kind, ops.c.record, ops.c.bytes)
        self.feeds = set()
        mine: set[str] = set()
        elsewhere: set[str] = set()
        for row in connection.execute(select(*columns).where(ops.c.bytes.is_not(None))):
            named = inspection_of(decode(row.bytes, trusted=True))
            if named == self._inspection:
                mine.add(row.record)
                self.feeds.add((row.device, row.epoch, row.kind))
            elif named:
                elsewhere.add(row.record)
        self._elsewhere = elsewhere - mine

    def slice(self, connection: Connection, place: OpId, last: int) -> Sequence[Row]:
        """The ops of a feed from ``place`` to ``last``; those of other inspections as stubs."""
        if connection.dialect.name == "postgresql":
            values = dict(zip(("device", "epoch", "kind", "first"), place, strict=True))
            values |= {"last": last, "inspection": self._inspection}
            return [tuple(row) for row in connection.execute(_SLICE, values)]
        where = (
            ops.c.device == place.device,
            ops.c.epoch == place.epoch,
            ops.c.kind == place.kind,
            ops.c.seq.between(place.seq, last),
        )
        columns = (ops.c.seq, ops.c.bytes, ops.c.digest, ops.c.record)
        query = select(*columns).where(*where).order_by(ops.c.seq)
        return list(self._veiled(connection.execute(query)))

    def _veiled(self, rows: Iterable[Any]) -> Iterable[Row]:
        for row in rows:
            yield row.seq, None if row.record in self._elsewhere else row.bytes, row.digest
