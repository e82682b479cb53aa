"""The sheet of a debrief: what is told, with its basis, the answers, and what waits."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.casework.referrals import ReferralLine
from fieldkit.evidence.points import WITHDRAWN
from fieldkit.evidence.trace import support_statuses
from fieldkit.evidence.triangulation import SupportStatus, basis_sentence, basis_words, meter
from fieldkit.feedback.debriefs.actions import ActionLine, action_words, actions, open_referrals
from fieldkit.methodology import Methodology
from fieldkit.service import criterion_label, existing, methodology_of
from fieldkit.wording.format import set_in
from storage.records import Debrief, DebriefPoint, Inspection, Point, Support
from storage.records.lookup import records_in, records_under

EMERGING = (
    "These findings are emerging. They are subject to moderation and to a check of their factual "
    "accuracy."
)
"""Said in every debrief."""

WIDTH = 80
"""Columns of the printed sheet."""


@dataclass(frozen=True, slots=True)
class SheetPoint:
    """Holds a point on the sheet of a debrief.

    Attributes:
        id: its place in the debrief.
        point_id: which point.
        number: its number on the sheet, from 1.
        sort: "strength", "concern", "notable practice" or "to clarify".
        criterion: the label of its criterion, or empty.
        wording: the agreed wording, or that of the point where none is agreed yet.
        frozen: the wording is agreed and will not change.
        basis: what it rests on, in counts without references.
        strength: how independent that is, as a sentence.
        response: the force's answer.
        outcome: what came of it.
        action: what the force does at once.
        action_owner: the role that does it.
        action_due: by when, ``YYYY-MM-DD``.
        action_done: when it was done.
        withdrawn: the point was withdrawn since.
    """

    id: str
    point_id: str
    number: int
    sort: str
    criterion: str
    wording: str
    frozen: bool
    basis: str
    strength: str
    response: str
    outcome: str
    action: str
    action_owner: str
    action_due: str
    action_done: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class DebriefSheet:
    """Holds one debrief as it is held and kept.

    Attributes:
        id: which debrief.
        force: the force inspected.
        marking: the protective marking, printed above and below.
        sort: "daily" or "hot".
        held_on: the day, ``YYYY-MM-DD``.
        held_at: when it was closed, ISO 8601 in UTC; empty while it is open.
        present: who was there, by role.
        points: the points, as told; of a hot debrief by criterion.
        actions: what was promised earlier and is not done.
        referrals: the referrals that are not closed.
    """

    id: str
    force: str
    marking: str
    sort: str
    held_on: str
    held_at: str
    present: str
    points: tuple[SheetPoint, ...]
    actions: tuple[ActionLine, ...]
    referrals: tuple[ReferralLine, ...]


def sheet_of(s: Session, debrief_id: str) -> DebriefSheet:
    """Return one debrief with its points, the actions promised before it and the open referrals."""
    debrief = existing(s, Debrief, debrief_id)
    inspection = existing(s, Inspection, debrief.inspection_id)
    methodology = methodology_of(s, inspection.id)
    inside = points_in(s, debrief)
    if debrief.sort == "hot":
        areas = [one.key for one in (*methodology.areas, methodology.overall)]
        keys = {
            listed.id: areas.index(key) if (key := _criterion(s, listed)) in areas else len(areas)
            for listed in inside
        }
        inside.sort(key=lambda one: (keys[one.id], one.place))
    linked = [each for one in inside for each in records_under(s, Support, one.point_id)]
    statuses: dict[str, list[SupportStatus]] = defaultdict(list)
    for status in support_statuses(s, methodology, linked):
        statuses[status.support.point_id].append(status)
    return DebriefSheet(
        id=debrief.id,
        force=inspection.force,
        marking=inspection.marking,
        sort=debrief.sort,
        held_on=debrief.held_on,
        held_at=debrief.held_at,
        present=debrief.present,
        points=tuple(
            _sheet_point(s, methodology, number, listed, statuses[listed.point_id])
            for number, listed in enumerate(inside, start=1)
        ),
        actions=actions(s, inspection.id, debrief),
        referrals=open_referrals(s, inspection.id),
    )


def sheet_text(sheet: DebriefSheet) -> str:
    """Return a debrief as plain text, with the marking above and below."""
    sort = "Daily debrief" if sheet.sort == "daily" else "Hot debrief"
    counts = Counter(one.sort for one in sheet.points)
    balance = ", ".join(f"{count} {name}" for name, count in counts.items())
    lines = [
        sheet.marking.center(WIDTH).rstrip(),
        "",
        f"{sort}: {sheet.force}, {sheet.held_on}",
        f"Present: {sheet.present}" if sheet.present else "Not held yet.",
        EMERGING,
    ]
    if sheet.actions:
        lines += ["", "Promised before and not known to be done"]
        lines += [
            f"  - {action_words(one.action, one.owner, one.due, promised=one.held_on)}"
            for one in sheet.actions
        ]
    lines += ["", f"Points: {balance}" if balance else "No points."]
    for point in sheet.points:
        lines += ["", *_point_lines(point)]
    if sheet.referrals:
        lines += ["", f"Cases referred back and not closed: {len(sheet.referrals)}"]
        lines += [f"  - {one.reference}: {one.clock}" for one in sheet.referrals]
    lines += ["", sheet.marking.center(WIDTH).rstrip()]
    return "\n".join(map(set_in, lines)) + "\n"


def points_in(s: Session, debrief: Debrief) -> list[DebriefPoint]:
    """Return the points of one debrief in the order of its list."""
    return [
        listed
        for listed in records_in(s, DebriefPoint, debrief.inspection_id)
        if listed.debrief_id == debrief.id
    ]


def _point_lines(point: SheetPoint) -> list[str]:
    about = f", {point.criterion}" if point.criterion else ""
    draft = "" if point.frozen else " (wording not agreed yet)"
    withdrawn = " (withdrawn since)" if point.withdrawn else ""
    lines = [
        f"{point.number}. {point.sort.capitalize()}{about}{draft}{withdrawn}",
        f"   {point.wording.strip()}",
        f"   {basis_words(point.strength, point.basis, rests_first=True)}",
    ]
    if point.response:
        lines.append(f"   The force's response: {point.response}")
    if point.outcome:
        lines.append(f"   Outcome: {point.outcome}")
    if point.action:
        facts = (point.action, point.action_owner, point.action_due, point.action_done)
        lines.append(f"   Immediate action: {action_words(*facts)}")
    return lines


def _criterion(s: Session, listed: DebriefPoint) -> str:
    point = s.get(Point, listed.point_id)
    return point.criterion if point is not None else ""


def _sheet_point(
    s: Session,
    methodology: Methodology,
    number: int,
    listed: DebriefPoint,
    statuses: list[SupportStatus],
) -> SheetPoint:
    point = s.get(Point, listed.point_id)
    return SheetPoint(
        id=listed.id,
        point_id=listed.point_id,
        number=number,
        sort=point.sort if point else "point",
        criterion=criterion_label(methodology, point.criterion) if point else "",
        wording=listed.agreed_wording or (point.wording if point else "The point was deleted."),
        frozen=bool(listed.frozen_at),
        basis=basis_sentence(methodology, statuses),
        strength=meter(statuses).words,
        response=listed.response,
        outcome=listed.outcome,
        action=listed.action,
        action_owner=listed.action_owner,
        action_due=listed.action_due,
        action_done=listed.action_done,
        withdrawn=point is None or point.state == WITHDRAWN,
    )
