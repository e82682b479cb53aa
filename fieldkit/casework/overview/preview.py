"""A case in short, beside the list of cases: what its line does not say, without its texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from fieldkit.casework.case_file import present_referral
from fieldkit.casework.overview.timeline import Timeline, timeline
from fieldkit.casework.referrals import ReferralLine, lines_of
from fieldkit.service import existing, latest_moment, methodology_of, now
from fieldkit.visibility import force_view, is_revealed
from storage.records import Case, CaseAudit, Judgment, Point, Referral, Support
from storage.records.case import case_audit_id
from storage.records.judgment import judgments_of
from storage.records.lookup import records_by_id, records_under, rows_naming
from storage.records.note import note_ids


@dataclass(frozen=True, slots=True)
class Cited:
    """Holds a point that rests on a case, or is contradicted by it (``against``)."""

    sort: str
    wording: str
    against: bool


@dataclass(frozen=True, slots=True)
class CasePreview:
    """Holds what is told of a case beside the list.

    Attributes:
        audit: what the file shows besides the grades; None where nothing is recorded.
        referral: the one that is not closed, or else the latest.
        force: the force's own grade in words; empty before a reveal, and where no row is matched.
        revealed: the force's grade has been shown.
        notes: how many remarks were made in the case and in its judgments.
        cited: the points that rest on it, or are contradicted by it.
    """

    audit: CaseAudit | None
    timeline: Timeline
    referral: ReferralLine | None
    force: str
    revealed: bool
    notes: int
    cited: tuple[Cited, ...]

    @property
    def points(self) -> int:
        """Return how many points rest on it, or are contradicted by it."""
        return len(self.cited)


def case_preview(s: Session, case_id: str) -> CasePreview:
    """Return a case in short; raises `NotThereError` where there is no such case.

    It costs what the one case holds, not what the inspection does.
    """
    case = existing(s, Case, case_id)
    audit = s.get(CaseAudit, case_audit_id(case_id))
    judgments = {one.id for one in judgments_of(s, case_id).values()}
    notes = note_ids(s, case.inspection_id, Case.KIND, [case_id])
    notes += note_ids(s, case.inspection_id, Judgment.KIND, judgments)
    parts = {case_audit_id(case_id), case_id, *judgments, *notes}
    links = rows_naming(s, Support, ("point_id", "relation"), "evidence_id", parts)
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
        cited=_cited(s, links),
    )


def _cited(s: Session, links: Iterable[tuple[Any, ...]]) -> tuple[Cited, ...]:
    relations = list(links)
    against = {point for point, relation in relations if relation == "contradicts"}
    known = records_by_id(s, Point, {point for point, _ in relations})
    points = [one for one in known if one.state != "withdrawn"]
    points.sort(key=lambda one: (one.made_at, one.id))
    return tuple(Cited(one.sort, one.wording, one.id in against) for one in points)
