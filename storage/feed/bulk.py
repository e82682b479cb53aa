"""Writes many records at once: the ops, rows and index entries that a flush of each would give.

A flush asks the database about each record by itself. Here what is asked is asked of all of them,
and what is written goes to the driver in one go; the bytes of the ops and the rows are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlmodel import Session

from storage.database.connection import (
    CACHE_KIB_FOR_SEARCH,
    batches,
    driver,
    insert_many,
    set_cache_size,
)
from storage.feed import search
from storage.feed.disputed import renew_disputed
from storage.feed.journal import (
    Intent,
    append_making,
    append_removal,
    may_be_disputed,
    writing,
)
from storage.feed.projection import table_of
from storage.feed.read import leaves_of_several, ops_of_several
from storage.records.model.base import Record, revalidate

SLICE = 500
"""Records written before the next word of progress."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """Holds a record that is to be written: its valid values by field, and why it is written."""

    kind: type[Record]
    id: str
    values: dict[str, Any]
    why: str | None

    @property
    def place(self) -> tuple[str, str]:
        """Return its kind and id."""
        return self.kind.KIND, self.id

    @property
    def row(self) -> dict[str, Any]:
        """Return its row."""
        return {"id": self.id, **self.values}


def new_records(session: Session, records: Iterable[Record]) -> list[NewRecord]:
    """Return records as they are to be written; within ``because`` with its reasons.

    Raises:
        InvalidError: a value does not fit its field.
        ReasonNeededError: the site was left, and no reason is given.
    """
    why = _reasons(session)
    several = []
    for record in records:
        revalidate(record)
        several.append(NewRecord(type(record), record.id, record.field_values(), why(record)))
    return several


def add_many(
    session: Session,
    records: Iterable[Record],
    progress: Callable[[int], object] = lambda done: None,
) -> None:
    """Write new records, in their order; within ``because`` with its reasons, as a flush does.

    They do not become objects of the session: who goes on with one asks for it by its id.

    Args:
        session: a writing session; what it has changed is flushed first.
        records: new ones; none is written yet, though one may have been deleted.
        progress: is told how many are written.

    Raises as :func:`new_records` and :func:`write_new` do.
    """
    done = 0
    for several in batches(records, SLICE):
        write_new(session, new_records(session, several))
        done += len(several)
        progress(done)


def write_new(session: Session, records: Sequence[NewRecord]) -> None:
    """Write new records, in their order.

    Raises :class:`storage.feed.writer.UnfitError` where an op is none that every reader takes in.
    """
    fresh: list[NewRecord] = []
    again: list[NewRecord] = []
    with writing(session) as writer:
        connection = session.connection()
        # The rows of many lie all over their tables and indexes.
        set_cache_size(driver(connection).execute, CACHE_KIB_FOR_SEARCH)
        before = {
            (kind.KIND, of): leaves
            for kind, ids in _by_kind((one.kind, one.id) for one in records)
            for of, leaves in leaves_of_several(connection, kind.KIND, ids).items()
        }
        for one in records:
            leaves = before.get(one.place, {})
            append_making(writer, one.kind, one.id, one.values, leaves, one.why)
            (again if leaves else fresh).append(one)
    for kind in dict.fromkeys(one.kind for one in records):
        rows = (one.row for one in records if one.kind is kind)
        insert_many(connection, table_of(kind), rows)
    search.put_many(connection, (_entry(one) for one in fresh if one.kind.SEARCH))
    for one in again:
        if one.kind.SEARCH:
            search.put(connection, one.place, *_entry(one)[2:])
    renew_disputed(connection, (one.place for one in again))


def remove_many(session: Session, records: Iterable[Record]) -> None:
    """Delete records, in their order; within ``because`` with its reasons, as a flush does.

    Raises `ReasonNeededError` as :func:`new_records` does.
    """
    for several in batches(records, SLICE):
        _remove(session, several)


def _remove(session: Session, records: Sequence[Record]) -> None:
    doubtful: list[tuple[str, str]] = []
    with writing(session) as writer:
        connection, why = session.connection(), _reasons(session)
        places = [(type(record), record.id) for record in records]
        ops = {
            (kind.KIND, of): of_record
            for kind, ids in _by_kind(places)
            for of, of_record in ops_of_several(connection, kind.KIND, ids).items()
        }
        for record in records:
            of = (record.KIND, record.id)
            gone = append_removal(writer, type(record), record.id, ops.get(of, []), why(record))
            if may_be_disputed(gone):
                doubtful.append(of)
    for kind, ids in _by_kind(places):
        driver(connection).executemany(
            f'DELETE FROM "{kind.__tablename__}" WHERE id = ?',  # noqa: S608 - names of our own
            [(one,) for one in ids],
        )
    for record in records:
        if record in session:
            session.expunge(record)
        if record.SEARCH:
            search.forget(connection, record.KIND, record.id)
    renew_disputed(connection, doubtful)


def _entry(one: NewRecord) -> tuple[str, str, str, str]:
    """Return what the search index has of a record."""
    inspection = str(one.values.get("inspection_id", one.id))
    return (*one.place, inspection, one.kind.worded(one.values))


def _by_kind(
    places: Iterable[tuple[type[Record], str]],
) -> Iterator[tuple[type[Record], list[str]]]:
    """Yield the ids of each kind."""
    in_order = sorted(places, key=lambda place: place[0].KIND)
    for _, several in groupby(in_order, lambda place: place[0].KIND):
        of_kind = list(several)
        yield of_kind[0][0], [record for _, record in of_kind]


def _reasons(session: Session) -> Callable[[Record], str | None]:
    """Return what gives the reason of a record's op; of one inspection it is asked for once."""
    intent: Intent = session.info.get("intent") or Intent()
    known: dict[tuple[type[Record], str], str | None] = {}

    def why(record: Record) -> str | None:
        if intent.each is not None:
            return intent.why(session, record)
        place = (type(record), getattr(record, "inspection_id", ""))
        if place not in known:
            known[place] = intent.why(session, record)
        return known[place]

    return why
