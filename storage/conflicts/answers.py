"""An answer of a conflict is what its writer left, whole, in the fields that are one answer.

Two writers seldom write the same fields: whoever grades writes no reason, and whoever is unable to
judge writes no grade. Each field taken by itself would mix one person's grade with the other's
state, so each answer is read as its own writer saw the record: without the others' parallel writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from storage.ops.canonical_json import MalformedError
from storage.ops.causality import in_causal_order
from storage.ops.fold import fold
from storage.ops.op import DELETED, Op, OpId, op_id
from storage.ops.redactions import REDACT
from storage.records.registry import KINDS

Known = dict[OpId, Op]


@dataclass(frozen=True)
class Answer:
    """Holds one answer.

    Attributes:
        op: the write that gives it now.
        first: the write that first gave it: another one where a decision was taken back since.
        values: what its writer left in each of the fields.
    """

    op: Op
    first: Op
    values: dict[str, Any]


def undo_reason(place: OpId) -> str:
    """Return the reason that the undoing of an op bears."""
    return f"undo of {place}"


def is_undo_reason(reason: str) -> bool:
    """Say whether a reason is one that undo gives, which names an op by its id."""
    before, _, place = reason.partition("undo of ")
    try:
        return not before and op_id(place) is not None
    except MalformedError:
        return False


def answers_in(kind: str, ops: Iterable[Op], fields: Sequence[str]) -> list[Answer]:
    """Return the answers in fields of which one at least is in conflict, the shown one first.

    Args:
        kind: the kind of record.
        ops: all ops of the record.
        fields: those that are one answer together, the one that says what the others mean first.
    """
    known = without_redactions(ops)
    return [
        replace(answer, first=first_write_of(kind, answer.op, answer.values, known))
        for answer in _answers(kind, known, fields)
    ]


def without_redactions(ops: Iterable[Op]) -> Known:
    """Return the ops of a record as redactions left them, without the redactions.

    Their entries would put back any op that is left out of a selection.
    """
    return {one.id: one for one in ops if one.op != REDACT}


def _answers(kind: str, known: Known, fields: Sequence[str]) -> list[Answer]:
    """Return what :func:`answers_in` does, each with its own write as its first."""
    folded = fold(known.values())
    disputed = [name for name in fields if name in folded.conflicts and name != DELETED]
    writes = {one.id: one for name in disputed for one in folded.leaves[name]}
    seen = _seen(known)
    shown = folded.values
    answers: list[Answer] = []
    for each, write in sorted(writes.items(), key=lambda item: item[1].order, reverse=True):
        unseen = {other for rival in writes for other in seen[rival] - seen[each]}
        # What was built on what this writer did not see was not seen either.
        view = [op for op in known.values() if op.id in seen[each] or not seen[op.id] & unseen]
        # Where bytes were erased nobody knows what was there; what is shown is the best guess.
        gap = any(named not in known for op in view for named in op.base)
        values = {name: _default(kind, name) for name in fields} | (shown if gap else {})
        values |= fold(view).values
        answers.append(Answer(write, write, {name: values[name] for name in fields}))
    leaves = {name: folded.leaves[name] for name in disputed}
    distinct = [one for one in answers if not _is_repeated(one, answers, seen, leaves)]
    lead = fields[0] if fields else ""
    # The first field says what the others mean, so the answer that is shown in it comes first.
    return sorted(distinct, key=lambda one: lead in shown and one.values[lead] != shown[lead])


def _default(kind: str, name: str) -> Any:
    return KINDS[kind].default(name) if kind in KINDS else None


def _seen(known: Known) -> dict[OpId, set[OpId]]:
    """Return for each op what its writer is known to have seen of the record, it included."""
    seen: dict[OpId, set[OpId]] = {}
    for each, before in in_causal_order(known.values()):
        seen[each] = {each}.union(*(seen.get(one, set()) for one in before))
    return seen


def _is_repeated(
    answer: Answer, answers: list[Answer], seen: dict[OpId, set[OpId]], leaves: dict[str, list[Op]]
) -> bool:
    """Say whether a write built on this one gives the same where this one is not replaced."""
    op = answer.op
    fields = {name: op.fields[name] for name, writes in leaves.items() if op in writes}
    later = (one for one in answers if one is not answer and op.id in seen[one.op.id])
    return any(all(one.values[name] == fields[name] for name in fields) for one in later)


def first_write_of(kind: str, write: Op, values: dict[str, Any], known: Known) -> Op:
    """Return the write an answer came from, where it was written anew to reopen a conflict."""
    settled = next((each for each in write.base if write.reason == undo_reason(each)), None)
    if settled is None or settled not in known:
        return write
    before = {each: known[each] for each in _seen(known)[settled] if each != settled}
    if DELETED in values:
        tombs = fold(before.values()).leaves.get(DELETED, [])
        former = next((each for each in tombs if each.fields[DELETED]), None)
        return first_write_of(kind, former, values, before) if former else write
    for answer in _answers(kind, before, tuple(values)):
        if answer.values == values:
            return first_write_of(kind, answer.op, values, before)
    return write
