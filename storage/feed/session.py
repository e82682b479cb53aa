"""Gives the session of a vault: every flush makes ops; rows are read and written by the driver.

What SQLAlchemy does for any object at each flush and each look-up takes longer than all the rest of
a key's way to the disk. Records have no relations, defaults of the database or versions of rows, so
here the statements are made once for each kind, and objects join the session as those do that
SQLAlchemy loads: from then on they are loaded objects like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Table, inspect
from sqlalchemy.orm import (
    Mapper,
    configure_mappers,
    make_transient_to_detached,
)
from sqlalchemy.orm.attributes import get_history
from sqlmodel import Session

from storage.database.connection import DIALECT, binders, driver, insert_many
from storage.errors import FieldkitError
from storage.feed import journal
from storage.feed.projection import table_of
from storage.feed.writer import SEEN, Author
from storage.records import Record
from storage.records.model.base import revalidate
from storage.records.registry import KINDS

Reader = Callable[[Any], Any]


T = TypeVar("T")
Steps = Generator[None, None, T]
"""A long job that reads, and yields where others may be served; it returns what it read."""


def whole(steps: Steps[T]) -> T:
    """Return what such a job reads, at once."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: T = done.value
            return result


class GoneError(FieldkitError):
    """A record was changed that has no row."""


class OpSession(Session):
    """Is a session of records that writes ops (:mod:`storage.feed.journal`), for one step.

    Args:
        connection: of SQLAlchemy, which is kept from step to step.
        author: who writes.
    """

    def __init__(self, connection: Connection, author: Author) -> None:
        super().__init__(connection, autoflush=False, expire_on_commit=False)
        self._kept = connection
        self.info["author"] = author

    def begin_writing(self) -> None:
        """Begin the transaction of a writing step."""
        driver(self._kept).execute("BEGIN IMMEDIATE")

    def connection(self, *args: Any, **options: Any) -> Connection:
        """Return the connection; statements of the driver are in the step's transaction."""
        return self._kept

    def commit(self) -> None:
        """Make the step durable, all of it; a step has one commit."""
        self.flush()
        driver(self._kept).commit()
        if seen := self.info.pop(SEEN, ""):
            self.info["author"].clock.meet(seen)
        journal.note_committed(self)

    def rest(self) -> None:
        """End the transaction of a reading step that goes on later; what it read stays loaded."""
        super().commit()
        self._end()

    def close(self) -> None:
        """End the step; what was not committed is undone."""
        super().close()
        self._end()

    def _end(self) -> None:
        if (begun := self._kept.get_transaction()) is not None:
            begun.close()
        if (connection := driver(self._kept)).in_transaction:
            connection.rollback()

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """Return the record of that id, or nothing, as ``Session.get``.

        Building, hashing and compiling the query takes longer there than all the rest of it, so
        here the driver reads the row, and the object joins the session as SQLAlchemy documents it:
        from then on it is a loaded object like any other.
        """
        if options or not isinstance(ident, str) or not issubclass(entity, Record):
            return super().get(entity, ident, **options)
        plan = _plan(entity)
        identity = plan.mapper.identity_key_from_primary_key((ident,))
        loaded = self.identity_map.get(identity)
        if loaded is not None:
            # What a failed step left stale is loaded anew, or found to be gone.
            return super().get(entity, ident) if inspect(loaded).expired else loaded
        row = driver(self.connection()).execute(plan.select, (ident,)).fetchone()
        if row is None:
            return None
        record = plan.mapper.class_manager.new_instance()
        values = record.__dict__
        for name, value, read in zip(plan.names, row, plan.readers, strict=True):
            values[name] = value if read is None else read(value)
        # As SQLAlchemy's own loading does; the documented way to it takes longer than the query.
        state = inspect(record)
        state.key, state.session_id = identity, self.hash_key
        self.identity_map.add(state)
        return record

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what was added, changed and deleted, and the ops of it, on the same connection.

        Raises:
            InvalidError: a value does not fit its field.
            GoneError: what was changed has no row any more.
        """
        if self._is_clean():
            return
        for record in [*self.new, *self.dirty]:
            revalidate(record)
        journal.record_consultations(self)
        new: list[Record] = list(self.new)
        dirty: list[Record] = list(self.dirty)
        deleted: list[Record] = list(self.deleted)
        write = driver(self.connection()).execute
        for record in new:
            insert_many(self.connection(), _plan(type(record)).table, [record.__dict__])
        changed = [(record, _changed_fields(record)) for record in dirty]
        for record, fields in changed:
            if fields and not _update(write, record, fields):
                raise GoneError(
                    f"The {record.noun()} that was to be changed is no longer there. Nothing was "
                    "changed. Go back to the list and choose again."
                )
        for record in deleted:
            write(_plan(type(record)).delete, (record.id,))
        journal.write_ops(self, new, changed, deleted)
        for record in new:
            self.expunge(record)
            make_transient_to_detached(record)
            self.add(record)
        for record in dirty:
            # As SQLAlchemy does after its own statements; there is no documented way to it.
            inspect(record)._commit_all(record.__dict__, self.identity_map)
        for record in deleted:
            self.expunge(record)


journal.keep(OpSession)


def prepare() -> None:
    """Bind the records to their tables, which the first query would wait for."""
    for kind in KINDS.values():
        _plan(kind)


def _changed_fields(record: Record) -> dict[str, Any]:
    """Return the fields of a record that were changed or confirmed since its row was written."""
    unmodified = inspect(record).unmodified
    return {
        name: getattr(record, name)
        for name in record.field_names()
        if name not in unmodified and get_history(record, name).has_changes()
    }


def _update(
    write: Callable[[str, Sequence[Any]], Any], record: Record, fields: dict[str, Any]
) -> bool:
    """Write some fields of a record's row; whether it has one."""
    bind = binders(_plan(type(record)).table)
    values = [value if (to := bind[name]) is None else to(value) for name, value in fields.items()]
    statement = _update_of(type(record), tuple(fields))
    return bool(write(statement, [*values, record.id]).rowcount)


class _Plan(NamedTuple):
    """Says how a kind of record is read and written.

    Attributes:
        mapper: of its class.
        table: of its rows.
        names: its columns.
        select, delete: the statements for one row.
        readers: of each column, what makes a value of what the database gives; None for nothing.
    """

    mapper: Mapper[Any]
    table: Table
    names: tuple[str, ...]
    select: str
    delete: str
    readers: tuple[Reader | None, ...]


@cache
def _plan(kind: type[Record]) -> _Plan:
    configure_mappers()
    mapper = inspect(kind)
    names = ("id", *kind.field_names())
    table = table_of(kind)
    listed = ", ".join(f'"{name}"' for name in names)
    types = (table.c[name].type.dialect_impl(DIALECT) for name in names)
    return _Plan(
        mapper,
        table,
        names,
        f'SELECT {listed} FROM "{table.name}" WHERE id = ?',  # noqa: S608 - our own names
        f'DELETE FROM "{table.name}" WHERE id = ?',  # noqa: S608 - our own names
        tuple(one.result_processor(DIALECT, None) for one in types),
    )


@cache
def _update_of(kind: type[Record], names: tuple[str, ...]) -> str:
    listed = ", ".join(f'"{name}" = ?' for name in names)
    return f'UPDATE "{kind.__tablename__}" SET {listed} WHERE id = ?'  # noqa: S608 - our own names
