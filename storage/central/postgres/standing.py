"""What the records of the register add up to, kept beside the ops of central's database.

A report of ten years of every force shows some ten thousand recommendations and practices among a
million ops. To fold them each time would take longer than anybody waits, so what a record adds up
to is kept in a row, which the same transaction takes away in which another op of it comes in or
loses its words (:func:`forget`). Whoever reports next makes the missing rows anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, text
from sqlmodel import Session

from storage.central.postgres.database import Database
from storage.central.postgres.working_copy import WorkingCopy, empty_copy
from storage.database.connection import driver
from storage.feed.derived import present
from storage.feed.judge import BACKDATED, PLACE, is_homed, is_shown
from storage.feed.projection import row_of, table_of
from storage.feed.read import judged
from storage.ops.fold import fold
from storage.ops.op import decode
from storage.records import (
    Basis,
    DebriefPoint,
    Inspection,
    Point,
    Recommendation,
    RecommendationComment,
    RecommendationLink,
    Record,
)
from storage.records.registry import KINDS

KEPT: tuple[type[Record], ...] = (
    Inspection,
    Point,
    DebriefPoint,
    Recommendation,
    Basis,
    RecommendationLink,
    RecommendationComment,
)
"""The kinds that the register and the wordings of a report are made of; those of the index too."""
_NAMES = tuple(one.KIND for one in KEPT)
_IN = "record_kind IN (" + ", ".join(f"'{name}'" for name in _NAMES) + ")"
_SHAPE = "standing"
_BATCH = 500

# One order for all, so that no two who take bundles in of the same records wait for each other.
_FORGET = """
DELETE FROM standing s USING (
    SELECT s.record_kind, s.record FROM standing s
    JOIN ({records}) w ON s.record_kind = w.record_kind AND s.record = w.record
    ORDER BY s.record_kind, s.record FOR UPDATE OF s) l
WHERE s.record_kind = l.record_kind AND s.record = l.record
"""
_TOUCHED = "SELECT record_kind, record FROM pg_temp.touched"
_NAMED = "SELECT record_kind, record FROM standing WHERE record = ANY(:records)"
_FORGET_TOUCHED = text(_FORGET.format(records=_TOUCHED))
_FORGET_RECORDS = text(_FORGET.format(records=f"{_TOUCHED} UNION {_NAMED}"))
_STALE = text(f"""
SELECT o.record_kind, o.record FROM (
    SELECT record_kind, record, count(*) AS ops FROM op WHERE {_IN} GROUP BY record_kind, record) o
LEFT JOIN standing s ON s.record_kind = o.record_kind AND s.record = o.record
WHERE s.ops IS DISTINCT FROM o.ops
""")  # noqa: S608 - names of our own
_OPS = text(f"""
SELECT o.record_kind, o.record, o.verb, o.bytes FROM op o
JOIN unnest(CAST(:kinds AS text[]), CAST(:records AS text[])) AS w(kind, record)
    ON o.record_kind = w.kind AND o.record = w.record
WHERE o.{_IN} ORDER BY o.record_kind, o.record
""")  # noqa: S608 - names of our own
_DROP = text("""
DELETE FROM standing s USING unnest(CAST(:kinds AS text[]), CAST(:records AS text[]))
    AS w(kind, record)
WHERE s.record_kind = w.kind AND s.record = w.record
""")
_KEEP = "COPY standing (record_kind, record, inspection, ops, fields) FROM STDIN"
_READ = text("SELECT record_kind, fields FROM standing WHERE fields IS NOT NULL")
_READ_OF = text(
    "SELECT record_kind, fields FROM standing WHERE fields IS NOT NULL AND inspection = ANY(:ids)"
)


def forget(connection: Connection, records: Sequence[str] = ()) -> None:
    """Take away what was kept of the records that a bundle brings ops of, and of those named.

    In the transaction that takes the bundle in; so no words stay here that a redaction took away.
    """
    if records:
        connection.execute(_FORGET_RECORDS, {"records": list(records)})
    else:
        connection.execute(_FORGET_TOUCHED)


def keep_up(session: Session) -> int:
    """Make the rows anew that are missing or of fewer ops; returns how many.

    Nobody takes anything in meanwhile, so that what is kept is what the ops add up to.
    """
    connection = session.connection()
    connection.execute(text("LOCK TABLE standing IN EXCLUSIVE MODE"))
    _empty_if_other(connection)
    stale = [(kind, record) for kind, record in connection.execute(_STALE)]
    for first in range(0, len(stale), _BATCH):
        kinds, records = zip(*stale[first : first + _BATCH], strict=True)
        rows = connection.execute(_OPS, {"kinds": list(kinds), "records": list(records)})
        kept = [
            _added_up(connection, kind, record, [(verb, data) for *_, verb, data in several])
            for (kind, record), several in groupby(rows, lambda row: (row[0], row[1]))
        ]
        connection.execute(_DROP, {"kinds": list(kinds), "records": list(records)})
        with driver(connection).cursor() as cursor, cursor.copy(_KEEP) as copy:
            for row in kept:
                copy.write_row(row)
    return len(stale)


def _added_up(
    connection: Connection, kind: str, record: str, written: list[tuple[str, bytes | None]]
) -> tuple[str, str, str, int, str | None]:
    """Return the row of a record: what it is shown as; nothing where it is not shown."""
    counting = (data for verb, data in written if data is not None and verb != BACKDATED)
    each = [decode(data, trusted=True) for data in counting]
    folded = fold(judged(connection, kind, each).ops)
    if not is_shown(kind, folded):
        return kind, record, "", len(written), None
    row = row_of(KINDS[kind], record, folded)
    inspection = record if kind == Inspection.KIND else str(row.get(PLACE, ""))
    return kind, record, inspection, len(written), json.dumps(row, ensure_ascii=False)


def _empty_if_other(connection: Connection) -> None:
    """Take away what a fieldkit kept that knows other fields, or judges ops by other rules."""
    mine = present().decode()
    query = text("SELECT value FROM central WHERE key = :key")
    if connection.execute(query, {"key": _SHAPE}).scalar() != mine:
        connection.execute(text("DELETE FROM standing"))
        connection.execute(
            text(
                "INSERT INTO central (key, value) VALUES (:key, :value) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
            ),
            {"key": _SHAPE, "value": mine},
        )


@contextmanager
def standing_copy(database: Database, inspections: Sequence[str] = ()) -> Iterator[WorkingCopy]:
    """Return a store with the tables of the register's records and no others, to read from.

    It is in memory and gone at the end. All inspections stand in it where none are named.
    """
    database.write_now(keep_up)
    with empty_copy() as (store, copy):
        with store.engine.begin() as target:
            database.read_now(_fill, target, inspections)
            for kind in filter(is_homed, KEPT):
                target.exec_driver_sql(_elsewhere(kind))
        yield copy


def _fill(session: Session, target: Connection, inspections: Sequence[str]) -> None:
    query = _READ_OF if inspections else _READ
    values = {"ids": list(inspections)} if inspections else {}
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _NAMES}
    for kind, fields in session.connection().execute(query, values):
        rows[kind].append(json.loads(fields))
    run = driver(target).executemany
    for kind, several in rows.items():
        table = table_of(KINDS[kind])
        names = [column.name for column in table.columns]
        listed, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
        values_of = (tuple(_stored(row.get(name)) for name in names) for row in several)
        run(f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})', values_of)  # noqa: S608


def _stored(value: Any) -> Any:
    """Return a value as SQLite keeps it: a list or a table as its JSON."""
    return json.dumps(value) if isinstance(value, list | dict) else value


def _elsewhere(kind: type[Record]) -> str:
    """Return what takes away records that say to be of another inspection than what they lie under.

    They were judged by their own ops alone (:func:`storage.feed.judge.homes_in`).
    """
    mine, above = kind.__tablename__, KINDS[kind.UNDER.removesuffix("_id")].__tablename__
    return (
        f'DELETE FROM "{mine}" WHERE EXISTS (SELECT 1 FROM "{above}" AS above WHERE '  # noqa: S608
        f'above.id = "{mine}"."{kind.UNDER}" AND above.{PLACE} <> "{mine}".{PLACE})'
    )
