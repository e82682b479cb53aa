"""How far a recommendation has come, dated; and what the force and we said of it, dated."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.followup.days import past_day
from fieldkit.followup.force import recommendations_of_force
from fieldkit.methodology import Methodology, find
from fieldkit.service import (
    RefusedError,
    existing,
    filled,
    methodology_of,
    now,
    person,
)
from fieldkit.wording.dates import local_day
from fieldkit.wording.labels import Names
from storage.feed.journal import because
from storage.history.history import history
from storage.ops.meant import choices
from storage.records import Recommendation, RecommendationComment

COMPLETE = "complete"
BEGUN = "awaiting review"
"""The status that a recommendation has of itself."""


@dataclass(frozen=True, slots=True)
class DatedStatus:
    """Holds a status that a recommendation had, from a day on.

    Attributes:
        status: the status, or what ended it.
        on: since when, ``YYYY-MM-DD``; where no day was given, that on which it was recorded.
        reason: why it ended, where it did.
        who: the name of who recorded it.
    """

    status: str
    on: str
    reason: str
    who: str


def status_of(one: Recommendation) -> str:
    """Return what a recommendation's status is called, of one that has ended what ended it."""
    return one.ended or one.status


def is_running(one: Recommendation) -> bool:
    """Say whether something is still to be done about a recommendation."""
    return one.is_running


def set_status(
    s: Session,
    recommendation_id: str,
    status: str,
    on: str = "",
    reason: str = "",
    superseded_by: str = "",
) -> Recommendation:
    """Record how far a recommendation has come.

    Args:
        s: a writing session.
        recommendation_id: which one.
        status: “awaiting review”, “being progressed” or “complete”; or what ends it otherwise,
            “superseded” or “not accepted”.
        on: since when; today where it is empty.
        reason: why; needed for what ends it otherwise.
        superseded_by: the id of the recommendation of the same force that takes its place.

    Raises:
        FieldkitError: an unknown word, a day to come, no reason, or a recommendation that cannot
            take its place.
    """
    one = existing(s, Recommendation, recommendation_id)
    methodology = methodology_of(s, one.inspection_id)
    ending = find(methodology.recommendation_endings, status)
    values = {"ended": "", "ended_reason": "", "superseded_by": ""}
    if ending is not None:
        why = filled(reason, f"The reason why it is {ending.label}", "reason")
        values = {"ended": ending.key, "ended_reason": why, "superseded_by": superseded_by}
    else:
        values["status"] = _status(methodology, status)
    if superseded_by:
        _refuse_other(s, one, superseded_by, ending is not None and ending.key == "superseded")
    values["status_on"] = past_day(s, on, "A status")
    with because(s, reason):
        one.change(**values)
        # The same again, on the same day, is said anew.
        one.confirm("status")
    return one


def statuses(s: Session, recommendation_id: str, names: Names | None = None) -> list[DatedStatus]:
    """Return the statuses that a recommendation has had, as they were recorded.

    Who asks of many recommendations gives the ``names`` of persons, read once for all of them.
    """
    existing(s, Recommendation, recommendation_id)
    names, had = names or Names(s), list[DatedStatus]()
    values = {"status": BEGUN, "ended": "", "ended_reason": "", "status_on": ""}
    for change in history(s, Recommendation.KIND, recommendation_id):
        written = {name: after for name, (_, after) in change.fields.items() if name in values}
        if not written:
            continue
        values |= {name: str(value) for name, value in written.items()}
        had.append(
            DatedStatus(
                status=values["ended"] or values["status"],
                on=values["status_on"] or local_day(change.wall),
                reason=values["ended_reason"],
                who=names.person(change.who),
            )
        )
    return had


def status_on(had: list[DatedStatus], day: str) -> str:
    """Return the status that held at the end of a day, ``YYYY-MM-DD``, of those recorded.

    One that is recorded later corrects those of its own day and of later days.
    """
    held: list[DatedStatus] = []
    for one in had:
        held = [*(each for each in held if each.on < one.on), one]
    return next((one.status for one in reversed(held) if one.on <= day), BEGUN)


def comment(
    s: Session, recommendation_id: str, text: str, *, of_force: bool = False, on: str = ""
) -> RecommendationComment:
    """Keep what the force, or one of us, said of a recommendation on a day.

    Args:
        s: a writing session.
        recommendation_id: which recommendation.
        text: what was said.
        of_force: the force said it.
        on: the day; today where it is empty.

    Raises:
        FieldkitError: nothing was said, or the day is to come.
    """
    one = existing(s, Recommendation, recommendation_id)
    made = RecommendationComment.make(
        inspection_id=one.inspection_id,
        recommendation_id=one.id,
        whose="force" if of_force else "inspectors",
        said_on=past_day(s, on, "A comment"),
        text=filled(text, "The comment"),
        made_at=now(),
        by=person(s),
    )
    s.add(made)
    s.flush()
    return made


def edit_comment(
    s: Session, comment_id: str, *, text: str | None = None, on: str | None = None
) -> RecommendationComment:
    """Correct a comment; what it said before stays in its history. Raises `FieldkitError`."""
    known = existing(s, RecommendationComment, comment_id)
    values: dict[str, str] = {}
    if text is not None:
        values["text"] = filled(text, "The comment")
    if on is not None:
        values["said_on"] = past_day(s, on, "A comment")
    known.change(**values)
    s.flush()
    return known


def _status(methodology: Methodology, written: str) -> str:
    term = find(methodology.recommendation_statuses, written)
    if term is None:
        terms = (*methodology.recommendation_statuses, *methodology.recommendation_endings)
        known = choices(written, (one.key for one in terms))
        raise RefusedError(
            f"“{written}” is not a status of a recommendation. Nothing was changed; the statuses "
            f"are "
            f"{known}"
        )
    return term.key


def _refuse_other(s: Session, one: Recommendation, other: str, superseded: bool) -> None:
    known = {each.id for each in recommendations_of_force(s, one.inspection_id)}
    if not superseded or other == one.id or other not in known:
        raise RefusedError(
            "Only another recommendation of the same force takes the place of one that is "
            "superseded. Nothing was changed."
        )
