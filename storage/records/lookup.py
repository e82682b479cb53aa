"""Records looked up many at once: of an inspection, under another record, or by their ids.

A list of a hundred hits names two hundred records. As objects of a session they take ten times as
long as the search itself, so :func:`brief` gives their plain fields, to be looked at only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from functools import cache, lru_cache
from operator import attrgetter
from types import SimpleNamespace
from typing import Any, TypeVar

from sqlalchemy import JSON, Boolean, inspect
from sqlmodel import Session, col, select

from storage.database.connection import batches, driver
from storage.database.remembered import following, kept
from storage.records.model.base import Record

MIN_PREFIX = 4
"""Characters of an id from which it may stand for the whole."""
MAX_NAMED = 10
"""Records named back to a person who was not clear enough."""
AnyRecord = TypeVar("AnyRecord", bound=Record)


def brief(
    session: Session, kind: type[Record], ids: Iterable[str], only: tuple[str, ...] = ()
) -> dict[str, SimpleNamespace]:
    """Return the records of a kind that are there, by id; fields that hold lists are left out.

    What the session has changed and not yet flushed is not seen. Texts stay unread of fields that
    are not among ``only``, where it is given; names in it that the kind lacks are left out.
    """
    names, query = _plan(kind, only)
    run = driver(session.connection()).execute
    found: dict[str, SimpleNamespace] = {}
    for several in batches(ids):
        marks = ",".join("?" * len(several))
        for row in run(f"{query} WHERE id IN ({marks})", several):
            found[row[0]] = SimpleNamespace(**dict(zip(names, row, strict=True)))
    return found


def fields_of(
    session: Session, kind: type[Record], names: Iterable[str], ids: Iterable[str]
) -> dict[str, dict[str, object]]:
    """Return some fields of the records of a kind, by id; names that the kind lacks are left out.

    Quicker than :func:`brief`, as texts that are not named stay unread. A list comes as its JSON.
    """
    known = [name for name in names if name in kind.field_names()]
    listed = ", ".join(f'"{name}"' for name in ("id", *known))
    run = driver(session.connection()).execute
    found: dict[str, dict[str, object]] = {}
    for several in batches(ids):
        marks = ",".join("?" * len(several))
        rows = run(f'SELECT {listed} FROM "{kind.__tablename__}" WHERE id IN ({marks})', several)  # noqa: S608
        found.update((row[0], dict(zip(known, row[1:], strict=True))) for row in rows)
    return found


def rows_naming(
    session: Session, kind: type[Record], names: Sequence[str], field: str, values: Iterable[str]
) -> list[tuple[Any, ...]]:
    """Return some fields of the records of a kind that hold one of these values in a field.

    A row for each record, in no order. Far quicker than :func:`records_naming`, as no objects are
    made and texts that are not named stay unread. A list comes as its JSON.
    """
    listed = ", ".join(f'"{name}"' for name in names)
    run = driver(session.connection()).execute
    query = f'SELECT {listed} FROM "{kind.__tablename__}" WHERE "{field}"'  # noqa: S608 - our own names
    rows: list[tuple[Any, ...]] = []
    for several in batches(sorted(set(values))):
        rows += run(f"{query} IN ({','.join('?' * len(several))})", several)
    return rows


@cache
def _plan(kind: type[Record], only: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    columns = inspect(kind).local_table.c
    plain = [
        name
        for name in kind.field_names()
        if not isinstance(columns[name].type, JSON) and (not only or name in only)
    ]
    names = ("id", *plain)
    listed = ", ".join(f'"{name}"' for name in names)
    return names, f'SELECT {listed} FROM "{kind.__tablename__}"'  # noqa: S608 - names of our own


def rows_in(session: Session, kind: type[Record], inspection_id: str) -> list[SimpleNamespace]:
    """Return what :func:`records_in` does, to be looked at only; quick, for thousands.

    Lists are shared between rows that hold the same. What the session has changed and not yet
    flushed is not seen.
    """
    return list(_rows(session, kind, inspection_id).values())


def rows_kept(session: Session, kind: type[Record], inspection_id: str) -> list[SimpleNamespace]:
    """Return what :func:`rows_in` does, each with its ``KIND``, without reading all of them anew.

    They are kept with the connection: nobody may change one, nor the list, which is the same
    object as long as none is written. It is for kinds of which an inspection has hundreds, and
    whose every row a page shows.
    """
    name, connection = f"{kind.KIND} of {inspection_id}", session.connection()
    rows = kept(connection, name, lambda among: _rows(session, kind, inspection_id, among))
    order = attrgetter(*_order(kind))
    return following(connection, name, (rows,), lambda: sorted(rows.values(), key=order))


def _rows(
    session: Session,
    kind: type[Record],
    inspection_id: str,
    among: Collection[str] | None = None,
) -> dict[str, SimpleNamespace]:
    """Return rows of a kind by their ids, in their order; with ``among``, only of these ids."""
    columns = inspect(kind).local_table.c
    names = ("id", *kind.field_names())
    listed = ", ".join(f'"{name}"' for name in names)
    order = ", ".join(f'"{name}"' for name in _order(kind))
    only = f" AND id IN ({','.join('?' * len(among))})" if among is not None else ""
    rows = driver(session.connection()).execute(
        f'SELECT {listed} FROM "{kind.__tablename__}" WHERE inspection_id = ?{only} '  # noqa: S608 - names of our own
        f"ORDER BY {order}",
        (inspection_id, *(among or ())),
    )
    readings: dict[type[Any], Callable[[Any], Any]] = {
        JSON: lru_cache(maxsize=1024)(json.loads),
        Boolean: bool,
    }
    read = [
        (name, reading)
        for name in names
        for sort, reading in readings.items()
        if isinstance(columns[name].type, sort)
    ]
    found = {}
    for row in rows:
        values = dict(zip(names, row, strict=True))
        for name, reading in read:
            values[name] = reading(values[name])
        found[values["id"]] = SimpleNamespace(KIND=kind.KIND, **values)
    return found


def _order(kind: type[Record]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*kind.ORDER, "id")))


def records_in(session: Session, kind: type[AnyRecord], inspection_id: str) -> list[AnyRecord]:
    """Return the records of a kind in an inspection, in the kind's own order."""
    return _ordered(session, kind, "inspection_id", inspection_id)


def reading_records(
    session: Session, kind: type[AnyRecord], inspection_id: str
) -> Generator[None, None, list[AnyRecord]]:
    """Return what :func:`records_in` does, in steps of a few hundred."""
    ids = driver(session.connection()).execute(
        f'SELECT id FROM "{kind.__tablename__}" WHERE inspection_id = ?',  # noqa: S608 - as above
        (inspection_id,),
    )
    records: list[AnyRecord] = []
    for several in batches([record for (record,) in ids.fetchall()]):
        records += session.exec(select(kind).where(col(kind.id).in_(several)))
        yield
    return sorted(records, key=attrgetter(*_order(kind)))


def records_under(session: Session, kind: type[AnyRecord], above: str) -> list[AnyRecord]:
    """Return the records of a kind that lie under another record, in the kind's own order."""
    return _ordered(session, kind, kind.UNDER, above)


def _ordered(session: Session, kind: type[AnyRecord], field: str, value: str) -> list[AnyRecord]:
    query = select(kind).where(getattr(kind, field) == value)
    return list(session.exec(query.order_by(*(getattr(kind, name) for name in kind.ORDER))))


def records_by_id(session: Session, kind: type[AnyRecord], ids: Iterable[str]) -> list[AnyRecord]:
    """Return the records of a kind with those ids, in few statements; others are left out."""
    records: list[AnyRecord] = []
    for several in batches(sorted(set(ids))):
        records += session.exec(select(kind).where(col(kind.id).in_(several)))
    return records


def records_naming(
    session: Session, kind: type[AnyRecord], field: str, values: Iterable[str]
) -> list[AnyRecord]:
    """Return the records of a kind that hold one of these values in a field, in few statements."""
    records: list[AnyRecord] = []
    for several in batches(sorted(set(values))):
        records += session.exec(select(kind).where(col(getattr(kind, field)).in_(several)))
    return records


def beginning_with(session: Session, beginning: str) -> list[tuple[str, str]]:
    """Return the kind and id of the records whose id begins so, deleted ones among them."""
    wanted = beginning.strip().lower()
    if len(wanted) < MIN_PREFIX or not wanted.replace("-", "").isalnum():
        return []
    rows = driver(session.connection()).execute(
        "SELECT DISTINCT record_kind, record FROM op WHERE record >= ? AND record < ? "
        "ORDER BY record LIMIT ?",
        (wanted, wanted + "~", MAX_NAMED),
    )
    return [(kind, record) for kind, record in rows]
