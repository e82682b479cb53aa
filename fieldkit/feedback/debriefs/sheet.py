"""The sheet of a debrief, which is read out and handed over: the points, the answers, what waits.

It goes to the force. What a point rests on and what we still doubt stands in the preparation
(:mod:`fieldkit.feedback.debriefs.prepare`) and never here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.casework.referrals import ReferralLine
from fieldkit.evidence.points import WITHDRAWN
from fieldkit.feedback.debriefs.actions import ActionLine, actions, open_referrals
from fieldkit.feedback.debriefs.chain import Chain, chains
from fieldkit.feedback.debriefs.past import as_they_stood, end_of
from fieldkit.feedback.debriefs.telling import IN_DISPUTE, STATUS_OF, Place, Telling
from fieldkit.methodology import Methodology
from fieldkit.service import criterion_label, existing, methodology_of
from fieldkit.wording.dates import day_words
from storage.records import Debrief, DebriefPoint, Inspection
from storage.records.lookup import records_in

EMERGING = (
    "These findings are emerging. They are subject to moderation and to a check of their factual "
    "accuracy."
)
"""Said in every debrief."""

SORTS = ("strength", "notable practice", "concern", "to clarify")
"""The sorts of point in the order in which they are told at the end: what is good comes first."""

SAID_ONLY = "said, not agreed"
"""Stands beside words that were told and not agreed, so that nobody takes them for agreed."""

_ANSWERS = {
    "response": "response",
    "outcome": "outcome",
    "correction": "put right",
    "action": "immediate action",
    "action_owner": "action of",
    "action_due": "by",
    "action_done": "done",
}
_DAYS = ("action_due", "action_done")
_CODED = (*_DAYS, "outcome", "")


@dataclass(frozen=True, slots=True)
class Later:
    """Holds what was written of a point after the day of its sheet.

    Attributes:
        field: the field of the point as told; empty for what became of the point itself.
        lead: what it is, in words.
        text: what stands there now, days as ``YYYY-MM-DD``; empty where it was taken back.
    """

    field: str
    lead: str
    text: str

    @property
    def typed(self) -> str:
        """Return what of it a person wrote in their own words."""
        return "" if self.field in _CODED else self.text

    @property
    def shown(self) -> str:
        """Return what stands there in words."""
        if self.field in _DAYS:
            return day_words(self.text) or "taken back"
        return self.text or ("taken back" if self.field else "")

    @property
    def words(self) -> str:
        """Return all of it as a clause."""
        return f"{self.lead} {self.shown}".strip()


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
        wording_of: the record and field they stand in.
        frozen: the words were told here and will not change.
        mark: what stands beside words that were told here and not agreed, wherever the force reads
            them: :data:`SAID_ONLY`; empty for others, and where the outcome says so.
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
        answered_in: the point as told there.
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
    wording_of: Place
    frozen: bool
    mark: str
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
    answered_in: str = ""
    earlier_response: str = ""
    earlier_outcome: str = ""
    later: tuple[Later, ...] = ()
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

    @property
    def not_agreed(self) -> tuple[str, ...]:
        """Say to us which words were said in it and not agreed, and how they are marked."""
        marked = [one.number for one in self.points if one.mark]
        if not marked:
            return ()
        return (
            f"Not agreed in it: {_points(marked)}. Wherever the force reads these words, "
            f"“{SAID_ONLY}” stands beside them; once it agrees them, say so: fieldkit debrief "
            "respond POINT --outcome agreed.",
        )


def sheet_of(
    s: Session, debrief_id: str, *, then: bool = False, known: Mapping[str, Chain] | None = None
) -> DebriefSheet:
    """Return one debrief with its points, the actions promised before it and the open referrals.

    Raises `NotThereError`.

    Args:
        s: a session.
        debrief_id: which debrief.
        then: give a closed debrief as it stood at the end of its day, what was written later named
            apart.
        known: the chains of the inspection as they stand now, where they were read before.
    """
    debrief = existing(s, Debrief, debrief_id)
    inspection = existing(s, Inspection, debrief.inspection_id)
    methodology = methodology_of(s, inspection.id)
    end = end_of(s, debrief) if then else ""
    present = chains(s, inspection.id) if known is None else known
    stood = chains(s, inspection.id, end) if end else present
    listed = as_they_stood(s, points_in(s, debrief), end)
    if debrief.sort == "hot":
        places = {one.id: at for at, one in enumerate(listed)}
        listed.sort(
            key=lambda one: (*told_place(methodology, stood.get(one.point_id)), places[one.id])
        )
    later = _later(s, debrief, listed, stood, present) if end else {}
    return DebriefSheet(
        id=debrief.id,
        force=inspection.force,
        marking=inspection.marking,
        sort=debrief.sort,
        held_on=debrief.held_on,
        held_at=debrief.held_at,
        present=debrief.present,
        points=tuple(
            _sheet_point(methodology, number, one, stood.get(one.point_id), later.get(one.id, ()))
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


def points_in(s: Session, debrief: Debrief) -> list[DebriefPoint]:
    """Return the points of one debrief in the order of its list."""
    return [
        listed
        for listed in records_in(s, DebriefPoint, debrief.inspection_id)
        if listed.debrief_id == debrief.id
    ]


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


def _sheet_point(
    methodology: Methodology,
    number: int,
    listed: DebriefPoint,
    chain: Chain | None,
    later: tuple[Later, ...],
) -> SheetPoint:
    tellings = chain.tellings if chain is not None else ()
    at = next((at for at, one in enumerate(tellings) if one.id == listed.id), 0)
    here = tellings[at] if tellings else None
    frozen = bool(listed.frozen_at)
    withdrawn = chain is None or chain.withdrawn
    # Of a point that was deleted there is no chain to ask.
    agreed = here.agreed if here else not listed.said_only and listed.outcome not in IN_DISPUTE
    # Of words that were agreed and disputed then, the outcome says it.
    disputed = listed.outcome == "disputed" and not listed.said_only
    answer = _earlier_answer(tellings[:at]) if not (listed.response or listed.outcome) else None
    return SheetPoint(
        id=listed.id,
        point_id=listed.point_id,
        number=number,
        sort=chain.point.sort if chain else "point",
        criterion=criterion_label(methodology, chain.point.criterion) if chain else "",
        wording=here.wording if here else listed.agreed_wording or "The point was deleted.",
        wording_of=here.wording_of if here else (listed.KIND, listed.id, "agreed_wording"),
        frozen=frozen,
        mark=SAID_ONLY if frozen and not agreed and not disputed else "",
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
        answered_in=answer.id if answer else "",
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
    stood: Mapping[str, Chain],
    present: Mapping[str, Chain],
) -> dict[str, tuple[Later, ...]]:
    """Return by telling what was written of it since."""
    now = {one.id: one for one in points_in(s, debrief)}
    later = {}
    for then in listed:
        changes = []
        record = now.get(then.id)
        if record is not None and record.agreed_wording != then.agreed_wording:
            field = "agreed_wording"
            changes.append(Later(field, "the wording reads:", record.agreed_wording))
        for name, words in _ANSWERS.items():
            value = getattr(record, name, "")
            if value != getattr(then, name):
                shown = STATUS_OF.get(value, value) if name == "outcome" else value
                changes.append(Later(name, words, shown))
        was, stands = stood.get(then.point_id), present.get(then.point_id)
        if was is not None and not was.withdrawn and (stands is None or stands.withdrawn):
            changes.append(Later("", "the point was withdrawn", ""))
        later[then.id] = tuple(changes)
    return later
