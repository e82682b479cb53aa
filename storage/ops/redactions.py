"""The entries of a redact op say what is left of the ops whose bytes it takes away.

A ``redact`` op writes no field. It carries an *entry* for each op whose bytes go: that op as it
was, without its salt and with the words taken out. The entry replaces the op from then on, so that
every other field, who wrote it and what it replaced stay as they were (``docs/format.md``, 6).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from storage.ops.op import Op, OpId, op_id

REDACT = "redact"
REDACTED_TEXT = "[redacted]"
"""The text of a field from which everything was taken out."""
REASON = ".reason"
"""How an entry says that the op's reason went too; no field has such a name."""


def entry_of(op: Op, replacements: dict[str, Any], *, reason_gone: bool) -> dict[str, Any]:
    """Return the entry that replaces an op, with other values in the fields that were redacted."""
    entry: dict[str, Any] = {
        "id": str(op.id),
        "hlc": op.hlc,
        "wall": op.wall,
        "who": op.who,
        "op": op.op,
        "fields": op.fields | replacements,
        "base": [str(one) for one in op.base],
        "gone": sorted([*replacements, *([REASON] if reason_gone else [])]),
    }
    if op.reason is not None and not reason_gone:
        entry["reason"] = op.reason
    return entry


def earlier_redaction_of(op: Op) -> dict[str, Any]:
    """Return what is kept of an earlier redact op whose own bytes go."""
    return {
        "id": str(op.id),
        "hlc": op.hlc,
        "wall": op.wall,
        "who": op.who,
        "field": op.fields.get("field", ""),
        "reason": op.reason or "",
    }


def entries(op: Op) -> list[dict[str, Any]]:
    """Return the entries of a redact op."""
    return list(op.fields.get("entries", ()))


def earlier_redactions(op: Op) -> list[dict[str, Any]]:
    """Return the earlier redact ops that a redact op replaces."""
    return list(op.fields.get("also", ()))


def redacted_ids(op: Op) -> list[OpId]:
    """Return the ops whose bytes a redact op takes away."""
    return [op_id(one["id"]) for one in (*entries(op), *earlier_redactions(op))]


def op_of_entry(entry: dict[str, Any], record: tuple[str, str]) -> Op:
    """Return the op as an entry leaves it."""
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


def effective_ops(ops: Iterable[Op]) -> list[Op]:
    """Return the ops of one record, those redacted as their entries leave them.

    Where two people redacted the same op in parallel, what either took out is out. An entry that
    differs from an op that is here is ignored. Where the op is gone, the entry of its own laptop
    counts; without one, the fields in which entries differ are left out.
    """
    known = list(ops)
    redactions = sorted((one for one in known if one.op == REDACT), key=lambda one: one.order)
    if not redactions:
        return known
    effective: dict[OpId, Op] = {one.id: one for one in known}
    present = dict(effective)
    restated: dict[OpId, list[tuple[Op, dict[str, Any]]]] = {}
    for redaction in redactions:
        for earlier in earlier_redactions(redaction):
            effective.setdefault(op_id(earlier["id"]), _earlier_op(earlier, redaction.record))
        for entry in entries(redaction):
            restated.setdefault(op_id(entry["id"]), []).append((redaction, entry))
    for place, statements in restated.items():
        op = present.get(place)
        remainder = _op_left(op, statements) if op is not None else _stub_left(place, statements)
        if remainder is not None:
            effective[place] = remainder
    return list(effective.values())


def differing_entries(
    redactions: Iterable[Op], present: Collection[OpId]
) -> list[tuple[OpId, OpId]]:
    """Return each redaction of a record with an op of which the earliest says otherwise.

    Only of ops that are gone: a false entry of an op that is ``present`` is ignored.
    """
    firsts: dict[OpId, dict[str, Any]] = {}
    differing = []
    for redaction in sorted(redactions, key=lambda one: one.order):
        for entry in entries(redaction):
            place = op_id(entry["id"])
            first = firsts.setdefault(place, entry)
            copy = op_of_entry(first, redaction.record)
            if place not in present and not agrees_with_op(copy, entry, first["gone"]):
                differing.append((redaction.id, place))
    return differing


def _op_left(op: Op, statements: list[tuple[Op, dict[str, Any]]]) -> Op | None:
    """Return what entries leave of an op that is here; None where none says what it says."""
    agreed = [entry for _, entry in statements if agrees_with_op(op, entry)]
    return _without(op, agreed) if agreed else None


def _stub_left(place: OpId, statements: list[tuple[Op, dict[str, Any]]]) -> Op:
    """Return what entries leave of an op that is gone."""
    own = [pair for pair in statements if pair[0].id.device == place.device]
    redaction, first = (own or statements)[0]
    copy, redacted, differ = op_of_entry(first, redaction.record), set(first["gone"]), set[str]()
    counting = [first]
    for _, entry in statements:
        if not agrees_with_op(copy, entry, redacted):
            if own:
                continue
            differ |= _differing(copy, entry, redacted)
        counting.append(entry)
        redacted |= set(entry["gone"])
    remainder = _without(copy, counting)
    fields = {name: one for name, one in remainder.fields.items() if name not in differ}
    return replace(remainder, fields=fields, reason=None if REASON in differ else remainder.reason)


def _differing(copy: Op, entry: dict[str, Any], redacted: set[str]) -> set[str]:
    other: dict[str, Any] = entry["fields"]
    both = copy.fields.keys() & other.keys() - redacted - set(entry["gone"])
    differing = {name for name in both if copy.fields[name] != other[name]}
    if copy.reason != entry.get("reason"):
        differing.add(REASON)
    return differing | (copy.fields.keys() ^ other.keys())


def _without(op: Op, taken: list[dict[str, Any]]) -> Op:
    """Return an op without what entries take out of it."""
    out = {name: one["fields"][name] for one in taken for name in one["gone"] if name != REASON}
    reason_gone = any(REASON in one["gone"] for one in taken)
    fields = op.fields | {name: one for name, one in out.items() if name in op.fields}
    return replace(op, fields=fields, reason=None if reason_gone else op.reason, salt="")


def _earlier_op(earlier: dict[str, Any], record: tuple[str, str]) -> Op:
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


def judged_entries(redaction: Op, present: Mapping[OpId, Op]) -> Iterator[tuple[OpId, bool]]:
    """Return the redacted ops whose bytes are here, each with whether its entry is true.

    Only a true entry may take the bytes away; that of an op of another record never is.
    """
    for entry in entries(redaction):
        op = present.get(op_id(entry["id"]))
        if op is not None:
            yield op.id, op.record == redaction.record and agrees_with_op(op, entry)


def earlier_ids(redaction: Op) -> set[OpId]:
    """Return the earlier redactions that a redaction names."""
    return {op_id(one["id"]) for one in earlier_redactions(redaction)}


def without_false_entries(redaction: Op, present: Mapping[OpId, Op]) -> Op:
    """Return a redaction without its entries that differ from ops whose bytes are here."""
    false = {place for place, true in judged_entries(redaction, present) if not true}
    return with_entries(redaction, lambda place: place not in false) if false else redaction


def entry_ids(redaction: Op) -> list[OpId]:
    """Return the ops that a redaction has an entry of."""
    return [op_id(one["id"]) for one in entries(redaction)]


def with_entries(redaction: Op, counts: Callable[[OpId], bool]) -> Op:
    """Return a redaction without its entries for ops that do not count."""
    kept_entries = [one for one in entries(redaction) if counts(op_id(one["id"]))]
    earlier = [one for one in earlier_redactions(redaction) if counts(op_id(one["id"]))]
    if len(kept_entries) + len(earlier) == len(redacted_ids(redaction)):
        return redaction
    fields = redaction.fields | {"entries": kept_entries, "also": earlier}
    if not earlier:
        del fields["also"]
    return replace(redaction, fields=fields)


def agrees_with_op(op: Op, entry: dict[str, Any], before: Collection[str] = ()) -> bool:
    """Say whether an entry says of an op nothing but what the op itself says.

    The op may be an earlier entry, in which the fields of ``before`` are gone already.
    """
    redacted = {*entry["gone"], *before}
    copy = op_of_entry(entry, op.record)
    return (
        (copy.id, copy.hlc, copy.wall, copy.who, copy.op, copy.base)
        == (op.id, op.hlc, op.wall, op.who, op.op, op.base)
        and copy.fields.keys() == op.fields.keys()
        and all(copy.fields[name] == op.fields[name] for name in op.fields.keys() - redacted)
        and (copy.reason == op.reason or (REASON in redacted and None in (copy.reason, op.reason)))
    )


def superseded_redactions(redactions: Iterable[Op], waiting: Iterable[Op] = ()) -> set[OpId]:
    """Return the redactions of a record that may go, as others repeat all their entries.

    A redaction that names another in ``also`` repeats its entries. Until all are repeated, by
    however many redact ops that stay, the earlier one stays, lest an entry be lost. They are judged
    by the clock, the earliest first, each against those that are left.

    Args:
        redactions: those that count.
        waiting: those that do not count yet, which may go but repeat nothing.
    """
    counting = {one.id: one for one in redactions}
    candidates = {one.id: one for one in waiting} | counting
    names = Counter(place for one in counting.values() for place in earlier_ids(one))
    restated: dict[str, list[tuple[OpId, dict[str, Any]]]] = {}
    for redaction in counting.values() if names else ():
        for entry in entries(redaction):
            restated.setdefault(entry["id"], []).append((redaction.id, entry))
    going: set[OpId] = set()
    for redaction in sorted(candidates.values(), key=lambda each: each.order):
        own = earlier_ids(redaction) if redaction.id in counting else set[OpId]()
        named = {redaction.id, *earlier_ids(redaction)}
        repeated = (_is_repeated(redaction, each, restated, going) for each in entries(redaction))
        if all(names[place] > (place in own) for place in named) and all(repeated):
            going.add(redaction.id)
            names.subtract(own)
    return going


def _is_repeated(
    earlier: Op,
    entry: dict[str, Any],
    restated: dict[str, list[tuple[OpId, dict[str, Any]]]],
    going: set[OpId],
) -> bool:
    """Say whether a redaction that stays has the same entry, with nothing less redacted."""
    return any(
        place != earlier.id
        and place not in going
        and set(entry["gone"]) <= set(other["gone"])
        and agrees_with_op(op_of_entry(entry, earlier.record), other, entry["gone"])
        for place, other in restated.get(entry["id"], ())
    )
