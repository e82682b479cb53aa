"""Makes the tables anew from the ops, and proves that they already are what they say.

Derived tables are never migrated: they are dropped and made again in one transaction.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Integer, Table, delete, insert, select

from storage.database.connection import driver
from storage.database.remembered import forget
from storage.database.tables import disputed, leaves, refused, searchable
from storage.feed import search
from storage.feed.chain import as_written
from storage.feed.disputed import disputed_rows
from storage.feed.judge import BACKDATED, Refusal, is_shown
from storage.feed.projection import (
    LeafTexts,
    Row,
    judged_as_rows_say,
    judged_rows,
    leaf_rows_of,
    leaf_text,
    marks,
    read_leaf_texts,
    refusal_row,
    row_of,
    table_of,
)
from storage.feed.read import looking
from storage.feed.tallies import make_tallies, stop_tallies, wrong_tallies
from storage.ops import canonical_json
from storage.ops.fold import WRITES, Folded, fold
from storage.ops.op import Op, OpId, decode
from storage.ops.redactions import REDACT
from storage.progress import Progress, silent
from storage.records.model.base import Record
from storage.records.registry import KINDS

Replayed = tuple[str, str, Folded, tuple[Refusal, ...]]
"""A record's kind and id, what its ops add up to, and which of them do not count."""


_VERBS = WRITES | {REDACT, BACKDATED}
_OPS = (
    "SELECT record_kind, record, verb, bytes FROM op "  # noqa: S608 - marks alone
    f"WHERE verb IN ({marks(_VERBS)}) AND bytes IS NOT NULL ORDER BY record, record_kind"
)
_ALL_OPS = (
    "SELECT record_kind, record, verb, bytes, digest, device, epoch, kind, seq FROM op "
    "WHERE bytes IS NOT NULL ORDER BY record, record_kind"
)


def folded_records(connection: Connection) -> Iterator[Replayed]:
    """Return every record with what its ops add up to, and those of them that are refused."""
    look, rows = looking(connection), driver(connection).execute(_OPS, tuple(_VERBS))
    for (record, kind), group in itertools.groupby(rows, itemgetter(1, 0)):
        judgement = judged_rows(connection, kind, (row[2:4] for row in group), look)
        yield kind, record, fold(judgement.ops), judgement.refusals


def _checked_records(connection: Connection, changed: set[OpId]) -> Iterator[Replayed]:
    """Return what :func:`folded_records` does, having read all there is to be said of each op.

    At the end ``changed`` has every op whose bytes are not those that were written. To look at all
    of them once for the chain and once for the tables would take the longer half of a check.
    """
    look, rows = looking(connection), driver(connection).execute(_ALL_OPS)
    for (record, kind), group in itertools.groupby(rows, itemgetter(1, 0)):
        if ops := list(_checked_ops(group, changed)):
            judgement = judged_as_rows_say(connection, kind, ops, look)
            yield kind, record, fold(judgement.ops), judgement.refusals


def _checked_ops(rows: Iterable[Any], changed: set[OpId]) -> Iterator[tuple[str, Op]]:
    """Yield the ops of a record that a replay takes, each with the verb of its row."""
    for _, _, verb, data, inner, *place in rows:
        name = OpId(*place)
        op = as_written(data, name, inner)
        if op is None:
            changed.add(name)
        if verb in _VERBS:
            yield verb, op or decode(data, trusted=True)


_LEAF = leaves.columns.keys()

BATCH = 2000
"""Rows written at once in a replay."""
TEXTS = 5000
"""Texts put into the search index at once: its places go back but once for so many."""


_RECORDS = "SELECT count(*) FROM (SELECT DISTINCT record, record_kind FROM op)"


def _with_progress(
    connection: Connection, records: Iterator[Replayed], progress: Progress
) -> Iterator[Replayed]:
    """Return every record as it is given, telling how far it has come."""
    if progress is silent:
        yield from records
        return
    total = int(connection.exec_driver_sql(_RECORDS).scalar_one())
    for done, record in enumerate(records):
        if done % 100 == 0:
            progress("records", min(done, total), total)
        yield record
    progress("records", total, total)


def replay(connection: Connection, progress: Progress = silent) -> int:
    """Drop what the ops add up to and make it again; returns the number of records.

    The caller's transaction holds all of it, so a replay that fails changes nothing.
    """
    forget(connection)
    stop_tallies(connection)
    for kind in KINDS.values():
        connection.execute(delete(table_of(kind)))
    for table in (leaves, disputed, refused):
        connection.execute(delete(table))
    _empty_index(connection)
    waiting: dict[Table, list[Row]] = {}
    texts: list[tuple[str, str, str, str]] = []

    def put(table: Table, rows: list[Row]) -> None:
        rows_waiting = waiting.setdefault(table, [])
        rows_waiting.extend(rows)
        if len(rows_waiting) >= BATCH:
            connection.execute(insert(table), rows_waiting)
            rows_waiting.clear()

    count = 0
    records = _with_progress(connection, folded_records(connection), progress)
    for name, record, folded, refusals in records:
        put(refused, [refusal_row(one) for one in refusals])
        put(leaves, [dict(zip(_LEAF, row, strict=True)) for row in leaf_rows_of(name, folded)])
        put(disputed, disputed_rows(name, record, folded))
        if is_shown(name, folded):
            kind = KINDS[name]
            row = row_of(kind, record, folded)
            put(table_of(kind), [row])
            place = str(row.get("inspection_id", record))
            texts.append((name, record, place, kind.worded(row)))
            if len(texts) >= TEXTS:
                search.put_many(connection, texts)
                texts.clear()
            count += 1
    search.put_many(connection, texts)
    for table, rows in waiting.items():
        if rows:
            connection.execute(insert(table), rows)
    make_tallies(connection)
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
            texts = [
                (kind.KIND, row["id"], str(row.get("inspection_id", row["id"])), words)
                for row in connection.execute(select(table_of(kind))).mappings().all()
                if (words := kind.worded(dict(row)))
            ]
            search.put_many(connection, texts)
            count += len(texts)
    return count


def differences(connection: Connection) -> list[str]:
    """Return where the tables are not what the ops add up to; empty where every byte agrees."""
    tables, index = differences_by_part(connection)
    return tables + index


def differences_by_part(
    connection: Connection,
    progress: Progress = silent,
    changed: set[OpId] | None = None,
    leaf_texts: Callable[[], LeafTexts | None] | None = None,
) -> tuple[list[str], list[str]]:
    """Return as :func:`differences` does those of the tables and those of the search index.

    Args:
        connection: to the vault, or a copy.
        progress: hears how many records are done.
        changed: is filled with the ops whose bytes are not those that were written, for
            :func:`storage.feed.chain.check_chains`.
        leaf_texts: waits for what :func:`storage.feed.projection.leaf_texts_at_once` has read
            beside this; None from it where it could not.
    """
    run = driver(connection).execute
    # What is stored is taken out of here where it is what it must be; nothing should be left.
    records = {
        kind: {row[0]: row for row in run(_select(table_of(known)))}
        for kind, known in KINDS.items()
    }
    others = {one.name: set(run(_select(one))) for one in (disputed, refused)}
    words = {(row[0], row[1]): row[2] for row in run(_WORDS)}
    texts = (leaf_texts and leaf_texts()) or read_leaf_texts(run)
    due_leaves: set[tuple[str, ...]] = set()
    missing: dict[str, set[tuple[str, ...]]] = {table: set() for table in others}

    def take(table: Table, rows: Iterable[tuple[str, ...]]) -> None:
        due, present = set(rows), others[table.name]
        missing[table.name] |= due - present
        present -= due

    wrong: dict[str, set[str]] = {kind: set() for kind in KINDS}
    wrong_words: set[tuple[str, str]] = set()
    source = (
        folded_records(connection) if changed is None else _checked_records(connection, changed)
    )
    for name, record, folded, refusals in _with_progress(connection, source, progress):
        if texts.get((name, record), "") == leaf_text(name, record, folded):
            texts.pop((name, record), None)
        else:
            due_leaves.update(leaf_rows_of(name, folded))
        if disputes := disputed_rows(name, record, folded):
            take(disputed, (tuple(row.values()) for row in disputes))
        if refusals:
            take(refused, (tuple(refusal_row(one).values()) for one in refusals))
        if is_shown(name, folded):
            kind = KINDS[name]
            row = row_of(kind, record, folded)
            stored = records[name].pop(record, None)
            if stored is None or not (
                stored == _as_stored(kind, row) or _is_stored(connection, kind, row)
            ):
                wrong[name].add(record)
            worded = kind.worded(row)
            if worded and words.pop((name, record), None) != search.body(worded):
                wrong_words.add((name, record))
    # Only of records whose leaves are not what they must be is each row looked at.
    leaf_rows = {row for record in texts for row in run(_LEAVES_OF, record)}
    missing = {leaves.name: due_leaves - leaf_rows, **missing}
    others = {leaves.name: leaf_rows - due_leaves, **others}
    differing = [
        f"{kind} {record}"
        for kind in KINDS
        for record in sorted(wrong[kind] | records[kind].keys())
    ]
    differing += [
        f"{table} {' '.join(row)}"
        for table in others
        for row in sorted(missing[table] | others[table])
    ]
    differing += wrong_tallies(connection)
    index = sorted(wrong_words | words.keys())
    return differing, [f"search {kind} {record}" for kind, record in index]


_WORDS = "SELECT s.record_kind, s.record, w.body FROM searchable s JOIN words w ON w.rowid = s.id"


def _select(table: Table) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    return f'SELECT {columns} FROM "{table.name}"'  # noqa: S608 - our own names


_LEAVES_OF = f"{_select(leaves)} WHERE record_kind = ? AND record = ?"


def _as_stored(kind: type[Record], row: Row) -> tuple[Any, ...]:
    """Return a record's row as the driver gives what :mod:`storage.vault.store` writes."""
    values = list(row.values())
    for place, written in _written(kind):
        values[place] = written(values[place])
    return tuple(values)


@cache
def _written(kind: type[Record]) -> list[tuple[int, Callable[[Any], Any]]]:
    """Return how the values of some columns are written, each with the column's place."""
    ways: dict[type, Callable[[Any], Any]] = {
        JSON: _json_text,
        # A number is not taken for a truth value, nor the other way round.
        Boolean: lambda value: int(value) if type(value) is bool else None,
        Integer: lambda value: value if type(value) is int else None,
    }
    columns = table_of(kind).columns
    return [
        (place, ways[type(columns[name].type)])
        for place, name in enumerate(("id", *kind.field_names()))
        if type(columns[name].type) in ways
    ]


def _json_text(value: Any) -> str:
    """Return how a value is written in a column of JSON; most are empty, or one of few words."""
    if type(value) is list and len(value) < 2:
        if not value:
            return "[]"
        if type(value[0]) is str:
            return _one_word(value[0])
    return canonical_json.text(value)


@lru_cache(maxsize=1024)
def _one_word(word: str) -> str:
    return canonical_json.text([word])


def _is_stored(connection: Connection, kind: type[Record], row: Row) -> bool:
    """Say whether a record's row says the same: JSON may be written in more than one way."""
    table = table_of(kind)
    stored = connection.execute(select(table).where(table.c.id == row["id"])).mappings().one()
    return canonical_json.dumps(dict(stored)) == canonical_json.dumps(row)
