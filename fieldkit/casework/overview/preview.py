"""A case in short, beside the list of cases: what its line does not say, without its texts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.casework.case_file import present_referral
from fieldkit.casework.overview.timeline import Timeline, timeline
from fieldkit.casework.referrals import ReferralLine, lines_of
from fieldkit.service import existing, latest_moment, methodology_of, now
from fieldkit.visibility import force_view, is_revealed
from storage.records import Case, CaseAudit, Note, Referral, Support
from storage.records.case import case_audit_id
from storage.records.judgment import judgments_of
from storage.records.lookup import records_naming, records_under


@dataclass(frozen=True, slots=True)
class CasePreview:
    """Holds what is told of a case beside the list.

    Attributes:
        audit: what the file shows besides the grades; None where nothing is recorded.
        referral: the one that is not closed, or else the latest.
        force: the force's own grade in words; empty before a reveal, and where no row is matched.
        revealed: the force's grade has been shown.
        notes: how many remarks were made in the case and in its judgments.
        points: how many points rest on it, or are contradicted by it.
    """

    audit: CaseAudit | None
    timeline: Timeline
    referral: ReferralLine | None
    force: str
    revealed: bool
    notes: int
    points: int


def case_preview(s: Session, case_id: str) -> CasePreview:
    """Return a case in short; raises `NotThereError` where there is no such case.

    It costs what the one case holds, not what the inspection does.
    """
    case = existing(s, Case, case_id)
    audit = s.get(CaseAudit, case_audit_id(case_id))
    judgments = judgments_of(s, case_id).values()
    above = {case_id, *(one.id for one in judgments)}
    notes = records_naming(s, Note, Note.UNDER, above)
    parts = {case_audit_id(case_id), *above, *(one.id for one in notes)}
    links = records_naming(s, Support, "evidence_id", parts)
    referral = present_referral(records_under(s, Referral, case_id))
    moment = latest_moment(s, now())
    view = force_view(s, case_id)
    return CasePreview(
        audit=audit,
        timeline=timeline(methodology_of(s, case.inspection_id), audit),
        referral=next(
            iter(lines_of(s, case.inspection_id, [referral] if referral else [], moment)), None
        ),
        force=view.said if view is not None else "",
        revealed=is_revealed(s, case_id),
        notes=len(notes),
        points=len({link.point_id for link in links}),
    )
