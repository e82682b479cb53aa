"""One segment of a bundle on its way into the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, insert, select, update

from storage.bundle.errors import BundleError, OwnFeedAheadError, forked, too_many_feeds
from storage.bundle.manifest import Segment
from storage.bundle.revoked import MOST_APART, drop_branch, put_apart, vouched
from storage.bundle.stream import Ended, Line
from storage.database.tables import ops
from storage.database.transit import held_ops
from storage.feed.positions import (
    digest_only,
    head_at,
    heads,
    keep_signed,
    many_feeds,
    move,
    of_feed,
    stubs,
)
from storage.feed.writer import Author, op_row
from storage.ops.op import FeedId, OpId, decode, next_head
from storage.trust.roster import Device

BATCH = 500


class Part:
    """One segment on its way into the store."""

    def __init__(
        self,
        connection: Connection,
        segment: Segment,
        device: Device,
        author: Author,
        cuts: Mapping[FeedId, int],
        *,
        passed_on: bool,
    ) -> None:
        self.segment = segment
        self._connection = connection
        self._passed_on = passed_on
        self._feed = segment.feed
        self._cut = cuts.get(segment.feed, segment.last + 1)
        self._until = limit = device.accepted_to(segment.feed)
        # This is the past that the roster says counts, whatever is known here.
        end = vouched(device, segment.feed) if device.id != author.device else None
        self._counts = end is not None and self._leads_to(*end)
        self._limit = segment.last if limit is None else limit
        self.left_out = max(0, segment.last - max(self._limit, segment.first - 1))
        self.alarm = ""
        self.touched: set[tuple[str, str]] = set()
        self.later: set[tuple[str, str]] = set()
        """The records of ops that came and do not count yet; redactions take their words too."""
        self.blank: set[OpId] = set()
        """Ops of which a digest came or was filled: redactions tell of them from now on, or not."""
        self._stand, self._head = head_at(connection, self._feed)
        if self._counts and segment.first == self._stand + 1 and segment.prev != self._head:
            self._drop_after(0)
        own = (self._feed.device, self._feed.epoch) == (author.device, author.epoch)
        if own and segment.last > self._stand:
            raise OwnFeedAheadError(
                f"This bundle holds entries {self._stand + 1} to {segment.last} of this very "
                "laptop, which it does not know: the vault was set back to an earlier state. "
                "Nothing was used. Make a copy of the vault folder before anything else. What is "
                "written from now on begins anew; after the next entry, take the bundle in again."
            )
        self._gap = segment.first > self._stand + 1 and self._limit > self._stand
        known = held_ops if self._gap else ops
        self._known = heads(connection, known, self._feed, segment.first, segment.last)
        self._stubs = stubs(connection, known, self._feed, segment.first, segment.last)
        self._rows: list[dict[str, Any]] = []
        self._past: list[dict[str, Any]] = []
        self.new = 0
        self.filled = 0
        self.latest = ""
        if segment.first == self._stand + 1 and segment.prev != self._head:
            self._leave(forked(self._at(segment.first)))
        elif not own and not self._stand and many_feeds(connection, self._feed):
            self._leave(too_many_feeds(self._feed))

    def _leave(self, error: BundleError) -> None:
        """Use nothing of a feed that somebody passes on; its own laptop's bundle is refused."""
        if not self._passed_on:
            raise error
        self.alarm = str(error)
        # What was held of it before goes when the gap is filled, as it does not follow on then.
        self._rows.clear()
        self._past.clear()

    def line(self, line: Line) -> None:
        """Take in, compare or lay aside one op; raises as :func:`storage.bundle.apply.apply`."""
        if self.alarm or line.seq >= self._cut:
            return
        if line.seq > self._limit:
            self._past.append(self._waiting_row(line))
            if len(self._past) >= BATCH:
                self._put_apart()
            return
        known = self._known.get(line.seq)
        if known is not None and known != line.head and self._counts:
            self._drop_other(line.seq)
            known = None
        if known is not None:
            if known != line.head:
                self._leave(forked(self._at(line.seq)))
            elif line.data is not None and line.seq in self._stubs:
                self._fill(line.seq, line.data)
            return
        if self._gap:
            self._put(held_ops, self._waiting_row(line))
            return
        if line.seq <= self._stand:
            self._leave(forked(self._at(line.seq)))
            return
        self._add(line.seq, line.data, line.inner, line.head)

    def _leads_to(self, end: OpId, head: bytes) -> bool:
        """Whether the segment, with what is held after it, ends at this head."""
        at, reached = self.segment.last, self.segment.head
        after = and_(of_feed(held_ops, self._feed), held_ops.c.seq > at)
        query = select(held_ops.c.seq, held_ops.c.digest, held_ops.c.head)
        for row in self._connection.execute(query.where(after).order_by(held_ops.c.seq)).all():
            if row.seq != at + 1 or next_head(reached, row.digest) != row.head:
                break
            at, reached = row.seq, row.head
        return (at, reached) == (end.seq, head)

    def _drop_other(self, seq: int) -> None:
        """What is known from an op on has another past than the one that counts."""
        self._known.clear()
        if self._gap:
            wrong = held_ops.c.seq.between(seq, self.segment.last)
            self._connection.execute(delete(held_ops).where(of_feed(held_ops, self._feed), wrong))
            return
        after = seq - 1
        if after and seq == self.segment.first:
            before = heads(self._connection, ops, self._feed, after, after)
            after = after if before.get(after) == self.segment.prev else 0
        self._drop_after(after)
        self._gap = self._stand + 1 < seq

    def _drop_after(self, after: int) -> None:
        self.touched |= drop_branch(self._connection, self._feed, after, self.blank)
        self._stand, self._head = head_at(self._connection, self._feed)

    def _add(self, seq: int, data: bytes | None, inner: bytes, head: bytes) -> None:
        if data is None:
            self._put(ops, op_row(digest_only(self._at(seq)), None, inner, head))
            self.blank.add(self._at(seq))
        else:
            made = decode(data, trusted=True)
            self._put(ops, op_row(made, data, inner, head))
            self.touched.add(made.record)
            self.latest = max(self.latest, made.hlc)
        self._stand, self._head = seq, head
        self.new += 1

    def _fill(self, seq: int, data: bytes) -> None:
        """The bytes of an op of which only the digest was known; the head has shown they are its.

        What a redaction names loses them again before the end (:mod:`storage.redaction.stubs`).
        """
        place = self._at(seq)
        if self._gap:
            self._connection.execute(
                update(held_ops)
                .where(of_feed(held_ops, self._feed), held_ops.c.seq == seq)
                .values(bytes=data)
            )
            self.later.add(decode(data, trusted=True).record)
            return
        made = decode(data, trusted=True)
        named = ("record_kind", "record", "verb", "hlc", "wall", "who", "bytes")
        row = op_row(made, data, b"", b"")
        self._connection.execute(
            update(ops)
            .where(of_feed(ops, self._feed), ops.c.seq == seq)
            .values({name: row[name] for name in named})
        )
        self.touched.add(made.record)
        self.blank.add(place)
        self.filled += 1

    def _put(self, table: Table, row: dict[str, Any]) -> None:
        self._rows.append(row)
        if len(self._rows) >= BATCH:
            self._flush(table)

    def _flush(self, table: Table) -> None:
        if self._rows:
            self._connection.execute(insert(table), self._rows)
            self._rows.clear()

    def end(self, ended: Ended) -> None:
        """Keep the signature, take in what waited for this, and say how far the feed is known."""
        if self.alarm:
            return
        self._flush(held_ops if self._gap else ops)
        place = self._at(self.segment.last)
        keep_signed(self._connection, place, self.segment.head, ended.public, ended.signature)
        self._put_apart()
        if self._until is not None:
            self._drop_held(self._until)
        if self.new:
            self._take_held()
            move(self._connection, self._feed, self._stand, self._head)

    def _put_apart(self) -> None:
        put_apart(self._connection, self._past, MOST_APART)
        self._past.clear()

    def _drop_held(self, until: int) -> None:
        """What was held before its laptop was revoked and lies past its time is kept apart too."""
        past = and_(of_feed(held_ops, self._feed), held_ops.c.seq > until)
        held = [
            dict(row._mapping) for row in self._connection.execute(select(held_ops).where(past))
        ]
        self.left_out += sum(
            not self.segment.first <= row["seq"] <= self.segment.last for row in held
        )
        if held:
            put_apart(self._connection, held)
            self._connection.execute(delete(held_ops).where(past))

    def _take_held(self) -> None:
        """Add what waited for the gap that has just been filled."""
        where = of_feed(held_ops, self._feed)
        waiting = self._connection.execute(
            select(held_ops).where(where).order_by(held_ops.c.seq)
        ).all()
        for row in waiting:
            if row.seq <= self._stand:
                continue
            if row.seq > self._stand + 1:
                break
            # A head binds everything before it, so a held op with another past shows here.
            if next_head(self._head, row.digest) != row.head:
                if not self._passed_on:
                    raise forked(self._at(row.seq))
                self.alarm = str(forked(self._at(row.seq)))
                self._connection.execute(
                    delete(held_ops).where(and_(where, held_ops.c.seq >= row.seq))
                )
                break
            self._add(row.seq, row.bytes, row.digest, row.head)
        self._flush(ops)
        if waiting:
            self._connection.execute(
                delete(held_ops).where(and_(where, held_ops.c.seq <= self._stand))
            )

    def _at(self, seq: int) -> OpId:
        return self._feed.at(seq)

    @property
    def waiting(self) -> tuple[int, int] | None:
        """The first and the last op that are missing, where what came waits for them."""
        if self._gap and self._cut > self.segment.first and not self.alarm:
            return self._stand + 1, self.segment.first - 1
        return None

    def _waiting_row(self, line: Line) -> dict[str, Any]:
        if line.data is not None:
            self.later.add(decode(line.data, trusted=True).record)
        links = {"bytes": line.data, "digest": line.inner, "head": line.head}
        return {**self._at(line.seq)._asdict(), **links}
