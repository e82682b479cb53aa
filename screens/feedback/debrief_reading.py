"""What the debrief's page shows, read in one step: what is new, what is told, what was promised."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.gaps.lints import lints
from fieldkit.evidence.points import PointLine, point_lines
from fieldkit.evidence.trace import statuses_by_point
from fieldkit.evidence.triangulation import SupportStatus
from fieldkit.feedback.debriefs.actions import ActionLine, actions
from fieldkit.feedback.debriefs.chain import Chain, chains
from fieldkit.feedback.debriefs.choices import choices_of
from fieldkit.feedback.debriefs.news import SinceLast, since_last
from fieldkit.feedback.debriefs.room import may_be_shown
from fieldkit.feedback.debriefs.sheet import DebriefSheet, sheet_of
from fieldkit.feedback.debriefs.telling import Telling
from fieldkit.service import methodology_of
from screens.evidence.marks import numbered_criteria
from screens.feedback.pick_points import PointChoice
from storage.feed import drafts
from storage.records import Debrief, Point
from storage.records.debrief import debriefs


@dataclass(frozen=True)
class PointRow:
    """Holds a point of the debrief: what is read out of it, and what we alone know of it.

    Attributes:
        telling: the point as it is told here: this is read out.
        chain: all that was told, answered and promised of it, here and elsewhere.
        number: its number in the inspection.
        criterion: the number and label of its criterion, or empty.
        strength: "none", "thin", "adequate" or "strong"; never read out.
        methods, sources, people: how many it rests on; never read out.
        meter: the same as a sentence; never read out.
        behind: the evidence it rests on; never read out.
        lints: what is worth a second look before it is told; never read out.
        shown: it may be shown in the room as it stands.
        typed: words typed for it and not agreed yet; empty where there are none.
    """

    telling: Telling
    chain: Chain
    number: int
    criterion: str
    strength: str
    methods: int
    sources: int
    people: int
    meter: str
    behind: tuple[SupportStatus, ...]
    lints: tuple[str, ...]
    shown: bool
    typed: str

    @property
    def id(self) -> str:
        """Return the id of the point as it is told here."""
        return self.telling.id


@dataclass(frozen=True)
class Preparation:
    """Holds what the page shows.

    Attributes:
        sheet: the debrief; none while it is not begun.
        points: its points.
        promises: what was promised before it, what is done among it.
        since: what is new since the last debrief.
        choices: the points that may be told and are not on the list.
    """

    sheet: DebriefSheet | None
    points: tuple[PointRow, ...]
    promises: tuple[ActionLine, ...]
    since: SinceLast
    choices: tuple[PointChoice, ...]


def place(told: str) -> str:
    """Return where the words typed for a point in a debrief are kept until they are agreed."""
    return f"debrief_point/{told}"


def prepared(s: Session, inspection_id: str, sort: str, debrief: str) -> Preparation:
    """Return what the page shows of a debrief, which may not be begun."""
    known = s.get(Debrief, debrief)
    chain_of = chains(s, inspection_id)
    behind = statuses_by_point(s, inspection_id, chain_of)
    listed = point_lines(s, inspection_id, behind)
    lines = {one.id: one for one in listed}
    since = since_last(s, inspection_id, listed)
    sheet = sheet_of(s, debrief, known=chain_of) if known is not None else None
    told = [one for one in (sheet.points if sheet else ()) if one.point_id in chain_of]
    second_looks: dict[str, list[str]] = {one.point_id: [] for one in told}
    for lint in lints(s, inspection_id) if told else ():
        if lint.kind == Point.KIND and lint.id in second_looks:
            second_looks[lint.id].append(lint.words)
    criteria = numbered_criteria(methodology_of(s, inspection_id))
    fresh = {one.id for one in since.new_points}
    changed = {one.id for one in since.changed_points}
    may_be_told = choices_of(listed, chain_of, known.sort if known else sort, debrief)
    return Preparation(
        sheet=sheet,
        points=tuple(
            PointRow(
                telling=telling,
                chain=chain_of[one.point_id],
                number=lines[one.point_id].number,
                criterion=criteria.get(chain_of[one.point_id].point.criterion, one.criterion),
                strength=lines[one.point_id].strength,
                methods=len(lines[one.point_id].methods),
                sources=len(lines[one.point_id].sources),
                people=lines[one.point_id].inspectors,
                meter=lines[one.point_id].meter,
                behind=tuple(behind[one.point_id]),
                lints=tuple(second_looks[one.point_id]),
                shown=may_be_shown(one, telling),
                typed=_typed(s, telling),
            )
            for one in told
            if (telling := chain_of[one.point_id].telling(one.id)) is not None
        ),
        promises=actions(s, inspection_id, known, done=True),
        since=since,
        choices=tuple(
            _choice(line, chain_of[line.id], fresh, changed)
            for line in sorted(may_be_told, key=lambda line: line.id not in fresh | changed)
        ),
    )


def present_last(s: Session, inspection_id: str) -> str:
    """Return who was there the last time; mostly the same people come again."""
    return next((one.present for one in debriefs(s, inspection_id) if one.present), "")


def _typed(s: Session, telling: Telling) -> str:
    """Return the words typed for a point and not agreed yet."""
    draft = drafts.at(s, place(telling.id)).get("agreed_wording")
    return draft.text if draft is not None and not telling.frozen else ""


def _choice(line: PointLine, chain: Chain, fresh: set[str], changed: set[str]) -> PointChoice:
    news = "new" if line.id in fresh else "changed since" if line.id in changed else ""
    state = chain.status if chain.told else ""
    facts = (news, line.criterion_label, state, line.meter)
    return PointChoice(
        line.id, line.number, line.sort, line.wording, " · ".join(filter(None, facts))
    )
