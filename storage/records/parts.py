"""What belongs to each case: the records that make up its file."""

from __future__ import annotations

from sqlalchemy import select, union_all
from sqlmodel import Session, col

from storage.records.case import CaseKey
from storage.records.case_audit import CaseAudit
from storage.records.judgment import Judgment
from storage.records.note import Note
from storage.records.referral import Referral
from storage.records.reveal import Reveal


def parts(session: Session, inspection_id: str) -> dict[str, tuple[str, str]]:
    """The kind and the case of each record in the files of an inspection's cases, by its id.

    Notes inside a judgment belong to the judgment's case.
    """
    kept = (CaseKey, CaseAudit, Judgment, Referral, Reveal)
    queries = [
        select(col(one.id), col(one.case_id)).where(col(one.inspection_id) == inspection_id)
        for one in kept
    ]
    found: dict[str, tuple[str, str]] = {}
    connection = session.connection()
    for kind, query in zip(kept, queries, strict=True):
        found.update((id_, (kind.KIND, case)) for id_, case in connection.execute(query))
    notes = union_all(
        select(col(Note.id), col(Note.parent_id)).where(
            col(Note.inspection_id) == inspection_id, col(Note.parent_kind) == "case"
        ),
        select(col(Note.id), col(Judgment.case_id))
        .join(Judgment, col(Judgment.id) == col(Note.parent_id))
        .where(col(Note.inspection_id) == inspection_id, col(Note.parent_kind) == "judgment"),
    )
    found.update((id_, (Note.KIND, case)) for id_, case in connection.execute(notes))
    return found
