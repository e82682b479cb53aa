"""Keeps which fields are in conflict, written with the ops, so that no page has to look for them.

Looking for conflicts means to go through every write that nothing replaced, which takes longer the
more is in the vault. A conflict comes and goes only with an op on its record, so it is written down
wherever the leaves of a record are. A replay proves it, as it proves the leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from storage.database.connection import batches, driver
from storage.feed.judge import is_shown
from storage.feed.read import ops_of
from storage.ops.fold import Folded, fold
from storage.records.registry import known_fields

_INSERT = "INSERT INTO disputed(record_kind, record, field) VALUES (?, ?, ?)"
_DELETE = "DELETE FROM disputed WHERE record_kind = ? AND record IN ({marks})"


def disputed_rows(kind: str, record: str, folded: Folded) -> list[dict[str, str]]:
    """Return the rows of the ``disputed`` table for a record: only of fields its kind knows."""
    if not folded.conflicts or not is_shown(kind, folded):
        return []
    return [
        {"record_kind": kind, "record": record, "field": name}
        for name in sorted(folded.conflicts.keys() & known_fields(kind))
    ]


def put_disputed(connection: Connection, kind: str, records: Mapping[str, Folded]) -> None:
    """Write down what is in conflict in some records of a kind, in place of what was."""
    write = driver(connection).executemany
    for several in batches(records):
        places = _DELETE.format(marks=",".join("?" * len(several)))
        driver(connection).execute(places, (kind, *several))
    rows = [row for record, each in records.items() for row in disputed_rows(kind, record, each)]
    if rows:
        write(_INSERT, [tuple(row.values()) for row in rows])


def renew_disputed(connection: Connection, records: Iterable[tuple[str, str]]) -> None:
    """Write anew what is in conflict in records of any kinds, each given by kind and id."""
    for kind, record in dict.fromkeys(records):
        put_disputed(connection, kind, {record: fold(ops_of(connection, kind, record))})
