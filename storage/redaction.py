"""What is left of an op whose bytes were redacted, as the redact op tells it.

A ``redact`` op writes no field. It carries an *entry* for each op whose bytes go: that op as it
was, without its salt and with the words taken out. The entry stands in the op's place from then
on, so that every other field, who wrote it and what it replaced stay as they were
(``docs/format.md``, section 6).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
    An entry that says of an op something else than the op does, or than the earliest entry of it
    where the op is gone, counts for nothing.
    """
    known = list(ops)
    tells = [one for one in known if one.op == REDACT]
    if not tells:
        return known
    tells.sort(key=lambda one: one.order)
    held: dict[OpId, Op] = {one.id: one for one in known}
    there = dict(held)
    copies: dict[OpId, Op] = {}
    gone: dict[OpId, dict[str, Any]] = {}
    for tell in tells:
        for earlier in also(tell):
            held.setdefault(op_id(earlier["id"]), _told(earlier, tell.record))
        for entry in entries(tell):
            copy = as_op(entry, tell.record)
            op = there.get(copy.id, copies.get(copy.id))
            if op is not None and not agrees(op, entry, gone.get(copy.id, {})):
                continue
            went = gone.setdefault(copy.id, {})
            went |= {name: copy.fields[name] for name in entry["gone"] if name in copy.fields}
            if REASON in entry["gone"]:
                went[REASON] = None
            copies.setdefault(copy.id, copy)
    for place, copy in copies.items():
        out = gone[place]
        fields = copy.fields | {name: one for name, one in out.items() if name in copy.fields}
        held[place] = Op(
            copy.id, copy.hlc, copy.wall, copy.who, copy.op, copy.record, fields, copy.base,
            None if REASON in out else copy.reason, "",
        )  # fmt: skip
    return list(held.values())


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


def fits(op: Op, tell: Op) -> bool:
    """Whether a redact op may take away the bytes of an op that it names."""
    told = next((one for one in entries(tell) if one["id"] == str(op.id)), None)
    return told is not None and op.record == tell.record and agrees(op, told)


def superseded(tells: Iterable[Op], waiting: Iterable[Op] = ()) -> set[OpId]:
    """Of the redactions of one record those that may go, because others tell all that they told.

    A redaction that names another in ``also`` tells its entries anew. Until that is so, by however
    many redact ops, the earlier one stays: what it took the place of would be told by nobody.

    Args:
        tells: those that count.
        waiting: those that do not count yet, which may go but tell nothing.
    """
    counting = {one.id: one for one in tells}
    several = {one.id: one for one in waiting} | counting
    going = {op_id(one["id"]) for tell in counting.values() for one in also(tell)}
    going &= several.keys()
    while True:
        staying = [one for place, one in counting.items() if place not in going]
        kept = {place for place in going if not _retold(several[place], staying)}
        if not kept:
            return going
        going -= kept


def _retold(earlier: Op, staying: list[Op]) -> bool:
    told = [one for tell in staying for one in entries(tell)]
    named_so = {one["id"] for tell in staying for one in also(tell)}
    return {one["id"] for one in also(earlier)} <= named_so and all(
        any(_retells(one, entry, earlier.record) for one in told) for entry in entries(earlier)
    )


def _retells(one: dict[str, Any], entry: dict[str, Any], record: tuple[str, str]) -> bool:
    return (
        one["id"] == entry["id"]
        and set(entry["gone"]) <= set(one["gone"])
        and agrees(as_op(entry, record), one, entry["gone"])
    )


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
