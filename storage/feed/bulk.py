"""Writes many records at once: the ops, rows and index entries that a flush of each would give.

A flush takes every record through SQLAlchemy and asks the database about each by itself. Here what
is asked is asked of all of them, and what is written goes to the driver in one go; the bytes of the
ops and the rows are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

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

    Raises:
        InvalidError: a value does not fit its field.
        UnfitError: an op is none that every reader takes in.
        ReasonNeededError: the site was left, and no reason is given.
    """
    done = 0
    for several in batches(records, SLICE):
        if done:  # many rows lie all over their tables and indexes
            set_cache_size(driver(session.connection()).execute, CACHE_KIB_FOR_SEARCH)
        _add(session, several)
        done += len(several)
        progress(done)


def remove_many(session: Session, records: Iterable[Record]) -> None:
    """Delete records, in their order; within ``because`` with its reasons, as a flush does.

    Raises as :func:`add_many` does.
    """
    for several in batches(records, SLICE):
        _remove(session, several)


def _add(session: Session, records: Sequence[Record]) -> None:
    for record in records:
        revalidate(record)
    doubtful: list[tuple[str, str]] = []
    fresh: list[Record] = []
    with writing(session) as writer:
        connection, why = session.connection(), _reasons(session)
        before = {
            (kind.KIND, of): leaves
            for kind, several in _by_kind(records)
            for of, leaves in leaves_of_several(
                connection, kind.KIND, (one.id for one in several)
            ).items()
        }
        for record in records:
            leaves = before.get((record.KIND, record.id), {})
            append_making(writer, record, leaves, why(record))
            if leaves:
                doubtful.append((record.KIND, record.id))
            else:
                fresh.append(record)
    for kind, several in _by_kind(records):
        names = ("id", *kind.field_names())
        rows = ({name: getattr(record, name) for name in names} for record in several)
        insert_many(connection, table_of(kind), rows)
    search.put_many(
        connection,
        (
            (record.KIND, record.id, getattr(record, "inspection_id", record.id), record.words())
            for record in fresh
            if record.SEARCH
        ),
    )
    for record in records:
        if (record.KIND, record.id) in before:
            search.index(connection, record)
    renew_disputed(connection, doubtful)


def _remove(session: Session, records: Sequence[Record]) -> None:
    doubtful: list[tuple[str, str]] = []
    with writing(session) as writer:
        connection, why = session.connection(), _reasons(session)
        ops = {
            (kind.KIND, of): of_record
            for kind, several in _by_kind(records)
            for of, of_record in ops_of_several(
                connection, kind.KIND, (one.id for one in several)
            ).items()
        }
        for record in records:
            of = (record.KIND, record.id)
            if may_be_disputed(append_removal(writer, record, ops.get(of, []), why(record))):
                doubtful.append(of)
    for kind, several in _by_kind(records):
        driver(connection).executemany(
            f'DELETE FROM "{kind.__tablename__}" WHERE id = ?',  # noqa: S608 - names of our own
            [(record.id,) for record in several],
        )
    for record in records:
        if record in session:
            session.expunge(record)
        if record.SEARCH:
            search.forget(connection, record.KIND, record.id)
    renew_disputed(connection, doubtful)


def _by_kind(records: Iterable[Record]) -> Iterator[tuple[type[Record], list[Record]]]:
    """Yield the records of each kind; of a kind in their order."""
    for _, several in groupby(sorted(records, key=lambda one: one.KIND), lambda one: one.KIND):
        of_kind = list(several)
        yield type(of_kind[0]), of_kind


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
