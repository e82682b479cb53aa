"""Holding a debrief: its list of points, the wording agreed, the force's answer, and the end."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.evidence.points import WITHDRAWN, PointLine, point_lines
from fieldkit.feedback.debriefs.chain import chains
from fieldkit.feedback.debriefs.sheet import points_in
from fieldkit.service import RefusedError, existing, filled, now, person, today
from storage.records import Debrief, DebriefPoint, Inspection, Point
from storage.records.debrief import debrief_id, debrief_point_id
from storage.records.lookup import records_in

OUTCOMES = {"agreed": "agreed", "disputed": "disputed", "carried": "carried", "acted on": "agreed"}
"""What may come of a point in a debrief, and the state of the point that follows from it."""


class FrozenError(RefusedError):
    """An agreed wording, or a debrief that was held, was to be changed."""


def open_debrief(s: Session, inspection_id: str, sort: str, held_on: str = "") -> Debrief:
    """Find or begin the debrief of that sort and day; ``held_on`` is today if empty."""
    existing(s, Inspection, inspection_id)
    day = held_on or today()
    debrief = Debrief.make(inspection_id=inspection_id, sort=sort, held_on=day, by=person(s))
    # Of the day as it is kept, however it was typed.
    debrief.id = debrief_id(inspection_id, sort, debrief.held_on)
    known = s.get(Debrief, debrief.id)
    if known is None:
        s.add(debrief)
        s.flush()
    return known or debrief


def point_choices(s: Session, inspection_id: str, sort: str, debrief_id: str) -> list[PointLine]:
    """Return the points that may be told in a debrief, begun or not, and are not in it yet.

    For a daily debrief those never told and those carried over; for the hot debrief all, those
    agreed or carried first.
    """
    known = records_in(s, DebriefPoint, inspection_id)
    inside = {one.point_id for one in known if one.debrief_id == debrief_id}
    told = {one.point_id for one in known if one.frozen_at}
    offered = [
        line
        for line in point_lines(s, inspection_id)
        if line.id not in inside and line.state != WITHDRAWN
    ]
    if sort == "hot":
        return sorted(offered, key=lambda one: one.state not in ("agreed", "carried"))
    return [one for one in offered if one.id not in told or one.state == "carried"]


def include_point(s: Session, debrief_id: str, point_id: str) -> DebriefPoint:
    """Put a point on the list of a debrief, last; one that is there already stays where it is."""
    debrief = _open(s, debrief_id)
    point = existing(s, Point, point_id)
    if point.inspection_id != debrief.inspection_id:
        raise RefusedError("The point belongs to another inspection. Nothing was changed.")
    if point.state == WITHDRAWN:
        raise RefusedError(
            "This point was withdrawn, so it was not put on the list. Make a new one if the "
            "finding stands."
        )
    listed = s.get(DebriefPoint, debrief_point_id(debrief_id, point_id))
    if listed is None:
        listed = DebriefPoint.make(
            id=debrief_point_id(debrief_id, point_id),
            inspection_id=debrief.inspection_id,
            debrief_id=debrief_id,
            point_id=point_id,
            place=max((one.place for one in points_in(s, debrief)), default=0) + 1,
        )
        s.add(listed)
        s.flush()
    return listed


def exclude_point(s: Session, debrief_point_id: str) -> None:
    """Take a point off the list of a debrief again, unless its wording was agreed there."""
    listed = existing(s, DebriefPoint, debrief_point_id)
    _open(s, listed.debrief_id)
    if listed.frozen_at:
        raise FrozenError(
            "The wording of this point was agreed in the debrief, so it stays on its list. "
            "Nothing was changed; withdraw the point with a reason if it no longer stands."
        )
    s.delete(listed)
    s.flush()


def freeze_wording(s: Session, debrief_point_id: str, wording: str) -> DebriefPoint:
    """Keep the wording agreed with the force; it cannot be changed afterwards.

    Raises `FrozenError` where another wording was agreed before, or the debrief is closed.
    """
    listed = existing(s, DebriefPoint, debrief_point_id)
    agreed = filled(wording, "The agreed wording")
    if listed.frozen_at:
        if listed.agreed_wording == agreed:
            return listed
        raise FrozenError(
            "The wording of this point was agreed already and was not changed. Withdraw the point "
            "or tell a new one; this one stays as it was said."
        )
    _open(s, listed.debrief_id)
    _freeze(s, listed, agreed)
    s.flush()
    return listed


def record_response(
    s: Session,
    debrief_point_id: str,
    *,
    response: str | None = None,
    outcome: str | None = None,
    action: str | None = None,
    action_owner: str | None = None,
    action_due: str | None = None,
    action_done: str | None = None,
) -> DebriefPoint:
    """Record the force's answer to a point, what came of it, and what it does at once.

    Also after the debrief was closed, as actions are done later. ``outcome`` is one of
    :data:`OUTCOMES` or empty; the state of the point follows it. Raises `FieldkitError`.
    """
    listed = existing(s, DebriefPoint, debrief_point_id)
    answers = {
        "response": response,
        "outcome": None if outcome is None else outcome.strip().lower(),
        "action": action,
        "action_owner": action_owner,
        "action_due": action_due,
        "action_done": action_done,
    }
    values = {name: value.strip() for name, value in answers.items() if value is not None}
    word = values.get("outcome", "")
    if word and word not in OUTCOMES:
        raise RefusedError(
            f"“{word}” is no outcome. Nothing was changed; choose one of {', '.join(OUTCOMES)}."
        )
    listed.change(**values)
    point = s.get(Point, listed.point_id)
    if word and point is not None and point.state != WITHDRAWN:
        point.change(state=OUTCOMES[word])
    s.flush()
    return listed


def close_debrief(s: Session, debrief_id: str, present: str) -> Debrief:
    """End a debrief: who was there, by role, and when; it is then a record of what was said.

    A point whose wording was not agreed in it is kept in the words it was told from, as said only.
    """
    debrief = _open(s, debrief_id)
    debrief.change(present=filled(present, "Who was present, by role,"), held_at=now())
    known = chains(s, debrief.inspection_id)
    for listed in points_in(s, debrief):
        if not listed.frozen_at and listed.point_id in known:
            tellings = known[listed.point_id].tellings
            words = next(one.wording for one in tellings if one.id == listed.id)
            _freeze(s, listed, words, said_only=True)
    s.flush()
    return debrief


def _open(s: Session, debrief_id: str) -> Debrief:
    debrief = existing(s, Debrief, debrief_id)
    if debrief.held_at:
        raise FrozenError(
            f"The {debrief.sort} debrief of {debrief.held_on} was held and closed, so what was "
            "said stays as it is. Nothing was changed; open the next debrief."
        )
    return debrief


def _freeze(s: Session, listed: DebriefPoint, wording: str, *, said_only: bool = False) -> None:
    listed.change(agreed_wording=wording, frozen_at=now(), said_only=said_only)
    point = s.get(Point, listed.point_id)
    if point is not None and point.state == "open":
        point.change(state="raised")
