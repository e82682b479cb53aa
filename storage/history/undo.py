"""Undo writes the opposite of this unlocking's own last step; redo does it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from storage.conflicts.answers import undo_reason
from storage.conflicts.reopen import (
    had_conflict_before,
    is_still_deleted,
    is_untouched,
    reopen_conflicts,
)
from storage.database.connection import driver
from storage.errors import FieldkitError
from storage.feed.journal import because
from storage.feed.read import ops_of
from storage.feed.writer import OPPOSITE, REDO, UNDO, Author
from storage.history.history import value_before
from storage.ops.causality import horizons
from storage.ops.op import DELETED, FeedId, Op, OpId, decode
from storage.ops.redactions import REDACT
from storage.ops.references import comparable_reference
from storage.records.case import Case, all_cases
from storage.records.model.base import Record
from storage.records.registry import KINDS, field_label, noun


class NothingToUndoError(FieldkitError):
    """There is no own op of this unlocking that undo may take back."""


@dataclass(frozen=True)
class Undone:
    """Says what was taken back.

    Attributes:
        records: the records.
        fields: the fields, where they were changed.
        reopened: a decision was among it, so that several answers are in conflict again.
    """

    records: tuple[tuple[str, str], ...]
    fields: tuple[str, ...]
    reopened: bool = False


_BYTES = (
    "SELECT seq, bytes FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq BETWEEN ? AND ?"
)


def _ops(session: Session, wanted: list[OpId]) -> list[Op | None]:
    """Return ops of one commit; nothing for those whose bytes were redacted or erased since."""
    # One commit's ops follow each other in each feed.
    feeds: dict[FeedId, list[int]] = {}
    for place in wanted:
        feeds.setdefault(place.feed, []).append(place.seq)
    run = driver(session.connection()).execute
    by_id = {
        feed.at(seq): None if data is None else decode(data, trusted=True)
        for feed, seqs in feeds.items()
        for seq, data in run(_BYTES, (*feed.at(min(seqs)), max(seqs)))
    }
    return [by_id[one] for one in wanted]


def _last_group(session: Session, steps: list[list[OpId]], verb: str) -> list[Op]:
    while steps:
        step = _ops(session, steps[-1])
        if None in step:
            raise NothingToUndoError(
                "What the last step wrote has been redacted or erased since and cannot be brought "
                "back. Nothing was changed; write what should stand there."
            )
        group = [one for one in step if one is not None and one.record[0] != "consultation"]
        if group:
            return group
        steps.pop()
    raise NothingToUndoError(
        f"There is nothing of this session left to {verb}. Nothing was changed."
    )


def last_step(session: Session, author: Author, *, undone: bool = False) -> list[tuple[str, str]]:
    """Return the records of this unlocking's own last step; raises :class:`NothingToUndoError`.

    ``undone`` asks for the step that was taken back last and may be done again.
    """
    steps, verb = (author.redoable, REDO) if undone else (author.undoable, UNDO)
    return list(dict.fromkeys(one.record for one in _last_group(session, steps, verb)))


def undo(session: Session) -> Undone:
    """Take back what the last own commit did, unless something came after it.

    Raises:
        NothingToUndoError: nothing of this unlocking is left to take back, or the last step may
            not be taken back, or was changed again since by someone else.
    """
    author: Author = session.info["author"]
    return _opposite(session, author.undoable, UNDO)


def redo(session: Session) -> Undone:
    """Do again what was taken back last, unless something came after it.

    It is the opposite of what undo wrote. Raises as :func:`undo` does.
    """
    author: Author = session.info["author"]
    return _opposite(session, author.redoable, REDO)


def _opposite(session: Session, steps: list[list[OpId]], verb: str) -> Undone:
    """Write the opposite of the last of these steps, which then is none of them any more."""
    group = _last_group(session, steps, verb)
    if any(one.op == REDACT for one in group):
        raise NothingToUndoError(
            "The last step redacted something. The words are gone and cannot be brought back. "
            "Nothing was changed; write what should stand there."
        )
    for op in group:
        known = KINDS[op.record[0]]
        if not known.UNDOABLE or not known.FROZEN.isdisjoint(op.fields):
            raise NothingToUndoError(
                f"The last step, a {known.noun()}, stays on record and cannot "
                "be undone. Nothing was changed; correct it with a new entry."
            )
    names: list[str] = []
    reopened = False
    for batch in _batches_of_records(reversed(group)):
        with because(session, None, each={one.record: undo_reason(one.id) for one in batch}):
            settled = []
            for op in batch:
                by_id = {each.id: each for each in ops_of(session.connection(), *op.record)}
                if op.fields.get(DELETED):
                    _refuse_if_restored(op, by_id)
                    reopened |= had_conflict_before(op, by_id)
                elif op.op == "resolve":
                    names.extend(_decided_fields(op, by_id))
                    reopened = True
                else:
                    names.extend(_take_back(session, op, by_id))
                    continue
                settled.append(op)
            reopen_conflicts(session, settled)
    session.info[OPPOSITE] = verb
    steps.pop()
    records = tuple(dict.fromkeys(one.record for one in group))
    return Undone(records, tuple(dict.fromkeys(names)), reopened)


def _batches_of_records(group: Iterable[Op]) -> Iterator[list[Op]]:
    """Return ops in their order, as many at once as write no record twice: a flush for each lot."""
    batch: dict[tuple[str, str], Op] = {}
    for op in group:
        if op.record in batch:
            yield list(batch.values())
            batch = {}
        batch[op.record] = op
    yield list(batch.values())


def _decided_fields(op: Op, by_id: dict[OpId, Op]) -> list[str]:
    if not is_untouched(op, by_id):
        word = field_label(op.record[0], next(iter(op.fields)))
        raise NothingToUndoError(
            f"The last step decided “{word}”, which was changed again since. Nothing was undone; "
            "its history shows every value."
        )
    return [name for name in op.fields if name != DELETED]


def _refuse_if_restored(op: Op, by_id: dict[OpId, Op]) -> None:
    if not is_still_deleted(op, by_id):
        raise NothingToUndoError(
            f"Whether the {noun(op.record[0])} that the last step deleted stays so "
            "has been decided since. Nothing was undone; its history shows by whom."
        )


def _take_back(session: Session, op: Op, by_id: dict[OpId, Op]) -> list[str]:
    kind = KINDS[op.record[0]]
    record: Record | None = session.get(kind, op.record[1])
    if record is None:
        raise NothingToUndoError(
            "What the last step changed has been deleted since. Nothing was changed."
        )
    if op.op == kind.MADE:
        seen = horizons(by_id.values())[op.id]
        foreign = (each.id for each in by_id.values() if each.id.device != op.id.device)
        if any(each.seq > seen.get(each[:3], 0) for each in foreign):
            raise NothingToUndoError(
                f"A colleague has worked on the {kind.noun()} that the last "
                "step made. Nothing was undone; delete or withdraw it if it is wrong."
            )
        if op.fields.get(DELETED) is False:
            # What was in it when it was deleted, for whoever takes that back as well.
            names = op.fields.keys() - {DELETED, *kind.ONCE}
            record.change(**{name: value_before(op, name, by_id, kind.KIND) for name in names})
            session.flush()
        session.delete(record)
        return []
    before_values: dict[str, Any] = {}
    for name, value in op.fields.items():
        if getattr(record, name) != value:
            raise NothingToUndoError(
                f"The last step wrote “{kind.field_label(name)}”, which was changed again since. "
                "Nothing was undone; its history shows every value."
            )
        before_values[name] = value_before(op, name, by_id, op.record[0])
    if isinstance(record, Case) and "reference" in before_values:
        _refuse_taken(session, record, before_values["reference"])
    # What was only confirmed is written as well, so that nobody takes it for this person's answer.
    record.change(**before_values).confirm(*op.fields)
    changed = [name for name, value in op.fields.items() if before_values[name] != value]
    return changed or list(op.fields)


def _refuse_taken(session: Session, case: Case, reference: str) -> None:
    """Refuse a reference that another case has by now: it was free since it was corrected."""
    wanted = comparable_reference(reference)
    for other in all_cases(session):
        same_list = other.inspection_id == case.inspection_id and other.id != case.id
        if same_list and comparable_reference(other.reference) == wanted:
            raise NothingToUndoError(
                f"Another case has the reference {reference} by now, so the last step, which "
                f"corrected it to {case.reference}, cannot be taken back. Nothing was changed; "
                "give the other case its right reference first."
            )
