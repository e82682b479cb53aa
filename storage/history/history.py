"""A history says what was done to a record, by whom, when, on which laptop, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from storage.database.connection import batches, driver
from storage.database.remembered import recall
from storage.database.tables import ops
from storage.feed.read import ops_of
from storage.history.delivery import known_feeds
from storage.history.recent import feeds_from
from storage.ops.causality import horizons
from storage.ops.clock import is_set_back, stamp
from storage.ops.fold import WRITES
from storage.ops.op import DELETED, Op, OpId, decode, op_id
from storage.ops.redactions import (
    REDACT,
    REDACTED_TEXT,
    earlier_redactions,
    entries,
    entries_by_op,
)
from storage.ops.walk import levels
from storage.records.registry import default_of

CREATED = ("create", "link", "reveal", "consult", "disclose")


@dataclass(frozen=True)
class Change:
    """Holds one op of a record, as a person reads it.

    Attributes:
        op: which op.
        verb: what it did.
        who: the id of the person; of a redacted op whoever says what is left of it.
        device: the laptop, that of the same person.
        of_device: where what is left is said by another laptop than the op's own, the op's own.
        wall: when, by that laptop's clock, ISO 8601 in UTC.
        set_back: that clock had shown a later time before, or a much earlier one.
        fields: for each field written, what it replaced and what it wrote.
        reason: why, where one was given.
        redacted: for each field whose words were taken out since, by whom, when and why.
        concurrent: the other laptops' writes of its fields that its writer had not seen.
        merged: those of other fields, which are shown together with it since.
    """

    op: OpId
    verb: str
    who: str
    device: str
    wall: str
    fields: dict[str, tuple[Any, Any]]
    reason: str | None
    concurrent: tuple[OpId, ...] = ()
    merged: tuple[OpId, ...] = ()
    redacted: dict[str, Redacted] = field(default_factory=dict)
    of_device: str = ""
    set_back: bool = False

    @property
    def parallel(self) -> bool:
        """Say whether another laptop wrote its fields before it, unseen by its writer."""
        return bool(self.concurrent)


@dataclass(frozen=True)
class Redacted:
    """Says who took words out of an earlier op, when (ISO 8601 in UTC), and why."""

    who: str
    wall: str
    reason: str


def history(session: Session, kind: str, record: str) -> list[Change]:
    """Return the ops of a record in the order of the clock."""
    known = sorted(ops_of(session.connection(), kind, record), key=lambda one: one.order)
    by_id = {one.id: one for one in known}
    redacted = _redacted_fields(known)
    devices = {op.id: op.id.device for op in known} | _tellers(known)
    return [
        Change(
            op=op.id,
            verb=op.op,
            who=op.who,
            device=devices[op.id],
            of_device=op.id.device if devices[op.id] != op.id.device else "",
            wall=op.wall,
            set_back=is_set_back(op.wall, op.hlc),
            fields=_fields(op, by_id, kind),
            reason=op.reason,
            # A laptop knows its own writes, also those that it did not replace.
            concurrent=tuple(sorted(each for each in unseen if each[:3] != op.id[:3])),
            merged=tuple(sorted(elsewhere - unseen)),
            redacted=redacted.get(op.id, {}),
        )
        for op, unseen, elsewhere in zip(
            known, concurrent_writes(known), merged_writes(known), strict=True
        )
    ]


def concurrent_writes(known: Sequence[Op]) -> list[set[OpId]]:
    """Return of each op the leaves before it in its fields that it does not name.

    The leaves are carried on from op to op as :func:`storage.ops.fold.fold` would find them:
    folding anew for each would take too long for a history of many ops.

    Args:
        known: the ops of a record in the order of the clock.
    """
    return [
        {each for name in op.fields for each in leaves.get(name, set()) - set(op.base)}
        for op, leaves in _leaves_before(known)
    ]


def merged_writes(known: Sequence[Op]) -> list[set[OpId]]:
    """Return of each write the other laptops' leaves before it in fields it does not write.

    Left out is what its writer is known to have seen (:func:`storage.ops.causality.horizons`), and
    what deletes: an edit is not merged with a deletion, it beats it.

    Args:
        known: the ops of a record in the order of the clock.
    """
    seen = horizons(known)
    return [
        {
            each
            for name, places in leaves.items()
            if name not in op.fields and name != DELETED
            for each in places
            if each.device != op.id.device and each.seq > seen[op.id].get(each[:3], 0)
        }
        if op.op in WRITES and not op.fields.get(DELETED)
        else set()
        for op, leaves in _leaves_before(known)
    ]


def _leaves_before(known: Sequence[Op]) -> Iterator[tuple[Op, dict[str, set[OpId]]]]:
    """Return each op with the leaves of those before it, by field."""
    writes = {one.id: one for one in known if one.op in WRITES}
    leaves: dict[str, set[OpId]] = {}
    # What names an op that the clock puts after it replaces that one as soon as it comes.
    early: dict[OpId, list[Op]] = {}
    seen: set[OpId] = set()
    for op in known:
        yield op, leaves
        if op.op not in WRITES:
            continue
        seen.add(op.id)
        replaced = {name for after in early.pop(op.id, ()) for name in after.fields}
        for name in op.fields.keys() - replaced:
            leaves.setdefault(name, set()).add(op.id)
        for place in writes.keys() & op.base:
            if place not in seen:
                early.setdefault(place, []).append(op)
                continue
            for name in op.fields.keys() & writes[place].fields.keys():
                leaves.get(name, set()).discard(place)


def _fields(op: Op, by_id: dict[OpId, Op], kind: str) -> dict[str, tuple[Any, Any]]:
    if op.op == REDACT:
        return {str(op.fields.get("field", "")): (None, REDACTED_TEXT)}
    return {name: (value_before(op, name, by_id, kind), value) for name, value in op.fields.items()}


def _tellers(known: list[Op]) -> dict[OpId, str]:
    """Return the laptops that say what is left of ops whose bytes are gone."""
    redactions = [op for op in known if op.op == REDACT]
    earlier = {op_id(one["id"]): op for op in redactions for one in earlier_redactions(op)}
    told = earlier | {place: pairs[0][0] for place, pairs in entries_by_op(known).items()}
    # Of an op whose bytes are here nobody else says what it wrote: it has its salt.
    gone = (op.id for op in known if not op.salt and op.id in told)
    return {place: told[place].id.device for place in gone}


def _redacted_fields(known: list[Op]) -> dict[OpId, dict[str, Redacted]]:
    """Return which fields of which ops were redacted since, by whom, when and why.

    Args:
        known: the ops of a record in the order of the clock.
    """
    redactions = [one for one in known if one.op == REDACT]
    firsts: dict[str, Op] = {}
    for redaction in redactions:
        firsts.setdefault(str(redaction.fields.get("field")), redaction)
    marks: dict[OpId, dict[str, Redacted]] = {}
    for redaction in redactions:
        for entry in entries(redaction):
            for name in entry["gone"]:
                # The first that took this field out; a later one may have taken its place.
                first = firsts.get(name, redaction)
                marks.setdefault(op_id(entry["id"]), {})[name] = Redacted(
                    first.who, first.wall, first.reason or ""
                )
    return marks


_MADE = (
    "SELECT record, wall, MIN(hlc) FROM op INDEXED BY op_of_record "
    "WHERE record IN ({marks}) GROUP BY record"
)


def first_written(session: Session, records: Iterable[str]) -> dict[str, str]:
    """Return when each of several records was first written, ISO 8601 in UTC, by id."""
    known = recall(session.connection(), "first written", _of_itself)
    wanted = list(records)
    if fresh := [record for record in wanted if record not in known]:
        run = driver(session.connection()).execute
        found: dict[str, str] = {}
        for batch in batches(fresh):
            rows = run(_MADE.format(marks=",".join("?" * len(batch))), batch)
            found |= {record: wall for record, wall, _ in rows}
        known |= {record: found.get(record, "") for record in fresh}
    return {record: wall for record in wanted if (wall := known[record])}


def _of_itself(record: str, wall: str) -> tuple[str]:
    return (record,)


def value_before(op: Op, name: str, by_id: dict[OpId, Op], kind: str) -> Any:
    """Return what the writer of a field saw there: the last that its base names, or the default.

    A base names what was seen of every field that is written, so several of its ops may have
    written this one, each on top of another.
    """
    named = [by_id[each] for each in op.base if each in by_id and name in by_id[each].fields]
    if not named:
        return default_of(kind, name)
    before = set().union(*(_before(each, name, by_id) for each in named)) if named[1:] else set()
    # Honest bases have no circle; were there one, every write would come before another.
    latest = [each for each in named if each.id not in before] or named
    return max(latest, key=lambda each: each.order).fields[name]


def _before(op: Op, name: str, by_id: dict[OpId, Op]) -> set[OpId]:
    """Return the writes of a field that one was built on, through any number of steps."""

    def wrote_it(places: Iterable[OpId]) -> list[OpId]:
        return [each for each in places if each in by_id and name in by_id[each].fields]

    steps = levels(
        wrote_it(op.base), lambda places: wrote_it(b for each in places for b in by_id[each].base)
    )
    return set().union(*steps)


def revision(session: Session, kind: str, record: str) -> str:
    """Return the id of the last op of a record by the clock, or empty where there is none."""
    known = ops_of(session.connection(), kind, record)
    return str(max(known, key=lambda one: one.order).id) if known else ""


def last_writer(session: Session, kind: str, record: str) -> str:
    """Return the id of the person who wrote a record last, or empty where nobody is known."""
    query = (
        select(ops.c.who)
        .where(ops.c.record == record, ops.c.record_kind == kind, ops.c.bytes.is_not(None))
        .order_by(ops.c.hlc.desc(), ops.c.device.desc(), ops.c.seq.desc())
        .limit(1)
    )
    return str(session.connection().execute(query).scalar() or "")


def revisions(session: Session, records: Iterable[str]) -> dict[str, str]:
    """Return the :func:`revision` of each of several records, by id, in few statements."""
    last_ops = {}
    for batch in batches(sorted(set(records))):
        query = (
            select(ops.c.record, ops.c.device, ops.c.epoch, ops.c.kind, ops.c.seq)
            .where(ops.c.record.in_(batch), ops.c.bytes.is_not(None))
            .order_by(ops.c.hlc, ops.c.device, ops.c.epoch, ops.c.kind, ops.c.seq)
        )
        for record, *place in session.connection().execute(query):
            last_ops[record] = str(OpId(*place))
    return last_ops


@dataclass(frozen=True)
class Touch:
    """Says that an op touched a record, and which fields it wrote."""

    kind: str
    record: str
    verb: str
    fields: frozenset[str]


def touched(session: Session, since: str, kinds: frozenset[str]) -> list[Touch]:
    """Return the ops on some kinds of record made from a moment on, by each laptop's own clock.

    ``since`` is ISO 8601 in UTC, as ops carry it. Decodes each of those ops, so it is meant for a
    day's worth of them.
    """
    try:
        moment = stamp(max(int(datetime.fromisoformat(since).timestamp() * 1000), 0), 0)
    except (ValueError, OverflowError, OSError):
        moment = stamp(0, 0)  # before every op, for a moment that no clock here can have
    firsts = feeds_from(session.connection(), moment)
    return _touches(session, (feed[:4] for feed in firsts), kinds)


def touched_beyond(
    session: Session, covers: Mapping[str, object], kinds: frozenset[str]
) -> list[Touch]:
    """Return the ops on some kinds of record that lie beyond what somebody had of each feed.

    ``covers`` gives the last op they had, by feed; of a feed that it does not name they had none.
    Decodes each of those ops, as :func:`touched` does.
    """
    firsts = []
    for feed in known_feeds(session.connection()):
        last = covers.get(str(feed))
        first = last + 1 if isinstance(last, int) else 1
        firsts.append((feed.device, feed.epoch, feed.kind, first))
    return _touches(session, firsts, kinds)


def _touches(
    session: Session, firsts: Iterable[tuple[str, int, str, int]], kinds: frozenset[str]
) -> list[Touch]:
    """Return the ops on some kinds of record from the first wanted of each feed on."""
    touches: list[Touch] = []
    for device, epoch, kind, first in firsts:
        query = select(ops.c.record_kind, ops.c.record, ops.c.verb, ops.c.bytes).where(
            ops.c.device == device,
            ops.c.epoch == epoch,
            ops.c.kind == kind,
            ops.c.seq >= first,
            ops.c.record_kind.in_(kinds),
            ops.c.bytes.is_not(None),
        )
        for named, record, verb, data in session.connection().execute(query):
            fields = frozenset(decode(data, trusted=True).fields)
            touches.append(Touch(named, record, verb, fields))
    return touches
