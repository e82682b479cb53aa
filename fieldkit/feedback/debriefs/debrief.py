"""Holding a debrief: its list of points, the wording agreed, the force's answer, and the end."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.evidence.points import WITHDRAWN, evidence_in
from fieldkit.evidence.triangulation import SUPPORTS
from fieldkit.feedback.debriefs.chain import chain_of, chains
from fieldkit.feedback.debriefs.order import find_debrief
from fieldkit.feedback.debriefs.sheet import points_in, told_place
from fieldkit.feedback.debriefs.telling import KEPT
from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.feedback.guard.settle import let_pass
from fieldkit.feedback.guard.stops import Stop, refuse_unsettled, stops
from fieldkit.service import RefusedError, existing, filled, methodology_of, now, person, today
from fieldkit.wording.dates import day_words
from fieldkit.wording.sentences import sentences
from storage.history.delivery import known_feeds
from storage.records import Debrief, DebriefPoint, Inspection, Point, Support
from storage.records.debrief import debrief_point_id
from storage.records.lookup import records_under

OUTCOMES = {
    "agreed": "agreed",
    "disputed": "disputed",
    "corrected": "agreed",
    "kept with evidence": "disputed",
    "carried": "carried",
    "acted on": "agreed",
}
"""What may come of a point in a debrief, and the state of the point that follows from it."""

MOST_SENTENCES = 2
"""More than these nobody takes in who hears them read out."""


class FrozenError(RefusedError):
    """An agreed wording, or a debrief that was held, was to be changed."""


class LongWordingError(RefusedError):
    """A wording has more sentences than are well read out; a person may keep it all the same."""


def open_debrief(s: Session, inspection_id: str, sort: str, held_on: str = "") -> Debrief:
    """Find or begin the debrief of that sort and day; ``held_on`` is today if empty.

    A hot debrief begins with what was agreed and what was carried over on its list.
    """
    existing(s, Inspection, inspection_id)
    known = find_debrief(s, inspection_id, sort, held_on)
    if known is None:
        day = held_on or today()
        debrief = Debrief.make(inspection_id=inspection_id, sort=sort, held_on=day, by=person(s))
        s.add(debrief)
        s.flush()
        if debrief.sort == "hot":
            gather_points(s, debrief.id)
        return debrief
    return known


def gather_points(s: Session, debrief_id: str) -> list[DebriefPoint]:
    """Put on the list of a debrief what was agreed or carried over and is not there yet.

    Strengths first, in the order of the criteria.
    """
    debrief = _open(s, debrief_id)
    methodology = methodology_of(s, debrief.inspection_id)
    inside = {one.point_id for one in points_in(s, debrief)}
    gathered = [
        chain
        for chain in chains(s, debrief.inspection_id).values()
        if chain.point.id not in inside and chain.goes_on
    ]
    gathered.sort(key=lambda chain: told_place(methodology, chain))
    return [include_point(s, debrief_id, chain.point.id) for chain in gathered]


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


def freeze_wording(
    s: Session,
    debrief_point_id: str,
    wording: str | None = None,
    *,
    long: bool = False,
    passing: str = "",
) -> DebriefPoint:
    """Keep the wording agreed with the force; it cannot be changed afterwards.

    Args:
        s: a writing session.
        debrief_point_id: the point's place in the debrief.
        wording: the words; those from which the point is told here where none are given.
        long: keep it also with more than :data:`MOST_SENTENCES`.
        passing: the reason why what looks like an identifier in it is kept all the same.

    Raises:
        StoppedError: it holds what looks like an identifier, and no reason is given to keep it.
        FrozenError: another wording was agreed before, or the debrief is closed.
        LongWordingError: it has more sentences, and ``long`` is not said.
        RefusedError: there are no words.
    """
    listed = existing(s, DebriefPoint, debrief_point_id)
    agreed = filled(_start(s, listed) if wording is None else wording, "The agreed wording")
    if listed.frozen_at:
        if listed.agreed_wording == agreed:
            return listed
        raise FrozenError(
            "The wording of this point was agreed already and was not changed. Withdraw the point "
            "or tell a new one; this one stays as it was said."
        )
    _open(s, listed.debrief_id)
    count = len(sentences(agreed))
    if count > MOST_SENTENCES and not long:
        raise LongWordingError(
            f"The wording has {count} sentences; a listener takes in "
            f"{MOST_SENTENCES}. Nothing was kept; shorten it, or say that it stays so long."
        )
    if not passing.strip():
        refuse_unsettled(s, listed.inspection_id, [_source(s, listed, agreed)])
    _freeze(s, listed, agreed)
    s.flush()
    if passing.strip():
        kept = LeavingText(DebriefPoint.KIND, listed.id, "agreed_wording", agreed)
        for stop in stops(s, listed.inspection_id, [kept]):
            let_pass(s, stop, passing)
    return listed


def wording_stops(s: Session, debrief_point_id: str, wording: str) -> list[Stop]:
    """Return what in a wording keeps it from being frozen, as somebody could be known by it."""
    listed = existing(s, DebriefPoint, debrief_point_id)
    return stops(s, listed.inspection_id, [_source(s, listed, wording.strip())])


def _source(s: Session, listed: DebriefPoint, wording: str) -> LeavingText:
    """Return a wording with the record it is from; with none where it was typed just now."""
    point = s.get(Point, listed.point_id)
    tellings = reversed(chain_of(s, point).tellings) if point is not None else ()
    for telling in tellings:
        record = s.get(DebriefPoint, telling.id)
        if record is not None and record.agreed_wording == wording:
            return LeavingText(DebriefPoint.KIND, record.id, "agreed_wording", wording)
    if point is not None and point.wording == wording:
        return LeavingText(Point.KIND, point.id, "wording", wording)
    return LeavingText("", "", "wording", wording)


def record_response(
    s: Session,
    debrief_point_id: str,
    *,
    response: str | None = None,
    outcome: str | None = None,
    correction: str | None = None,
    evidence_kind: str | None = None,
    evidence_id: str | None = None,
    action: str | None = None,
    action_owner: str | None = None,
    action_due: str | None = None,
    action_done: str | None = None,
) -> DebriefPoint:
    """Record the force's answer to a point, what came of it, and what it does at once.

    Also after the debrief was closed, as actions are done later. The day on which one was done
    goes to the telling at which it was promised. Fields that are None stay as they are.

    Args:
        s: a writing session.
        debrief_point_id: the point's place in the debrief.
        response: what the force answered.
        outcome: one of :data:`OUTCOMES`, or empty; the state of the point follows it.
        correction: which misunderstanding was put right; the outcome is then “corrected”, unless
            another is given.
        evidence_kind: the kind of the record that shows it, as of evidence of a point.
        evidence_id: which record.
        action: what the force does at once.
        action_owner: the role that does it.
        action_due: by when, as a person writes a day.
        action_done: when it was done, as a person writes a day.

    Raises:
        FieldkitError: a word or day that is none, evidence of another inspection, a correction
            without words, a dispute kept without evidence, or an action done that nobody promised.
    """
    listed = existing(s, DebriefPoint, debrief_point_id)
    answers = {
        "response": response,
        "outcome": None if outcome is None else outcome.strip().lower(),
        "correction": correction,
        "action": action,
        "action_owner": action_owner,
        "action_due": action_due,
        "action_done": action_done,
    }
    values = {name: value.strip() for name, value in answers.items() if value is not None}
    if values.get("correction") and outcome is None:
        values["outcome"] = "corrected"
    if evidence_kind and evidence_id:
        shown = evidence_in(s, listed.inspection_id, evidence_kind, evidence_id)
        values |= {"evidence_kind": shown.KIND, "evidence_id": shown.id}
    _check(s, listed, values)
    named = values.get("action", "")
    if listed.action_done and "action_done" not in values and named not in ("", listed.action):
        raise RefusedError(
            f"The action “{listed.action}” was promised there and is done, so it stays. Nothing "
            "was changed; write a further one at another debrief, whose day is named."
        )
    if values.get("action_done") and not values.get("action", listed.action):
        promised = _promised(s, listed)
        promised.change(action_done=values.pop("action_done"))
    listed.change(**values)
    s.flush()
    point = s.get(Point, listed.point_id)
    if values.get("outcome") and point is not None and point.state != WITHDRAWN:
        # What came of it last counts, also where an earlier debrief is written up afterwards.
        point.change(state=OUTCOMES.get(chain_of(s, point).outcome, point.state))
        s.flush()
    return listed


def _check(s: Session, listed: DebriefPoint, values: dict[str, str]) -> None:
    """Refuse an answer that says nothing, or what nothing bears out."""
    word = values.get("outcome", "")
    if word and word not in OUTCOMES:
        raise RefusedError(
            f"“{word}” is not an outcome. Nothing was changed; choose one of {', '.join(OUTCOMES)}."
        )
    corrected = values.get("correction", listed.correction)
    if not corrected and (word == "corrected" or (values.get("evidence_id") and word != KEPT)):
        raise RefusedError(
            "A correction says what was misunderstood and what is right. Nothing was changed; "
            "write it and try again."
        )
    if word == KEPT and not values.get("evidence_id", listed.evidence_id):
        links = records_under(s, Support, listed.point_id)
        if not any(link.relation == SUPPORTS for link in links):
            raise RefusedError(
                "The point rests on nothing yet, so it cannot be kept with evidence. Nothing was "
                "changed; link what it rests on first."
            )


def _promised(s: Session, listed: DebriefPoint) -> DebriefPoint:
    """Return the telling at which the one action was promised that is not known to be done."""
    point = s.get(Point, listed.point_id)
    promised = chain_of(s, point).actions if point is not None else ()
    waiting = [line for line in promised if not line.done] or list(promised)
    if not waiting:
        raise RefusedError(
            "No action was promised on this point, so none can be done. Nothing was changed; "
            "write the action first."
        )
    if len(waiting) > 1:
        days = " and ".join(f"on {day_words(line.held_on)} (“{line.action}”)" for line in waiting)
        raise RefusedError(
            f"Actions were promised {days}. Nothing was changed; name the day of the debrief at "
            "which the one was promised that is done."
        )
    return existing(s, DebriefPoint, waiting[0].debrief_point_id)


def close_debrief(s: Session, debrief_id: str, present: str) -> Debrief:
    """End a debrief: who was there, by role, and when; it is then a record of what was said.

    A point whose wording was not agreed in it is kept in the words it was told from, as said only.
    """
    debrief = _open(s, debrief_id)
    attended = filled(present, "Who was present, by role,")
    s.flush()
    covers = {str(feed): seq for feed, seq in known_feeds(s.connection()).items()}
    debrief.change(present=attended, held_at=now(), covers=covers)
    for listed in points_in(s, debrief):
        words = "" if listed.frozen_at else _start(s, listed)
        if words:
            _freeze(s, listed, words, said_only=True)
    s.flush()
    return debrief


def _open(s: Session, debrief_id: str) -> Debrief:
    debrief = existing(s, Debrief, debrief_id)
    if debrief.held_at:
        raise FrozenError(
            f"The {debrief.sort} debrief of {day_words(debrief.held_on)} was held and closed, so "
            "what was said stays as it is. Nothing was changed; open the next debrief."
        )
    return debrief


def _start(s: Session, listed: DebriefPoint) -> str:
    """Return the words from which a point is told in a debrief; empty where it was deleted."""
    point = s.get(Point, listed.point_id)
    telling = chain_of(s, point).telling(listed.id) if point is not None else None
    return telling.wording if telling is not None else ""


def _freeze(s: Session, listed: DebriefPoint, wording: str, *, said_only: bool = False) -> None:
    listed.change(agreed_wording=wording, frozen_at=now(), said_only=said_only)
    point = s.get(Point, listed.point_id)
    if point is not None and point.state == "open":
        point.change(state="raised")
