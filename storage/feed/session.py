"""The session of a vault: every flush makes ops, and one record is found by its id quickly."""

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
    """A session that writes ops (:mod:`storage.feed.journal`)."""

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """The record of that id, or nothing, as ``Session.get``.

        Building, hashing and compiling the query takes longer there than all the rest of it, so
        here the driver reads the row, and the object joins the session as SQLAlchemy documents it:
        from then on it is a loaded object like any other.
        """
        if options or not isinstance(ident, str) or not issubclass(entity, Record):
            return super().get(entity, ident, **options)
        mapper, query, names, readers = _plan(entity)
        held = self.identity_map.get(mapper.identity_key_from_primary_key((ident,)))
        if held is not None:
            # What a failed step left stale is loaded anew, or found to be gone.
            return super().get(entity, ident) if inspect(held).expired else held
        row = self._run(query, (ident,)).fetchone()
        if row is None:
            return None
        made = mapper.class_manager.new_instance()
        values = made.__dict__
        for name, value, read in zip(names, row, readers, strict=True):
            values[name] = value if read is None else read(value)
        make_transient_to_detached(made)
        self.add(made)
        return made

    def _run(self, query: str, values: tuple[Any, ...]) -> Any:
        """Run a query in the present transaction; asking for its connection is the slow part."""
        held: tuple[object, Any] | None = self.info.get("driver")
        transaction = self.get_transaction()
        if held is None or transaction is None or held[0] is not transaction:
            connection = driver(self.connection())
            held = self.info["driver"] = (self.get_transaction(), connection)
        return held[1].execute(query, values)


journal.keep(OpSession)


def prepare() -> None:
    """Bind the records to their tables, which the first query would wait for."""
    for kind in KINDS.values():
        _plan(kind)


@cache
def _plan(
    kind: type[Record],
) -> tuple[Mapper[Any], str, tuple[str, ...], tuple[Reader | None, ...]]:
    """How to read a kind of record: its mapper, the query, and how each column is read."""
    configure_mappers()
    mapper = inspect(kind)
    names = ("id", *kind.field_names())
    columns = mapper.local_table.c
    listed = ", ".join(f'"{name}"' for name in names)
    query = f'SELECT {listed} FROM "{kind.__tablename__}" WHERE id = ?'  # noqa: S608 - our own names
    types = (columns[name].type.dialect_impl(_DIALECT) for name in names)
    return mapper, query, names, tuple(one.result_processor(_DIALECT, None) for one in types)
