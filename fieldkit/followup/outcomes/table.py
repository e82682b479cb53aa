"""The table of outcomes: what bears on each of them in an inspection, beside the one before."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.comparison.earlier import called, earlier
from fieldkit.evidence.points import WITHDRAWN
from fieldkit.followup.outcomes.counted import Count, counts
from fieldkit.followup.status import is_running
from fieldkit.methodology import Outcome
from fieldkit.service import existing, methodology_of
from storage.ops.text import many
from storage.records import Inspection, Point, Recommendation
from storage.records.lookup import records_in
from storage.records.note import notes_by_outcome

PATHWAYS = {"force": "police force", "team": "inspection team"}
PRACTICE = "notable practice"


@dataclass(frozen=True, slots=True)
class Bearing:
    """Holds what bears on one outcome in one inspection.

    Attributes:
        strengths, concerns, other: notes marked with it, by which way they point.
        points: points on it that stand, notable practice apart.
        practice: points on it of notable practice.
        recommended: recommendations on it; ``running`` those neither complete nor ended.
        counted: its indicators.
    """

    strengths: int
    concerns: int
    other: int
    points: int
    practice: int
    recommended: int
    running: int
    counted: tuple[Count, ...]

    @property
    def is_empty(self) -> bool:
        """Say whether nothing bears on it."""
        marked = self.notes + self.points + self.practice + self.recommended
        return not marked and not any(one.words for one in self.counted)

    @property
    def notes(self) -> int:
        """Return how many notes are marked with it."""
        return self.strengths + self.concerns + self.other

    @property
    def words(self) -> str:
        """Return it in words, without what is counted; empty where nothing is marked with it."""
        parts = (
            (self.notes, f"{many(self.notes, 'note')} (+{self.strengths} −{self.concerns})"),
            (self.points, many(self.points, "point")),
            (self.practice, f"{self.practice} of notable practice"),
            (self.recommended, f"{many(self.recommended, 'recommendation')}, {self.running} open"),
        )
        return "; ".join(words for number, words in parts if number)


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """Holds one outcome of the programme with what bears on it, now and then.

    Attributes:
        key, label, short: which outcome, and what it is called.
        pathway: “police force”, “inspection team” or “both”.
        now: in this inspection; ``then`` in the one before, where there is one.
    """

    key: str
    label: str
    short: str
    pathway: str
    now: Bearing
    then: Bearing | None


@dataclass(frozen=True, slots=True)
class OutcomeTable:
    """Holds all outcomes of an inspection.

    Attributes:
        inspection_id, force: which inspection, of which force.
        called: what the inspection is called; ``called_then`` the one before, or empty.
        rows: the outcomes in the programme's order.
    """

    inspection_id: str
    force: str
    called: str
    called_then: str
    rows: tuple[OutcomeRow, ...]

    @property
    def bare(self) -> tuple[OutcomeRow, ...]:
        """Return the outcomes that nothing bears on in this inspection."""
        return tuple(one for one in self.rows if one.now.is_empty)


def outcome_table(s: Session, inspection_id: str) -> OutcomeTable:
    """Return the outcomes of an inspection beside those of the force's inspection before it.

    Two inspections look at other cases: counts stand side by side, and nothing is tested.
    Raises `NotThereError`.
    """
    inspection = existing(s, Inspection, inspection_id)
    before = next(iter(earlier(s, inspection_id)), None)
    now = bearings(s, inspection_id)
    then = bearings(s, before.id) if before else {}
    return OutcomeTable(
        inspection_id=inspection_id,
        force=inspection.force,
        called=called(inspection),
        called_then=called(before, inspection) if before else "",
        rows=tuple(
            OutcomeRow(
                key=outcome.key,
                label=outcome.label,
                short=outcome.short or outcome.label,
                pathway=pathway_words(outcome),
                now=now[outcome.key],
                then=then.get(outcome.key),
            )
            for outcome in methodology_of(s, inspection_id).outcomes
        ),
    )


def bearings(s: Session, inspection_id: str) -> dict[str, Bearing]:
    """Return what bears on each outcome in one inspection, by its key."""
    notes = notes_by_outcome(s, inspection_id)
    marked: Counter[tuple[str, str]] = Counter()
    for note in notes:
        marked[note.outcome, note.polarity] += note.number
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for point in records_in(s, Point, inspection_id):
        if point.state != WITHDRAWN:
            sort = "practice" if point.sort == PRACTICE else "points"
            for key in dict.fromkeys(point.outcomes):
                sums[key][sort] += 1
    for one in records_in(s, Recommendation, inspection_id):
        for key in dict.fromkeys(one.outcomes):
            sums[key]["recommended"] += 1
            sums[key]["running"] += is_running(one)
    counted = counts(s, inspection_id, notes)
    return {
        outcome.key: Bearing(
            strengths=marked[outcome.key, "strength"],
            concerns=marked[outcome.key, "concern"],
            other=marked[outcome.key, "context"] + marked[outcome.key, ""],
            points=sums[outcome.key]["points"],
            practice=sums[outcome.key]["practice"],
            recommended=sums[outcome.key]["recommended"],
            running=sums[outcome.key]["running"],
            counted=tuple(counted[key] for key in outcome.indicators),
        )
        for outcome in methodology_of(s, inspection_id).outcomes
    }


def pathway_words(outcome: Outcome) -> str:
    """Return which pathway of the programme an outcome is on."""
    both = len(outcome.pathways) > 1
    return "both" if both else PATHWAYS.get(outcome.pathways[0], outcome.pathways[0])
