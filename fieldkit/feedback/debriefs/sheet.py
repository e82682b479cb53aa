"""The sheet of a debrief, which is read out and handed over: the points, the answers, what waits.

It goes to the force. What a point rests on and what we still doubt stands in the preparation
(:mod:`fieldkit.feedback.debriefs.prepare`) and never here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.casework.referrals import ReferralLine
from fieldkit.evidence.points import WITHDRAWN
from fieldkit.feedback.debriefs.actions import ActionLine, action_words, actions, open_referrals
from fieldkit.feedback.debriefs.chain import STATUS_OF, Chain, Telling, chains
from fieldkit.feedback.debriefs.past import as_they_stood, end_of
from fieldkit.methodology import Methodology
from fieldkit.service import criterion_label, existing, methodology_of
from fieldkit.wording.format import set_in
from storage.ops.text import many
from storage.records import Debrief, DebriefPoint, Inspection
from storage.records.lookup import records_in

EMERGING = (
    "These findings are emerging. They are subject to moderation and to a check of their factual "
    "accuracy."
)
"""Said in every debrief."""

WIDTH = 80
"""Columns of the printed sheet."""

SORTS = ("strength", "notable practice", "concern", "to clarify")
"""The sorts of point in the order in which they are told at the end: what is good comes first."""

_ANSWERS = {
    "response": "response",
    "outcome": "outcome",
    "correction": "put right",
    "action": "immediate action",
    "action_owner": "action of",
    "action_due": "by",
    "action_done": "done",
}


@dataclass(frozen=True, slots=True)
class SheetPoint:
    """Holds a point on the list of a debrief.

    Attributes:
        id: its place in the debrief.
        point_id: which point.
        number: its number on the list, from 1.
        sort: "strength", "concern", "notable practice" or "to clarify".
        criterion: the label of its criterion, or empty.
        wording: the words told; where it is still to be told those it starts from.
        frozen: the words were told here and will not change.
        goes_out: the words were told here or agreed before, so they may be read out and printed.
        status: how far the point has come, in words people use.
        response: the force's answer.
        outcome: what came of it.
        correction: the misunderstanding that was put right.
        action: what the force does at once.
        action_owner: the role that does it.
        action_due: by when, ``YYYY-MM-DD``.
        action_done: when it was done.
        withdrawn: the point was withdrawn since, or deleted.
        answered_on: the day of the earlier debrief at which the force answered last; empty where
            it answered here, or never.
        earlier_response: what it answered there.
        earlier_outcome: what came of it there.
        later: what was written since, where the sheet is that of a day gone by.
        unsettled: the fields in which two laptops say different things.
    """

    id: str
    point_id: str
    number: int
    sort: str
    criterion: str
    wording: str
    frozen: bool
    goes_out: bool
    status: str
    response: str
    outcome: str
    correction: str
    action: str
    action_owner: str
    action_due: str
    action_done: str
    withdrawn: bool
    answered_on: str = ""
    earlier_response: str = ""
    earlier_outcome: str = ""
    later: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()


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
        points: the points on its list, those that do not go out among them; of a hot debrief
            strengths first, in the order of the criteria.
        actions: what was promised earlier, also what is done.
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

    @property
    def left_out(self) -> tuple[str, ...]:
        """Say to us, never to the force, what is not on the text that goes out, and why."""
        return tuple(_left_out(self))


def sheet_of(s: Session, debrief_id: str, *, then: bool = False) -> DebriefSheet:
    """Return one debrief with its points, the actions promised before it and the open referrals.

    With ``then`` a closed debrief is given as it stood at the end of its day, what was written
    later named apart. Raises `NotThereError`.
    """
    debrief = existing(s, Debrief, debrief_id)
    inspection = existing(s, Inspection, debrief.inspection_id)
    methodology = methodology_of(s, inspection.id)
    end = end_of(s, debrief) if then else ""
    present = chains(s, inspection.id)
    known = chains(s, inspection.id, end) if end else present
    listed = as_they_stood(s, points_in(s, debrief), end)
    if debrief.sort == "hot":
        places = {one.id: at for at, one in enumerate(listed)}
        listed.sort(
            key=lambda one: (*told_place(methodology, known.get(one.point_id)), places[one.id])
        )
    later = _later(s, debrief, listed, known, present) if end else {}
    return DebriefSheet(
        id=debrief.id,
        force=inspection.force,
        marking=inspection.marking,
        sort=debrief.sort,
        held_on=debrief.held_on,
        held_at=debrief.held_at,
        present=debrief.present,
        points=tuple(
            _sheet_point(methodology, number, one, known.get(one.point_id), later.get(one.id, ()))
            for number, one in enumerate(listed, start=1)
        ),
        actions=actions(s, inspection.id, debrief, done=True, end=end),
        referrals=open_referrals(s, inspection.id, end, debrief.held_at),
    )


def told_place(methodology: Methodology, chain: Chain | None) -> tuple[int, int]:
    """Return where a point is told at the end: strengths first, in the order of the criteria."""
    areas = [one.key for one in (*methodology.areas, methodology.overall)]
    if chain is None:
        return len(SORTS), len(areas)
    sort, criterion = chain.point.sort, chain.point.criterion
    return (
        SORTS.index(sort) if sort in SORTS else len(SORTS),
        areas.index(criterion) if criterion in areas else len(areas),
    )


def sheet_text(sheet: DebriefSheet) -> str:
    """Return what of a debrief is read out, printed and handed over, as plain text.

    The marking stands above and below. Points whose wording was neither told nor agreed are left
    out: :attr:`DebriefSheet.left_out` names them to us.
    """
    sort = "Daily debrief" if sheet.sort == "daily" else "Hot debrief"
    points = [one for one in sheet.points if one.goes_out]
    counts = Counter(one.sort for one in points)
    balance = ", ".join(_counted(count, name) for name, count in counts.items())
    lines = [
        sheet.marking.center(WIDTH).rstrip(),
        "",
        f"{sort}: {sheet.force}, {sheet.held_on}",
        f"Present: {sheet.present}" if sheet.present else "Not held yet.",
        EMERGING,
    ]
    if any(one.later for one in points):
        lines.append("As it stood at the end of that day; what came later is named apart.")
    if sheet.actions:
        lines += ["", "Promised before"]
        lines += [
            f"  - {action_words(one.action, one.owner, one.due, one.done, one.held_on)}"
            for one in sheet.actions
        ]
    lines += ["", f"Points: {balance}" if balance else "No points."]
    for number, point in enumerate(points, start=1):
        lines += ["", *_point_lines(number, point)]
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


def _counted(count: int, sort: str) -> str:
    return many(count, sort) if sort in ("strength", "concern") else f"{count} {sort}"


def _left_out(sheet: DebriefSheet) -> Iterator[str]:
    drafts = [one.number for one in sheet.points if not one.goes_out and not one.withdrawn]
    gone = [one.number for one in sheet.points if not one.goes_out and one.withdrawn]
    unsettled = [one.number for one in sheet.points if one.unsettled]
    if drafts:
        yield f"Not on the sheet, as the wording is not agreed yet: {_points(drafts)}."
    if gone:
        yield f"Not on the sheet, as it was withdrawn: {_points(gone)}."
    if unsettled:
        yield f"Two laptops say different things of {_points(unsettled)}; settle that first."


def _points(numbers: list[int]) -> str:
    return f"point{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"


def _point_lines(number: int, point: SheetPoint) -> list[str]:
    about = f", {point.criterion}" if point.criterion else ""
    withdrawn = " (withdrawn since)" if point.withdrawn else ""
    on = f" on {point.answered_on}" if point.answered_on else ""
    lines = [
        f"{number}. {point.sort.capitalize()}{about}{withdrawn}",
        f"   {point.wording.strip()}",
    ]
    response = point.response or point.earlier_response
    outcome = point.outcome or point.earlier_outcome
    if response:
        lines.append(f"   The force's response{on}: {response}")
    if point.correction:
        lines.append(f"   Put right: {point.correction}")
    if outcome:
        lines.append(f"   Outcome{on}: {STATUS_OF.get(outcome, outcome)}")
    if point.action:
        facts = (point.action, point.action_owner, point.action_due, point.action_done)
        lines.append(f"   Immediate action: {action_words(*facts)}")
    lines += [f"   Since then: {words}" for words in point.later]
    return lines


def _sheet_point(
    methodology: Methodology,
    number: int,
    listed: DebriefPoint,
    chain: Chain | None,
    later: tuple[str, ...],
) -> SheetPoint:
    tellings = chain.tellings if chain is not None else ()
    at = next((at for at, one in enumerate(tellings) if one.id == listed.id), 0)
    here = tellings[at] if tellings else None
    frozen = bool(listed.frozen_at)
    withdrawn = chain is None or chain.withdrawn
    answer = _earlier_answer(tellings[:at]) if not (listed.response or listed.outcome) else None
    return SheetPoint(
        id=listed.id,
        point_id=listed.point_id,
        number=number,
        sort=chain.point.sort if chain else "point",
        criterion=criterion_label(methodology, chain.point.criterion) if chain else "",
        wording=here.wording if here else listed.agreed_wording or "The point was deleted.",
        frozen=frozen,
        goes_out=frozen or (not withdrawn and any(one.agreed for one in tellings[:at])),
        status=chain.status if chain else WITHDRAWN,
        response=listed.response,
        outcome=listed.outcome,
        correction=listed.correction,
        action=listed.action,
        action_owner=listed.action_owner,
        action_due=listed.action_due,
        action_done=listed.action_done,
        withdrawn=withdrawn,
        answered_on=answer.held_on if answer else "",
        earlier_response=answer.response if answer else "",
        earlier_outcome=answer.outcome if answer else "",
        later=later,
        unsettled=here.unsettled if here else (),
    )


def _earlier_answer(before: tuple[Telling, ...]) -> Telling | None:
    """Return the last telling at which the force answered."""
    return next((one for one in reversed(before) if one.response or one.outcome), None)


def _later(
    s: Session,
    debrief: Debrief,
    listed: list[DebriefPoint],
    known: dict[str, Chain],
    present: dict[str, Chain],
) -> dict[str, tuple[str, ...]]:
    """Return by telling what was written of it since, in words."""
    now = {one.id: one for one in points_in(s, debrief)}
    later = {}
    for then in listed:
        changes = []
        record = now.get(then.id)
        if record is not None and record.agreed_wording != then.agreed_wording:
            changes.append(f"the wording reads: {record.agreed_wording}")
        for name, words in _ANSWERS.items():
            value = getattr(record, name, "")
            if value != getattr(then, name):
                shown = STATUS_OF.get(value, value) if name == "outcome" else value
                changes.append(f"{words} {shown or 'taken back'}")
        was, stands = known.get(then.point_id), present.get(then.point_id)
        if was is not None and not was.withdrawn and (stands is None or stands.withdrawn):
            changes.append("the point was withdrawn")
        later[then.id] = tuple(changes)
    return later
