"""One recommendation with all that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.points import PointLine, point_lines
from fieldkit.followup.context import Weighed, weighed
from fieldkit.followup.links import AS_PRACTICE, IN_CONTEXT, OF_PROGRESS, Linked, linked
from fieldkit.followup.register import RegisterLine, comment_words, register_line
from fieldkit.followup.status import DatedStatus, statuses
from fieldkit.service import author, existing
from fieldkit.wording.dates import day_words
from fieldkit.wording.format import line
from storage.records import Basis, Recommendation, RecommendationComment
from storage.records.lookup import records_under

LONGEST = 200
"""Characters of what a linked record says, at most."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Holds a recommendation with all that belongs to it.

    Attributes:
        line: the recommendation as the register has it.
        force_context: the force's circumstances, in words.
        remark: the comment that an earlier fieldkit kept with it.
        superseded_by: the id of what took its place; or empty.
        points: what it rests on.
        context: the questions on the force's context, with their answers.
        links: context, practice and evidence of progress.
        statuses: the statuses it has had.
        comments: what was said of it, the earliest first.
    """

    line: RegisterLine
    force_context: str
    remark: str
    superseded_by: str
    points: tuple[PointLine, ...]
    context: tuple[Weighed, ...]
    links: tuple[Linked, ...]
    statuses: tuple[DatedStatus, ...]
    comments: tuple[RecommendationComment, ...]


def show_recommendation(s: Session, recommendation_id: str) -> Shown:
    """Return a recommendation with all that belongs to it; that it was opened is put on record.

    Raises `NotThereError`.
    """
    one = existing(s, Recommendation, recommendation_id)
    behind = {basis.point_id for basis in records_under(s, Basis, one.id)}
    author(s).consult(Recommendation.KIND, one.id)
    return Shown(
        line=register_line(s, one),
        force_context=one.force_context,
        remark=one.comment,
        superseded_by=one.superseded_by,
        points=tuple(each for each in point_lines(s, one.inspection_id) if each.id in behind),
        context=tuple(weighed(s, one.id)),
        links=tuple(linked(s, one.id)),
        statuses=tuple(statuses(s, one.id)),
        comments=tuple(records_under(s, RecommendationComment, one.id)),
    )


def shown_rows(shown: Shown, *, ids: bool = True) -> Iterator[tuple[str, str]]:
    """Return what belongs to a recommendation as rows of a label and a text; empty ones stay.

    With ``ids`` each says by which beginning of its id a command finds it.
    """
    one = shown.line
    yield "recommendation", f"{one.called} of {one.force}{_named(one.id, ids=ids)}"
    yield "wording", one.wording
    yield "finding", one.finding
    yield "criterion", one.criterion_label
    yield "deadline", one.due_words
    since = f" since {day_words(one.status_on)}" if one.status_on else ""
    why = f": {one.status_reason}" if one.status_reason else ""
    yield "status", f"{one.status}{since}{why}"
    yield "owner at the force", one.owner
    for point in shown.points:
        yield f"point {point.number}", f"{point.sort}: {point.wording} ({point.meter})"
    yield "the force's context", shown.force_context
    for question in shown.context:
        yield question.label.lower(), question.answer or f"not weighed yet: {question.ask}"
    names = {IN_CONTEXT: "context", AS_PRACTICE: "practice", OF_PROGRESS: "progress"}
    for link in shown.links:
        yield names[link.role], _link_words(link) + _named(link.id, ids=ids)
    yield "remark", shown.remark
    for dated in shown.statuses:
        yield f"status {day_words(dated.on)}", f"{dated.status}, recorded by {dated.who}"
    for said in shown.comments:
        yield "comment", comment_words(said) + _named(said.id, ids=ids)


def _named(record_id: str, *, ids: bool) -> str:
    return f" ({record_id[:8]})" if ids else ""


def _link_words(link: Linked) -> str:
    relation = f"[{link.relation}] " if link.role == OF_PROGRESS else ""
    force = f"{link.force}: " if link.role == AS_PRACTICE and link.force else ""
    why = f" – {link.why}" if link.why else ""
    changed = " (changed since it was tied)" if link.changed and link.text else ""
    text = f": {line(link.text, LONGEST)}" if link.text else ""
    return f"{relation}{force}{link.label}{text}{why}{changed}"
