"""The room: what the force is shown of a debrief, one agreed point a page, and what was promised.

Nothing else is in it. No case, clock, conflict or count of ours, and no word on how well a point
stands: that is what we know of it, and stays with us. Sources are named by their kind alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.evidence import METHODS, OWN_REMARK, Evidence
from fieldkit.evidence.trace import statuses_by_point
from fieldkit.evidence.triangulation import SUPPORTS
from fieldkit.feedback.debriefs.actions import ActionLine, actions
from fieldkit.feedback.debriefs.chain import chains
from fieldkit.feedback.debriefs.sheet import SheetPoint, sheet_of
from fieldkit.feedback.debriefs.telling import Place, Telling
from fieldkit.feedback.guard.leaving_text import LeavingText, LeavingTexts
from fieldkit.service import RefusedError, criterion_label, existing, methodology_of
from storage.records import Debrief, DebriefPoint

EMERGING = "Findings are emerging and may change."
"""Stands on every page of the room."""

KINDS_OF_SOURCE = {
    "case audit": ("a case file", "case files"),
    "interview": ("an interview", "interviews"),
    "focus group": ("a focus group", "focus groups"),
    "observation": ("an observation", "observations"),
    "document review": ("a document", "documents"),
}
"""What the force is told of each method: what was looked at, of one source and of several."""


class NothingAgreedError(RefusedError):
    """A debrief was to be shown in which nothing is agreed."""


@dataclass(frozen=True, slots=True)
class RoomPoint:
    """Holds a point as it is shown in the room.

    Attributes:
        id: its place in the debrief, to which an answer is written.
        point_id: which point.
        sort: "strength", "concern", "notable practice" or "to clarify".
        criterion: the label of its criterion, or empty.
        words: the words agreed.
        words_of: the record and field they stand in.
        mark: what stands beside words that were told and not agreed; empty beside agreed ones.
        sources: the kinds of source it rests on.
        response: the force's answer.
        correction: what was misunderstood and is right now; empty where nothing was.
        actions: what the force promised about it, what is done among it.
        area: the number of its criterion, from 1; 0 where it has none.
    """

    id: str
    point_id: str
    sort: str
    criterion: str
    words: str
    words_of: Place
    mark: str
    sources: tuple[str, ...]
    response: str
    correction: str
    actions: tuple[ActionLine, ...]
    area: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """Holds a debrief as the force sees it.

    Attributes:
        debrief_id: which debrief.
        force: the force inspected.
        marking: the protective marking of every page.
        sort: "daily" or "hot".
        held_on: the day, ``YYYY-MM-DD``.
        points: the points whose words are agreed, in the order in which they are read out.
        promised: what was promised in this debrief.
        before: what was promised in those held before it, what is done among it.
    """

    debrief_id: str
    force: str
    marking: str
    sort: str
    held_on: str
    points: tuple[RoomPoint, ...]
    promised: tuple[ActionLine, ...]
    before: tuple[ActionLine, ...]


def room(s: Session, debrief_id: str) -> Room:
    """Return what the force is shown of a debrief: its agreed points, and what was promised.

    Raises `NothingAgreedError` where no words are agreed yet, and `NotThereError`.
    """
    debrief = existing(s, Debrief, debrief_id)
    chain_of = chains(s, debrief.inspection_id)
    sheet = sheet_of(s, debrief_id, known=chain_of)
    told = [
        (one, chain, telling)
        for one in sheet.points
        if (chain := chain_of.get(one.point_id)) is not None
        and (telling := chain.telling(one.id)) is not None
        and may_be_shown(one, telling)
    ]
    if not told:
        raise NothingAgreedError(
            "No words of this debrief are agreed yet, so there is nothing to show. Agree those of "
            "a point first: enter on the debrief page, or fieldkit debrief freeze."
        )
    methodology = methodology_of(s, debrief.inspection_id)
    sources = _sources(s, debrief.inspection_id, [chain.point.id for _, chain, _ in told])
    numbers = {area.key: number for number, area in enumerate(methodology.areas, 1)}
    here = {telling.id for _, _, telling in told}
    return Room(
        debrief_id=debrief_id,
        force=sheet.force,
        marking=sheet.marking,
        sort=debrief.sort,
        held_on=debrief.held_on,
        points=tuple(
            RoomPoint(
                id=telling.id,
                point_id=chain.point.id,
                sort=chain.point.sort,
                criterion=criterion_label(methodology, chain.point.criterion),
                words=telling.wording,
                words_of=telling.wording_of,
                mark=one.mark,
                sources=sources[chain.point.id],
                response=telling.response,
                correction=telling.correction.text if telling.correction is not None else "",
                actions=chain.actions,
                area=numbers.get(chain.point.criterion, 0),
            )
            for one, chain, telling in told
        ),
        promised=tuple(
            action
            for _, chain, _ in told
            for action in chain.actions
            if action.debrief_point_id in here
        ),
        before=actions(s, debrief.inspection_id, debrief, done=True),
    )


def may_be_shown(point: SheetPoint, telling: Telling) -> bool:
    """Say whether a point may be shown: its words were agreed here or before, or answered already.

    What was said only because a debrief was closed was not agreed. A point that the force disputes
    stays on the screen with its answer.
    """
    said_only = telling.frozen and not (telling.agreed or telling.outcome)
    return point.goes_out and not point.withdrawn and not said_only


def leaving_texts(shown: Room) -> list[LeavingText]:
    """Return every text that a person typed and the room shows."""
    leaving = LeavingTexts()
    kind = DebriefPoint.KIND
    for point in shown.points:
        leaving.carry(*point.words_of, point.words)
        leaving.carry(kind, point.id, "response", point.response)
        leaving.carry(kind, point.id, "correction", point.correction)
    of_points = (action for point in shown.points for action in point.actions)
    for action in dict.fromkeys((*of_points, *shown.promised, *shown.before)):
        leaving.carry(kind, action.debrief_point_id, "action", action.action)
        leaving.carry(kind, action.owner_told, "action_owner", action.owner)
    return leaving.texts


def kinds_of_source(pieces: Iterable[Evidence]) -> tuple[str, ...]:
    """Name the kinds of source evidence comes from, without a count or a reference.

    Remarks of our own rest on no source and are not named.
    """
    roots: dict[str, set[tuple[str, str]]] = {}
    for piece in pieces:
        if piece.method != OWN_REMARK:
            roots.setdefault(piece.method, set()).add(piece.root)
    return tuple(
        KINDS_OF_SOURCE[method][len(roots[method]) > 1]
        for method in sorted(roots, key=METHODS.index)
    )


def _sources(s: Session, inspection_id: str, points: list[str]) -> dict[str, tuple[str, ...]]:
    """Return by point the kinds of source that support it."""
    return {
        point: kinds_of_source(
            one.evidence
            for one in statuses
            if one.evidence is not None and one.support.relation == SUPPORTS
        )
        for point, statuses in statuses_by_point(s, inspection_id, points).items()
    }
