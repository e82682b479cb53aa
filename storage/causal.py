"""Which of several writes came first, by what each was built on and not by the clock alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, select
from sqlmodel import Session

from storage.canonical import MalformedError
from storage.op import Op, OpId, op_id
from storage.records.judgment import OVERALL, judgment_id
from storage.records.reveal import Reveal
from storage.redaction import REDACT, named
from storage.replay import ops_of
from storage.tables import ops

Order = tuple[str, str, int, int]


def ancestors(known: Iterable[Op], of: OpId) -> set[OpId]:
    """Every op that the given one was built on, through any number of steps."""
    base = {one.id: one.base for one in known}
    found: set[OpId] = set()
    waiting = list(base.get(of, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(base.get(one, ()))
    return found


def in_order(known: Iterable[Op]) -> Iterator[tuple[OpId, list[OpId]]]:
    """Each op of a record with the ops that its writer had surely seen, those before it.

    That is what it was built on, what it redacted, and its laptop's op before it. No honest bases
    go round in a circle; those of a forger end where they began.
    """
    several = {one.id: one for one in known}
    before: dict[OpId, list[OpId]] = {}
    latest: dict[tuple[str, int, str], OpId] = {}
    for each in sorted(several):
        own = latest.get(each[:3])
        one = several[each]
        seen = (*one.base, *(named(one) if one.op == REDACT else ()))
        before[each] = [*(each for each in seen if each in several), *([own] if own else [])]
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
    """For each op of a record what its writer is known to have seen by then, the op included.

    Whoever has seen an op of a feed has seen those before it, as feeds arrive without gaps.
    """
    found: dict[OpId, Horizon] = {}
    for each, before in in_order(known):
        horizon = found[each] = {each[:3]: each.seq}
        for one in before:
            for feed, seq in found.get(one, {}).items():
                horizon[feed] = max(seq, horizon.get(feed, 0))
    return found


def first_reveals(session: Session, reveals: Iterable[Reveal]) -> dict[str, Reveal]:
    """The earliest reveal of each case, by case id.

    A reveal is earlier where the grade shown in it is one that the other's was built on; between
    reveals made without sight of each other the clock decides, then the laptop.
    """
    by_case: dict[str, list[Reveal]] = {}
    for one in reveals:
        by_case.setdefault(one.case_id, []).append(one)
    chosen: dict[str, Reveal] = {}
    for case, several in by_case.items():
        chosen[case] = several[0] if len(several) == 1 else _first(session, case, several)
    return chosen


def _first(session: Session, case: str, several: list[Reveal]) -> Reveal:
    connection = session.connection()
    known = ops_of(connection, "judgment", judgment_id(case, OVERALL))
    shown = {one.id: _named(one) for one in several}
    built_on = {one: ancestors(known, op) if op else set() for one, op in shown.items()}
    minimal = [
        one for one in several if not any(shown[other.id] in built_on[one.id] for other in several)
    ]
    # Honest bases have no circle; were there one, every reveal would stand behind another.
    return min(minimal or several, key=lambda one: _order(connection, one))


def _named(reveal: Reveal) -> OpId | None:
    """The grade that was shown; None where what stands there names no op, and so saw none."""
    try:
        return op_id(reveal.judgment_op)
    except MalformedError:
        return None


def _order(connection: Connection, reveal: Reveal) -> Order:
    """Where the reveal's own op stands by the clock."""
    row = connection.execute(
        select(ops.c.hlc, ops.c.device, ops.c.epoch, ops.c.seq)
        .where(ops.c.record == reveal.id, ops.c.record_kind == Reveal.KIND)
        .order_by(ops.c.hlc, ops.c.device)
        .limit(1)
    ).one()
    return (row.hlc, row.device, row.epoch, row.seq)
