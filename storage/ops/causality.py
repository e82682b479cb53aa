"""Which write came first is said by what each was built on, and not by the clock alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from storage.ops.op import Op, OpId
from storage.ops.redactions import REDACT, redacted_ids
from storage.ops.walk import levels


def ancestors(known: Iterable[Op], of: OpId) -> set[OpId]:
    """Return every op that the given one was built on, through any number of steps."""
    base = {one.id: one.base for one in known}
    return set().union(*levels(base.get(of, ()), lambda places: _bases(base, places)))


def _bases(base: Mapping[OpId, tuple[OpId, ...]], places: set[OpId]) -> Iterator[OpId]:
    return (each for place in places for each in base.get(place, ()))


def in_circles(known: Iterable[Op]) -> set[OpId]:
    """Return the ops whose bases lead back to them, and those on a way from one such to another."""
    below = {one.id: set(one.base) for one in known}
    for op, named in below.items():
        below[op] = named & below.keys()
    above: dict[OpId, set[OpId]] = {op: set() for op in below}
    for op, bases in below.items():
        for base in bases:
            above[base].add(op)
    for before, after in ((below, above), (above, below)):
        # What nothing leads to is in no circle, and then what only that led to.
        ends = [op for op in below if not before[op]]
        while ends:
            end = ends.pop()
            for op in after.pop(end):
                before[op].discard(end)
                if not before[op]:
                    ends.append(op)
            del before[end]
    return set(below)


def in_causal_order(known: Iterable[Op]) -> Iterator[tuple[OpId, list[OpId]]]:
    """Return each op of a record with the ops that its writer had surely seen, those before it.

    That is what it was built on, what it redacted, and its laptop's op before it. Only a forger's
    bases go round in a circle; they are followed once.
    """
    by_id = {one.id: one for one in known}
    before: dict[OpId, list[OpId]] = {}
    latest: dict[tuple[str, int, str], OpId] = {}
    for each in sorted(by_id):
        own = latest.get(each[:3])
        op = by_id[each]
        seen = (*op.base, *(redacted_ids(op) if op.op == REDACT else ()))
        before[each] = [*(each for each in seen if each in by_id), *([own] if own else [])]
        latest[each[:3]] = each
    begun: set[OpId] = set()
    done: set[OpId] = set()
    for first in before:
        waiting = [first]
        while waiting:
            each = waiting[-1]
            if each in done:
                waiting.pop()
                continue
            begun.add(each)
            more = [one for one in before[each] if one not in begun]
            waiting += more
            if not more:
                waiting.pop()
                done.add(each)
                yield each, before[each]


Horizon = dict[tuple[str, int, str], int]
"""For each feed its latest op that somebody had seen."""


def horizons(known: Iterable[Op]) -> dict[OpId, Horizon]:
    """Return for each op what its writer is known to have seen by then, the op included.

    Whoever has seen an op of a feed has seen those before it, as feeds arrive without gaps.
    """
    seen_by: dict[OpId, Horizon] = {}
    for each, before in in_causal_order(known):
        horizon = seen_by[each] = {each[:3]: each.seq}
        for earlier in before:
            for feed, seq in seen_by.get(earlier, {}).items():
                horizon[feed] = max(seq, horizon.get(feed, 0))
    return seen_by
