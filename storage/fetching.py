"""One record by its id, quickly: the way of every key goes through here.

``Session.get`` builds, hashes and compiles a query each time, which takes longer than all the rest
of it. Here the driver reads the row, and the object joins the session as SQLAlchemy documents it
(``make_transient_to_detached``, then ``add``): from then on it is a loaded object like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite as SQLiteDialect
from sqlalchemy.orm import Mapper, configure_mappers, make_transient_to_detached
from sqlmodel import Session

from storage import canonical
from storage.driver import driver
from storage.records.base import Record

AnyRecord = TypeVar("AnyRecord", bound=Record)
Reader = Callable[[Any], Any]

_DIALECT = SQLiteDialect(json_serializer=canonical.text)


def fetch(session: Session, kind: type[AnyRecord], record: str) -> AnyRecord | None:
    """The record of that id, or nothing; one that the session holds already is that object."""
    mapper, query, names, readers = _plan(kind)
    held = session.identity_map.get(mapper.identity_key_from_primary_key((record,)))
    if held is not None:
        # What a failed step left stale is loaded anew, or found to be gone.
        return session.get(kind, record) if inspect(held).expired else held
    row = driver(session.connection()).execute(query, (record,)).fetchone()
    if row is None:
        return None
    made: AnyRecord = mapper.class_manager.new_instance()
    values = made.__dict__
    for name, value, read in zip(names, row, readers, strict=True):
        values[name] = value if read is None else read(value)
    make_transient_to_detached(made)
    session.add(made)
    return made


@cache
def _plan(
    kind: type[Record],
) -> tuple[Mapper[Any], str, tuple[str, ...], tuple[Reader | None, ...]]:
    """How to read a kind of record: its mapper, the query, and how each column is read."""
    configure_mappers()
    mapper = inspect(kind)
    names = ("id", *kind.field_names())
    table = mapper.local_table
    columns = ", ".join(f'"{name}"' for name in names)
    query = f'SELECT {columns} FROM "{table.name}" WHERE id = ?'  # noqa: S608 - names of our own
    readers = (table.c[name].type.dialect_impl(_DIALECT).result_processor for name in names)
    return mapper, query, names, tuple(one(_DIALECT, None) for one in readers)
