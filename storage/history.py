"""History: what was done to a record, by whom, when, on which laptop, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from storage.fold import fold
from storage.op import DELETED, Op, OpId, decode
from storage.records import KINDS
from storage.replay import ops_of
from storage.tables import ops

CREATED = ("create", "link", "reveal", "consult", "disclose")


@dataclass(frozen=True)
class Change:
    """One op of a record, as a person reads it.

    Attributes:
        op: which op.
        verb: what it did.
        who: the id of the person.
        device: the laptop.
        wall: when, by that laptop's clock, ISO 8601 in UTC.
        fields: for each field written, what it replaced and what it wrote.
        reason: why, where one was given.
        parallel: it was written without sight of another write that then still stood.
    """

    op: OpId
    verb: str
    who: str
    device: str
    wall: str
    fields: dict[str, tuple[Any, Any]]
    reason: str | None
    parallel: bool


def history(session: Session, kind: str, record: str) -> list[Change]:
    """The ops of a record in the order of the clock."""
    known = sorted(ops_of(session.connection(), kind, record), key=lambda one: one.order)
    by_id = {one.id: one for one in known}
    made: list[Change] = []
    for number, one in enumerate(known):
        before = fold(known[:number])
        named = set(one.base)
        parallel = any(
            leaf.id not in named and name in one.fields
            for name, leaves in before.leaves.items()
            for leaf in leaves
        )
        made.append(
            Change(
                op=one.id,
                verb=one.op,
                who=one.who,
                device=one.id.device,
                wall=one.wall,
                fields={
                    name: (replaced(one, name, by_id, kind), value)
                    for name, value in one.fields.items()
                },
                reason=one.reason,
                parallel=parallel,
            )
        )
    return made


def replaced(one: Op, name: str, by_id: dict[OpId, Op], kind: str) -> Any:
    """What a write of a field stood in place of: the value its base names, or the default."""
    for named in one.base:
        before = by_id.get(named)
        if before is not None and name in before.fields:
            return before.fields[name]
    if kind in KINDS and name != DELETED:
        return KINDS[kind].default(name)
    return None


def revision(session: Session, kind: str, record: str) -> str:
    """The id of the last op of a record by the clock, or empty where there is none."""
    known = ops_of(session.connection(), kind, record)
    return str(max(known, key=lambda one: one.order).id) if known else ""


@dataclass(frozen=True)
class Touch:
    """That an op touched a record, and the fields it wrote (none for a stub)."""

    kind: str
    record: str
    verb: str
    wall: str
    fields: frozenset[str]


def touched(session: Session, since: str, kinds: frozenset[str]) -> list[Touch]:
    """The ops on some kinds of record made after a moment, in the order of the clock.

    ``since`` is ISO 8601 in UTC, as ops carry it. Reads and decodes each of those ops, so it is
    meant for a day's worth of them.
    """
    query = (
        select(ops.c.record_kind, ops.c.record, ops.c.verb, ops.c.wall, ops.c.bytes)
        .where(ops.c.wall > since, ops.c.record_kind.in_(kinds))
        .order_by(ops.c.hlc)
    )
    return [
        Touch(
            kind, record, verb, wall, frozenset(decode(data, trusted=True).fields if data else ())
        )
        for kind, record, verb, wall, data in session.connection().execute(query)
    ]
