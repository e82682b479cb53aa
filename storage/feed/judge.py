"""Judges ops by what their kind declares: what does not fit counts for nothing, and says why.

What arrived is believed no further than it proves. The id of a record that the world has once is
computed again from its parts; where a record belongs is what its making says, and nothing that
comes later; a record without a field that every maker gives is none; and within one feed the clock
grows. Which ops are refused follows from the set of ops alone, so all readers agree whatever came
first. A refused op is kept and passed on byte for byte, and shown nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from storage.ops.fold import WRITES, Folded
from storage.ops.op import DELETED, Op, OpId
from storage.ops.redactions import REDACT, REDACTED_TEXT, with_entries
from storage.records.model.base import Record
from storage.records.registry import KINDS

Reason = Literal["id", "place", "required", "clock", "witness", "kept"]

RULES = 3
"""Version of these rules: the tables of a vault that was made by others are made anew."""

BACKDATED = ".clock"
"""What stands for the verb in the row of an op whose stamp is not after those before it in its
feed; no op of ours has such a verb."""

COUNTS = (
    "NOT EXISTS (SELECT 1 FROM refused WHERE refused.record = op.record AND refused.op = "
    "op.device || '/' || op.epoch || '/' || op.kind || '/' || op.seq)"
)
"""The condition of SQL, in a vault, that a row of ``op`` is none of an op that is refused."""

Look = Callable[[str, str], Sequence[Op]]
"""Gives the ops that count of the record of a kind and id."""


@dataclass(frozen=True)
class Refusal:
    """Says why an op counts for nothing.

    Attributes:
        op: which op.
        record: the kind and id of the record that it is on.
        reason: ``id`` where the id is not what its parts give, ``place`` where it writes another
            place than the making, ``required`` where it makes a record without a field that every
            record of the kind has, ``clock`` where its stamp is not after those before it,
            ``witness`` where the op that it names says otherwise, ``kept`` where it takes away
            what it may not.
    """

    op: OpId
    record: tuple[str, str]
    reason: Reason

    @property
    def tried(self) -> str:
        """Return what the op tried, as the end of a sentence that begins with whose it is."""
        return _TRIED[self.reason]


_TRIED: dict[Reason, str] = {
    "id": "makes a record under another id than its own",
    "place": "says that a record belongs elsewhere than where it was made",
    "required": "makes a record without what every record of its kind has",
    "witness": "says that another entry wrote what that entry did not write",
    "kept": "takes away an account of what was done",
    "clock": "is dated before an earlier entry of the same laptop",
}


@dataclass(frozen=True)
class Judged:
    """Holds the ops of a record that count, its redactions among them, and the others' refusals."""

    ops: list[Op]
    refusals: tuple[Refusal, ...] = ()


def judge(kind: str, ops: Sequence[Op], look: Look | None = None) -> Judged:
    """Judge the ops of one record, as redactions left them.

    Args:
        kind: the kind of record; nothing is known of one of a later fieldkit.
        ops: all of its ops that are here.
        look: where an id is made of another record's fields; without it that is not asked.
    """
    known = KINDS.get(kind)
    if known is None:
        return Judged(list(ops))
    refused: dict[OpId, Reason] = {}
    deciding = _deciding(known)
    for op in ops:
        if op.op in WRITES and not deciding.isdisjoint(op.fields):
            reason = _made_wrongly(known, op, look)
            if reason is not None:
                refused[op.id] = reason
    candidates = [op for op in ops if op.op in WRITES and op.id not in refused]
    if len(candidates) > 1:
        refused |= dict.fromkeys(_moved(known, candidates), "place")
    refused |= dict.fromkeys(_removing(known, candidates), "kept")
    if not refused:
        return Judged(list(ops))
    by_id = {op.id: op for op in ops}
    refusals = (Refusal(each, by_id[each].record, why) for each, why in refused.items())
    return Judged(without(ops, refused), tuple(sorted(refusals, key=lambda one: one.op)))


def without(ops: Iterable[Op], refused: Collection[OpId]) -> list[Op]:
    """Return the ops of a record without those refused, and without entries that put them back."""
    return [
        with_entries(op, lambda place: place not in refused) if op.op == REDACT else op
        for op in ops
        if op.id not in refused
    ]


def is_whole(kind: type[Record], fields: Iterable[str]) -> bool:
    """Say whether fields that were written are all that every record of a kind has."""
    return kind.required() <= set(fields)


@cache
def _deciding(kind: type[Record]) -> frozenset[str]:
    """Return the fields by which an op of a kind is judged; others need no second look."""
    return frozenset(
        (*kind.ONCE, *(name.partition(".")[0] for name in kind.NAMED), *kind.required())
    )


def brings_back(op: Op) -> bool:
    """Say whether an op takes a deletion back; it may write nothing else of its record."""
    return op.fields.get(DELETED) is False


def _made_wrongly(kind: type[Record], op: Op, look: Look | None) -> Reason | None:
    """Return why an op makes no record of its kind; None also where it makes none at all."""
    if op.op == kind.MADE and not brings_back(op) and not is_whole(kind, op.fields):
        return "required"
    needed = _own_parts(kind)
    if needed and needed <= op.fields.keys() and not _is_named(kind, op, look):
        return "id"
    if look is not None and is_homed(kind) and op.fields.keys() >= {PLACE, kind.UNDER}:
        homes = homes_in(kind, str(op.fields[kind.UNDER]), look)
        return "place" if homes and op.fields[PLACE] not in homes else None
    return "witness" if look is not None and _is_contradicted(kind, op, look) else None


def _is_contradicted(kind: type[Record], op: Op, look: Look) -> bool:
    """Say whether the op that a record names wrote something else; one not here says nothing."""
    witness = kind.witness(op.fields) if op.op == kind.MADE else None
    return witness is not None and any(
        each.fields.get(name) != value
        for each in look(*witness.record)
        if str(each.id) == witness.op
        for name, value in witness.wrote.items()
    )


PLACE = "inspection_id"


def is_homed(kind: type[Record]) -> bool:
    """Say whether a record of a kind has the inspection of the record it lies under.

    Its id is made of that one's id and not of the inspection, so it does not prove the inspection.
    """
    return bool(kind.NAMED) and PLACE not in kind.NAMED and PLACE in kind.ONCE


def named_by_other(kind: type[Record]) -> bool:
    """Say whether the id of a record is made of fields of the one it lies under."""
    return any("." in name for name in kind.NAMED)


def parents_of(kind: type[Record]) -> tuple[str, ...]:
    """Return the kinds that a homed record may lie under: a row's key may be of a whole import."""
    parent = kind.UNDER.removesuffix("_id")
    return (parent, *parents_of(KINDS[parent])) if is_homed(KINDS[parent]) else (parent,)


def homes_in(kind: type[Record], above: str, look: Look) -> set[Any]:
    """Return the inspections that the record above one of a kind was ever made in, by its id."""
    makings = (each for parent in parents_of(kind) for each in look(parent, above))
    return {each.fields[PLACE] for each in makings if PLACE in each.fields}


def _is_named(kind: type[Record], op: Op, look: Look | None) -> bool:
    try:
        return any(op.record[1] in kind.ids_of(parts) for parts in _parts(kind, op, look))
    except _UnknownError:
        return True


@cache
def _own_parts(kind: type[Record]) -> frozenset[str]:
    """Return the parts of an id that whoever makes a record writes, defaults left out."""
    return frozenset(name.partition(".")[0] for name in kind.NAMED) & kind.required()


class _UnknownError(Exception):
    """Nobody can say any more what an id was made of."""


def _parts(kind: type[Record], op: Op, look: Look | None) -> Iterator[tuple[str, ...]]:
    """Return the values that an id is made of, in each way they may be.

    Raises :class:`_UnknownError` where one was redacted, or is of another record that is not here.
    """
    field = next((name.partition(".")[0] for name in kind.NAMED if "." in name), "")
    sources: Sequence[Mapping[str, Any]] = ({},)
    if field:
        if look is None:
            raise _UnknownError
        other = KINDS[field.removesuffix("_id")]
        makings = (each.fields for each in look(other.KIND, str(op.fields[field])))
        sources = [fields for fields in makings if _own_parts(other) <= fields.keys()]
        if not sources:
            raise _UnknownError
    for source in sources:
        values = []
        for name in kind.NAMED:
            own, _, others = name.partition(".")
            value = source[others] if others else op.fields.get(own, kind.default(own))
            if value == REDACTED_TEXT:
                raise _UnknownError
            values.append(str(value))
        yield tuple(values)


def _moved(kind: type[Record], ops: Sequence[Op]) -> set[OpId]:
    """Return the ops that say otherwise where a record belongs than the op that made it."""
    moved: set[OpId] = set()
    for name in kind.ONCE:
        # A making that leaves out what its id is made of says the default of it.
        named = name in kind.NAMED
        writers = [op for op in ops if name in op.fields or (named and makes(kind, op))]
        values = {op.id: op.fields.get(name, kind.default(name)) for op in writers}
        if len(writers) < 2 or all(value == values[writers[0].id] for value in values.values()):
            continue
        right = [values[min(writers, key=lambda op: _precedence(kind, op, ops)).id]]
        if kind.REMADE:
            right += [values[op.id] for op in writers if _made_anew(op, ops)]
        moved |= {op.id for op in writers if name in op.fields and values[op.id] not in right}
    return moved


def _removing(kind: type[Record], ops: Sequence[Op]) -> set[OpId]:
    """Return the ops that take a record away which their laptop may not take away."""
    if kind.REMOVED_BY == "any":
        return set()
    makers = {op.id.device for op in ops if makes(kind, op)} if kind.REMOVED_BY == "maker" else None
    return {
        op.id
        for op in ops
        if op.fields.get(DELETED) is True and (makers is None or makers - {op.id.device})
    }


def makes(kind: type[Record], op: Op) -> bool:
    """Say whether an op makes a whole record of its kind."""
    return op.op == kind.MADE and is_whole(kind, op.fields)


def is_shown(kind: str, folded: Folded) -> bool:
    """Say whether a record has a row: it is not gone, and an op that makes a whole one is here.

    Several ops that give the required fields between them make none: the parts of its id would
    stand in no op by which the id is judged.
    """
    known = KINDS.get(kind)
    return (
        known is not None and not folded.deleted and any(makes(known, op) for op in folded.writes)
    )


def _precedence(kind: type[Record], op: Op, ops: Sequence[Op]) -> tuple[Any, ...]:
    """Return what sorts the writes of a field for which of them is the making.

    That is the one which makes a record and is built on none. Of several, one that another laptop
    has built on comes before one that nobody else knew; then the clock decides, which only grows
    within a feed.
    """
    known = {each.id for each in ops}
    seen = any(op.id in each.base and each.id.device != op.id.device for each in ops)
    return (not makes(kind, op), bool(known & set(op.base)), not seen, op.order)


def _made_anew(op: Op, ops: Sequence[Op]) -> bool:
    """Say whether an op makes a record anew in sight of its deletion."""
    deletions = {each.id for each in ops if each.fields.get(DELETED) is True}
    return brings_back(op) and not deletions.isdisjoint(op.base)
