"""The wordings of inspections, as central reports them: agreed points, practice, recommendations.

They are read in few statements for all inspections together, so that ten years of every force are
there while somebody waits; the cost grows with what is shown.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.comparison.earlier import called
from fieldkit.feedback.debriefs.telling import IN_DISPUTE
from fieldkit.followup.register import RegisterLine, Wanted, register
from fieldkit.followup.status import COMPLETE
from fieldkit.methodology import Methodology, load, load_known, versions
from fieldkit.service import criterion_label
from storage.ops.forces import comparable_force
from storage.records import DebriefPoint, Inspection, Point
from storage.records.inspection import inspections
from storage.records.lookup import rows_naming

NOTABLE, GONE = "notable practice", "withdrawn"
ENDED = ("superseded", "not accepted")


@dataclass(frozen=True, slots=True)
class Wording:
    """Holds a point in the words in which it stands, or in which the force agreed it.

    Attributes:
        id: which point.
        sort: “strength”, “concern”, “notable practice” or “to clarify”.
        wording: the words.
        criterion: the key of its criterion; ``criterion_label`` what that is called.
        outcomes: the keys of the programme's outcomes that it bears on.
        agreed: they are the words that were agreed with the force.
    """

    id: str
    sort: str
    wording: str
    criterion: str
    criterion_label: str
    outcomes: tuple[str, ...]
    agreed: bool


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """Holds how many points, practices and recommendations are marked with an outcome."""

    key: str
    label: str
    points: int
    practice: int
    recommended: int
    running: int


@dataclass(frozen=True, slots=True)
class Wordings:
    """Holds what one inspection says in words.

    Attributes:
        id, force: which inspection, of which force.
        called: its kind and first day; ``published`` when its report was, or empty.
        marking: what everything of it is marked with.
        agreed: the points whose words the force agreed, notable practice apart.
        practice: notable practice that stands.
        recommendations: as the register has them, by their numbers.
        outcomes: those that something is marked with.
    """

    id: str
    force: str
    called: str
    published: str
    marking: str
    agreed: tuple[Wording, ...]
    practice: tuple[Wording, ...]
    recommendations: tuple[RegisterLine, ...]
    outcomes: tuple[OutcomeCount, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Return every text of it that a person wrote."""
        points = (one.wording for one in (*self.agreed, *self.practice))
        said = (
            text
            for one in self.recommendations
            for text in (one.wording, one.finding, one.owner, one.status_reason, one.last_comment)
        )
        return tuple(filter(None, (*points, *said)))


def wordings(s: Session, only: Iterable[str] | None = None) -> list[Wordings]:
    """Return the wordings of inspections, by force and then by their first day.

    Args:
        s: a session.
        only: the ids of those wanted; all where it is not given.
    """
    chosen = None if only is None else frozenset(only)
    known = [one for one in inspections(s) if chosen is None or one.id in chosen]
    known.sort(key=lambda one: (comparable_force(one.force), one.starts, one.id))
    ids = [one.id for one in known]
    methodologies = {one.id: load_known(one.judged_by) for one in known}
    points = _points(s, ids, methodologies)
    recommended: dict[str, list[RegisterLine]] = defaultdict(list)
    for line in register(s, Wanted(order="number"), ids):
        recommended[line.inspection_id].append(line)
    return [_of(one, points[one.id], recommended[one.id], methodologies[one.id]) for one in known]


def outcomes_of(several: Sequence[Wordings]) -> tuple[OutcomeCount, ...]:
    """Return what is marked with each outcome in all of these inspections together."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for one in several:
        for count in one.outcomes:
            for name in ("points", "practice", "recommended", "running"):
                sums[count.key][name] += getattr(count, name)
    return _counts(sums, load(versions()[-1]))


def status_counts(recommendations: Iterable[RegisterLine]) -> dict[str, int]:
    """Return how many recommendations are drafts, run, are complete or have ended."""
    counts = Counter(_standing(one) for one in recommendations)
    return {name: counts[name] for name in ("open", COMPLETE, "ended", "draft")}


def _standing(line: RegisterLine) -> str:
    if line.called.startswith("draft"):
        return "draft"
    if line.status in ENDED:
        return "ended"
    return COMPLETE if line.status == COMPLETE else "open"


def _points(
    s: Session, ids: Sequence[str], methodologies: dict[str, Methodology | None]
) -> dict[str, list[Wording]]:
    """Return by inspection the points that stand, in the order in which they were made."""
    told = _agreed(s, ids)
    names = ("inspection_id", "made_at", "id", "sort", "wording", "criterion", "outcomes", "state")
    points: dict[str, list[Wording]] = defaultdict(list)
    for of, _, id, sort, words, criterion, outcomes, state in sorted(
        rows_naming(s, Point, names, "inspection_id", ids)
    ):
        if state == GONE:
            continue
        methodology = methodologies[of]
        points[of].append(
            Wording(
                id=id,
                sort=sort,
                wording=told.get(id, words),
                criterion=criterion,
                criterion_label=criterion_label(methodology, criterion)
                if methodology
                else criterion,
                outcomes=tuple(json.loads(outcomes)) if outcomes != "[]" else (),
                agreed=id in told,
            )
        )
    return points


def _agreed(s: Session, ids: Sequence[str]) -> dict[str, str]:
    """Return by point the words that the force agreed last; those it disputes are none."""
    names = ("frozen_at", "id", "point_id", "agreed_wording", "said_only", "outcome")
    agreed: dict[str, str] = {}
    for _, _, point, words, said_only, outcome in sorted(
        rows_naming(s, DebriefPoint, names, "inspection_id", ids)
    ):
        if outcome in IN_DISPUTE:
            agreed.pop(point, None)
        elif words and not said_only:
            agreed[point] = words
    return agreed


def _of(
    one: Inspection,
    points: Sequence[Wording],
    recommended: Sequence[RegisterLine],
    methodology: Methodology | None,
) -> Wordings:
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for point in points:
        for key in dict.fromkeys(point.outcomes):
            sums[key]["practice" if point.sort == NOTABLE else "points"] += 1
    for line in recommended:
        for key in dict.fromkeys(line.outcomes):
            sums[key]["recommended"] += 1
            sums[key]["running"] += line.status not in (COMPLETE, *ENDED)
    return Wordings(
        id=one.id,
        force=one.force,
        called=called(one),
        published=one.published,
        marking=one.marking,
        agreed=tuple(each for each in points if each.agreed and each.sort != NOTABLE),
        practice=tuple(each for each in points if each.sort == NOTABLE),
        recommendations=tuple(recommended),
        outcomes=_counts(sums, methodology or load(versions()[-1])),
    )


def _counts(sums: dict[str, Counter[str]], methodology: Methodology) -> tuple[OutcomeCount, ...]:
    """Return the outcomes that something is marked with, in the programme's order."""
    return tuple(
        OutcomeCount(
            key=outcome.key,
            label=outcome.label,
            points=sums[outcome.key]["points"],
            practice=sums[outcome.key]["practice"],
            recommended=sums[outcome.key]["recommended"],
            running=sums[outcome.key]["running"],
        )
        for outcome in methodology.outcomes
        if outcome.key in sums
    )
