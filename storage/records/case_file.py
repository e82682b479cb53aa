"""What belongs to each case: the records that make up its file."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlmodel import Session

from storage.database.connection import driver
from storage.records.case import Case
from storage.records.registry import KINDS

FEW = 500
"""Up to so many records are looked up one by one."""

Parts = dict[str, tuple[str, str]]
"""The kind and the case of a record, by its id."""

# By the driver: tens of thousands of rows, on the way to every page.
_OF_CASE = 'SELECT id, case_id FROM "{table}" AS record WHERE inspection_id = ?'
_IN_CASE = (
    'SELECT id, {stem}_id FROM "{table}" AS record '
    "WHERE inspection_id = ? AND {stem}_kind = '{case}'"
)
_IN_PART = (
    'SELECT record.id, part.case_id FROM "{table}" AS record '
    'JOIN "{part}" AS part ON part.id = record.{stem}_id '
    "WHERE record.inspection_id = ? AND record.{stem}_kind = '{kind}'"
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
                yield known.KIND, _IN_PART.format(table=table, stem=stem, **names)


def records_of_cases(
    session: Session, inspection_id: str, among: Collection[str] | None = None
) -> Parts:
    """Return which records stand in the files of an inspection's cases.

    Notes inside a judgment belong to the judgment's case. With ``among``, only records of these
    ids are asked after.
    """
    if among is not None and not among:
        return {}
    few = list(among) if among is not None and len(among) <= FEW else []
    wanted = None if among is None or few else frozenset(among)
    run = driver(session.connection()).execute
    only = f" AND record.id IN ({','.join('?' * len(few))})" if few else ""
    inside: Parts = {}
    for kind, query in _queries():
        for record, case in run(query + only, (inspection_id, *few)):
            if wanted is None or record in wanted:
                inside[record] = (kind, case)
    return inside
