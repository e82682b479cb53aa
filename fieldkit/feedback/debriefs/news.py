"""What is new since the last debrief that was held: the first page of the next one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlmodel import Session

from fieldkit.casework.referrals import ReferralLine
from fieldkit.evidence.evidence import KINDS_OF_EVIDENCE
from fieldkit.evidence.points import WITHDRAWN, PointLine, point_lines
from fieldkit.feedback.debriefs.actions import ActionLine, actions, open_referrals
from fieldkit.feedback.debriefs.order import in_order
from fieldkit.service import inspection_of
from fieldkit.wording.dates import short_moment
from fieldkit.wording.labels import kinds
from storage.database.remembered import none_of, unchanged
from storage.history.history import Touch, history, touched, touched_beyond
from storage.records import (
    CaseAudit,
    Debrief,
    Document,
    Interview,
    Judgment,
    Observation,
    Point,
    Support,
)
from storage.records.judgment import OVERALL, assessments, marks_by_case
from storage.records.lookup import rows_in, rows_kept
from storage.records.note import number_of_notes
from storage.records.registry import KINDS


@dataclass(frozen=True, slots=True)
class SinceLast:
    """Holds what is new since the last debrief that was held.

    Attributes:
        since: when that was closed, ISO 8601 in UTC; empty where there was none.
        held_on: the day of that debrief, or empty.
        new: pieces of evidence added since, by kind of record.
        changed: pieces of evidence changed since, by kind of record.
        new_points: points made since.
        changed_points: points reworded, withdrawn or otherwise supported since; the states that a
            debrief itself gives are no news.
        grades: grades of cases committed or changed since.
        overall: how many of them are overall grades.
        referrals: the referrals that are not closed, with their clocks.
        awaited: the titles of documents asked for and not received.
        actions: the actions promised in earlier debriefs and not done.
    """

    since: str
    held_on: str
    new: dict[str, int]
    changed: dict[str, int]
    new_points: tuple[PointLine, ...]
    changed_points: tuple[PointLine, ...]
    grades: int
    overall: int
    referrals: tuple[ReferralLine, ...]
    awaited: tuple[str, ...]
    actions: tuple[ActionLine, ...]


def since_last(
    s: Session, inspection_id: str, points: Sequence[PointLine] | None = None
) -> SinceLast:
    """Return what is new since the last debrief that was held, or since the inspection began.

    Args:
        s: a session.
        inspection_id: of which inspection.
        points: its points, where they were read before.
    """
    held = [one for one in in_order(s, inspection_id) if one.held_at]
    last = held[-1] if held else None
    lines = point_lines(s, inspection_id) if points is None else points
    if last is None:
        s.flush()
        counted = partial(_everything, s, inspection_id)
        new, changed, grades, overall = unchanged(
            s.connection(), f"all that is in {inspection_id}", "", counted
        )
        fresh, touched_points = {one.id for one in lines}, set[str]()
    else:
        came = _since(s, inspection_id, last)
        new, changed, grades, overall = came.new, came.changed, came.grades, came.overall
        fresh, touched_points = came.new_points, came.points
    return SinceLast(
        since=last.held_at if last else "",
        held_on=last.held_on if last else "",
        new=new,
        changed=changed,
        new_points=tuple(one for one in lines if one.id in fresh),
        changed_points=tuple(
            line for line in lines if line.id in touched_points and line.id not in fresh
        ),
        grades=grades,
        overall=overall,
        referrals=open_referrals(s, inspection_id),
        awaited=tuple(
            line.title
            for line in rows_kept(s, Document, inspection_id)
            if line.asked_on and not line.received_on
        ),
        actions=actions(s, inspection_id, None),
    )


@dataclass(frozen=True, slots=True)
class _Came:
    new: dict[str, int]
    changed: dict[str, int]
    grades: int
    overall: int
    points: set[str]
    new_points: set[str]


def _everything(s: Session, inspection_id: str) -> tuple[dict[str, int], dict[str, int], int, int]:
    """Return all evidence as new, counted in the tables: there may be years of ops."""
    judged = graded = overall = 0
    for answers in marks_by_case(s, inspection_id).values():
        judged += answers.judged
        graded += len(answers.graded)
        overall += OVERALL in answers.graded
    counts = {
        "note": number_of_notes(s, inspection_id),
        "judgment": judged,
        "case_audit": _filled_in(s, inspection_id),
        "assessment": len(assessments(s, inspection_id)),
        "interview": len(rows_kept(s, Interview, inspection_id)),
        "observation": len(rows_kept(s, Observation, inspection_id)),
        "document": len(rows_kept(s, Document, inspection_id)),
    }
    return {kind: n for kind, n in counts.items() if n}, {}, graded, overall


def _filled_in(s: Session, inspection_id: str) -> int:
    """Count the case audits in which something is written."""
    written = set(CaseAudit.field_names()) - set(CaseAudit.ONCE)

    def count() -> int:
        audits = rows_in(s, CaseAudit, inspection_id)
        return sum(any(getattr(one, name) for name in written) for one in audits)

    name = f"case audits filled in in {inspection_id}"
    return unchanged(s.connection(), name, "", count, none_of(CaseAudit.KIND))


def _since(s: Session, inspection_id: str, last: Debrief) -> _Came:
    """Return what came here since a debrief was closed, whenever it was written.

    A debrief that does not say what its holder had tells only when it was closed.
    """
    looked_at = frozenset((*KINDS_OF_EVIDENCE, Point.KIND, Support.KIND))
    if last.covers:
        touches = touched_beyond(s, last.covers, looked_at)
    else:
        touches = touched(s, last.held_at, looked_at)
    by_record: dict[tuple[str, str], list[Touch]] = {}
    for touch in touches:
        by_record.setdefault((touch.kind, touch.record), []).append(touch)
    new: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    graded: list[Judgment] = []
    points: set[str] = set()
    new_points: set[str] = set()
    for (kind, record), steps in by_record.items():
        evidence = s.get(KINDS[kind], record)
        if kind == Support.KIND:
            points |= _point_of(s, record)
            continue
        if evidence is None or inspection_of(evidence) != inspection_id:
            continue
        if isinstance(evidence, Point):
            if any(one.verb == Point.MADE for one in steps):
                new_points.add(record)
            elif evidence.state == WITHDRAWN or any(one.fields != {"state"} for one in steps):
                points.add(record)
            continue
        fresh = any(one.verb == KINDS[kind].MADE for one in steps)
        (new if fresh else changed)[kind] += 1
        wrote_grade = any("grade" in one.fields for one in steps)
        if isinstance(evidence, Judgment) and evidence.graded and wrote_grade:
            graded.append(evidence)
    overall = sum(one.criterion == OVERALL for one in graded)
    return _Came(dict(new), dict(changed), len(graded), overall, points, new_points)


def _point_of(s: Session, support: str) -> set[str]:
    """The point of a link, also of one that was taken away; none where nothing says which."""
    link = s.get(Support, support)
    if link is not None:
        return {link.point_id}
    changes = (one.fields.get("point_id") for one in history(s, Support.KIND, support))
    return {str(change[1]) for change in changes if change is not None}


def news_text(news: SinceLast) -> list[str]:
    """Return what is new since the last debrief as lines of text."""
    since = f"Since {short_moment(news.since)}" if news.since else "Since the beginning"
    return [
        f"{since}: {counts_in_words(news.new) or 'nothing'} new, "
        f"{counts_in_words(news.changed) or 'nothing'} changed; {news.grades} grades, of them "
        f"{news.overall} overall.",
        *(f"New point {point.number}: {point.wording}" for point in news.new_points),
        *(f"Changed point {point.number}: {point.wording}" for point in news.changed_points),
        *(f"Referral {referral.reference}: {referral.clock}" for referral in news.referrals),
        *(f"Awaited: {title}" for title in news.awaited),
        *(f"Promised: {one.words}" for one in news.actions),
    ]


def counts_in_words(counts: dict[str, int]) -> str:
    """Return counts of evidence by kind as words: "2 interviews, 1 note"."""
    return kinds(counts)
