"""A record is in conflict where it holds parallel writes that do not say the same."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from storage.database.connection import batches, driver
from storage.ops.fold import Folded
from storage.records.registry import KINDS, fields_with, known_fields

_ALL = "SELECT record_kind, record, field FROM disputed"
_SOME = "SELECT record_kind, record, field FROM disputed WHERE record_kind = ? AND record IN ({})"


def conflicted_fields(connection: Connection) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the fields in conflict of each record that has any, by kind and id.

    Those that only follow from others are left out, and records that are deleted: nobody has
    anything to decide. Even one laptop's own writes may be parallel, where the write between them
    was another's, which is not here or revoked.
    """
    fields_of = _by_record(driver(connection).execute(_ALL))
    order = {kind: number for number, kind in enumerate(KINDS)}
    return dict(sorted(fields_of.items(), key=lambda each: (order[each[0][0]], each[0][1])))


def disputed_fields_of(
    connection: Connection, kind: str, records: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return what :func:`conflicted_fields` does, of some records of a kind."""
    run = driver(connection).execute
    fields_of: dict[tuple[str, str], tuple[str, ...]] = {}
    for batch in batches(sorted(set(records))):
        fields_of |= _by_record(run(_SOME.format(",".join("?" * len(batch))), (kind, *batch)))
    return {record: names for (_, record), names in fields_of.items()}


def _by_record(rows: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the fields of each record, those apart that follow from others and that nobody knows.

    The table is made anew where a later fieldkit knows other fields; which of them follow from
    others is not written in it.
    """
    fields_of: dict[tuple[str, str], set[str]] = {}
    for kind, record, name in rows:
        if kind in KINDS and name in known_fields(kind) - fields_with(KINDS[kind], "following"):
            fields_of.setdefault((kind, record), set()).add(name)
    return {record: tuple(sorted(names)) for record, names in fields_of.items()}


def disputed_fields(kind: str, folded: Folded) -> tuple[str, ...]:
    """Return the fields in conflict that are known here and that somebody has to decide."""
    known = KINDS[kind]
    decided = folded.conflicts.keys() & known_fields(kind)
    return tuple(sorted(decided - fields_with(known, "following")))
