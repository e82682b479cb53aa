"""Projects ops on to tables: leaves, rows and index entries are made what the ops add up to.

A bundle touches thousands of records, and most of the time of projecting one goes into the making
of statements, not into the database; so many are projected in batches.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sized
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlcipher3 import dbapi2
from sqlmodel import SQLModel

from storage.database.cipher import copy_beside
from storage.database.connection import batches, driver, insert_many
from storage.database.remembered import forget
from storage.database.tables import refused
from storage.feed import search
from storage.feed.disputed import put_disputed
from storage.feed.judge import (
    BACKDATED,
    PLACE,
    Judged,
    Look,
    Refusal,
    homes_in,
    is_homed,
    is_shown,
    named_by_other,
    parents_of,
)
from storage.feed.read import judged, looking
from storage.feed.writer import LeafRow, insert_leaves
from storage.ops.fold import Folded, fold
from storage.ops.op import Op, decode
from storage.records import Judgment, Record, Reveal
from storage.records.registry import KINDS, known_fields

Row = dict[str, Any]


def project(connection: Connection, kind: str, record: str) -> None:
    """Make one record's leaves, row and index entry what its ops add up to."""
    forget(connection)
    _project(connection, kind, [record], looking(connection))


def project_many(connection: Connection, touched: Iterable[tuple[str, str]]) -> list[Refusal]:
    """Do as :func:`project` does for records of any kinds, each given by kind and id.

    Returns the refusals that were not known before.
    """
    forget(connection)
    of_kind: dict[str, set[str]] = {}
    for kind, record in touched:
        of_kind.setdefault(kind, set()).add(record)
    refusals, look = [], looking(connection)
    # The registry has a kind before those that lie under it.
    for kind in [*KINDS, *sorted(of_kind.keys() - KINDS.keys())]:
        if kind in of_kind:
            for batch in batches(sorted(of_kind[kind])):
                refusals += _project(connection, kind, batch, look)
        for below in _BELOW.get(kind, ()) if kind in of_kind else ():
            doubtful = _doubtful(connection, below, of_kind[kind], look)
            of_kind.setdefault(below.KIND, set()).update(doubtful)
    return refusals


_BELOW = {
    parent: [known for known in KINDS.values() if is_homed(known) and parent in parents_of(known)]
    for parent in KINDS
} | {Judgment.KIND: [Reveal]}
"""The kinds whose records are judged by what they lie under."""


def _doubtful(connection: Connection, kind: type[Record], above: set[str], look: Look) -> set[str]:
    """Return the records of a kind that have to be judged anew, as what they lie under came.

    Those are the records in another inspection than that, those refused, and those not shown; all
    of those whose ids are made of its fields; and of reveals, which are few, all there are.
    """
    table = table_of(kind)
    run = driver(connection).execute
    if kind is Reveal:
        return {record for (record,) in run(_EVERY, (kind.KIND, kind.KIND))}
    doubtful = {
        record
        for (record,) in run(_UNSHOWN.format(table=table.name), (kind.KIND, PLACE, kind.KIND))
    }
    for batch in batches(sorted(above)):
        query = select(table.c.id, table.c[kind.UNDER], table.c[PLACE])
        for record, parent, place in connection.execute(
            query.where(table.c[kind.UNDER].in_(batch))
        ):
            homes = homes_in(kind, parent, look)
            if named_by_other(kind) or (homes and place not in homes):
                doubtful.add(record)
    return doubtful


_EVERY = (
    "SELECT record FROM leaf WHERE record_kind = ? UNION "
    "SELECT record FROM refused WHERE record_kind = ?"
)
_UNSHOWN = (
    "SELECT record FROM leaf WHERE record_kind = ? AND field = ? "
    'AND NOT EXISTS (SELECT 1 FROM "{table}" AS shown WHERE shown.id = leaf.record) '
    "UNION SELECT record FROM refused WHERE record_kind = ?"
)


_OPS_OF = (
    "SELECT record, verb, bytes FROM op INDEXED BY op_of_record "
    "WHERE record IN ({marks}) AND record_kind = ? AND bytes IS NOT NULL"
)


def marks(values: Sized) -> str:
    """Return a mark for each value of a statement's list."""
    return ",".join("?" * len(values))


def _project(connection: Connection, kind: str, records: list[str], look: Look) -> list[Refusal]:
    folded, refusals = _folded(connection, kind, records, look)
    fresh = _refuse(connection, kind, records, refusals)
    of_these = f"record_kind = ? AND record IN ({marks(records)})"
    driver(connection).execute(f"DELETE FROM leaf WHERE {of_these}", (kind, *records))  # noqa: S608
    rows = (row for record in folded.values() for row in leaf_rows_of(kind, record))
    insert_leaves(connection, rows)
    put_disputed(connection, kind, folded)
    known = KINDS.get(kind)
    if known is not None:
        _rows(connection, known, records, folded)
    return fresh


def _refuse(
    connection: Connection, kind: str, records: list[str], refusals: list[Refusal]
) -> list[Refusal]:
    """Write down which ops of records are refused; returns those that were not before."""
    run = driver(connection).execute
    mine = f"FROM refused WHERE record_kind = ? AND record IN ({marks(records)})"
    before = {op for (op,) in run(f"SELECT op {mine}", (kind, *records))}
    if before:
        run(f"DELETE {mine}", (kind, *records))
    if refusals:
        insert_many(connection, refused, map(refusal_row, refusals))
    return [one for one in refusals if str(one.op) not in before]


def refusal_row(refusal: Refusal) -> Row:
    """Return the row of the ``refused`` table for an op that counts for nothing."""
    kind, record = refusal.record
    place = str(refusal.op)
    return {"op": place, "record_kind": kind, "record": record, "reason": refusal.reason}


def _folded(
    connection: Connection, kind: str, records: list[str], look: Look
) -> tuple[dict[str, Folded], list[Refusal]]:
    query = _OPS_OF.format(marks=marks(records))
    known: dict[str, list[tuple[str, bytes]]] = {record: [] for record in records}
    for record, verb, data in driver(connection).execute(query, (*records, kind)):
        known[record].append((verb, data))
    judgements = {
        record: judged_rows(connection, kind, rows, look) for record, rows in known.items()
    }
    folded = {record: fold(each.ops) for record, each in judgements.items()}
    return folded, [one for each in judgements.values() for one in each.refusals]


def judged_rows(
    connection: Connection, kind: str, rows: Iterable[tuple[str, bytes]], look: Look
) -> Judged:
    """Judge the ops of a record, each given by the verb of its row and its bytes."""
    read = ((verb, decode(data, trusted=True)) for verb, data in rows)
    return judged_as_rows_say(connection, kind, read, look)


def judged_as_rows_say(
    connection: Connection, kind: str, ops: Iterable[tuple[str, Op]], look: Look
) -> Judged:
    """Judge the ops of a record, each given with the verb of its row."""
    written: list[Op] = []
    backdated: list[Refusal] = []
    for verb, op in ops:
        if verb == BACKDATED:
            backdated.append(Refusal(op.id, op.record, "clock"))
        else:
            written.append(op)
    judgement = judged(connection, kind, written, look)
    return Judged(judgement.ops, (*backdated, *judgement.refusals)) if backdated else judgement


def _rows(
    connection: Connection, kind: type[Record], records: list[str], folded: dict[str, Folded]
) -> None:
    table, run = table_of(kind), driver(connection).execute
    shown = {
        record: row_of(kind, record, state)
        for record, state in folded.items()
        if is_shown(kind.KIND, state)
    }
    these = marks(records)
    run(f'DELETE FROM "{table.name}" WHERE id IN ({these})', records)  # noqa: S608
    insert_many(connection, table, shown.values())
    if not kind.SEARCH:
        return
    query = f"SELECT record FROM searchable WHERE record IN ({these}) AND record_kind = ?"  # noqa: S608
    indexed = {record for (record,) in run(query, (*records, kind.KIND))}
    for record in indexed:
        search.forget(connection, kind.KIND, record)
    worded = (
        (kind.KIND, record, str(row.get("inspection_id", record)), kind.worded(row))
        for record, row in shown.items()
    )
    search.put_many(connection, worded)


def row_of(kind: type[Record], record: str, folded: Folded) -> Row:
    """Return the row that a record's ops add up to; fields never written have their default."""
    values = folded.values
    return {"id": record} | {
        name: values[name] if name in values else kind.default(name) for name in kind.field_names()
    }


def leaf_rows_of(kind: str, folded: Folded) -> list[LeafRow]:
    """Return the rows of the ``leaf`` table for a record: only of fields that its kind knows."""
    rows: list[LeafRow] = []
    ends: dict[int, tuple[str, str]] = {}
    for name in folded.leaves.keys() & known_fields(kind):
        for op in folded.leaves[name]:
            end = ends.get(id(op))
            if end is None:
                end = ends[id(op)] = (str(op.id), op.hlc)
            rows.append((*op.record, name, *end))
    return rows


def table_of(kind: type[Record]) -> Table:
    """Return the table that the records of a kind have their rows in."""
    return SQLModel.metadata.tables[str(kind.__tablename__)]


LeafTexts = dict[tuple[str, str], str]
"""The rows of ``leaf`` of each record, by its kind and id, as one text."""

_LEAF_TEXTS = (
    "SELECT record_kind, record, group_concat(CASE WHEN "
    "typeof(field) = 'text' AND typeof(op) = 'text' AND typeof(hlc) = 'text' "
    "THEN json_array(field, op, hlc) ELSE 'no text' END, ',' ORDER BY field, op) AS several "
    "FROM leaf GROUP BY record_kind, record"
)
_MANY_LEAF_TEXTS = (
    "SELECT json_group_array(json_array(record_kind, record, several)) "  # noqa: S608 - our own text
    f"FROM ({_LEAF_TEXTS}) GROUP BY record_kind, substr(record, 1, 1)"
)
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
"""What stands in JSON as it is."""


def read_leaf_texts(run: Callable[[str], Any]) -> LeafTexts:
    """Read the rows of ``leaf`` as texts, by the ``execute`` of a connection."""
    return {(kind, record): rows for kind, record, rows in run(_LEAF_TEXTS)}


def leaf_texts_at_once(run: Callable[[str], Any]) -> LeafTexts:
    """Do as :func:`read_leaf_texts` on another thread, where Python is wanted on the first.

    The database makes some hundred long texts, meanwhile Python goes on there. Raises the driver's
    errors, also where a record's kind or id is no text.
    """
    return {
        (kind, record): rows
        for (many,) in run(_MANY_LEAF_TEXTS)
        for kind, record, rows in json.loads(many)
    }


def leaf_texts_of_copy(path: Path, hexkey: str) -> LeafTexts | None:
    """Do so of a copy that another thread has open; None for whatever is wrong with its leaves.

    What that is, the same rows then tell where they are compared.
    """
    with suppress(dbapi2.Error, ValueError), copy_beside(path, hexkey) as connection:
        return leaf_texts_at_once(connection.execute)
    return None


def leaf_text(kind: str, record: str, folded: Folded) -> str | None:
    """Return the rows that :func:`leaf_rows_of` returns as :func:`read_leaf_texts` gives them.

    So the database compares, and a few texts are made in place of thousands of rows. Returns None
    where an op says what no op of this record says; its rows are then looked at one by one.
    """
    names = folded.leaves.keys() & known_fields(kind)
    if len(folded.writes) == 1:  # as of most records there are
        (op,) = folded.writes
        end = _leaf_end(kind, record, op)
        return None if end is None else f"{end},".join(_leaf_begins(frozenset(names))) + end
    rows: list[str] = []
    ends: dict[int, str] = {}
    for name in sorted(names):
        several = []
        for op in folded.leaves[name]:
            end = ends.get(id(op))
            if end is None:
                end = _leaf_end(kind, record, op)
                if end is None:
                    return None
                ends[id(op)] = end
            several.append(end)
        if len(several) > 1:
            several.sort()
        rows += [f'["{name}",{end}' for end in several]
    return ",".join(rows)


def _leaf_end(kind: str, record: str, op: Op) -> str | None:
    if op.record != (kind, record) or not _PLAIN.fullmatch(op.hlc):
        return None
    return f'"{op.id}","{op.hlc}"]'


@lru_cache(maxsize=1024)
def _leaf_begins(names: frozenset[str]) -> list[str]:
    return [f'["{name}",' for name in sorted(names)]
