"""One segment of a bundle on its way into a vault: its ops come one by one, as they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, select, update

from storage.bundle.applied import Applied
from storage.bundle.errors import BundleError, forked, own_feed_ahead
from storage.bundle.manifest import Segment
from storage.bundle.parts import Part
from storage.bundle.revoked import MAX_REVOKED_OPS, Changed, keep_revoked
from storage.bundle.segment import HeldRow, SegmentImport
from storage.bundle.segment_plan import plan_segment
from storage.bundle.stream import Line, SegmentEnd
from storage.database.connection import insert_many
from storage.database.tables import ops
from storage.database.transit import held_ops
from storage.feed.positions import heads, move, of_feed, stubs
from storage.feed.writer import Author, op_row
from storage.history.delivery import forget_written
from storage.ops.op import FeedId, decode
from storage.trust.roster import Device


class VaultSegment(SegmentImport):
    """Executes the plan of a segment in a vault.

    Attributes:
        latest: the latest stamp of the clock among what came.
    """

    BATCH_SIZE = 500
    KEEPS_REVOKED = True

    def __init__(
        self,
        connection: Connection,
        segment: Segment,
        device: Device,
        author: Author,
        cuts: Mapping[FeedId, int],
        changed: Changed,
        *,
        passed_on: bool,
        part: Part | None = None,
    ) -> None:
        """Plan it; of a ``part`` of it, as it was planned before its first part was taken in."""
        super().__init__(connection, segment, device, cuts, passed_on=passed_on)
        self.latest = ""
        self._part = part
        self._changed = changed
        self._rows: list[dict[str, Any]] = []
        self._revoked: list[dict[str, Any]] = []
        own = (self._feed.device, self._feed.epoch) == (author.device, author.epoch)
        if own and segment.last > self._seq:
            raise own_feed_ahead(self._seq, segment.last)
        first, last = segment.first, segment.last
        if part is None:
            self._planned = self._plan(own=own)
        else:
            first, last = part.first, part.last
            self._planned = plan_segment(segment, part.start, until=self._until, cut=self._cut)
        known = self._table
        self._known = heads(connection, known, self._feed, first, last)
        self._bare = stubs(connection, known, self._feed, first, last)
        if self._planned.refusal is not None:
            self._leave(self._planned.refusal)

    @property
    def _table(self) -> Table:
        """Return the table that its ops go into: they wait, or they count."""
        return held_ops if self._planned.hold else ops

    def _leave(self, error: BundleError) -> None:
        """Use nothing of a feed that somebody passes on."""
        self._note(error)
        # What was held of it before goes when the gap is filled, as it does not follow on then.
        self._rows.clear()
        self._revoked.clear()

    def take(self, line: Line) -> None:
        """Execute the plan for one op; raises as :func:`storage.bundle.apply.apply`."""
        seq = line.seq
        if self.alarm or (self._cut is not None and seq >= self._cut):
            return
        if seq in self._planned.revoked:
            self._revoked.append(self._waiting_row(line))
            if len(self._revoked) >= self.BATCH_SIZE:
                self._keep_revoked()
            return
        known = self._known.get(seq)
        if seq in self._planned.compare or (known is not None and seq in self._planned.hold):
            if known != line.head:
                self._leave(forked(self._feed.at(seq)))
            elif line.data is not None and seq in self._bare:
                self._fill(seq, line.data)
        elif seq in self._planned.hold:
            self._put(self._waiting_row(line))
        elif seq in self._planned.append:
            self._add(seq, line.data, line.inner, line.head)
            self.new += 1

    def _add(self, seq: int, data: bytes | None, inner: bytes, head: bytes) -> None:
        """Add an op that follows on what is known."""
        if seq != self._seq + 1:
            raise RuntimeError("a bundle's op does not follow on what is known")
        row = self._changed.row(self._feed.at(seq), data, inner, head)
        self.latest = max(self.latest, row["hlc"])
        self._put(row)
        self._seq, self._head = seq, head

    def _fill(self, seq: int, data: bytes) -> None:
        """Add the bytes to an op of which only the digest was known; the head shows they are its.

        What a redaction names loses them again before the end (:mod:`storage.redaction.stubs`).
        """
        op = decode(data, trusted=True)
        if self._planned.hold:
            values: dict[str, Any] = {"bytes": data}
            self._changed.waiting.add(op.record)
        else:
            row = op_row(op, data, b"", b"")
            named = ("record_kind", "record", "verb", "hlc", "wall", "who", "bytes")
            values = {name: row[name] for name in named}
            self._changed.records.add(op.record)
            self._changed.stubs.add(op.id)
            self.filled += 1
        mine = and_(of_feed(self._table, self._feed), self._table.c.seq == seq)
        self._connection.execute(update(self._table).where(mine).values(values))
        forget_written(self._connection)

    def _put(self, row: dict[str, Any]) -> None:
        self._rows.append(row)
        if len(self._rows) >= self.BATCH_SIZE:
            self._flush(self._table)

    def _flush(self, table: Table) -> None:
        if self._rows:
            insert_many(self._connection, table, self._rows)
            self._rows.clear()

    def finish(self, ended: SegmentEnd, applied: Applied) -> None:
        """Write what is left to write, and end as the plan says."""
        self._flush(self._table)
        self._keep_revoked()
        self._finish(self._planned, ended, applied)
        self._changed.records |= {one.record for one in self.backdated}

    def pause(self, applied: Applied) -> None:
        """Write what is left to write of a part that is not the segment's last."""
        self._flush(self._table)
        self._keep_revoked()
        if self.new:
            move(self._connection, self._feed, self._seq, self._head)
        if self.new or self.filled:
            self._mark(self.segment.first)
            applied.new[self._feed] = applied.new.get(self._feed, 0) + self.new + self.filled
        self._changed.records |= {one.record for one in self.backdated}

    def _mark(self, first: int) -> None:
        super()._mark(first if self._part is None else self._part.first)

    def _keep_revoked(self) -> None:
        keep_revoked(self._connection, self._revoked, MAX_REVOKED_OPS)
        self._revoked.clear()

    def _drop_held(self, until: int) -> Sequence[int]:
        """Keep it with what else came after the laptop's time."""
        past = and_(of_feed(held_ops, self._feed), held_ops.c.seq > until)
        rows = [
            dict(row) for row in self._connection.execute(select(held_ops).where(past)).mappings()
        ]
        keep_revoked(self._connection, rows)
        if rows:
            self._connection.execute(delete(held_ops).where(past))
        return [row["seq"] for row in rows]

    def _release(self, rows: Sequence[HeldRow]) -> None:
        for row in rows:
            self._add(row.seq, row.bytes, row.digest, row.head)
        self._flush(ops)

    def _waiting_row(self, line: Line) -> dict[str, Any]:
        if line.data is not None:
            self._changed.waiting.add(decode(line.data, trusted=True).record)
        links = {"bytes": line.data, "digest": line.inner, "head": line.head}
        return {**self._feed.at(line.seq)._asdict(), **links}
