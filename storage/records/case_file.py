"""What belongs to each case: the records that make up its file."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlmodel import Session

from storage.database.connection import driver
from storage.database.remembered import recall
from storage.records.case import Case
from storage.records.registry import KINDS

FEW = 500
"""Up to so many records are looked up one by one."""

Parts = dict[str, tuple[str, str]]
"""The kind and the case of a record, by its id."""

Place = tuple[str, str, str]
"""A record's kind and case, empty for none, and the part of the case that it lies in, or itself."""

# By the driver: tens of thousands of rows, on the way to every page.
_OF_CASE = 'SELECT id, case_id, id FROM "{table}" AS record WHERE inspection_id = ?'
_IN_CASE = (
    'SELECT id, {stem}_id, id FROM "{table}" AS record '
    "WHERE inspection_id = ? AND {stem}_kind = '{case}'"
)
_IN_PART = (
    'SELECT record.id, part.case_id, part.id FROM "{table}" AS record '
    'JOIN "{part}" AS part ON part.id = record.{stem}_id '
    "WHERE record.inspection_id = ? AND record.{stem}_kind = '{kind}'"
)


# Of a part that is not here, or not yet, nobody knows in which case it lies.
_IN_NONE = (
    "SELECT id, '', {stem}_id FROM \"{table}\" AS record "
    "WHERE inspection_id = ? AND {stem}_kind = '{kind}'"
)


def _queries() -> Iterator[tuple[str, str]]:
    """Each kind that may lie in a case's file, with a query of its records and their cases."""
    lying = [known for known in KINDS.values() if known.UNDER == "case_id"]
    for known in lying:
        yield known.KIND, _OF_CASE.format(table=known.__tablename__)
    for known in KINDS.values():
        stem = known.UNDER.removesuffix("_id")
        if not known.COUNTED or f"{stem}_kind" not in known.field_names():
            continue
        table = known.__tablename__
        yield known.KIND, _IN_CASE.format(table=table, stem=stem, case=Case.KIND)
        for part in lying:
            if part.NOTED:
                names = {"part": part.__tablename__, "kind": part.KIND}
                yield known.KIND, _IN_NONE.format(table=table, stem=stem, **names)
                yield known.KIND, _IN_PART.format(table=table, stem=stem, **names)


def records_of_cases(
    session: Session, inspection_id: str, among: Collection[str] | None = None
) -> Parts:
    """Return which records stand in the files of an inspection's cases.

    Notes inside a judgment belong to the judgment's case. With ``among``, only records of these
    ids are asked after, and only once: where they lie is remembered.
    """
    if among is None:
        return {record: at[:2] for record, at in _look(session, inspection_id, None) if at[1]}
    known = recall(session.connection(), f"cases of {inspection_id}", _rests_on)
    asked = [record for record in among if record not in known]
    if asked:
        found = dict(_look(session, inspection_id, asked))
        known |= {record: found.get(record, ("", "", record)) for record in asked}
    return {record: known[record][:2] for record in among if known[record][1]}


def _rests_on(record: str, at: Place) -> tuple[str, str]:
    return record, at[2]


def _look(
    session: Session, inspection_id: str, among: list[str] | None
) -> Iterator[tuple[str, Place]]:
    """Yield where each record lies; of one that was yielded before, the later is true."""
    few = among if among is not None and len(among) <= FEW else []
    wanted = None if among is None or few else frozenset(among)
    run = driver(session.connection()).execute
    only = f" AND record.id IN ({','.join('?' * len(few))})" if few else ""
    for kind, query in _queries():
        for record, case, part in run(query + only, (inspection_id, *few)):
            if wanted is None or record in wanted:
                yield record, (kind, case, part)
