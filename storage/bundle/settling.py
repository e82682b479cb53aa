"""Many records brought up to date at once: what :func:`storage.replay.settle` does, in batches.

A bundle touches thousands of records, and most of the time of settling one goes into the making of
statements, not into the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, delete, insert, select
from sqlmodel import SQLModel

from storage import search
from storage.entries import counted
from storage.fold import Folded, fold
from storage.op import Op, decode
from storage.records import KINDS, Record
from storage.replay import leaf_rows_of, row_of
from storage.tables import leaves, ops, searchable

BATCH = 500
"""Records settled at once; below what databases allow of values in one statement."""

T = TypeVar("T")


def settle_many(connection: Connection, touched: Iterable[tuple[str, str]]) -> None:
    """Make the leaves, rows and index entries of records what their ops add up to."""
    of_kind: dict[str, list[str]] = {}
    for kind, record in sorted(touched):
        of_kind.setdefault(kind, []).append(record)
    for kind, records in of_kind.items():
        for batch in _batches(records, BATCH):
            _settle(connection, kind, batch)


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


def _settle(connection: Connection, kind: str, records: list[str]) -> None:
    folded = _folded(connection, kind, records)
    connection.execute(
        delete(leaves).where(leaves.c.record_kind == kind, leaves.c.record.in_(records))
    )
    rows = [row for one in folded.values() for row in leaf_rows_of(kind, one)]
    if rows:
        connection.execute(insert(leaves), rows)
    known = KINDS.get(kind)
    if known is not None:
        _rows(connection, known, records, folded)


def _folded(connection: Connection, kind: str, records: list[str]) -> dict[str, Folded]:
    query = select(ops.c.record, ops.c.bytes).where(
        ops.c.record.in_(records), ops.c.record_kind == kind, ops.c.bytes.is_not(None)
    )
    found: dict[str, list[Op]] = {record: [] for record in records}
    for record, data in connection.execute(query):
        found[record].append(decode(data, trusted=True))
    return {record: fold(counted(connection, several)) for record, several in found.items()}


def _rows(
    connection: Connection, kind: type[Record], records: list[str], folded: dict[str, Folded]
) -> None:
    table: Table = SQLModel.metadata.tables[str(kind.__tablename__)]
    shown: dict[str, dict[str, Any]] = {
        record: row_of(kind, record, one)
        for record, one in folded.items()
        if not one.gone and any(name[:1] != "." for name in one.leaves)
    }
    connection.execute(delete(table).where(table.c.id.in_(records)))
    if shown:
        connection.execute(insert(table), list(shown.values()))
    if not kind.SEARCH:
        return
    query = select(searchable.c.record).where(
        searchable.c.record_kind == kind.KIND, searchable.c.record.in_(records)
    )
    indexed = set(connection.execute(query).scalars())
    for record in records:
        if record in shown:
            row = shown[record]
            place = str(row.get("inspection_id", record))
            words, fresh = kind.worded(row), record not in indexed
            search.put(connection, (kind.KIND, record), place, words, fresh=fresh)
        elif record in indexed:
            search.forget(connection, kind.KIND, record)
