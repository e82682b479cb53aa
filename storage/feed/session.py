"""Gives the session of a vault: every flush makes ops, and a record is found quickly by its id."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite as SQLiteDialect
from sqlalchemy.orm import Mapper, configure_mappers, make_transient_to_detached
from sqlmodel import Session

from storage.database.connection import driver
from storage.feed import journal
from storage.records import Record
from storage.records.registry import KINDS

Reader = Callable[[Any], Any]

_DIALECT = SQLiteDialect()


class OpSession(Session):
    """Is a session that writes ops (:mod:`storage.feed.journal`)."""

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """Return the record of that id, or nothing, as ``Session.get``.

        Building, hashing and compiling the query takes longer there than all the rest of it, so
        here the driver reads the row, and the object joins the session as SQLAlchemy documents it:
        from then on it is a loaded object like any other.
        """
        if options or not isinstance(ident, str) or not issubclass(entity, Record):
            return super().get(entity, ident, **options)
        mapper, query, names, readers = _plan(entity)
        loaded = self.identity_map.get(mapper.identity_key_from_primary_key((ident,)))
        if loaded is not None:
            # What a failed step left stale is loaded anew, or found to be gone.
            return super().get(entity, ident) if inspect(loaded).expired else loaded
        row = self._run(query, (ident,)).fetchone()
        if row is None:
            return None
        record = mapper.class_manager.new_instance()
        values = record.__dict__
        for name, value, read in zip(names, row, readers, strict=True):
            values[name] = value if read is None else read(value)
        make_transient_to_detached(record)
        self.add(record)
        return record

    def _run(self, query: str, values: tuple[Any, ...]) -> Any:
        """Run a query in the present transaction; asking for its connection is the slow part."""
        cached: tuple[object, Any] | None = self.info.get("driver")
        transaction = self.get_transaction()
        if cached is None or transaction is None or cached[0] is not transaction:
            connection = driver(self.connection())
            cached = self.info["driver"] = (self.get_transaction(), connection)
        return cached[1].execute(query, values)


journal.keep(OpSession)


def prepare() -> None:
    """Bind the records to their tables, which the first query would wait for."""
    for kind in KINDS.values():
        _plan(kind)


@cache
def _plan(
    kind: type[Record],
) -> tuple[Mapper[Any], str, tuple[str, ...], tuple[Reader | None, ...]]:
    """Return how to read a kind of record: its mapper, the query, and each column's reader."""
    configure_mappers()
    mapper = inspect(kind)
    names = ("id", *kind.field_names())
    columns = mapper.local_table.c
    listed = ", ".join(f'"{name}"' for name in names)
    query = f'SELECT {listed} FROM "{kind.__tablename__}" WHERE id = ?'  # noqa: S608 - our own names
    types = (columns[name].type.dialect_impl(_DIALECT) for name in names)
    return mapper, query, names, tuple(one.result_processor(_DIALECT, None) for one in types)
