"""Projects ops on to tables: leaves, rows and index entries are made what the ops add up to.

A bundle touches thousands of records, and most of the time of projecting one goes into the making
of statements, not into the database; so many are projected in batches.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select
from sqlmodel import SQLModel

from storage.database.connection import batches
from storage.database.tables import leaves, ops, searchable
from storage.feed import search
from storage.feed.read import with_known_entries
from storage.feed.writer import leaf_rows
from storage.ops.fold import Folded, fold
from storage.ops.op import Op, decode
from storage.records import Record
from storage.records.registry import KINDS, known_fields

Row = dict[str, Any]


def project(connection: Connection, kind: str, record: str) -> None:
    """Make one record's leaves, row and index entry what its ops add up to."""
    _project(connection, kind, [record])


def project_many(connection: Connection, touched: Iterable[tuple[str, str]]) -> None:
    """Do as :func:`project` does for records of any kinds, each given by kind and id."""
    of_kind: dict[str, list[str]] = {}
    for kind, record in sorted(touched):
        of_kind.setdefault(kind, []).append(record)
    for kind, records in of_kind.items():
        for batch in batches(records):
            _project(connection, kind, batch)


def _project(connection: Connection, kind: str, records: list[str]) -> None:
    folded = _folded(connection, kind, records)
    connection.execute(
        delete(leaves).where(leaves.c.record_kind == kind, leaves.c.record.in_(records))
    )
    rows = [row for record in folded.values() for row in leaf_rows_of(kind, record)]
    if rows:
        connection.execute(insert(leaves), rows)
    known = KINDS.get(kind)
    if known is not None:
        _rows(connection, known, records, folded)


def _folded(connection: Connection, kind: str, records: list[str]) -> dict[str, Folded]:
    query = select(ops.c.record, ops.c.bytes).where(
        ops.c.record.in_(records), ops.c.record_kind == kind, ops.c.bytes.is_not(None)
    )
    known: dict[str, list[Op]] = {record: [] for record in records}
    for record, data in connection.execute(query):
        known[record].append(decode(data, trusted=True))
    return {
        record: fold(with_known_entries(connection, written)) for record, written in known.items()
    }


def _rows(
    connection: Connection, kind: type[Record], records: list[str], folded: dict[str, Folded]
) -> None:
    table = table_of(kind)
    shown = {
        record: row_of(kind, record, state)
        for record, state in folded.items()
        if is_shown(kind.KIND, state)
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


def row_of(kind: type[Record], record: str, folded: Folded) -> Row:
    """Return the row that a record's ops add up to; fields never written have their default."""
    values = folded.values
    return {"id": record} | {
        name: values.get(name, kind.default(name)) for name in kind.field_names()
    }


def is_shown(kind: str, folded: Folded) -> bool:
    """Say whether a record has a row: its kind is known, and more than a deletion is here."""
    return kind in KINDS and not folded.deleted and any(name[:1] != "." for name in folded.leaves)


def leaf_rows_of(kind: str, folded: Folded) -> list[Row]:
    """Return the rows of the ``leaf`` table for a record: only of fields that its kind knows."""
    return [
        row
        for name in folded.leaves.keys() & known_fields(kind)
        for op in folded.leaves[name]
        for row in leaf_rows(op, [name])
    ]


def table_of(kind: type[Record]) -> Table:
    """Return the table that the records of a kind have their rows in."""
    return SQLModel.metadata.tables[str(kind.__tablename__)]
