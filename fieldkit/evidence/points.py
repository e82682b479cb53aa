"""Points: strengths, concerns, notable practice and things to clarify, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from sqlmodel import Session

from fieldkit.evidence.bearing import bear
from fieldkit.evidence.evidence import KINDS_OF_EVIDENCE
from fieldkit.evidence.origins import resting
from fieldkit.evidence.triangulation import (
    CONTEXT,
    CONTRADICTS,
    SUPPORTS,
    Standing,
    is_stale,
    meter,
)
from fieldkit.methodology import Methodology, find
from fieldkit.service import (
    RefusedError,
    criterion_key,
    criterion_label,
    existing,
    filled,
    inspection_of,
    methodology_of,
    now,
    outcome_keys,
    person,
)
from storage.database.remembered import worked_out
from storage.feed.journal import because
from storage.ops.meant import choices
from storage.records import Point, Record, Support
from storage.records.lookup import rows_kept
from storage.records.point import support_id
from storage.records.registry import KINDS

WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class PointLine:
    """Holds a point in the list of points.

    Attributes:
        id: which point.
        number: its number in the inspection, from 1, in the order they were made.
        sort: "strength", "concern", "notable practice" or "to clarify".
        wording: the finding.
        criterion: the key of its criterion, or empty.
        criterion_label: what that criterion is called.
        outcomes: the keys of the programme's outcomes that it bears on.
        state: how far it has come.
        supports: supporting pieces of evidence.
        contradicts: contradicting ones.
        context: those that only give context.
        methods: the distinct methods that support it.
        sources: the distinct source groups.
        inspectors: how many inspectors entered the support.
        strength: "none", "thin", "adequate" or "strong"; a prompt, never a score.
        meter: the same as a sentence, without a full stop.
        stale: pieces of evidence that have changed or gone since they were linked.
        by: who made it.
        made_at: when, ISO 8601 in UTC.
    """

    id: str
    number: int
    sort: str
    wording: str
    criterion: str
    criterion_label: str
    outcomes: tuple[str, ...]
    state: str
    supports: int
    contradicts: int
    context: int
    methods: tuple[str, ...]
    sources: tuple[str, ...]
    inspectors: int
    strength: str
    meter: str
    stale: int
    by: str
    made_at: str


def add_point(
    s: Session,
    inspection_id: str,
    wording: str,
    sort: str,
    criterion: str = "",
    outcomes: Sequence[str] = (),
) -> Point:
    """Make a point.

    Args:
        s: a writing session.
        inspection_id: of which inspection.
        wording: the finding in plain words.
        sort: "strength", "concern", "notable practice" or "to clarify", or another word for one.
        criterion: key or label of the criterion it belongs to, or empty.
        outcomes: keys or labels of the programme's outcomes that it bears on.

    Raises:
        FieldkitError: no wording, or a word the methodology does not know.
    """
    methodology = methodology_of(s, inspection_id)
    point = Point.make(
        inspection_id=inspection_id,
        wording=filled(wording, "The wording of the point"),
        sort=_sort(methodology, sort),
        criterion=criterion_key(methodology, criterion),
        outcomes=outcome_keys(methodology, outcomes),
        made_at=now(),
        by=person(s),
    )
    s.add(point)
    s.flush()
    return point


def edit_point(
    s: Session,
    point_id: str,
    *,
    wording: str | None = None,
    sort: str | None = None,
    criterion: str | None = None,
    outcomes: Sequence[str] | None = None,
) -> Point:
    """Change a point; what was agreed in a debrief stays there as it was said."""
    point = _not_withdrawn(s, point_id)
    methodology = methodology_of(s, point.inspection_id)
    values: dict[str, str | list[str]] = {}
    if wording is not None:
        values["wording"] = filled(wording, "The wording of the point")
    if sort is not None:
        values["sort"] = _sort(methodology, sort)
    if criterion is not None:
        values["criterion"] = criterion_key(methodology, criterion)
    if outcomes is not None:
        values["outcomes"] = outcome_keys(methodology, outcomes)
    point.change(**values)
    s.flush()
    return point


def withdraw_point(s: Session, point_id: str, reason: str) -> Point:
    """Withdraw a point; it keeps its history and its evidence, and the reason is on record."""
    point = _not_withdrawn(s, point_id)
    with because(s, filled(reason, "The reason")):
        point.change(state=WITHDRAWN)
    return point


def keep_thin(s: Session, point_id: str, reason: str) -> Point:
    """Say why a point is kept although what it rests on is thin; raises `FieldkitError`."""
    point = _not_withdrawn(s, point_id)
    why = filled(reason, "The reason")
    with because(s, why):
        point.change(kept_thin=why)
    return point


def support(
    s: Session,
    point_id: str,
    evidence_kind: str,
    evidence_id: str,
    relation: str = SUPPORTS,
    why: str = "",
) -> Support:
    """Rest a point on a piece of evidence as it stands at this moment.

    Doing it again for the same evidence sets the relation and the reason anew and takes the
    evidence as it now stands.

    Args:
        s: a writing session.
        point_id: which point.
        evidence_kind: the kind of record, as in :func:`fieldkit.evidence.choices.evidence_choices`.
        evidence_id: which record.
        relation: "supports", "contradicts" or "context".
        why: how it bears on the point; of a contradiction, how it was weighed.

    Raises:
        FieldkitError: the point is withdrawn, or there is no such evidence in its inspection.
    """
    s.flush()
    point = _not_withdrawn(s, point_id)
    evidence_in(s, point.inspection_id, evidence_kind, evidence_id)
    return bear(
        s,
        Support,
        support_id(evidence_id, point_id),
        (evidence_kind, evidence_id),
        relation,
        why,
        inspection_id=point.inspection_id,
        point_id=point_id,
    )


def evidence_in(s: Session, inspection_id: str, kind: str, record_id: str) -> Record:
    """Return the record that is evidence in an inspection; raises `RefusedError` where it is none.

    ``kind`` is one of :data:`fieldkit.evidence.evidence.KINDS_OF_EVIDENCE`.
    """
    if kind not in KINDS_OF_EVIDENCE:
        raise RefusedError(
            f"A “{kind}” cannot be evidence for a point. Nothing was changed; choose a "
            "note, a judgment, a case audit, an interview, an observation or a document."
        )
    record = existing(s, KINDS[kind], record_id)
    if inspection_of(record) != inspection_id:
        raise RefusedError("The evidence belongs to another inspection. Nothing was changed.")
    return record


def unsupport(s: Session, support_id: str) -> None:
    """Take a piece of evidence away from a point again; both stay as they are."""
    s.delete(existing(s, Support, support_id))
    s.flush()


def point_lines(
    s: Session,
    inspection_id: str,
    known: Mapping[str, Sequence[Standing]] | None = None,
    *,
    changes: bool = True,
) -> list[PointLine]:
    """Return the points of an inspection in the order they were made, withdrawn ones among them.

    Args:
        s: a session.
        inspection_id: of which inspection.
        known: how the support of each point stands, where that was read before.
        changes: whether to look for evidence that changed since it was linked.
    """
    methodology = methodology_of(s, inspection_id)
    points = rows_kept(s, Point, inspection_id)
    if known is not None:
        return [
            _line(methodology, number, point, known.get(point.id, ()))
            for number, point in enumerate(points, start=1)
        ]
    rests_on = resting(s, inspection_id, changes=changes)
    made: dict[str, tuple[tuple[object, ...], PointLine]] = worked_out(
        s.connection(), f"lines of points of {inspection_id}"
    )
    lines = []
    for number, point in enumerate(points, start=1):
        statuses = rests_on.get(point.id, [])
        parts = (methodology, number, point, statuses)
        before = made.get(point.id)
        if before is None or before[0] != parts:
            before = made[point.id] = parts, _line(methodology, number, point, statuses)
        lines.append(before[1])
    return lines


def _line(
    methodology: Methodology, number: int, point: SimpleNamespace, statuses: Sequence[Standing]
) -> PointLine:
    whole = meter(statuses)
    relations = [one.support.relation for one in statuses]
    return PointLine(
        id=point.id,
        number=number,
        sort=point.sort,
        wording=point.wording,
        criterion=point.criterion,
        criterion_label=criterion_label(methodology, point.criterion),
        outcomes=tuple(point.outcomes),
        state=point.state,
        supports=relations.count(SUPPORTS),
        contradicts=relations.count(CONTRADICTS),
        context=relations.count(CONTEXT),
        methods=whole.methods,
        sources=whole.sources,
        inspectors=whole.inspectors,
        strength=whole.strength,
        meter=whole.words,
        stale=sum(map(is_stale, statuses)),
        by=point.by,
        made_at=point.made_at,
    )


def _not_withdrawn(s: Session, point_id: str) -> Point:
    point = existing(s, Point, point_id)
    if point.state == WITHDRAWN:
        raise RefusedError(
            "This point was withdrawn and was not changed. Make a new one if the finding stands."
        )
    return point


def _sort(methodology: Methodology, written: str) -> str:
    term = find(methodology.point_sorts, written)
    if term is None:
        known = choices(written, (one.key for one in methodology.point_sorts))
        raise RefusedError(
            f"“{written}” is not a sort of point. Nothing was changed; choose one of {known}"
        )
    return term.key
