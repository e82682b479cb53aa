"""Makes the tables anew from the ops, and proves that they already are what they say.

Derived tables are never migrated: they are dropped and made again in one transaction.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from sqlalchemy import Connection, Table, delete, insert, select

from storage.database.tables import disputed, leaves, ops, refused, searchable
from storage.feed import search
from storage.feed.disputed import disputed_rows
from storage.feed.judge import BACKDATED, Refusal, is_shown
from storage.feed.projection import (
    Row,
    judged_rows,
    leaf_rows_of,
    refusal_row,
    row_of,
    table_of,
)
from storage.feed.read import looking
from storage.ops import canonical_json
from storage.ops.fold import WRITES, Folded, fold
from storage.ops.redactions import REDACT
from storage.progress import Progress, silent
from storage.records.registry import KINDS

Replayed = tuple[str, str, Folded, tuple[Refusal, ...]]
"""A record's kind and id, what its ops add up to, and which of them do not count."""


def folded_records(connection: Connection) -> Iterator[Replayed]:
    """Return every record with what its ops add up to, and those of them that are refused."""
    query = (
        select(ops.c.record_kind, ops.c.record, ops.c.verb, ops.c.bytes)
        .where(ops.c.verb.in_(WRITES | {REDACT, BACKDATED}), ops.c.bytes.is_not(None))
        .order_by(ops.c.record, ops.c.record_kind)
    )
    rows, look = connection.execute(query), looking(connection)
    for (record, kind), group in itertools.groupby(rows, lambda row: (row[1], row[0])):
        judgement = judged_rows(connection, kind, (row[2:4] for row in group), look)
        yield kind, record, fold(judgement.ops), judgement.refusals


BATCH = 2000
"""Rows written at once in a replay."""


_RECORDS = "SELECT count(*) FROM (SELECT DISTINCT record, record_kind FROM op)"


def _with_progress(connection: Connection, progress: Progress) -> Iterator[Replayed]:
    """Return every record as :func:`folded_records` gives it, telling how far it has come."""
    if progress is silent:
        yield from folded_records(connection)
        return
    total = int(connection.exec_driver_sql(_RECORDS).scalar_one())
    for done, record in enumerate(folded_records(connection)):
        if done % 100 == 0:
            progress("records", min(done, total), total)
        yield record
    progress("records", total, total)


def replay(connection: Connection, progress: Progress = silent) -> int:
    """Drop what the ops add up to and make it again; returns the number of records.

    The caller's transaction holds all of it, so a replay that fails changes nothing.
    """
    for kind in KINDS.values():
        connection.execute(delete(table_of(kind)))
    for table in (leaves, disputed, refused):
        connection.execute(delete(table))
    _empty_index(connection)
    waiting: dict[Table, list[Row]] = {}

    def put(table: Table, rows: list[Row]) -> None:
        rows_waiting = waiting.setdefault(table, [])
        rows_waiting.extend(rows)
        if len(rows_waiting) >= BATCH:
            connection.execute(insert(table), rows_waiting)
            rows_waiting.clear()

    count = 0
    for name, record, folded, refusals in _with_progress(connection, progress):
        put(refused, [refusal_row(one) for one in refusals])
        put(leaves, leaf_rows_of(name, folded))
        put(disputed, disputed_rows(name, record, folded))
        if is_shown(name, folded):
            kind = KINDS[name]
            row = row_of(kind, record, folded)
            put(table_of(kind), [row])
            search.index(connection, kind(**row), fresh=True)
            count += 1
    for table, rows in waiting.items():
        if rows:
            connection.execute(insert(table), rows)
    return count


def _empty_index(connection: Connection) -> None:
    connection.exec_driver_sql("DROP TABLE IF EXISTS words")
    search.create(connection)
    connection.execute(delete(searchable))


def mend_search(connection: Connection) -> int:
    """Make the search index anew from the tables; returns how many records it finds now."""
    _empty_index(connection)
    count = 0
    for kind in KINDS.values():
        if kind.SEARCH:
            for row in connection.execute(select(table_of(kind))).mappings().all():
                record = kind(**row)
                search.index(connection, record, fresh=True)
                count += bool(record.words())
    return count


def differences(connection: Connection) -> list[str]:
    """Return where the tables are not what the ops add up to; empty where every byte agrees."""
    tables, index = differences_by_part(connection)
    return tables + index


def differences_by_part(
    connection: Connection, progress: Progress = silent
) -> tuple[list[str], list[str]]:
    """Return as :func:`differences` does those of the tables and those of the search index."""
    differing: list[str] = []
    expected: dict[str, dict[str, bytes]] = {kind: {} for kind in KINDS}
    expected_leaves: set[tuple[str, ...]] = set()
    expected_disputed: set[tuple[str, ...]] = set()
    expected_refused: set[tuple[str, ...]] = set()
    expected_words: dict[tuple[str, str], str] = {}
    for name, record, folded, refusals in _with_progress(connection, progress):
        expected_refused.update(tuple(refusal_row(one).values()) for one in refusals)
        expected_leaves.update(tuple(row.values()) for row in leaf_rows_of(name, folded))
        expected_disputed.update(tuple(row.values()) for row in disputed_rows(name, record, folded))
        if is_shown(name, folded):
            kind = KINDS[name]
            row = row_of(kind, record, folded)
            expected[name][record] = canonical_json.dumps(row)
            words = kind(**row).words()
            if words:
                expected_words[(name, record)] = search.body(words)
    for kind in KINDS.values():
        table = table_of(kind)
        stored = {
            row["id"]: canonical_json.dumps(dict(row))
            for row in connection.execute(select(table)).mappings()
        }
        if stored != expected[kind.KIND]:
            wrong = {
                record
                for record in stored.keys() | expected[kind.KIND].keys()
                if stored.get(record) != expected[kind.KIND].get(record)
            }
            differing.extend(f"{kind.KIND} {record}" for record in sorted(wrong))
    for table, expected_rows in (
        (leaves, expected_leaves),
        (disputed, expected_disputed),
        (refused, expected_refused),
    ):
        stored_rows = {tuple(row) for row in connection.execute(select(table))}
        wrong_rows = sorted(stored_rows ^ expected_rows)
        differing.extend(f"{table.name} {' '.join(row)}" for row in wrong_rows)
    query = (
        "SELECT s.record_kind, s.record, w.body FROM searchable s JOIN words w ON w.rowid = s.id"
    )
    stored_words = {(row[0], row[1]): row[2] for row in connection.exec_driver_sql(query)}
    return differing, [
        f"search {kind} {record}"
        for kind, record in sorted(stored_words.keys() | expected_words.keys())
        if stored_words.get((kind, record)) != expected_words.get((kind, record))
    ]
