"""Keeps which records the ops of a large bundle touched, until their tables are brought up to date.

A bundle's ops come in the order of their feeds, and its records lie all over the tables and
indexes. Brought up to date in the order of their ids, a slice of them writes a few pages that lie
side by side, and each page is written about once.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, Connection, MetaData, Table, Text

from storage.database.connection import driver, make_missing

_house = MetaData()
_touched = Table(
    "touched",
    _house,
    Column("record_kind", Text, primary_key=True),
    Column("record", Text, primary_key=True),
    sqlite_with_rowid=False,
)
"""The records of the bundle that is being taken in; empty otherwise."""

BEFORE_ALL = ("", "")
"""A place before every record."""

_PUT = "INSERT OR IGNORE INTO touched(record_kind, record) VALUES (?, ?)"
_NEXT = (
    "SELECT record_kind, record FROM touched WHERE (record_kind, record) > (?, ?) "
    "ORDER BY record_kind, record LIMIT ?"
)
_EVERY = "SELECT record_kind, record FROM touched"
_COUNT = "SELECT count(*) FROM touched WHERE (record_kind, record) > (?, ?)"
_EMPTY = "DELETE FROM touched"


def put_touched(connection: Connection, records: Iterable[tuple[str, str]]) -> None:
    """Note records, each by kind and id; some may be noted already."""
    make_missing(connection, _house)
    driver(connection).executemany(_PUT, sorted(records))


def next_touched(
    connection: Connection, after: tuple[str, str], most: int
) -> list[tuple[str, str]]:
    """Return the records that follow on a place, in their order, ``most`` at most."""
    return list(driver(connection).execute(_NEXT, (*after, most)))


def count_touched(connection: Connection, after: tuple[str, str] = BEFORE_ALL) -> int:
    """Return how many records follow on a place."""
    make_missing(connection, _house)
    (count,) = driver(connection).execute(_COUNT, after).fetchone()
    return int(count)


def all_touched(connection: Connection) -> set[tuple[str, str]]:
    """Return every record that was noted."""
    make_missing(connection, _house)
    return set(driver(connection).execute(_EVERY))


def forget_touched(connection: Connection) -> None:
    """Empty the list, at the end of a bundle and before another."""
    make_missing(connection, _house)
    driver(connection).execute(_EMPTY)
