"""One telling of a point in a debrief: its words, whether they were agreed, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.evidence import Evidence, evidence
from fieldkit.methodology import Methodology
from fieldkit.service import inspection_of
from storage.feed.read import leaves_of
from storage.records import Debrief, DebriefPoint, Point
from storage.records.registry import KINDS

NOT_TOLD, RAISED, AGREED, DISPUTED = "not told yet", "raised", "agreed", "disputed"
CORRECTED, KEPT = "corrected", "kept with evidence"
ACTED, CARRIED = "acted on", "carried over"
PARTLY_ACTED = "an action done"
"""A step at which the force did something while more of what it promised was open."""

STATUS_OF = {
    "agreed": AGREED,
    "disputed": DISPUTED,
    "corrected": CORRECTED,
    "kept with evidence": KEPT,
    "acted on": ACTED,
    "carried": CARRIED,
}
"""What an outcome says of a point, in words people use."""

IN_DISPUTE = ("disputed", "kept with evidence")
"""Outcomes of a point whose words the force does not agree."""
_SETTLED = ("agreed", "corrected", "acted on")

Place = tuple[str, str, str]
"""Where words stand: the kind and id of a record, and the field of it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Holds a misunderstanding that was put right.

    Attributes:
        text: what was misunderstood, and what is right.
        held_on: the day of the debrief in which that was said, ``YYYY-MM-DD``.
        evidence_kind: the kind of record that shows it; empty where none was named.
        evidence_id: which record.
        evidence: that record as evidence; None where none was named, or it was deleted.
    """

    text: str
    held_on: str
    evidence_kind: str
    evidence_id: str
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Telling:
    """Holds a point as it was told, or is to be told, in one debrief.

    Attributes:
        id: the point's place in that debrief.
        debrief_id: which debrief.
        sort: "daily" or "hot".
        held_on: the day of the debrief, ``YYYY-MM-DD``.
        held_at: when that was closed, ISO 8601 in UTC; empty while it is open.
        wording: the words told; of a telling still to come those it starts from.
        wording_of: the record and field they stand in.
        frozen: the words were told and will not change.
        agreed: the words were agreed with the force, which does not dispute them; here, or before
            and only said again here.
        said_only: they were kept because the debrief was closed, and nobody agreed them in it.
        response: what the force answered.
        outcome: what came of it.
        correction: the misunderstanding put right.
        unsettled: the fields in which two laptops say different things and nobody has decided.
    """

    id: str
    debrief_id: str
    sort: str
    held_on: str
    held_at: str
    wording: str
    wording_of: Place
    frozen: bool
    agreed: bool
    said_only: bool
    response: str
    outcome: str
    correction: Correction | None
    unsettled: tuple[str, ...] = ()


def standing(tellings: Sequence[Telling]) -> Telling | None:
    """Return the telling of some whose words were agreed last, else the last told; or None.

    Words that the force disputes now are not agreed, even if they once were.
    """
    told = [one for one in tellings if one.frozen]
    _, disputed = _came_of(tellings)
    agreed = (one for one in reversed(told) if one.agreed and one.wording != disputed)
    return next(agreed, told[-1] if told else None)


def words_to_tell(s: Session, point: Point, tellings: Sequence[Telling]) -> tuple[str, Place]:
    """Return the words from which a point is told next, after some tellings, and whose they are."""
    stands = standing(tellings)
    if stands is None or (not stands.agreed and _reworded_since(s, point, stands)):
        return point.wording, (Point.KIND, point.id, "wording")
    return stands.wording, stands.wording_of


def _reworded_since(s: Session, point: Point, telling: Telling) -> bool:
    """Say whether the draft was written after words were told that nobody agreed.

    By the stamps of the two writes, which never go back.
    """
    draft = leaves_of(s.connection(), Point.KIND, point.id).get("wording")
    told = leaves_of(s.connection(), DebriefPoint.KIND, telling.id).get("agreed_wording")
    return bool(draft and told and draft[0].order > told[0].order)


def telling_of(
    s: Session,
    methodology: Methodology,
    debrief: Debrief,
    record: DebriefPoint,
    point: Point,
    before: Sequence[Telling],
    unsettled: tuple[str, ...],
) -> Telling:
    """Return a point as it was told in a debrief, after its tellings before."""
    frozen, came = bool(record.frozen_at), record.outcome
    if frozen:
        wording, wording_of = record.agreed_wording, (record.KIND, record.id, "agreed_wording")
    else:
        wording, wording_of = words_to_tell(s, point, before)
    correction = None
    if record.correction:
        shown = (record.evidence_kind, record.evidence_id)
        correction = Correction(
            record.correction, debrief.held_on, *shown, _evidence(s, methodology, record)
        )
        came = came or CORRECTED
    return Telling(
        id=record.id,
        debrief_id=debrief.id,
        sort=debrief.sort,
        held_on=debrief.held_on,
        held_at=debrief.held_at,
        wording=wording,
        wording_of=wording_of,
        frozen=frozen,
        agreed=frozen
        and came not in IN_DISPUTE
        and (came != "" or wording != _came_of(before)[1])
        and (not record.said_only or came in _SETTLED or _agreed_before(before, wording)),
        said_only=frozen and record.said_only,
        response=record.response,
        outcome=came,
        correction=correction,
        unsettled=unsettled,
    )


def _agreed_before(before: Sequence[Telling], wording: str) -> bool:
    """Say whether these words were agreed at an earlier telling, and nobody disputes them since."""
    return last_outcome(before) not in IN_DISPUTE and any(
        one.agreed and one.wording == wording for one in before
    )


def _evidence(s: Session, methodology: Methodology, record: DebriefPoint) -> Evidence | None:
    """Return what shows a correction, unless a colleague names what is of another inspection."""
    kind = KINDS.get(record.evidence_kind)
    shown = s.get(kind, record.evidence_id) if kind is not None else None
    if shown is None or inspection_of(shown) != record.inspection_id:
        return None
    return evidence(s, methodology, record.evidence_kind, record.evidence_id)


def last_outcome(tellings: Sequence[Telling]) -> str:
    """Return what came of a point last; other words that are agreed settle a dispute."""
    return _came_of(tellings)[0]


def _came_of(tellings: Sequence[Telling]) -> tuple[str, str]:
    """Return what came of a point last, and the words that are disputed now; empty for none."""
    last, disputed = "", ""
    for telling in tellings:
        if telling.outcome:
            last = telling.outcome
            disputed = telling.wording if last in IN_DISPUTE else ""
        elif disputed and telling.agreed and telling.wording != disputed:
            last, disputed = AGREED, ""
    return last, disputed
