"""Foresees what a large bundle does to a vault, so that nothing is refused once it counts.

The bundle is walked a second time beside the clerk, by what was read of the vault before; what has
to be refused is refused here, and what changes something comes out in slices for the stage
(:mod:`storage.vault.stage`). Nothing else writes into other laptops' feeds meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, func, select

from storage.bundle.applied import Applied
from storage.bundle.errors import BundleError, changed_meanwhile, forked, own_feed_ahead
from storage.bundle.manifest import Segment
from storage.bundle.parts import Part, pack
from storage.bundle.revoked import refuse_held
from storage.bundle.segment_plan import following, plan_segment
from storage.bundle.stream import Line, SegmentEnd, SegmentStart, stub_line
from storage.bundle.verify import Checked, opened
from storage.database.tables import feeds, ops
from storage.database.transit import held_ops, make_transit_tables
from storage.feed.positions import MOST_FEEDS, head_at, heads, of_feed, stubs
from storage.feed.read import cut_at
from storage.feed.writer import Author
from storage.ops.op import FeedId
from storage.trust.roster import Device

SLICE_OPS = 500
"""Ops that are taken in at once, and records brought up to date: some 100 ms of the clerk."""
SLICE_BYTES = 1024 * 1024
"""Bytes of a slice; only a single longer op makes it longer."""


@dataclass
class HeldLink:
    """Is an op that waits for earlier ones; ``size`` is that of its bytes, 0 where they lack."""

    seq: int
    digest: bytes
    head: bytes
    size: int


@dataclass
class Standing:
    """Says how a feed stands here, as far as a bundle touches it."""

    seq: int
    head: bytes
    heads: dict[int, bytes] = field(default_factory=dict)
    stubs: set[int] = field(default_factory=set)
    held: dict[int, HeldLink] = field(default_factory=dict)

    def add(self, seq: int, head: bytes, *, bare: bool) -> None:
        """Note an op that follows on what is known."""
        self.seq, self.head = seq, head
        self.heads[seq] = head
        if bare:
            self.stubs.add(seq)

    def fill(self, seq: int) -> bool:
        """Note that the bytes of an op come; say whether only its digest was here."""
        bare = seq in self.stubs
        self.stubs.discard(seq)
        return bare

    def waiting(self) -> tuple[int, int]:
        """Return how many ops wait, and their bytes."""
        return len(self.held), sum(op.size for op in self.held.values())


@dataclass
class Before:
    """Holds what a bundle finds in a vault.

    Attributes:
        feeds: how each feed stands that the bundle has a segment of.
        of_device: the epoch and kind of every feed of each of their laptops.
        others: how many ops of other feeds wait here, and their bytes.
        cuts: from which op on nothing of a feed is used, its words missing without a reason.
    """

    feeds: dict[FeedId, Standing]
    of_device: dict[str, set[tuple[int, str]]]
    others: tuple[int, int]
    cuts: dict[FeedId, int]

    def crowded(self, feed: FeedId) -> bool:
        """Do as :func:`storage.feed.positions.many_feeds`, of what will be here."""
        known = self.of_device[feed.device]
        return len(known) >= MOST_FEEDS and (feed.epoch, feed.kind) not in known

    def will_wait(self) -> tuple[int, int]:
        """Return how many ops will wait here, and their bytes."""
        several = [self.others, *(standing.waiting() for standing in self.feeds.values())]
        return sum(count for count, _ in several), sum(size for _, size in several)


def read_before(connection: Connection, checked: Checked) -> Before:
    """Read what a verified bundle finds in a vault; a thousand known ops take a millisecond."""
    make_transit_tables(connection)
    standings: dict[FeedId, Standing] = {}
    of_device: dict[str, set[tuple[int, str]]] = {}
    for segment in checked.manifest.segments:
        feed = segment.feed
        if feed not in standings:
            standings[feed] = _standing(connection, feed)
        if feed.device not in of_device:
            of_device[feed.device] = _feeds_of(connection, feed.device)
        stretch = (connection, ops, feed, segment.first, segment.last)
        standings[feed].heads |= heads(*stretch)
        standings[feed].stubs |= stubs(*stretch)
    count = select(func.count(), func.coalesce(func.sum(func.length(held_ops.c.bytes)), 0))
    ops_held, size = connection.execute(count.select_from(held_ops)).one()
    for standing in standings.values():
        own_held, own_size = standing.waiting()
        ops_held, size = ops_held - own_held, size - own_size
    return Before(standings, of_device, (ops_held, size), cut_at(connection, checked.cut))


def _standing(connection: Connection, feed: FeedId) -> Standing:
    size = func.length(held_ops.c.bytes)
    query = select(held_ops.c.seq, held_ops.c.digest, held_ops.c.head, size)
    rows = connection.execute(query.where(of_feed(held_ops, feed)))
    # A digest of which nobody knows the words has none.
    held = {row[0]: HeldLink(row[0], row[1], row[2], row[3] or 0) for row in rows}
    return Standing(*head_at(connection, feed), held=held)


def _feeds_of(connection: Connection, device: str) -> set[tuple[int, str]]:
    known: set[tuple[int, str]] = set()
    for table in (feeds, held_ops):
        query = select(table.c.epoch, table.c.kind).where(table.c.device == device).distinct()
        known.update((row[0], row[1]) for row in connection.execute(query))
    return known


class Slices:
    """Walks through a verified bundle and gives what of it changes something, slice by slice.

    Args:
        checked: the bundle.
        before: what it finds here.
        author: whose laptop this is.
        most: ops of a slice.
    """

    def __init__(
        self, checked: Checked, before: Before, author: Author, most: int = SLICE_OPS
    ) -> None:
        self._checked, self._before, self._author, self._most = checked, before, author, most
        self._parts: list[Part] = []
        self._lines: list[bytes] = []
        self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        """Yield the slices; raises what :func:`storage.bundle.apply.apply` raises."""
        checked, number = self._checked, -1
        segment: _Foreseen | None = None
        foreseen = Applied(checked.manifest.bundle, checked.manifest.sender)
        with opened(checked.path, checked.trust) as (walk, _):
            for step in walk.events():
                if isinstance(step, Line) and segment is not None:
                    if segment.take(step):
                        self._put(segment, step)
                elif isinstance(step, SegmentStart):
                    number += 1
                    segment = self._foresee(number, step.segment)
                elif isinstance(step, SegmentEnd) and segment is not None:
                    segment.finish(foreseen)
                    self._end(segment, (step.public, step.signature))
                if len(self._lines) + len(self._parts) > self._most or self._size >= SLICE_BYTES:
                    yield self._packed()
            if walk.lines.digest.digest() != checked.plain or walk.manifest != checked.manifest:
                raise changed_meanwhile(checked.path.name)
        if foreseen.waiting:
            refuse_held(*self._before.will_wait())
        if self._parts:
            yield self._packed()

    def _foresee(self, number: int, segment: Segment) -> _Foreseen:
        device, author = self._checked.trust.person_of(segment.device), self._author
        own = (segment.feed.device, segment.feed.epoch) == (author.device, author.epoch)
        passed_on = self._checked.manifest.passes_on(segment.device, author.device)
        return _Foreseen(number, segment, self._before, device, own=own, passed_on=passed_on)

    def _put(self, segment: _Foreseen, line: Line) -> None:
        if not self._parts or self._parts[-1].number != segment.number:
            self._parts.append(Part(segment.number, segment.start, line.seq, segment.prev))
        part = self._parts[-1]
        self._parts[-1] = replace(part, lines=part.lines + 1)
        data = stub_line(line.seq, line.inner) if line.data is None else line.data
        self._lines.append(data)
        self._size += len(data)

    def _end(self, segment: _Foreseen, ended: tuple[bytes, bytes]) -> None:
        if not self._parts or self._parts[-1].number != segment.number:
            end = segment.segment
            self._parts.append(Part(segment.number, segment.start, end.last + 1, end.head))
        self._parts[-1] = replace(self._parts[-1], ended=ended, alarm=segment.alarm)

    def _packed(self) -> bytes:
        packed = pack(self._parts, self._lines)
        self._parts, self._lines, self._size = [], [], 0
        return packed


class _Foreseen:
    """Decides of one segment what :class:`storage.bundle.vault_segment.VaultSegment` will do.

    Attributes:
        number: which of the bundle's segments it is.
        start: where its feed stood before it.
        prev: the head before the line that was taken last.
        alarm: why the rest of it is left out, where somebody passed it on.
    """

    def __init__(
        self,
        number: int,
        segment: Segment,
        before: Before,
        device: Device,
        *,
        own: bool,
        passed_on: bool,
    ) -> None:
        self.number, self.segment, self.alarm = number, segment, ""
        self._before, self._feed = before, before.feeds[segment.feed]
        self._passed_on, self._until = passed_on, device.accepted_to(segment.feed)
        self._cut = before.cuts.get(segment.feed)
        self.start = (self._feed.seq, self._feed.head)
        self._needed = False
        self.prev = self._head = segment.prev
        if own and segment.last > self._feed.seq:
            raise own_feed_ahead(self._feed.seq, segment.last)
        crowded = not own and not self._feed.seq and before.crowded(segment.feed)
        self._plan = plan_segment(
            segment, self.start, until=self._until, cut=self._cut, crowded=crowded
        )
        if self._plan.refusal is not None:
            self.alarm = self._noted(self._plan.refusal)

    def take(self, line: Line) -> bool:
        """Say whether a line is to be staged: the first that changes something, and all after it.

        Raises where the bundle is refused for it.
        """
        self.prev, self._head = self._head, line.head
        if self.alarm or (self._cut is not None and line.seq >= self._cut):
            return False
        changes = self._decide(line)
        self._needed |= changes
        return self._needed and not self.alarm

    def _decide(self, line: Line) -> bool:
        seq, feed, plan = line.seq, self._feed, self._plan
        size = 0 if line.data is None else len(line.data)
        if seq in plan.compare:
            return self._is_same(seq, feed.heads.get(seq), line) and bool(size and feed.fill(seq))
        if seq in plan.hold:
            waiting = feed.held.get(seq)
            if waiting is not None:
                fills = bool(size and not waiting.size)
                if not self._is_same(seq, waiting.head, line) or not fills:
                    return False
            feed.held[seq] = HeldLink(seq, line.inner, line.head, size)
        elif seq in plan.append:
            feed.add(seq, line.head, bare=line.data is None)
        return True

    def _is_same(self, seq: int, known: bytes | None, line: Line) -> bool:
        if known != line.head:
            self.alarm = self._noted(forked(self.segment.feed.at(seq)))
        return known == line.head

    def _noted(self, error: BundleError) -> str:
        """Return what is wrong with a feed that is passed on; its own laptop's is refused."""
        if not self._passed_on:
            raise error
        return str(error)

    def finish(self, foreseen: Applied) -> None:
        """Foresee what its end does: to what was held before, and what is still missing."""
        feed, alarm = self._feed, self.alarm
        if not alarm:
            if self._until is not None:
                feed.held = {seq: op for seq, op in feed.held.items() if seq <= self._until}
            if self._plan.append:
                alarm = self._close_gap()
        if feed.seq or feed.held:
            name = self.segment.feed
            self._before.of_device[name.device].add((name.epoch, name.kind))
        missing = None if alarm else self._plan.missing
        foreseen.add(self.segment.feed, new=0, missing=missing, revoked=0)

    def _close_gap(self) -> str:
        feed = self._feed
        waiting = sorted(
            (op for seq, op in feed.held.items() if seq > feed.seq), key=lambda op: op.seq
        )
        released, fork = following(self.segment, (feed.seq, feed.head), waiting)
        for op in released:
            feed.add(op.seq, op.head, bare=not op.size)
        end = fork.seq if fork is not None else None
        feed.held = {
            seq: op
            for seq, op in feed.held.items()
            if seq > feed.seq and (end is None or seq < end)
        }
        return "" if fork is None else self._noted(forked(fork))
