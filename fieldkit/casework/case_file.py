"""The file of one case: everything kept about it, as a person opens it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.history.conflicts import answered_twice
from fieldkit.service import author, existing
from fieldkit.visibility import ForceView, force_view
from storage.records import (
    Case,
    CaseAudit,
    CaseKey,
    ForceRowKey,
    Judgment,
    Note,
    Query,
    Referral,
)
from storage.records.case import case_audit_id, case_key_id
from storage.records.judgment import judgments_of
from storage.records.lookup import records_naming, records_under
from storage.records.self_assessment import force_row_key_id


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Holds a case and what belongs to it.

    Attributes:
        key: the force's reference and the key to the child's label, where they are kept.
        judgments: by criterion; a criterion not touched yet has none.
        two_answers: the criteria whose grade or state has two answers that nobody has decided.
        notes: the remarks made in the case and in its judgments, in the order they were made.
        queries: those asked of its judgments, in the order they were asked.
        referral: the one that is not closed, or else the latest.
        force: the force's own view, only after a reveal.
    """

    case: Case
    key: CaseKey | None
    audit: CaseAudit | None
    judgments: dict[str, Judgment]
    two_answers: frozenset[str]
    notes: tuple[Note, ...]
    queries: tuple[Query, ...]
    referral: Referral | None
    force: ForceView | None


def open_case(s: Session, case_id: str, *, notes: bool = True) -> CaseFile:
    """Open a case; that it was looked at goes on record with the next commit.

    Without ``notes`` these are left out. Raises `NotThereError` where there is no such case.
    """
    case = existing(s, Case, case_id)
    judgments = judgments_of(s, case_id)
    places = [case_id, *(one.id for one in judgments.values())] if notes else []
    remarks = records_naming(s, Note, "parent_id", places)
    doubtful = answered_twice(s, (one.id for one in judgments.values()))
    force = force_view(s, case_id)
    author(s).consult(Case.KIND, case_id)
    if force is not None and force.has_key:
        author(s).consult(ForceRowKey.KIND, force_row_key_id(force.row_id))
    return CaseFile(
        case=case,
        key=s.get(CaseKey, case_key_id(case_id)),
        audit=s.get(CaseAudit, case_audit_id(case_id)),
        judgments=judgments,
        two_answers=frozenset(key for key, one in judgments.items() if one.id in doubtful),
        notes=tuple(sorted(remarks, key=lambda one: (one.at, one.id))),
        queries=tuple(records_under(s, Query, case_id)),
        referral=present_referral(records_under(s, Referral, case_id)),
        force=force,
    )


def present_referral(known: list[Referral]) -> Referral | None:
    """Return of a case's referrals the one that is not closed, or else the latest."""
    running = [one for one in known if one.state != "closed"]
    choice = running or known
    return choice[-1] if choice else None
