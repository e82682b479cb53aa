"""A conflict is resolved by one op that names every parallel write it settles.

It is an op like any other: it travels, and it closes the conflict wherever it arrives, unless
somebody wrote the field in parallel to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from storage.conflicts.answers import Answer, answers_in
from storage.errors import FieldkitError
from storage.feed.journal import because, writing
from storage.feed.read import leaves_of, ops_of, seen_of_others
from storage.feed.reasons import reason_of
from storage.ops.fold import Folded, fold
from storage.ops.op import DELETED, Op
from storage.ops.text import clean_text
from storage.records.registry import KINDS, known_fields


class NoConflictError(FieldkitError):
    """There is nothing to decide."""


@dataclass(frozen=True)
class ConflictedRecord:
    """Holds a record with parallel writes.

    Attributes:
        kind, record: which record.
        folded: what its ops add up to.
        ops: all of its ops, in the order of the clock.
    """

    kind: str
    record: str
    folded: Folded
    ops: tuple[Op, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields in conflict that are known here."""
        return tuple(sorted(self.folded.conflicts.keys() & known_fields(self.kind)))

    def answers(self, fields: Sequence[str]) -> list[Answer]:
        """Return the answers in fields that are one answer together, the shown one first."""
        return answers_in(self.kind, self.ops, fields)

    @property
    def edits(self) -> list[Op]:
        """Return the writes that a deletion did not see, and that beat it."""
        leaves = self.folded.leaves
        seen = {named for tomb in leaves.get(DELETED, ()) for named in tomb.base}
        writes = (op for name, ops in leaves.items() if name != DELETED for op in ops)
        unseen = {op.id: op for op in writes if op.id not in seen}
        return sorted(unseen.values(), key=lambda one: one.order, reverse=True)


def conflicted_record(session: Session, kind: str, record: str) -> ConflictedRecord:
    """Return the parallel writes of a record; raises :class:`NoConflictError` for none."""
    known = ops_of(session.connection(), kind, record)
    ordered = tuple(sorted(known, key=lambda one: one.order))
    conflicted = ConflictedRecord(kind, record, fold(known), ordered)
    if not conflicted.fields:
        raise NoConflictError(
            "Nothing is in conflict there any more. Nothing was changed. Somebody may have decided "
            "it meanwhile; its history shows who."
        )
    return conflicted


def resolve(
    session: Session, kind: str, record: str, values: Mapping[str, Any], reason: str | None = None
) -> Op:
    """Write one answer in fields that are in conflict, instead of all there are.

    Args:
        session: a writing session.
        kind: the kind of record.
        record: its id.
        values: for each field to be decided, the value; fields that are not in conflict may go
            along. For a deletion that was beaten, ``.deleted`` says whether the record goes.
        reason: why, in the person's words.

    Raises:
        NoConflictError: none of the fields is in conflict any more.
        InvalidError: a value is none that the field may hold.
    """
    session.flush()
    conflicted = conflicted_record(session, kind, record)
    if not set(values) & set(conflicted.fields):
        raise NoConflictError(
            "These fields are not in conflict any more. Nothing was changed. Look at what is "
            "there now, and decide what is left."
        )
    known = KINDS[kind]
    shown = session.get(known, record)
    if values.get(DELETED):
        if shown is None:
            raise NoConflictError("The record is deleted already. Nothing was changed.")
        # As any deletion, it names every write that is seen.
        with because(session, reason):
            session.delete(shown)
        return last_op(session, kind, record)
    fields = {name: value for name, value in values.items() if name != DELETED}
    if fields:
        present = conflicted.folded.values
        before = {name: present.get(name, known.default(name)) for name in known.field_names()}
        checked = known.make(id=record, **(before | fields))
        fields = {name: getattr(checked, name) for name in fields}
    if DELETED in values:
        fields[DELETED] = False
    connection, leaves = session.connection(), conflicted.folded.leaves
    place, device = (kind, record), session.info["author"].device
    seen = seen_of_others(connection, device, place, leaves_of(connection, *place), fields)
    base = sorted({op.id for name in fields for op in leaves.get(name, [])} | seen)
    given = clean_text(reason or "").strip() or None
    # An edit that comes back was deleted, and has no row to say of which inspection it is.
    why = given if shown is None else reason_of(session, shown, given)
    with writing(session, place) as writer:
        return writer.append(known.FEED, "resolve", place, fields, base, why)


def last_op(session: Session, kind: str, record: str) -> Op:
    """Return the latest op of a record by the clock."""
    return max(ops_of(session.connection(), kind, record), key=lambda one: one.order)
