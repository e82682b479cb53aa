"""What belongs to each case: the records that make up its file."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session

from storage.database.connection import driver
from storage.records.case import CaseAudit, CaseKey
from storage.records.judgment import Judgment
from storage.records.note import Note
from storage.records.query import Query
from storage.records.referral import Referral
from storage.records.reveal import Reveal

FEW = 500
"""Up to so many records are looked up one by one."""

Parts = dict[str, tuple[str, str]]
"""The kind and the case of a record, by its id."""

# By the driver: tens of thousands of rows, on the way to every page.
_OF_CASE = "SELECT id, case_id FROM {table} WHERE inspection_id = ?"
_IN_CASE = "SELECT id, parent_id FROM note WHERE inspection_id = ? AND parent_kind = 'case'"
_IN_JUDGMENT = (
    "SELECT note.id, judgment.case_id FROM note JOIN judgment ON judgment.id = note.parent_id "
    "WHERE note.inspection_id = ? AND note.parent_kind = 'judgment'"
)
_QUERIES = (
    *(
        (one.KIND, str(one.__tablename__), _OF_CASE.format(table=one.__tablename__))
        for one in (CaseKey, CaseAudit, Judgment, Query, Referral, Reveal)
    ),
    (Note.KIND, "note", _IN_CASE),
    (Note.KIND, "note", _IN_JUDGMENT),
)


def parts(session: Session, inspection_id: str, among: Collection[str] | None = None) -> Parts:
    """Which records stand in the files of an inspection's cases.

    Notes inside a judgment belong to the judgment's case. With ``among``, only records of these
    ids are asked after.
    """
    if among is not None and not among:
        return {}
    few = list(among) if among is not None and len(among) <= FEW else []
    wanted = None if among is None or few else frozenset(among)
    run = driver(session.connection()).execute
    found: Parts = {}
    for kind, table, query in _QUERIES:
        named = f" AND {table}.id IN ({','.join('?' * len(few))})" if few else ""
        for record, case in run(query + named, (inspection_id, *few)):
            if wanted is None or record in wanted:
                found[record] = (kind, case)
    return found
