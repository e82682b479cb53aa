"""A point's chain: every telling of it, and the words, answer and actions that stand now.

Whatever words of a point go to the force are taken from here: the last that were agreed, never a
draft. A chain runs from raised over agreed or disputed to corrected, kept with evidence, acted on,
carried over or withdrawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.evidence import Evidence, evidence
from fieldkit.evidence.points import WITHDRAWN
from fieldkit.feedback.debriefs.actions import ActionLine, actions_told, told_by_point
from fieldkit.feedback.debriefs.order import in_order
from fieldkit.feedback.debriefs.past import as_they_stood
from fieldkit.methodology import Methodology
from fieldkit.service import inspection_of, methodology_of
from storage.conflicts.find import disputed_fields_of
from storage.feed.read import leaves_of
from storage.records import Debrief, DebriefPoint, Point
from storage.records.lookup import records_in
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


@dataclass(frozen=True, slots=True)
class Step:
    """Holds one step of a chain: what became of the point, and on which day (``YYYY-MM-DD``)."""

    status: str
    day: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Holds a point with all its tellings.

    Attributes:
        point: the point; its own wording is a draft of ours.
        tellings: in which debriefs it stands, the earliest first.
        wording: the last agreed words; where none were agreed the last told, or else the draft.
        start: the words from which it is told next: the last agreed, never the first draft; after
            a dispute the draft, if it was reworded since.
        start_of: the record and field those stand in.
        agreed: those words were agreed with the force.
        told: it was told in a debrief; what was not stays with us.
        status: how far it has come, in words people use.
        steps: the way there, the earliest first.
        response: what the force answered last.
        outcome: what came of it last.
        correction: the misunderstanding put right last.
        actions: what the force promised, the earliest first, also what is done.
    """

    point: Point
    tellings: tuple[Telling, ...]
    wording: str
    start: str
    start_of: Place
    agreed: bool
    told: bool
    status: str
    steps: tuple[Step, ...]
    response: str
    outcome: str
    correction: Correction | None
    actions: tuple[ActionLine, ...]

    def telling(self, place: str) -> Telling | None:
        """Return the telling at a place on a debrief's list; None where it has none there."""
        return next((one for one in self.tellings if one.id == place), None)

    @property
    def withdrawn(self) -> bool:
        """Say whether the point no longer stands."""
        return self.status == WITHDRAWN

    @property
    def goes_on(self) -> bool:
        """Say whether it is told again at the end: agreed or carried over, not in dispute."""
        agreed = self.status == RAISED and self.agreed
        return agreed or self.status in (AGREED, CORRECTED, KEPT, ACTED, CARRIED)

    @property
    def unsettled(self) -> tuple[str, ...]:
        """Return the fields of its tellings about which two laptops disagree."""
        return tuple(dict.fromkeys(name for one in self.tellings for name in one.unsettled))


def chains(s: Session, inspection_id: str, end: str = "") -> dict[str, Chain]:
    """Return the chain of every point of an inspection, by the point's id, in the points' order.

    Points that were deleted have none. Raises `NotThereError` for an unknown inspection.

    Args:
        s: a session.
        inspection_id: of which inspection.
        end: the stamp of a day's end (:mod:`fieldkit.feedback.debriefs.past`), as they stood then.
    """
    points = as_they_stood(s, records_in(s, Point, inspection_id), end)
    return _chains(s, inspection_id, points, records_in(s, DebriefPoint, inspection_id), end)


def chain_of(s: Session, point: Point) -> Chain:
    """Return the chain of one point."""
    listed = records_in(s, DebriefPoint, point.inspection_id)
    own = [one for one in listed if one.point_id == point.id]
    return _chains(s, point.inspection_id, [point], own, "")[point.id]


def _chains(
    s: Session,
    inspection_id: str,
    points: Sequence[Point],
    listed: Sequence[DebriefPoint],
    end: str,
) -> dict[str, Chain]:
    methodology = methodology_of(s, inspection_id)
    unsettled = disputed_fields_of(s.connection(), DebriefPoint.KIND, (one.id for one in listed))
    told = told_by_point(s, in_order(s, inspection_id), listed, end)
    return {
        point.id: _chain(s, methodology, point, told.get(point.id, ()), unsettled)
        for point in points
    }


def _standing(tellings: Sequence[Telling]) -> Telling | None:
    """Return the telling of some whose words were agreed last, else the last told; or None."""
    told = [one for one in tellings if one.frozen]
    return next((one for one in reversed(told) if one.agreed), told[-1] if told else None)


def _start(s: Session, point: Point, tellings: Sequence[Telling]) -> tuple[str, Place]:
    """Return the words from which a point is told next, after some tellings, and whose they are."""
    standing = _standing(tellings)
    if standing is None or (not standing.agreed and _reworded_since(s, point, standing)):
        return point.wording, (Point.KIND, point.id, "wording")
    return standing.wording, standing.wording_of


def _reworded_since(s: Session, point: Point, telling: Telling) -> bool:
    """Say whether the draft was written after words were told that nobody agreed.

    By the stamps of the two writes, which never go back.
    """
    draft = leaves_of(s.connection(), Point.KIND, point.id).get("wording")
    told = leaves_of(s.connection(), DebriefPoint.KIND, telling.id).get("agreed_wording")
    return bool(draft and told and draft[0].order > told[0].order)


def _chain(
    s: Session,
    methodology: Methodology,
    point: Point,
    told: Sequence[tuple[Debrief, DebriefPoint]],
    unsettled: dict[str, tuple[str, ...]],
) -> Chain:
    tellings: list[Telling] = []
    for debrief, record in told:
        fields = unsettled.get(record.id, ())
        tellings.append(_telling(s, methodology, debrief, record, point, tellings, fields))
    standing = _standing(tellings)
    start, start_of = _start(s, point, tellings)
    actions = tuple(actions_told(told))
    outcome = _outcome(tellings)
    corrections = [one.correction for one in tellings if one.correction is not None]
    return Chain(
        point=point,
        tellings=tuple(tellings),
        wording=standing.wording if standing is not None else point.wording,
        start=start,
        start_of=start_of,
        agreed=standing is not None and standing.agreed,
        told=any(one.frozen for one in tellings),
        status=_status(point, tellings, outcome, actions),
        steps=tuple(_steps(point, tellings, actions)),
        response=next((one.response for one in reversed(tellings) if one.response), ""),
        outcome=outcome,
        correction=corrections[-1] if corrections else None,
        actions=actions,
    )


def _telling(
    s: Session,
    methodology: Methodology,
    debrief: Debrief,
    record: DebriefPoint,
    point: Point,
    before: Sequence[Telling],
    unsettled: tuple[str, ...],
) -> Telling:
    frozen, outcome = bool(record.frozen_at), record.outcome
    if frozen:
        wording, wording_of = record.agreed_wording, (record.KIND, record.id, "agreed_wording")
    else:
        wording, wording_of = _start(s, point, before)
    correction = None
    if record.correction:
        shown = (record.evidence_kind, record.evidence_id)
        correction = Correction(
            record.correction, debrief.held_on, *shown, _evidence(s, methodology, record)
        )
        outcome = outcome or CORRECTED
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
        and outcome not in IN_DISPUTE
        and (not record.said_only or outcome in _SETTLED or _agreed_before(before, wording)),
        said_only=frozen and record.said_only,
        response=record.response,
        outcome=outcome,
        correction=correction,
        unsettled=unsettled,
    )


def _agreed_before(before: Sequence[Telling], wording: str) -> bool:
    """Say whether these words were agreed at an earlier telling, and nobody disputes them since."""
    return _outcome(before) not in IN_DISPUTE and any(
        one.agreed and one.wording == wording for one in before
    )


def _evidence(s: Session, methodology: Methodology, record: DebriefPoint) -> Evidence | None:
    """Return what shows a correction, unless a colleague names what is of another inspection."""
    kind = KINDS.get(record.evidence_kind)
    shown = s.get(kind, record.evidence_id) if kind is not None else None
    if shown is None or inspection_of(shown) != record.inspection_id:
        return None
    return evidence(s, methodology, record.evidence_kind, record.evidence_id)


def _outcome(tellings: Sequence[Telling]) -> str:
    """Return what came of a point last; words agreed after a dispute settle it."""
    outcome, disputed = "", ""
    for telling in tellings:
        if telling.outcome:
            outcome = telling.outcome
            disputed = telling.wording if outcome in IN_DISPUTE else ""
        elif disputed and telling.agreed and telling.wording != disputed:
            outcome, disputed = AGREED, ""
    return outcome


def _confirmed(tellings: Sequence[Telling]) -> bool:
    """Say whether the words of the last of some tellings were agreed in it, and are undisputed."""
    last = tellings[-1]
    return last.agreed and not last.said_only and _outcome(tellings) not in IN_DISPUTE


def _status(
    point: Point, tellings: Sequence[Telling], outcome: str, actions: Sequence[ActionLine]
) -> str:
    if point.state == WITHDRAWN:
        return WITHDRAWN
    if not any(one.frozen or one.outcome for one in tellings):
        return NOT_TOLD
    waiting = not all(one.done for one in actions)
    if actions and not waiting and outcome != DISPUTED:
        return ACTED
    if STATUS_OF.get(outcome) == ACTED and waiting:
        # What the force did so far it did because it agrees; more is promised than was done.
        return AGREED
    if outcome:
        return STATUS_OF.get(outcome, RAISED)
    told_again = (tellings[: at + 1] for at in range(1, len(tellings)))
    return AGREED if any(_confirmed(one) for one in told_again) else RAISED


def _steps(point: Point, tellings: Sequence[Telling], actions: Sequence[ActionLine]) -> list[Step]:
    """Return what became of a point, in the order in which it did.

    Words that are agreed again are a step each time. That it was acted on is the last: not while
    anything that was promised is open.
    """
    steps: list[Step] = []
    waiting = not all(one.done for one in actions)
    for at, telling in enumerate(tellings):
        if not (telling.frozen or telling.outcome):
            continue
        if not steps:
            steps.append(Step(RAISED, telling.held_on))
        elif not telling.outcome and _confirmed(tellings[: at + 1]):
            steps.append(Step(AGREED, telling.held_on))
        if telling.correction is not None and STATUS_OF.get(telling.outcome) != CORRECTED:
            steps.append(Step(CORRECTED, telling.held_on))
        if telling.outcome in STATUS_OF:
            status = STATUS_OF[telling.outcome]
            partly = status == ACTED and waiting
            steps.append(Step(PARTLY_ACTED if partly else status, telling.held_on))
    done = sorted(line.done for line in actions if line.done)
    for at, day in enumerate(done, 1):
        steps.append(Step(PARTLY_ACTED if waiting or at < len(done) else ACTED, day))
    if point.state == WITHDRAWN:
        steps.append(Step(WITHDRAWN, ""))
    return steps
