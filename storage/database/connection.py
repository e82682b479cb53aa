"""Gives the driver's own connection under SQLAlchemy's, for statements on the way of every key.

Building and compiling an expression costs more than SQLite takes to run it. These statements run
on the same connection and in the same transaction as everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, MetaData, Table
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite as SQLiteDialect

from storage.ops import canonical_json

CACHE_KIB = 3000
"""From the opening on. SQLCipher would keep 8000, which is hardly quicker."""

CACHE_KIB_FOR_SEARCH = 16_000
"""From the first search on: the records of a hundred hits lie all over the file, and with less
each search takes twice the time."""

CACHE_KIB_FOR_REPLAY = 64_000
"""While all of a copy is read and replayed."""

LOG_PAGES = 1000
"""Pages after which a commit writes the write-ahead log into the file; SQLite's own figure."""

LOG_PAGES_FOR_JOBS = 4000
"""While a long job writes: the same pages again and again, which then go into the file once."""

BATCH = 500
"""Values asked for in one statement; below what databases allow."""

T = TypeVar("T")


def batches(values: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Yield values in lists of at most ``size``."""
    source = iter(values)
    while batch := list(islice(source, size)):
        yield batch


def driver(connection: Connection) -> Any:
    """Return the DBAPI connection; it must not be committed, rolled back or closed through this."""
    return connection.connection.dbapi_connection


DIALECT = SQLiteDialect(json_serializer=canonical_json.text)
"""Says how values stand in the database."""


def insert_many(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write new rows, each with a value for every column; on SQLite only.

    An expression of SQLAlchemy's takes ten times as long for thousands of rows.
    """
    statement, values, binds = _insertion(table)
    given = [values(row) for row in rows]
    if binds:
        for number, row in enumerate(given):
            changed = list(row)
            for place, bind in binds:
                changed[place] = bind(row[place])
            given[number] = tuple(changed)
    driver(connection).executemany(statement, given)


_Bind = Callable[[Any], Any]


@cache
def binders(table: Table) -> dict[str, _Bind | None]:
    """Return by column what makes of a value what the driver is given; None for nothing."""
    return {
        one.name: one.type.dialect_impl(DIALECT).bind_processor(DIALECT) for one in table.columns
    }


@cache
def _insertion(
    table: Table,
) -> tuple[str, Callable[[Mapping[str, Any]], tuple[Any, ...]], tuple[tuple[int, _Bind], ...]]:
    """Return the statement for a table, what takes its values, and which are given otherwise."""
    columns = binders(table)
    binds = [(place, bind) for place, bind in enumerate(columns.values()) if bind is not None]
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" * len(columns))
    statement = f'INSERT INTO "{table.name}"({names}) VALUES ({marks})'  # noqa: S608 - names of our own
    return statement, itemgetter(*columns), tuple(binds)


_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


def make_missing(connection: Connection, tables: MetaData) -> None:
    """Make those of a group of tables that are not there; on PostgreSQL the schema has them.

    One look for all of them, as this stands at the head of much that is done often.
    """
    if connection.dialect.name != "sqlite":
        return
    present = {name for (name,) in driver(connection).execute(_TABLES)}
    if not tables.tables.keys() <= present:
        tables.create_all(connection)


def set_cache_size(run: Callable[[str], Any], kib: int) -> None:
    """Let the connection whose ``execute`` this is keep as many from now on."""
    run(f"PRAGMA cache_size = -{kib}")


def write_much(run: Callable[[str], Any]) -> None:
    """Let the connection whose ``execute`` this is write rows that lie all over the file."""
    set_cache_size(run, CACHE_KIB_FOR_SEARCH)
    run(f"PRAGMA wal_autocheckpoint = {LOG_PAGES_FOR_JOBS}")


def write_log(run: Callable[[str], Any]) -> None:
    """Write the log into the file; from now on it grows no longer than usual."""
    run(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
    run("PRAGMA wal_checkpoint(PASSIVE)")
