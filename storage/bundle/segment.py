"""One segment of a bundle on its way into a store; each kind of store says how a step is done."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import Connection, Row, and_, delete, select

from storage.bundle.applied import Applied
from storage.bundle.errors import BundleError, forked
from storage.bundle.manifest import Segment
from storage.bundle.segment_plan import SegmentPlan, following, plan_segment
from storage.bundle.stream import SegmentEnd
from storage.database.transit import held_ops
from storage.feed.backdated import mark_backdated
from storage.feed.judge import Refusal
from storage.feed.positions import head_at, keep_signed, many_feeds, move, of_feed
from storage.ops.op import FeedId
from storage.trust.roster import Device

HeldRow = Row[tuple[Any, ...]]


class SegmentImport(ABC):
    """Executes the plan of a segment in a store.

    Attributes:
        segment: on its way.
        new: how many of its ops, or of those that waited for it, are new.
        filled: how many digests got their bytes.
        alarm: why the feed was left out, where somebody passed it on.
        backdated: the refusals of writes that are dated before earlier ones of the feed.
    """

    BATCH_SIZE: ClassVar[int]
    """Held ops that are released at once."""
    KEEPS_REVOKED: ClassVar[bool]
    """Whether what is not accepted is kept for a later roster, and its signature with it."""

    def __init__(
        self,
        connection: Connection,
        segment: Segment,
        device: Device,
        cuts: Mapping[FeedId, int],
        *,
        passed_on: bool,
    ) -> None:
        self.segment = segment
        self.new = self.filled = 0
        self.alarm = ""
        self.backdated: list[Refusal] = []
        self._connection = connection
        self._feed = segment.feed
        self._passed_on = passed_on
        self._until = device.accepted_to(segment.feed)
        self._cut = cuts.get(segment.feed)
        self._seq, self._head = head_at(connection, segment.feed)

    def _plan(self, *, own: bool = False) -> SegmentPlan:
        """Plan the segment by where its feed stands now; ``own`` feeds may be however many."""
        return plan_segment(
            self.segment,
            (self._seq, self._head),
            until=self._until,
            cut=self._cut,
            crowded=not own and not self._seq and many_feeds(self._connection, self._feed),
        )

    def _note(self, error: BundleError) -> None:
        """Note what is wrong with a feed that is passed on; its own laptop's bundle is refused."""
        if not self._passed_on:
            raise error
        self.alarm = str(error)

    def _finish(self, plan: SegmentPlan, ended: SegmentEnd, applied: Applied) -> None:
        """Keep the signature, take in what waited for this, and note how far the feed is known."""
        revoked = len(plan.revoked)
        if not self.alarm:
            if plan.whole or self.KEEPS_REVOKED:
                end = self._feed.at(self.segment.last)
                keep_signed(self._connection, end, self.segment.head, ended.public, ended.signature)
            if self._until is not None:
                first, last = self.segment.first, self.segment.last
                dropped = self._drop_held(self._until)
                revoked += sum(not first <= seq <= last for seq in dropped)
            if plan.append:
                self._close_gap()
                move(self._connection, self._feed, self._seq, self._head)
            if self.new or self.filled:
                first = self.segment.first if self.filled or not plan.append else plan.append[0]
                self._mark(first)
        if self.alarm:
            applied.alarms.append(self.alarm)
        applied.add(
            self._feed,
            new=self.new + self.filled,
            missing=None if self.alarm else plan.missing,
            revoked=revoked,
        )

    def _mark(self, first: int) -> None:
        """Mark what is dated before earlier ops, from the first op that may be on."""
        self.backdated = mark_backdated(self._connection, self._feed, first)

    def _close_gap(self) -> None:
        """Add what waited for the gap that has just been filled, a batch at once."""
        mine = of_feed(held_ops, self._feed)
        while True:
            rows = self._connection.execute(
                select(held_ops)
                .where(mine, held_ops.c.seq > self._seq)
                .order_by(held_ops.c.seq)
                .limit(self.BATCH_SIZE)
            ).all()
            released, fork = following(self.segment, (self._seq, self._head), rows)
            if released:
                self._release(released)
                self._seq, self._head = released[-1].seq, released[-1].head
                self.new += len(released)
            passed = held_ops.c.seq <= self._seq
            if fork is not None:
                self._note(forked(fork))
                passed = passed | (held_ops.c.seq >= fork.seq)
            self._connection.execute(delete(held_ops).where(and_(mine, passed)))
            if len(released) < self.BATCH_SIZE:
                return

    @abstractmethod
    def _release(self, rows: Sequence[HeldRow]) -> None:
        """Add held ops to the feed; they follow on what is known."""

    @abstractmethod
    def _drop_held(self, until: int) -> Sequence[int]:
        """Drop what was held before its laptop was revoked and lies past its time."""
