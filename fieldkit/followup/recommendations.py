"""Recommendations: made from points, worded, given a deadline and an owner at the force."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from fieldkit.evidence.points import WITHDRAWN
from fieldkit.followup.numbers import next_place
from fieldkit.methodology import Methodology, find
from fieldkit.service import (
    RefusedError,
    criterion_key,
    existing,
    filled,
    methodology_of,
    now,
    outcome_keys,
    person,
)
from storage.feed.journal import because
from storage.ops.meant import choices
from storage.records import Basis, Inspection, Point, Recommendation
from storage.records.recommendation import basis_id

PUBLISHED_FIELDS = frozenset(("wording", "deadline", "finding"))
"""What the force has read once the report is published: changed with a reason."""


def recommend(
    s: Session,
    inspection_id: str,
    wording: str,
    points: Iterable[str] = (),
    *,
    deadline: str = "within six months",
    finding: str = "",
    criterion: str | None = None,
    outcomes: Iterable[str] | None = None,
    owner: str = "",
    force_context: str = "",
) -> Recommendation:
    """Make a recommendation.

    Args:
        s: a writing session.
        inspection_id: of which inspection.
        wording: what the force is recommended to do.
        points: the ids of the points that it is made from.
        deadline: “immediately”, “within three months” or “within six months”, or another word for
            one.
        finding: the finding behind it, where the points do not say it.
        criterion: its key or label; where it is not given, that of the first point.
        outcomes: keys or labels of the programme's outcomes that it bears on; where they are not
            given, those of the points.
        owner: who answers for it at the force, by role.
        force_context: the force's circumstances, in words.

    Raises:
        FieldkitError: no wording, an unknown word, or a point that is another inspection's or was
            withdrawn.
    """
    existing(s, Inspection, inspection_id)
    methodology = methodology_of(s, inspection_id)
    behind = [_point(s, inspection_id, one) for one in dict.fromkeys(points)]
    if criterion is None:
        criterion = next((one.criterion for one in behind if one.criterion), "")
    if outcomes is None:
        outcomes = (each for one in behind for each in one.outcomes)
    made = Recommendation.make(
        inspection_id=inspection_id,
        number=next_place(s, inspection_id),
        wording=filled(wording, "The wording of the recommendation"),
        deadline=deadline_key(methodology, deadline),
        finding=finding.strip(),
        criterion=criterion_key(methodology, criterion),
        outcomes=outcome_keys(methodology, outcomes),
        owner=owner.strip(),
        force_context=force_context.strip(),
        made_at=now(),
        by=person(s),
    )
    s.add(made)
    for point in behind:
        s.add(_basis(made, point.id))
    s.flush()
    return made


def edit_recommendation(
    s: Session,
    /,
    recommendation_id: str,
    reason: str = "",
    *,
    outcomes: Iterable[str] | None = None,
    **fields: str | None,
) -> Recommendation:
    """Change a recommendation; once it is published its words and deadline need a reason.

    Args:
        s: a writing session.
        recommendation_id: which one.
        reason: why.
        outcomes: keys or labels of the outcomes that it bears on; None leaves them as they are.
        **fields: ``wording``, ``deadline``, ``finding``, ``criterion``, ``owner`` and
            ``force_context``, as in :func:`recommend`; None leaves one as it is.

    Raises:
        FieldkitError: as :func:`recommend`, or the reason is missing.
    """
    one = existing(s, Recommendation, recommendation_id)
    methodology = methodology_of(s, one.inspection_id)
    words = {name: value.strip() for name, value in fields.items() if value is not None}
    if "wording" in words:
        words["wording"] = filled(words["wording"], "The wording of the recommendation")
    if "deadline" in words:
        words["deadline"] = deadline_key(methodology, words["deadline"])
    if "criterion" in words:
        words["criterion"] = criterion_key(methodology, words["criterion"])
    values: dict[str, str | list[str]] = {**words}
    if outcomes is not None:
        values["outcomes"] = outcome_keys(methodology, outcomes)
    changed = {name for name, value in values.items() if getattr(one, name) != value}
    if one.numbered_on and changed & PUBLISHED_FIELDS:
        why = "The reason why a published recommendation is changed"
        reason = filled(reason, why, "reason")
    with because(s, reason):
        one.change(**values)
    return one


def drop_recommendation(s: Session, recommendation_id: str, reason: str) -> None:
    """Take a draft away; raises `RefusedError` for one that is published."""
    one = existing(s, Recommendation, recommendation_id)
    if one.numbered_on:
        raise RefusedError(
            f"Recommendation {one.number} is published and stays on record. Nothing was changed. "
            "Say instead that it is superseded or not accepted, with the reason."
        )
    with because(s, filled(reason, "The reason")):
        s.delete(one)


def rest_on(s: Session, recommendation_id: str, point_id: str) -> Basis:
    """Rest a recommendation on one more point; raises as :func:`recommend`."""
    one = existing(s, Recommendation, recommendation_id)
    _point(s, one.inspection_id, point_id)
    known = s.get(Basis, basis_id(one.id, point_id))
    if known is not None:
        return known
    made = _basis(one, point_id)
    s.add(made)
    s.flush()
    return made


def rest_no_more(s: Session, recommendation_id: str, point_id: str) -> None:
    """Take a point away from a recommendation; both stay. Raises `NotThereError`."""
    s.delete(existing(s, Basis, basis_id(recommendation_id, point_id)))
    s.flush()


def deadline_key(methodology: Methodology, written: str) -> str:
    """Return the key of a deadline by its key, label or another word; raises `RefusedError`."""
    term = find(methodology.deadlines, written)
    if term is None:
        known = choices(written, (one.key for one in methodology.deadlines))
        raise RefusedError(
            f"“{written}” is not a deadline of a recommendation. Nothing was changed; the "
            f"deadlines "
            f"are {known}"
        )
    return term.key


def _basis(recommendation: Recommendation, point_id: str) -> Basis:
    return Basis.make(
        inspection_id=recommendation.inspection_id,
        recommendation_id=recommendation.id,
        point_id=point_id,
    )


def _point(s: Session, inspection_id: str, point_id: str) -> Point:
    point = existing(s, Point, point_id)
    if point.inspection_id != inspection_id:
        raise RefusedError("The point belongs to another inspection. Nothing was changed.")
    if point.state == WITHDRAWN:
        raise RefusedError(
            "The point was withdrawn, so nothing can rest on it. Nothing was changed; choose "
            "another one."
        )
    return point
