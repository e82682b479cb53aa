"""What is left of an op whose bytes were redacted, as the redact op tells it.

A ``redact`` op writes no field. It carries an *entry* for each op whose bytes go: that op as it
was, without its salt and with the words taken out. The entry stands in the op's place from then
on, so that every other field, who wrote it and what it replaced stay as they were
(``docs/format.md``, section 6).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from storage.canonical import MalformedError
from storage.clock import parts
from storage.op import Op, OpId, op_id

REDACT = "redact"
GONE = "[redacted]"
"""What stands in a text from which everything was taken out."""
REASON = ".reason"
"""How an entry says that the op's reason went too; no field has such a name."""
_TEXTS = ("id", "hlc", "wall", "who", "op")
_PARTS = {*_TEXTS, "fields", "base", "gone"}
_ALSO = {"id", "hlc", "wall", "who", "field", "reason"}


def entry_of(op: Op, gone: dict[str, Any], *, reason_gone: bool) -> dict[str, Any]:
    """The entry that takes an op's place; ``gone`` says what stands in each field from now on."""
    made: dict[str, Any] = {
        "id": str(op.id),
        "hlc": op.hlc,
        "wall": op.wall,
        "who": op.who,
        "op": op.op,
        "fields": op.fields | gone,
        "base": [str(one) for one in op.base],
        "gone": sorted([*gone, *([REASON] if reason_gone else [])]),
    }
    if op.reason is not None and not reason_gone:
        made["reason"] = op.reason
    return made


def also_of(op: Op) -> dict[str, Any]:
    """What stays told of an earlier redact op whose own bytes go."""
    return {
        "id": str(op.id),
        "hlc": op.hlc,
        "wall": op.wall,
        "who": op.who,
        "field": op.fields.get("field", ""),
        "reason": op.reason or "",
    }


def entries(op: Op) -> list[dict[str, Any]]:
    """The entries of a redact op."""
    found: list[dict[str, Any]] = op.fields.get("entries", [])
    return found


def also(op: Op) -> list[dict[str, Any]]:
    """The earlier redact ops that a redact op takes the place of."""
    found: list[dict[str, Any]] = op.fields.get("also", [])
    return found


def named(op: Op) -> list[OpId]:
    """The ops whose bytes a redact op takes away."""
    return [op_id(one["id"]) for one in (*entries(op), *also(op))]


def as_op(entry: dict[str, Any], record: tuple[str, str]) -> Op:
    """The op as an entry leaves it."""
    return Op(
        id=op_id(entry["id"]),
        hlc=entry["hlc"],
        wall=entry["wall"],
        who=entry["who"],
        op=entry["op"],
        record=record,
        fields=entry["fields"],
        base=tuple(op_id(one) for one in entry["base"]),
        reason=entry.get("reason"),
        salt="",
    )


def standing(ops: Iterable[Op]) -> list[Op]:
    """The ops of one record, those redacted as their entries leave them.

    Where two people redacted the same op without sight of each other, what either took out is out.
    An entry that says of an op something else than the op does counts for nothing. Where the op is
    gone nobody can tell any more: what its own laptop says of it counts, and otherwise the fields
    in which entries differ are not written by it.
    """
    known = list(ops)
    tells = sorted((one for one in known if one.op == REDACT), key=lambda one: one.order)
    if not tells:
        return known
    held: dict[OpId, Op] = {one.id: one for one in known}
    there = dict(held)
    told: dict[OpId, list[tuple[Op, dict[str, Any]]]] = {}
    for tell in tells:
        for earlier in also(tell):
            held.setdefault(op_id(earlier["id"]), _told(earlier, tell.record))
        for entry in entries(tell):
            told.setdefault(op_id(entry["id"]), []).append((tell, entry))
    for place, several in told.items():
        op = there.get(place)
        left = _left_of(op, several) if op is not None else _left(place, several)
        if left is not None:
            held[place] = left
    return list(held.values())


def differing(tells: Iterable[Op], here: Collection[OpId]) -> list[tuple[OpId, OpId]]:
    """Each redaction of a record with an op of which the earliest says otherwise.

    Only of ops that are gone: what is said falsely of one that is ``here`` counts for nothing.
    """
    told: dict[OpId, dict[str, Any]] = {}
    found = []
    for tell in sorted(tells, key=lambda one: one.order):
        for entry in entries(tell):
            place = op_id(entry["id"])
            first = told.setdefault(place, entry)
            if place not in here and not agrees(as_op(first, tell.record), entry, first["gone"]):
                found.append((tell.id, place))
    return found


def _left_of(op: Op, told: list[tuple[Op, dict[str, Any]]]) -> Op | None:
    """What entries leave of an op that is here; None where none says what it says."""
    agreed = [entry for _, entry in told if agrees(op, entry)]
    return _without(op, agreed) if agreed else None


def _left(place: OpId, told: list[tuple[Op, dict[str, Any]]]) -> Op:
    """What entries leave of an op that is gone."""
    own = [(tell, entry) for tell, entry in told if tell.id.device == place.device]
    tell, first = (own or told)[0]
    copy, gone, differ = as_op(first, tell.record), set(first["gone"]), set[str]()
    counting = [first]
    for _, entry in told:
        if agrees(copy, entry, gone):
            counting.append(entry)
            gone |= set(entry["gone"])
        elif not own:
            differ |= _differing(copy, entry, gone)
            counting.append(entry)
            gone |= set(entry["gone"])
    left = _without(copy, counting)
    fields = {name: one for name, one in left.fields.items() if name not in differ}
    return replace(left, fields=fields, reason=None if REASON in differ else left.reason)


def _differing(copy: Op, entry: dict[str, Any], gone: set[str]) -> set[str]:
    other: dict[str, Any] = entry["fields"]
    both = copy.fields.keys() & other.keys() - gone - set(entry["gone"])
    found = {name for name in both if copy.fields[name] != other[name]}
    if copy.reason != entry.get("reason"):
        found.add(REASON)
    return found | (copy.fields.keys() ^ other.keys())


def _without(op: Op, told: list[dict[str, Any]]) -> Op:
    """An op without what entries take out of it."""
    out = {name: one["fields"][name] for one in told for name in one["gone"] if name != REASON}
    reason_gone = any(REASON in one["gone"] for one in told)
    fields = op.fields | {name: one for name, one in out.items() if name in op.fields}
    return replace(op, fields=fields, reason=None if reason_gone else op.reason, salt="")


def _told(earlier: dict[str, Any], record: tuple[str, str]) -> Op:
    return Op(
        id=op_id(earlier["id"]),
        hlc=earlier["hlc"],
        wall=earlier["wall"],
        who=earlier["who"],
        op=REDACT,
        record=record,
        fields={"field": earlier["field"]},
        reason=earlier["reason"] or None,
        salt="",
    )


def judged(tell: Op, held: Mapping[OpId, Op]) -> Iterator[tuple[OpId, bool]]:
    """Of the ops that a redaction tells of and whose bytes are here, whether it tells the truth.

    Only then may it take the bytes away; of an op of another record it can tell nothing true.
    """
    for entry in entries(tell):
        op = held.get(op_id(entry["id"]))
        if op is not None:
            yield op.id, op.record == tell.record and agrees(op, entry)


def also_ids(tell: Op) -> set[OpId]:
    """The earlier redactions that a redaction names."""
    return {op_id(one["id"]) for one in also(tell)}


def truthful(tell: Op, held: Mapping[OpId, Op]) -> Op:
    """A redaction without what it says of ops whose bytes are here and say otherwise."""
    lies = {place for place, true in judged(tell, held) if not true}
    return only(tell, lambda place: place not in lies) if lies else tell


def entry_ids(tell: Op) -> list[OpId]:
    """The ops that a redaction has an entry of."""
    return [op_id(one["id"]) for one in entries(tell)]


def only(tell: Op, counts: Callable[[OpId], bool]) -> Op:
    """A redaction without what it tells of ops that do not count."""
    told = [one for one in entries(tell) if counts(op_id(one["id"]))]
    earlier = [one for one in also(tell) if counts(op_id(one["id"]))]
    if len(told) == len(entries(tell)) and len(earlier) == len(also(tell)):
        return tell
    kept = {"entries": told} | ({"also": earlier} if earlier else {})
    rest = {name: one for name, one in tell.fields.items() if name not in ("entries", "also")}
    return replace(tell, fields=rest | kept)


def agrees(op: Op, entry: dict[str, Any], before: Collection[str] = ()) -> bool:
    """Whether an entry says of an op nothing but what the op itself says.

    The op may be an earlier entry, in which the fields of ``before`` are gone already.
    """
    gone = {*entry["gone"], *before}
    copy = as_op(entry, op.record)
    return (
        (copy.id, copy.hlc, copy.wall, copy.who, copy.op, copy.base)
        == (op.id, op.hlc, op.wall, op.who, op.op, op.base)
        and copy.fields.keys() == op.fields.keys()
        and all(copy.fields[name] == op.fields[name] for name in op.fields.keys() - gone)
        and (copy.reason == op.reason or (REASON in gone and None in (copy.reason, op.reason)))
    )


def check(fields: dict[str, Any]) -> None:
    """Refuse the fields of a redact op that cannot be read; raises :class:`MalformedError`."""
    told, earlier = fields.get("entries"), fields.get("also", [])
    if (
        not isinstance(told, list)
        or not isinstance(earlier, list)
        or not isinstance(fields.get("field"), str)
    ):
        raise MalformedError("A redaction does not say what it takes away.")
    for one in told:
        _check_entry(one)
    if len({one["id"] for one in told}) != len(told):
        raise MalformedError("A redaction tells of one entry twice.")
    for one in earlier:
        whole = isinstance(one, dict) and one.keys() == _ALSO
        if not whole or not all(isinstance(text, str) for text in one.values()):
            raise MalformedError("A redaction names an earlier one in a form not known here.")
        op_id(one["id"])
        _check_stamp(one["hlc"], one["wall"])


def _check_entry(one: Any) -> None:
    if not isinstance(one, dict) or not _PARTS <= one.keys() <= _PARTS | {"reason"}:
        raise MalformedError("An entry of a redaction lacks a part or has one too many.")
    texts = [one[name] for name in _TEXTS] + [one.get("reason", "")]
    lists = one["base"], one["gone"]
    listed = all(isinstance(each, list) for each in lists)
    if (
        not listed
        or not isinstance(one["fields"], dict)
        or not all(isinstance(text, str) for text in [*texts, *lists[0], *lists[1]])
    ):
        raise MalformedError("An entry of a redaction is not in the form known here.")
    if not one["gone"]:
        raise MalformedError("An entry of a redaction takes nothing away.")
    op_id(one["id"])
    _check_stamp(one["hlc"], one["wall"])
    for base in one["base"]:
        op_id(base)


def _check_stamp(hlc: str, wall: str) -> None:
    try:
        parts(hlc)
        datetime.fromisoformat(wall)
    except ValueError:
        raise MalformedError("A redaction names a time that is none.") from None
