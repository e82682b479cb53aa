"""What is tied to a recommendation: the force's context, practice that shows how, its progress.

What is tied may be another inspection's: a review finds evidence of the progress of what an earlier
inspection recommended, and notable practice is another force's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.bearing import bear
from fieldkit.evidence.evidence import KINDS_OF_EVIDENCE, evidence, fetch_evidence
from fieldkit.evidence.points import WITHDRAWN
from fieldkit.evidence.trace import has_changed
from fieldkit.evidence.triangulation import CONTEXT, CONTRADICTS, SUPPORTS
from fieldkit.followup.force import inspections_of_force
from fieldkit.service import (
    NotThereError,
    RefusedError,
    existing,
    inspection_of,
    methodology_of,
)
from storage.history.history import revisions
from storage.ops.text import many
from storage.records import Inspection, Point, Recommendation, RecommendationLink
from storage.records.inspection import inspections
from storage.records.lookup import records_in, records_under
from storage.records.recommendation import link_id
from storage.records.registry import KINDS

ROLES = (IN_CONTEXT, AS_PRACTICE, OF_PROGRESS) = ("context", "practice", "progress")
NOTABLE = "notable practice"
RELATIONS = (SUPPORTS, CONTRADICTS, CONTEXT)


@dataclass(frozen=True, slots=True)
class Linked:
    """Holds what is tied to a recommendation, as it now stands.

    Attributes:
        id: which link.
        role: “context”, “practice” or “progress”.
        kind, record_id: what is tied.
        label: how a person calls it.
        text: what it says; empty where it is not kept here.
        force: the force that was inspected.
        relation: of evidence of progress, whether it “supports” or “contradicts” progress.
        why: how it bears on the recommendation.
        by: who tied it.
        changed: it has changed since, or is gone.
    """

    id: str
    role: str
    kind: str
    record_id: str
    label: str
    text: str
    force: str
    relation: str
    why: str
    by: str
    changed: bool


def link_context(
    s: Session, recommendation_id: str, kind: str, record_id: str, why: str = ""
) -> RecommendationLink:
    """Tie a note, or another piece of evidence, to a recommendation as the force's context.

    ``why`` says how it was weighed. Raises `RefusedError` where it is no evidence of an inspection
    of that force.
    """
    one = existing(s, Recommendation, recommendation_id)
    _evidence_of_force(s, one, kind, record_id)
    return _tie(s, one, IN_CONTEXT, kind, record_id, CONTEXT, why)


def link_practice(
    s: Session, recommendation_id: str, point_id: str, why: str = ""
) -> RecommendationLink:
    """Tie notable practice, mostly of another force, to a recommendation that it shows a way for.

    ``why`` says what of it may be done here. Raises `RefusedError` for any other sort of point.
    """
    one = existing(s, Recommendation, recommendation_id)
    point = existing(s, Point, point_id)
    if point.sort != NOTABLE or point.state == WITHDRAWN:
        raise RefusedError(
            f"That point is no {NOTABLE} that stands. Nothing was changed; choose a point of that "
            "sort, of any force."
        )
    return _tie(s, one, AS_PRACTICE, Point.KIND, point.id, SUPPORTS, why)


def link_progress(
    s: Session, recommendation_id: str, kind: str, record_id: str, relation: str, why: str = ""
) -> RecommendationLink:
    """Tie evidence of progress, as it stands now, to a recommendation.

    Args:
        s: a writing session.
        recommendation_id: which recommendation.
        kind: the kind of the evidence.
        record_id: which piece; of any inspection of that force.
        relation: “supports” (it shows progress), “contradicts” (it shows none) or “context”.
        why: how it bears on it; of a contradiction, how it was weighed.

    Raises:
        RefusedError: it is no evidence of an inspection of that force.
        InvalidError: there is no such relation.
    """
    one = existing(s, Recommendation, recommendation_id)
    _evidence_of_force(s, one, kind, record_id)
    return _tie(s, one, OF_PROGRESS, kind, record_id, relation, why)


def untie(s: Session, recommendation_link_id: str) -> None:
    """Take away what was tied to a recommendation; both stay as they are."""
    s.delete(existing(s, RecommendationLink, recommendation_link_id))
    s.flush()


def practices(s: Session) -> list[tuple[Point, str]]:
    """Return the notable practice of all inspections kept here that stands, each with its force."""
    return [
        (point, inspection.force)
        for inspection in inspections(s)
        for point in records_in(s, Point, inspection.id)
        if point.sort == NOTABLE and point.state != WITHDRAWN
    ]


def linked(s: Session, recommendation_id: str) -> list[Linked]:
    """Return what is tied to a recommendation, by role."""
    links = [
        one for one in records_under(s, RecommendationLink, recommendation_id) if one.role in ROLES
    ]
    present = revisions(s, (one.evidence_id for one in links))
    # Held while they are looked at, so that each record is fetched once.
    held = fetch_evidence(s, ((one.evidence_kind, one.evidence_id) for one in links))
    found = [_linked(s, one, present.get(one.evidence_id, "")) for one in links]
    held.clear()
    return found


def words_of_progress(links: Sequence[Linked]) -> str:
    """Say how much evidence shows progress, and how much shows none; empty for neither."""
    tied = [one.relation for one in links if one.role == OF_PROGRESS]
    return progress_words(tied.count(SUPPORTS), tied.count(CONTRADICTS))


def progress_words(supports: int, contradicts: int) -> str:
    """Say so of counts."""
    parts = [f"{many(supports, 'piece')} of evidence for progress"] if supports else []
    parts += [f"{contradicts} against" if parts else f"{many(contradicts, 'piece')} against it"] * (
        contradicts > 0
    )
    return ", ".join(parts)


def _linked(s: Session, link: RecommendationLink, present: str) -> Linked:
    kind, record_id = link.evidence_kind, link.evidence_id
    record = s.get(KINDS[kind], record_id) if kind in KINDS else None
    text, label = "", f"{kind.replace('_', ' ')}, not kept here"
    inspection = s.get(Inspection, inspection_of(record)) if record is not None else None
    if isinstance(record, Point):
        text, label = record.wording, record.sort
    elif inspection is not None:
        piece = evidence(s, methodology_of(s, inspection.id), kind, record_id)
        if piece is not None:
            text, label = piece.text, piece.label
    return Linked(
        id=link.id,
        role=link.role,
        kind=kind,
        record_id=record_id,
        label=label,
        text=text,
        force=inspection.force if inspection else "",
        relation=link.relation,
        why=link.why,
        by=link.by,
        changed=record is None
        or (present != link.revision and has_changed(s, kind, record_id, link.revision)),
    )


def _tie(
    s: Session,
    one: Recommendation,
    role: str,
    kind: str,
    record_id: str,
    relation: str,
    why: str,
) -> RecommendationLink:
    s.flush()
    return bear(
        s,
        RecommendationLink,
        link_id(one.id, role, record_id),
        (kind, record_id),
        relation,
        why,
        inspection_id=one.inspection_id,
        recommendation_id=one.id,
        role=role,
    )


def _evidence_of_force(s: Session, one: Recommendation, kind: str, record_id: str) -> None:
    if kind not in KINDS_OF_EVIDENCE:
        raise RefusedError(
            f"A “{kind}” cannot be evidence. Nothing was changed; choose a note, a judgment, a "
            "case audit, an interview, an observation or a document."
        )
    inspection = s.get(Inspection, one.inspection_id)
    if inspection is None:
        raise NotThereError(
            "The inspection of this recommendation is not kept here. Nothing was changed."
        )
    of = inspection_of(existing(s, KINDS[kind], record_id))
    if of not in {each.id for each in inspections_of_force(s, inspection.force)}:
        raise RefusedError(
            f"The evidence is from another force than {inspection.force}. Nothing was changed."
        )
