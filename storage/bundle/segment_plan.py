"""What becomes of the ops of a segment: the rules that every store executes. Pure, no SQL.

A segment is a stretch of a feed. What of it is new follows from how far the feed is known here, up
to where the roster accepts it, and whether what comes before it has come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from storage.bundle.errors import BundleError, forked, too_many_feeds
from storage.bundle.manifest import Segment
from storage.ops.op import OpId, next_head


@dataclass(frozen=True)
class SegmentPlan:
    """What a store does with the ops of one segment; those that are in no range are skipped.

    Attributes:
        compare: ops that are known: another content is a fork, and a bare digest gets its bytes.
        append: ops that follow on what is known.
        hold: ops that wait for earlier ones; compared, too, with those that wait already.
        revoked: ops that a revoked laptop made after its time.
        missing: the first and the last op that have to come before what is held counts.
        whole: the segment may be used to its end.
        refusal: why nothing of it may be used, where its beginning says so.
    """

    compare: range
    append: range
    hold: range
    revoked: range
    missing: tuple[int, int] | None
    whole: bool
    refusal: BundleError | None = None


def plan_segment(
    segment: Segment,
    known: tuple[int, bytes],
    *,
    until: int | None,
    cut: int | None,
    crowded: bool = False,
) -> SegmentPlan:
    """Plan what becomes of a segment.

    Args:
        segment: as its bundle announces it; its chain holds.
        known: the last op of its feed that is here, and the head there.
        until: the last op of the feed that the roster accepts; ``None`` without a limit.
        cut: the first op from which on nothing is used, as words are missing without a reason.
        crowded: the feed is new, and its laptop has as many feeds here as any may have.
    """
    reached, head = known
    first, end = segment.first, segment.last
    limit = end if until is None else min(until, end)
    stop = limit + 1 if cut is None else min(limit + 1, cut)
    usable, follows = range(first, stop), first <= reached + 1
    waits = not follows and limit > reached and (cut is None or cut > first)
    refusal: BundleError | None = None
    if first == reached + 1 and segment.prev != head:
        refusal = forked(segment.feed.at(first))
    elif crowded:
        refusal = too_many_feeds(segment.feed)
    return SegmentPlan(
        compare=range(first, min(stop, reached + 1)),
        append=range(max(first, reached + 1), stop) if follows else range(0),
        hold=range(0) if follows else usable,
        revoked=range(max(first, limit + 1), end + 1),
        missing=(reached + 1, first - 1) if waits else None,
        whole=stop == end + 1,
        refusal=refusal,
    )


class HeldOp(Protocol):
    """An op that waits for earlier ones."""

    seq: int
    digest: bytes
    head: bytes


H = TypeVar("H", bound=HeldOp)


def following(
    segment: Segment, known: tuple[int, bytes], held: Iterable[H]
) -> tuple[list[H], OpId | None]:
    """Return the held ops, in their order, that follow on what is known now.

    Where one of them has another past, a fork, its id is returned as well; as a head binds
    everything before it, none after that one follows either.
    """
    seq, head = known
    released: list[H] = []
    for op in held:
        if op.seq != seq + 1:
            break
        if next_head(head, op.digest) != op.head:
            return released, segment.feed.at(op.seq)
        released.append(op)
        seq, head = op.seq, op.head
    return released, None
