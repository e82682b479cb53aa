"""How ops are made: after every flush, from what changed, in the same transaction.

Screens and services change ordinary record objects. What a flush writes to the tables is written
to the feed on the same connection, so neither can stand without the other. Bulk statements would
slip past this and are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import ORMExecuteState, UOWTransaction
from sqlalchemy.orm.attributes import get_history
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session

from storage.database.tables import house
from storage.errors import FieldkitError
from storage.feed import search
from storage.feed.projection import project_many
from storage.feed.read import Leaf, leaves_of, ops_of, seen_of_others
from storage.feed.writer import Author, Writer
from storage.ops.fold import fold
from storage.ops.op import DELETED, OpId
from storage.ops.text import clean_text
from storage.records import Record
from storage.records.base import revalidate
from storage.records.log import Consultation
from storage.records.registry import KINDS, fields_with


class BulkWriteError(FieldkitError):
    """A statement would have written records without an op."""


@dataclass
class Intent:
    """What the ops of a flush carry besides the change.

    Attributes:
        reason: why, in the person's words.
        base: every write that is replaced, by record and field; what is decided together with the
            field is then no part of what is said.
        each: reasons of single records, by kind and id, in place of the one for all.
    """

    reason: str | None = None
    base: dict[tuple[str, str], list[OpId]] | None = None
    each: dict[tuple[str, str], str] | None = None

    def why(self, made: Record) -> str | None:
        """The reason of a record's op."""
        # A consultation is written with whatever comes next, whose reason is none of its own.
        if isinstance(made, Consultation):
            return None
        return (self.each or {}).get((made.KIND, made.id), self.reason)


@contextmanager
def because(
    session: Session,
    reason: str | None,
    *,
    base: dict[tuple[str, str], list[OpId]] | None = None,
    each: dict[tuple[str, str], str] | None = None,
) -> Iterator[None]:
    """Give a reason, or one for each record, to what is changed within; see :class:`Intent`."""
    session.flush()
    session.info["intent"] = Intent(clean_text(reason or "").strip() or None, base, each)
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
    """Make all sessions of a class write ops; done once for the class of a vault's sessions."""
    event.listen(sessions, "before_flush", _before_flush)
    event.listen(sessions, "after_flush", _after_flush)
    event.listen(sessions, "after_commit", _after_commit)
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


def _before_flush(session: Session, context: UOWTransaction, instances: Any) -> None:
    for made in [*session.new, *session.dirty]:
        if isinstance(made, Record):
            revalidate(made)
    if session.new or session.dirty or session.deleted:
        record_consultations(session)


def _after_flush(session: Session, context: UOWTransaction) -> None:
    author: Author = session.info["author"]
    intent: Intent = session.info.get("intent") or Intent()
    connection = session.connection()
    writer = Writer(connection, author)
    for made in session.new:
        if isinstance(made, Record):
            fresh = _created(writer, connection, made, intent)
            search.index(connection, made, fresh=fresh)
    for made in session.dirty:
        if isinstance(made, Record):
            _changed(session, writer, author, made, intent)
    for made in session.deleted:
        if isinstance(made, Record):
            _removed(writer, connection, made, intent)
            if made.SEARCH:
                search.forget(connection, made.KIND, made.id)
    _flush(session, writer)


def _created(writer: Writer, connection: Connection, made: Record, intent: Intent) -> bool:
    kind = type(made)
    before = leaves_of(connection, made.KIND, made.id)
    fields = {name: getattr(made, name) for name in kind.field_names()}
    fields = {
        name: value
        for name, value in fields.items()
        if name in before or name in kind.STATED or value != kind.default(name)
    }
    fields |= _decided_with(made, fields)
    base: list[OpId] = []
    if before:
        fields[DELETED] = False
        base = sorted({leaf.id for name in fields for leaf in before.get(name, [])})
    writer.append(kind.FEED, kind.MADE, (made.KIND, made.id), fields, base, intent.why(made))
    return not before


def _changed(
    session: Session, writer: Writer, author: Author, made: Record, intent: Intent
) -> None:
    connection = session.connection()
    fields = {
        name: getattr(made, name)
        for name in made.field_names()
        if get_history(made, name).has_changes()
    }
    if not fields:
        return
    before = leaves_of(connection, made.KIND, made.id)
    if intent.base is not None:
        base = {one for name in fields for one in intent.base.get((made.id, name), [])}
    else:
        fields |= _decided_with(made, fields)
        base = _replaced_by(made, fields, before)
    base |= seen_of_others(connection, author.device, (made.KIND, made.id), before, fields)
    written = writer.append(
        made.FEED, "set", (made.KIND, made.id), fields, sorted(base), intent.why(made)
    )
    if any(
        leaf.id not in base and leaf.order > written.order
        for name in fields
        for leaf in before.get(name, [])
    ):
        session.info.setdefault("refold", []).append((made.KIND, made.id))
    if any(name in made.SEARCH for name in fields):
        search.index(connection, made)


def _decided_with(made: Record, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are decided together with those written, also where they keep their values.

    Whoever gives a grade a new reason says the grade again: somebody else's other grade, written
    without sight of it, would otherwise stand beside this reason. Who wrote it, and when, only
    goes along.
    """
    return {
        name: getattr(made, name)
        for group in made.TOGETHER.values()
        if fields.keys() & set(group) - fields_with(type(made), "following")
        for name in group
    }


def _replaced_by(
    made: Record, fields: Mapping[str, Any], before: Mapping[str, list[Leaf]]
) -> set[OpId]:
    """The shown write of each field; other answers to what is decided together stay in conflict.

    Where two answers wait, one's grade may be shown beside the other's state. What is written then
    stands in place of the answer that the first field belongs to, and of no other.
    """
    others = {
        leaf.id
        for group in made.TOGETHER.values()
        if group[0] in fields
        for leaf in before.get(group[0], [])[1:]
    }
    return {before[name][0].id for name in fields if name in before} - others


def _removed(writer: Writer, connection: Connection, made: Record, intent: Intent) -> None:
    # From the ops: of a later fieldkit's fields there are no leaves, and a deletion sees them too.
    before = fold(ops_of(connection, made.KIND, made.id)).leaves
    base = sorted({leaf.id for several in before.values() for leaf in several})
    writer.append(
        made.FEED, made.UNMADE, (made.KIND, made.id), {DELETED: True}, base, intent.why(made)
    )


def _after_commit(session: Session) -> None:
    author: Author = session.info["author"]
    del author.pending[: session.info.pop("consulting", 0)]
    written = session.info.pop("written", [])
    if written and not session.info.pop("undoing", False):
        author.undoable.append([one.id for one in written])
