"""Action plans: received, what they intend per recommendation by when, how they were found."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlmodel import Session

from fieldkit.followup.dates.milestones import limit_named, mark_done
from fieldkit.followup.days import past_day, read_day_of
from fieldkit.followup.force import recommendations_of_force
from fieldkit.followup.lints import due_of
from fieldkit.followup.numbers import called
from fieldkit.followup.status import is_running
from fieldkit.methodology import find
from fieldkit.methodology.terms import Term
from fieldkit.service import (
    NotThereError,
    RefusedError,
    existing,
    filled,
    methodology_of,
    now,
    person,
)
from fieldkit.wording.dates import day_words
from fieldkit.wording.format import without_stop
from storage.ops.meant import choices
from storage.records import ActionPlan, Document, Inspection, Intention, Milestone, Recommendation
from storage.records.inspection import milestone_id
from storage.records.lookup import records_in, records_under
from storage.records.recommendation import intention_id

LIMIT = "action plan"
NOTHING = "The plan says nothing of it."


@dataclass(frozen=True, slots=True)
class ViewTerm(Term):
    """Holds a way in which an action plan may be found, and the phase that it proposes."""

    phase: str = ""


@dataclass(frozen=True, slots=True)
class IntentionLine:
    """Holds what an action plan says of one recommendation.

    Attributes:
        recommendation_id: which one.
        called: its number.
        wording: what was recommended.
        due: by when, ``YYYY-MM-DD``; empty while it is not published.
        intends: what the force intends; empty where the plan says nothing.
        by_when: by when it intends it, ``YYYY-MM-DD``.
        owner: who answers for it there, by role.
        after_due: it intends it for later than the deadline.
    """

    recommendation_id: str
    called: str
    wording: str
    due: str
    intends: str
    by_when: str
    owner: str
    after_due: bool


@dataclass(frozen=True, slots=True)
class PlanShown:
    """Holds an action plan with what it says of each recommendation.

    Attributes:
        id, inspection_id, force: which plan, of which inspection.
        received_on: when it came, ``YYYY-MM-DD``.
        document_id, document: the document that it is, and its title; or empty.
        lines: what it says of each recommendation that runs, and of others where it says anything.
        silent: the recommendations that it does not mention, by number.
        view, view_words, reviewed_on, reviewer: how it was found, in words, when and by whom.
        proposes: the follow-up that this proposes, in words; empty while it is not reviewed.
    """

    id: str
    inspection_id: str
    force: str
    received_on: str
    document_id: str
    document: str
    lines: tuple[IntentionLine, ...]
    silent: tuple[str, ...]
    view: str
    view_words: str
    reviewed_on: str
    reviewer: str
    proposes: str


@cache
def views() -> tuple[ViewTerm, ...]:
    """Return the ways in which a plan may be found, from ``action_plan.toml``."""
    data = tomllib.loads((files(__package__) / "action_plan.toml").read_text("utf-8"))
    return tuple(ViewTerm(**one) for one in data["views"])


def receive_plan(s: Session, inspection_id: str, on: str = "", document_id: str = "") -> ActionPlan:
    """Record that the force's action plan came, and that what was due is done, if it was not.

    Args:
        s: a writing session.
        inspection_id: of which inspection.
        on: the day; today where it is empty.
        document_id: the document that it is, of that inspection; or empty.

    Raises:
        RefusedError: the day is to come, the document is another inspection's, or an inspection of
            that phase has no action plan.
    """
    existing(s, Inspection, inspection_id)
    limit = limit_named(s, inspection_id, LIMIT)
    _document(s, inspection_id, document_id)
    day = past_day(s, on, "An action plan")
    plan = ActionPlan.make(
        inspection_id=inspection_id,
        received_on=day,
        document_id=document_id,
        made_at=now(),
        by=person(s),
    )
    s.add(plan)
    s.flush()
    known = s.get(Milestone, milestone_id(inspection_id, limit.key))
    if known is None or not known.done_on:
        mark_done(s, inspection_id, limit.key, day, known.remark if known else "")
    return plan


def edit_plan(
    s: Session, plan_id: str, *, on: str | None = None, document_id: str | None = None
) -> ActionPlan:
    """Correct when a plan came or which document it is; raises as :func:`receive_plan`."""
    plan = existing(s, ActionPlan, plan_id)
    values: dict[str, str] = {}
    if on is not None:
        values["received_on"] = past_day(s, on, "An action plan")
    if document_id is not None:
        _document(s, plan.inspection_id, document_id)
        values["document_id"] = document_id
    plan.change(**values)
    s.flush()
    return plan


def intend(
    s: Session,
    plan_id: str,
    recommendation_id: str,
    intends: str,
    *,
    by_when: str | None = None,
    owner: str | None = None,
) -> Intention:
    """Write what a plan says of a recommendation; again to write it anew.

    Args:
        s: a writing session.
        plan_id: which plan.
        recommendation_id: which recommendation, of any inspection of that force.
        intends: what the force intends.
        by_when: by when it says so; empty for no day, None to leave the day as it is.
        owner: who answers for it there, by role; None leaves it as it is.

    Raises:
        FieldkitError: nothing is intended, it is no day, or the recommendation is of another force.
    """
    plan = existing(s, ActionPlan, plan_id)
    one = existing(s, Recommendation, recommendation_id)
    if one.id not in {each.id for each in recommendations_of_force(s, plan.inspection_id)}:
        raise RefusedError(
            "The recommendation was made to another force. Nothing was changed; choose one of the "
            "force whose plan it is."
        )
    values = {"intends": filled(intends, "What the force intends"), "by": person(s)}
    if by_when is not None:
        values["by_when"] = read_day_of(by_when, "By when") if by_when.strip() else ""
    if owner is not None:
        values["owner"] = owner.strip()
    intention = s.get(Intention, intention_id(plan.id, one.id))
    if intention is None:
        intention = Intention.make(
            inspection_id=plan.inspection_id,
            action_plan_id=plan.id,
            recommendation_id=one.id,
            **values,
        )
        s.add(intention)
    else:
        intention.change(**values)
    s.flush()
    return intention


def review_plan(s: Session, plan_id: str, view: str, words: str, on: str = "") -> ActionPlan:
    """Record how a person found a plan, in their words; it proposes a follow-up, and decides none.

    Args:
        s: a writing session.
        plan_id: which plan.
        view: “broadly positive”, “some concerns” or “significant concerns”.
        words: why, in the person's words.
        on: the day; today where it is empty.

    Raises:
        RefusedError: an unknown word, no words, or a day to come.
    """
    plan = existing(s, ActionPlan, plan_id)
    term = find(views(), view)
    if term is None:
        known = choices(view, (one.key for one in views()))
        raise RefusedError(
            f"An action plan is not found “{view}”. Nothing was changed; it is found {known}"
        )
    plan.change(
        view=term.key,
        view_words=filled(words, "How the plan was found, in your words,"),
        reviewed_on=past_day(s, on, "A review of the plan"),
        by=person(s),
    )
    s.flush()
    return plan


def plans(s: Session, inspection_id: str) -> list[ActionPlan]:
    """Return the action plans of an inspection, the latest last."""
    return records_in(s, ActionPlan, inspection_id)


def latest_plan(s: Session, inspection_id: str) -> ActionPlan:
    """Return the action plan that came last; raises `NotThereError` where none has."""
    known = plans(s, inspection_id)
    if not known:
        raise NotThereError(
            "No action plan has been received yet. Nothing was changed; “fieldkit actionplan "
            "receive” records that one has."
        )
    return known[-1]


def show_plan(s: Session, plan_id: str) -> PlanShown:
    """Return a plan with what it says of each recommendation; raises `NotThereError`."""
    plan = existing(s, ActionPlan, plan_id)
    inspection = existing(s, Inspection, plan.inspection_id)
    said = {one.recommendation_id: one for one in records_under(s, Intention, plan.id)}
    lines = [
        _line(s, one, said.get(one.id))
        for one in recommendations_of_force(s, plan.inspection_id)
        if one.id in said or (one.inspection_id == inspection.id and is_running(one))
    ]
    document = s.get(Document, plan.document_id) if plan.document_id else None
    return PlanShown(
        id=plan.id,
        inspection_id=inspection.id,
        force=inspection.force,
        received_on=plan.received_on,
        document_id=plan.document_id,
        document=document.title if document else "",
        lines=tuple(lines),
        silent=tuple(one.called for one in lines if not one.intends),
        view=plan.view,
        view_words=plan.view_words,
        reviewed_on=plan.reviewed_on,
        reviewer=plan.by if plan.view else "",
        proposes=_proposal(s, inspection, plan.view),
    )


def _line(s: Session, one: Recommendation, said: Intention | None) -> IntentionLine:
    inspection = existing(s, Inspection, one.inspection_id)
    due = due_of(s, one, inspection.published)
    by_when = said.by_when if said else ""
    return IntentionLine(
        recommendation_id=one.id,
        called=called(one),
        wording=one.wording,
        due=due,
        intends=said.intends if said else "",
        by_when=by_when,
        owner=said.owner if said else "",
        after_due=bool(due and by_when > due),
    )


def _proposal(s: Session, inspection: Inspection, view: str) -> str:
    term = find(views(), view)
    if term is None:
        return ""
    phases = {one.key: one.label for one in methodology_of(s, inspection.id).phases}
    return (
        f"“{term.label.capitalize()}” proposes a {phases[term.phase]}. That is for a person to "
        "decide; a full re-inspection may be decided at any stage."
    )


def plan_words(shown: PlanShown) -> str:
    """Return a plan as plain text."""
    rows = [f"Action plan of {shown.force}, received {day_words(shown.received_on) or 'not yet'}"]
    if shown.document:
        rows.append(f"Document: {shown.document}")
    for one in shown.lines:
        rows.append(f"{one.called}. {one.wording}")
        when = f", by {day_words(one.by_when)}" if one.by_when else ""
        late = f" (after its deadline, {day_words(one.due)})" if one.after_due else ""
        owner = f"; {one.owner}" if one.owner else ""
        said = f"{without_stop(one.intends)}{when}{late}{owner}." if one.intends else NOTHING
        rows.append(f"   {said}")
    if shown.view:
        rows.append(f"Reviewed {day_words(shown.reviewed_on)}: {shown.view}. {shown.view_words}")
        rows.append(shown.proposes)
    else:
        rows.append("Not reviewed yet.")
    return "\n".join(rows)


def _document(s: Session, inspection_id: str, document_id: str) -> None:
    if document_id and existing(s, Document, document_id).inspection_id != inspection_id:
        raise RefusedError("The document belongs to another inspection. Nothing was changed.")
