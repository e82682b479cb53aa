"""Undo: a new op that says the opposite of this unlocking's own last one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from storage.errors import FieldkitError
from storage.feed import Desk
from storage.fold import fold
from storage.history import replaced
from storage.journal import because
from storage.op import DELETED, Op, OpId, decode
from storage.records import KINDS
from storage.records.base import Record
from storage.replay import ops_of
from storage.tables import ops

NEVER = frozenset({"reveal", "referral", "consultation", "disclosure", "receipt"})
"""Kinds of record that happened in the world, which no key takes back."""


class NothingToUndoError(FieldkitError):
    """There is no own op of this unlocking that undo may take back."""


@dataclass(frozen=True)
class Undone:
    """What was taken back: the records, and the fields where they were changed."""

    records: tuple[tuple[str, str], ...]
    fields: tuple[str, ...]


def _op(session: Session, wanted: OpId) -> Op:
    data = (
        session.connection()
        .execute(
            select(ops.c.bytes).where(
                ops.c.device == wanted.device,
                ops.c.epoch == wanted.epoch,
                ops.c.kind == wanted.kind,
                ops.c.seq == wanted.seq,
            )
        )
        .scalar_one()
    )
    return decode(data, trusted=True)


def _last_group(session: Session, desk: Desk) -> list[Op]:
    while desk.undoable:
        group = [_op(session, one) for one in desk.undoable[-1]]
        group = [one for one in group if one.record[0] != "consultation"]
        if group:
            return group
        desk.undoable.pop()
    raise NothingToUndoError("There is nothing of this session left to undo. Nothing was changed.")


def last(session: Session, desk: Desk) -> list[tuple[str, str]]:
    """The records of this unlocking's own last step; raises :class:`NothingToUndoError`."""
    return list(dict.fromkeys(one.record for one in _last_group(session, desk)))


def _plainly(name: str) -> str:
    return name.replace("_", " ")


def undo(
    session: Session,
    *,
    protected: frozenset[tuple[str, str]] = frozenset(),
    called: Callable[[str], str] = _plainly,
) -> Undone:
    """Take back what the last own commit did, unless something came after it.

    Args:
        session: a writing session.
        protected: fields (kind, field) that were frozen and stay.
        called: how a person calls a field.

    Raises:
        NothingToUndoError: nothing of this unlocking is left to take back, or the last step may
            not be taken back, or was changed again since by someone else.
    """
    desk: Desk = session.info["desk"]
    group = _last_group(session, desk)
    for one in group:
        if one.record[0] in NEVER or any((one.record[0], name) in protected for name in one.fields):
            raise NothingToUndoError(
                f"The last step, a {one.record[0].replace('_', ' ')}, stays on record and cannot "
                "be undone. Nothing was changed; correct it with a new entry."
            )
    names: list[str] = []
    for one in reversed(group):
        names.extend(_take_back(session, one, called))
    session.flush()
    session.info["undoing"] = True
    desk.undoable.pop()
    return Undone(tuple(dict.fromkeys(one.record for one in group)), tuple(dict.fromkeys(names)))


def _take_back(session: Session, one: Op, called: Callable[[str], str]) -> list[str]:
    kind = KINDS[one.record[0]]
    found: Record | None = session.get(kind, one.record[1])
    by_id = {each.id: each for each in ops_of(session.connection(), *one.record)}
    with because(session, f"undo of {one.id}"):
        if one.fields.get(DELETED):
            before = fold(each for each in by_id.values() if each.id != one.id).values
            session.add(kind.make(id=one.record[1], **before))
            return []
        if found is None:
            raise NothingToUndoError(
                "What the last step changed has been deleted since. Nothing was changed."
            )
        if one.op == kind.MADE:
            if any(each.id.device != one.id.device for each in by_id.values()):
                raise NothingToUndoError(
                    f"A colleague has worked on the {one.record[0].replace('_', ' ')} that the "
                    "last step made. Nothing was undone; delete or withdraw it if it is wrong."
                )
            session.delete(found)
            return []
        before_values: dict[str, Any] = {}
        for name, value in one.fields.items():
            if getattr(found, name) != value:
                raise NothingToUndoError(
                    f"The last step wrote “{called(name)}”, which was changed again since. "
                    "Nothing was undone; its history shows every value."
                )
            before_values[name] = replaced(one, name, by_id, one.record[0])
        found.change(**before_values)
    return list(one.fields)
