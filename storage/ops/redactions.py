"""The entries of a redact op say what is left of the ops whose bytes it takes away.

A ``redact`` op writes no field. It carries an *entry* for each op whose bytes go: that op as it
was, without its salt and with the words taken out. The entry stands in the op's place from then on,
so that every other field and what it replaced stay as they were (``docs/format.md``, 6).

An entry is the word of whoever redacts and of nobody else. It takes nothing from an op that says
otherwise; and what it leaves of an op that is gone is read as written by the redaction's person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from storage.ops.op import Op, OpId, op_id

REDACT = "redact"
REDACTED_TEXT = "[redacted]"
"""The text of a field from which everything was taken out."""
REASON = ".reason"
"""How an entry says that the op's reason went too; no field has such a name."""

Entry = dict[str, Any]


def entry_of(op: Op, replacements: dict[str, Any], *, reason_gone: bool) -> Entry:
    """Return the entry that replaces an op, with other values in the fields that were redacted."""
    entry: Entry = {
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


def earlier_redaction_of(op: Op) -> Entry:
    """Return what is kept of an earlier redact op whose own bytes go."""
    return {
        "id": str(op.id),
        "hlc": op.hlc,
        "wall": op.wall,
        "who": op.who,
        "field": op.fields.get("field", ""),
        "reason": op.reason or "",
    }


def entries(op: Op) -> list[Entry]:
    """Return the entries of a redact op."""
    return list(op.fields.get("entries", ()))


def earlier_redactions(op: Op) -> list[Entry]:
    """Return the earlier redact ops that a redact op replaces."""
    return list(op.fields.get("also", ()))


def redacted_ids(op: Op) -> list[OpId]:
    """Return the ops whose bytes a redact op takes away."""
    return [op_id(one["id"]) for one in (*entries(op), *earlier_redactions(op))]


def op_of_entry(entry: Entry, record: tuple[str, str], who: str) -> Op:
    """Return the op as an entry leaves it, by the person whose word that is."""
    return Op(
        id=op_id(entry["id"]),
        hlc=entry["hlc"],
        wall=entry["wall"],
        who=who,
        op=entry["op"],
        record=record,
        fields=entry["fields"],
        base=tuple(op_id(one) for one in entry["base"]),
        reason=entry.get("reason"),
        salt="",
    )


def fits(entry: Entry, op: Op) -> bool:
    """Say whether an entry says nothing of an op but what the op itself says, ``gone`` apart."""
    kept = {name: one for name, one in entry["fields"].items() if name not in entry["gone"]}
    base = [str(one) for one in op.base]
    return (
        (entry["hlc"], entry["wall"], entry["op"], entry["base"]) == (op.hlc, op.wall, op.op, base)
        and entry["fields"].keys() <= op.fields.keys()
        and all(op.fields[name] == value for name, value in kept.items())
        and entry.get("reason") in (None, op.reason)
    )


def taken_by(redaction: Op, present: Mapping[OpId, Op]) -> set[OpId]:
    """Return the ops here whose bytes a redaction takes: of its record, and as its entries say."""
    named = ((entry, present.get(op_id(entry["id"]))) for entry in entries(redaction))
    return {
        op.id
        for entry, op in named
        if op is not None and op.record == redaction.record and fits(entry, op)
    }


def entries_by_op(known: Iterable[Op]) -> dict[OpId, list[tuple[Op, Entry]]]:
    """Return what the redactions of a record say of each op: those of its own laptop come first.

    Among them, and among the others, the earliest by the clock does.
    """
    redactions = sorted((op for op in known if op.op == REDACT), key=lambda op: op.order)
    by_op: dict[OpId, list[tuple[Op, Entry]]] = {}
    for redaction in redactions:
        for entry in entries(redaction):
            by_op.setdefault(op_id(entry["id"]), []).append((redaction, entry))
    for place, told in by_op.items():
        told.sort(key=lambda pair: pair[0].id.device != place.device)
    return by_op


def effective_ops(ops: Iterable[Op]) -> list[Op]:
    """Return the ops of one record, those redacted as the first entry of each leaves them.

    Of an op that is here only entries that fit it count. Where several people redacted the same
    op, what any of them took out is out.
    """
    known = list(ops)
    effective: dict[OpId, Op] = {op.id: op for op in known}
    if not any(op.op == REDACT for op in known):
        return list(effective.values())
    present = dict(effective)
    for redaction in sorted((op for op in known if op.op == REDACT), key=lambda op: op.order):
        for earlier in earlier_redactions(redaction):
            effective.setdefault(op_id(earlier["id"]), _earlier_op(earlier, redaction))
    for place, told in entries_by_op(known).items():
        here = present.get(place)
        counting = [pair for pair in told if here is None or fits(pair[1], here)]
        if counting:
            redaction, entry = counting[0]
            op = op_of_entry(entry, redaction.record, redaction.who)
            gone = {name: each["fields"].get(name) for _, each in counting for name in each["gone"]}
            taken_out = {name: value for name, value in gone.items() if name in op.fields}
            reason = None if REASON in gone else op.reason
            effective[place] = replace(op, fields=op.fields | taken_out, reason=reason)
    return list(effective.values())


def _earlier_op(earlier: Entry, redaction: Op) -> Op:
    return Op(
        id=op_id(earlier["id"]),
        hlc=earlier["hlc"],
        wall=earlier["wall"],
        who=redaction.who,
        op=REDACT,
        record=redaction.record,
        fields={"field": earlier["field"]},
        reason=earlier["reason"] or None,
        salt="",
    )


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
    names = Counter(place for one in counting.values() for place in _earlier_ids(one))
    repeating: dict[str, list[tuple[OpId, set[str]]]] = {}
    for redaction in counting.values() if names else ():
        for entry in entries(redaction):
            repeating.setdefault(entry["id"], []).append((redaction.id, set(entry["gone"])))
    going: set[OpId] = set()

    def repeated(entry: Entry, earlier: OpId) -> bool:
        return any(
            place != earlier and place not in going and gone.issuperset(entry["gone"])
            for place, gone in repeating.get(entry["id"], ())
        )

    for redaction in sorted(candidates.values(), key=lambda each: each.order):
        own = _earlier_ids(redaction) if redaction.id in counting else set[OpId]()
        named = {redaction.id, *_earlier_ids(redaction)}
        if all(names[place] > (place in own) for place in named) and all(
            repeated(entry, redaction.id) for entry in entries(redaction)
        ):
            going.add(redaction.id)
            names.subtract(own)
    return going


def _earlier_ids(redaction: Op) -> set[OpId]:
    return {op_id(one["id"]) for one in earlier_redactions(redaction)}
