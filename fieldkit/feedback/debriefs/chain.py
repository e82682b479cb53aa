"""A point's chain: every telling of it, and the words, answer and actions that stand now.

Whatever words of a point go to the force are taken from here: the last that were agreed, never a
draft. A chain runs from raised over agreed or disputed to corrected, kept with evidence, acted on,
carried over or withdrawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.points import WITHDRAWN
from fieldkit.feedback.debriefs.actions import ActionLine, actions_told, told_by_point
from fieldkit.feedback.debriefs.order import in_order
from fieldkit.feedback.debriefs.past import as_they_stood
from fieldkit.feedback.debriefs.telling import (
    ACTED,
    AGREED,
    CARRIED,
    CORRECTED,
    DISPUTED,
    IN_DISPUTE,
    KEPT,
    NOT_TOLD,
    PARTLY_ACTED,
    RAISED,
    STATUS_OF,
    Correction,
    Place,
    Telling,
    last_outcome,
    standing,
    telling_of,
    words_to_tell,
)
from fieldkit.methodology import Methodology
from fieldkit.service import methodology_of
from storage.conflicts.find import disputed_fields_of
from storage.records import Debrief, DebriefPoint, Point
from storage.records.lookup import records_in


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
        tellings.append(telling_of(s, methodology, debrief, record, point, tellings, fields))
    stands = standing(tellings)
    next_words, next_of = words_to_tell(s, point, tellings)
    actions = tuple(actions_told(told))
    last = last_outcome(tellings)
    corrections = [one.correction for one in tellings if one.correction is not None]
    return Chain(
        point=point,
        tellings=tuple(tellings),
        wording=stands.wording if stands is not None else point.wording,
        start=next_words,
        start_of=next_of,
        agreed=stands is not None and stands.agreed,
        told=any(one.frozen for one in tellings),
        status=_status(point, tellings, last, actions),
        steps=tuple(_steps(point, tellings, actions)),
        response=next((one.response for one in reversed(tellings) if one.response), ""),
        outcome=last,
        correction=corrections[-1] if corrections else None,
        actions=actions,
    )


def _confirmed(tellings: Sequence[Telling]) -> bool:
    """Say whether the words of the last of some tellings were agreed in it, and are undisputed."""
    last = tellings[-1]
    return last.agreed and not last.said_only and last_outcome(tellings) not in IN_DISPUTE


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
