"""Makes ops after every flush, of what changed, in the same transaction.

Screens and services change ordinary record objects. What a flush writes to the tables is written
to the feed on the same connection, so neither can stand without the other. Bulk statements would
slip past this and are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session

from storage.database.tables import house
from storage.errors import FieldkitError
from storage.feed import search
from storage.feed.disputed import renew_disputed
from storage.feed.projection import project_many
from storage.feed.read import Leaf, leaves_of, ops_of, seen_of_others
from storage.feed.reasons import reason_of, with_stated
from storage.feed.writer import OPPOSITE, STEP, Author, KeptText, UnfitError, Writer
from storage.ops.fold import fold
from storage.ops.op import DELETED, Op, OpId
from storage.ops.text import clean_text
from storage.records import Record
from storage.records.log import Consultation
from storage.records.registry import KINDS, field_label, fields_with, free_fields, free_text


class BulkWriteError(FieldkitError):
    """A statement would have written records without an op."""


@dataclass
class Intent:
    """Holds what the ops of a flush carry besides the change.

    Attributes:
        reason: why, in the person's words.
        base: every write that is replaced, by record and field; what is decided together with the
            field is then no part of what is said.
        each: reasons of single records, by kind and id, in place of the one for all.
        stated: what fieldkit itself puts on record beside the reason; none by itself.
    """

    reason: str | None = None
    base: dict[tuple[str, str], list[OpId]] | None = None
    each: dict[tuple[str, str], str] | None = None
    stated: str = ""

    def why(self, session: Session, record: Record) -> str | None:
        """Return the reason of a record's op; raises `ReasonNeededError`."""
        # A consultation is written with whatever comes next, whose reason is none of its own.
        if isinstance(record, Consultation):
            return None
        given = (self.each or {}).get((record.KIND, record.id), self.reason)
        return with_stated(reason_of(session, record, given), self.stated)


@contextmanager
def because(
    session: Session,
    reason: str | None,
    *,
    base: dict[tuple[str, str], list[OpId]] | None = None,
    each: dict[tuple[str, str], str] | None = None,
    stated: str = "",
) -> Iterator[None]:
    """Give a reason, or one for each record, to what is changed within; see :class:`Intent`."""
    session.flush()
    session.info["intent"] = Intent(clean_text(reason or "").strip() or None, base, each, stated)
    try:
        yield
        session.flush()
    finally:
        session.info.pop("intent", None)


@contextmanager
def writing(session: Session, *records: tuple[str, str]) -> Iterator[Writer]:
    """Append ops that are no change of a row; the rows are made what the ops add up to afterwards.

    Args:
        session: a writing session.
        records: those whose ops are appended, by kind and id.
    """
    record_consultations(session)
    session.flush()
    connection = session.connection()
    writer = Writer(connection, session.info["author"])
    yield writer
    _flush(session, writer)
    project_many(connection, records)
    for kind, record in records:
        row = session.identity_map.get(identity_key(KINDS[kind], record))
        if row is not None:
            session.expire(row)


def _flush(session: Session, writer: Writer) -> None:
    writer.flush()
    session.info.setdefault("written", []).extend(writer.written)


def keep(sessions: type[Session]) -> None:
    """Let no session of a class write past the feed; done once for the class of a vault's."""
    event.listen(sessions, "do_orm_execute", _no_bulk)


def _no_bulk(state: ORMExecuteState) -> None:
    writes = state.is_insert or state.is_update or state.is_delete
    table = getattr(state.statement, "table", None)
    if writes and (table is None or table.metadata is not house):
        raise BulkWriteError(
            "A bulk write was refused, because it would leave no trace in the feed. "
            "Nothing was changed."
        )


def record_consultations(session: Session) -> None:
    """Add a consultation for each record opened since the last commit, once a session."""
    author: Author = session.info["author"]
    for kind, record in author.pending[session.info.get("consulting", 0) :]:
        session.add(Consultation.make(of_kind=kind, of_id=record))
    session.info["consulting"] = len(author.pending)


def write_ops(
    session: Session,
    new: Sequence[Record],
    changed: Sequence[tuple[Record, dict[str, Any]]],
    deleted: Sequence[Record],
) -> None:
    """Append the ops of what a flush wrote; raises :class:`UnfitError`, `ReasonNeededError`.

    Args:
        session: a writing session.
        new: the records that were added.
        changed: those that may have been changed, each with the fields that were.
        deleted: those taken away.
    """
    author: Author = session.info["author"]
    intent: Intent = session.info.get("intent") or Intent()
    connection = session.connection()
    writer = Writer(connection, author)
    doubtful: list[tuple[str, str]] = []
    for record in new:
        before = _created(writer, connection, record, intent.why(session, record))
        search.index(connection, record, fresh=not before)
        if before:
            doubtful.append((record.KIND, record.id))
    for record, fields in changed:
        if fields:
            leaves = _changed(session, writer, author, record, fields, intent)
            if intent.base is not None or may_be_disputed(leaves):
                doubtful.append((record.KIND, record.id))
    for record in deleted:
        gone = _removed(writer, connection, record, intent.why(session, record))
        if may_be_disputed(gone):
            doubtful.append((record.KIND, record.id))
        if record.SEARCH:
            search.forget(connection, record.KIND, record.id)
    _flush(session, writer)
    renew_disputed(connection, doubtful)


def may_be_disputed(before: Mapping[str, Sequence[object]]) -> bool:
    """Say whether a write on these leaves may begin, change or end a conflict.

    Of a record with one leaf in each field and no deletion, a write replaces what it writes.
    """
    return DELETED in before or any(len(leaves) > 1 for leaves in before.values())


def _created(
    writer: Writer, connection: Connection, record: Record, why: str | None
) -> Mapping[str, list[Leaf]]:
    """Append the op that makes a record; return the leaves that it had before."""
    before = leaves_of(connection, record.KIND, record.id)
    append_making(writer, type(record), record.id, record.field_values(), before, why)
    return before


def append_making(
    writer: Writer,
    kind: type[Record],
    record: str,
    values: Mapping[str, Any],
    before: Mapping[str, list[Leaf]],
    why: str | None,
) -> None:
    """Append the op that makes a record of these values, in sight of the leaves it had before."""
    stated = kind.STATED | kind.required()
    fields = {
        name: value
        for name, value in values.items()
        if name in before or name in stated or value != kind.default(name)
    }
    fields |= _decided_with(kind, values, fields)
    base: list[OpId] = []
    if before:
        fields[DELETED] = False
        base = sorted({leaf.id for name in fields for leaf in before.get(name, [])})
    writer.append(kind.FEED, kind.MADE, (kind.KIND, record), fields, base, why)


def _changed(
    session: Session,
    writer: Writer,
    author: Author,
    record: Record,
    fields: dict[str, Any],
    intent: Intent,
) -> Mapping[str, list[Leaf]]:
    """Append the op of what changed in a record; return its leaves before."""
    connection = session.connection()
    if moved := fields.keys() & set(record.ONCE):
        raise UnfitError(f"{field_label(record.KIND, min(moved))} is written once, at the making")
    before = leaves_of(connection, record.KIND, record.id)
    if intent.base is not None:
        base = {op for name in fields for op in intent.base.get((record.id, name), [])}
    else:
        fields |= _decided_with(type(record), record.field_values(), fields)
        base = _replaced_by(connection, record, fields, before)
    base |= seen_of_others(connection, author.device, (record.KIND, record.id), before, fields)
    written = writer.append(
        record.FEED,
        "set",
        (record.KIND, record.id),
        fields,
        sorted(base),
        intent.why(session, record),
    )
    if any(
        leaf.id not in base and leaf.order > written.order
        for name in fields
        for leaf in before.get(name, [])
    ):
        session.info.setdefault("refold", []).append((record.KIND, record.id))
    if any(name in record.SEARCH for name in fields):
        search.index(connection, record)
    return before


def _decided_with(
    kind: type[Record], values: Mapping[str, Any], fields: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the fields that are decided together with those written, whatever their values.

    Whoever gives a grade a new reason says the grade again: somebody else's other grade, written
    without sight of it, would otherwise stand beside this reason. Who wrote it, and when, only
    goes along. Texts that did not change are not repeated: they may have been redacted meanwhile.
    """
    return {
        name: values[name]
        for group in kind.TOGETHER.values()
        if fields.keys() & set(group) - fields_with(kind, "following")
        for name in group
        if name in fields or not free_text(kind.KIND, name)
    }


def _replaced_by(
    connection: Connection,
    record: Record,
    fields: Mapping[str, Any],
    before: Mapping[str, list[Leaf]],
) -> set[OpId]:
    """Return the shown write of each field; other answers to a group stay in conflict.

    Where two answers wait, one's grade may be shown beside the other's state. What is written then
    replaces the answer that the first field belongs to, those that say the same, and no other.
    """
    waiting = {
        leaf.id
        for group in record.TOGETHER.values()
        if group[0] in fields
        for leaf in before.get(group[0], [])[1:]
    }
    shown = {name: before[name][0].id for name in fields if name in before}
    if not waiting:
        return set(shown.values())
    ops = {op.id: op.fields for op in ops_of(connection, record.KIND, record.id)}
    answer = {
        name: ops[shown[name]].get(name)
        for name in shown.keys() - fields_with(type(record), "following")
        if shown[name] in ops
    }
    same = {
        other
        for other in waiting & ops.keys()
        if all(ops[other].get(name, value) == value for name, value in answer.items())
    }
    return set(shown.values()) - waiting | same


def _removed(
    writer: Writer, connection: Connection, record: Record, why: str | None
) -> Mapping[str, list[Op]]:
    """Append the op that deletes a record; return the leaves that it had before."""
    ops = ops_of(connection, record.KIND, record.id)
    return append_removal(writer, type(record), record.id, ops, why)


def append_removal(
    writer: Writer, kind: type[Record], record: str, ops: list[Op], why: str | None
) -> Mapping[str, list[Op]]:
    """Append the op that deletes a record which has these ops; return its leaves before."""
    # From the ops: of a later fieldkit's fields there are no leaves, and a deletion sees them too.
    before = fold(ops).leaves
    base = sorted({leaf.id for field_leaves in before.values() for leaf in field_leaves})
    writer.append(kind.FEED, kind.UNMADE, (kind.KIND, record), {DELETED: True}, base, why)
    return before


def note_committed(session: Session) -> None:
    """Note what a commit made durable: for undo, and the texts that wait to be looked through."""
    author: Author = session.info["author"]
    del author.pending[: session.info.pop("consulting", 0)]
    written = session.info.pop("written", [])
    opposite = session.info.pop(OPPOSITE, "")
    if written:
        author.has_written([op.id for op in written], opposite, session.info.pop(STEP, None))
    texts = [
        KeptText(op.record[0], op.record[1], name)
        for op in written
        for name, value in op.fields.items()
        if name in free_fields(op.record[0]) and isinstance(value, str) and value.strip()
    ]
    if not opposite:  # whose reason names an op
        reasons = {op.reason: op.record for op in written if op.reason and op.reason.strip()}
        texts += [KeptText(of[0], of[1], "", reason) for reason, of in reasons.items()]
    author.kept.extend(texts)
    if texts and author.when_kept is not None:
        author.when_kept()
