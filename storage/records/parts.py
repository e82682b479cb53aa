"""What belongs to each case: the records that make up its file."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.records.case import CaseKey
from storage.records.case_audit import CaseAudit
from storage.records.judgment import Judgment
from storage.records.note import Note
from storage.records.referral import Referral
from storage.records.reveal import Reveal

FEW = 1000
"""Up to so many records are looked up one by one."""

Parts = dict[str, tuple[str, str]]
"""The kind and the case of a record, by its id."""


def parts(session: Session, inspection_id: str, among: Collection[str] | None = None) -> Parts:
    """Which records stand in the files of an inspection's cases.

    Notes inside a judgment belong to the judgment's case. With ``among``, only records of these
    ids are asked after.
    """
    if among is None or len(among) > FEW:
        return _parts(session, inspection_id, None)
    return _parts(session, inspection_id, list(among)) if among else {}


def _parts(session: Session, inspection_id: str, among: list[str] | None) -> Parts:
    kept: tuple[type[CaseKey | CaseAudit | Judgment | Referral | Reveal], ...] = (
        CaseKey,
        CaseAudit,
        Judgment,
        Referral,
        Reveal,
    )
    queries: list[tuple[str, Any]] = [
        (one.KIND, select(col(one.id), col(one.case_id))) for one in kept
    ]
    in_case = col(Note.parent_kind) == "case"
    in_judgment = col(Note.parent_kind) == "judgment"
    queries.append((Note.KIND, select(col(Note.id), col(Note.parent_id)).where(in_case)))
    judged = select(col(Note.id), col(Judgment.case_id)).where(in_judgment)
    queries.append((Note.KIND, judged.join(Judgment, col(Judgment.id) == col(Note.parent_id))))
    found: Parts = {}
    for kind, query in queries:
        columns = query.selected_columns[0].table.c
        query = query.where(columns.inspection_id == inspection_id)
        if among is not None:
            query = query.where(columns.id.in_(among))
        found.update((id_, (kind, case)) for id_, case in session.connection().execute(query))
    return found
