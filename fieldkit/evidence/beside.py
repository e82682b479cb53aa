"""What stands beside the notes of a record: questions to ask, what others said, points on them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sqlmodel import Session

from fieldkit.evidence.evidence import evidence_of, fetch_evidence
from fieldkit.evidence.points import WITHDRAWN, PointLine, point_lines
from fieldkit.evidence.trace import statuses_by_point
from fieldkit.methodology import Methodology
from fieldkit.service import methodology_of
from storage.records import Interview, Note, Point, Support
from storage.records.lookup import rows_kept, rows_naming
from storage.records.note import notes_on


@dataclass(frozen=True, slots=True)
class Question:
    """Holds a question, and whether some note of the meeting answers it."""

    text: str
    asked: bool


@cache
def _known() -> Sequence[Mapping[str, Any]]:
    text = (files(__package__) / "questions.toml").read_text("utf-8")
    questions: Sequence[Mapping[str, Any]] = tomllib.loads(text)["questions"]
    return questions


def questions_of(
    methodology: Methodology, interview: Interview, notes: Sequence[Note]
) -> tuple[Question, ...]:
    """Return what may be asked of whom is met: first what is always asked, then by source group.

    What is always asked counts as asked where a strength was noted or somebody said so; any other
    question where a note bears on one of its criteria.
    """
    noted = {key for note in notes for key in note.criteria}
    areas = {area.key for area in methodology.areas}
    well = interview.works_well == "asked" or any(one.polarity == "strength" for one in notes)
    fitting = (
        one
        for one in _known()
        if interview.source_group in one["groups"] and areas.intersection(one["criteria"])
    )
    return (
        Question(methodology.always_ask, well),
        *(Question(one["text"], bool(noted.intersection(one["criteria"]))) for one in fitting),
    )


@dataclass(frozen=True, slots=True)
class Said:
    """Holds a note of another record: its sign, where it stands, and its text."""

    polarity: str
    where: str
    text: str


def said_by_others(
    s: Session, inspection_id: str, criterion: str, parent_id: str, most: int
) -> tuple[Said, ...]:
    """Return the latest notes on a criterion that stand in other records, so many at most."""
    notes = notes_on(s, inspection_id, criterion, parent_id, most)
    held = fetch_evidence(s, ((Note.KIND, one.id) for one in notes))
    methodology = methodology_of(s, inspection_id)
    pieces = [evidence_of(s, methodology, one) for one in notes]
    held.clear()
    return tuple(
        Said(one.polarity, one.label.removesuffix(", note").rpartition(": ")[2], one.text)
        for one in pieces
    )


def points_on(s: Session, inspection_id: str, notes: Iterable[str]) -> tuple[PointLine, ...]:
    """Return the points that stand and rest on some of these notes, by their ids."""
    resting = resting_on(s, inspection_id, notes)
    if not resting:
        return ()
    known = statuses_by_point(s, inspection_id, resting)
    lines = point_lines(s, inspection_id, known)
    return tuple(one for one in lines if one.id in resting)


def resting_on(s: Session, inspection_id: str, notes: Iterable[str]) -> frozenset[str]:
    """Return the ids of the points that stand and rest on some of these notes."""
    resting = {point for point, _ in _links_to(s, inspection_id, notes)}
    points = rows_kept(s, Point, inspection_id) if resting else []
    return frozenset(one.id for one in points if one.id in resting and one.state != WITHDRAWN)


def noted_in_points(s: Session, inspection_id: str, notes: Iterable[str]) -> frozenset[str]:
    """Return which of these notes some point rests on."""
    return frozenset(note for _, note in _links_to(s, inspection_id, notes))


def _links_to(s: Session, inspection_id: str, notes: Iterable[str]) -> list[tuple[str, str]]:
    """Return the point and the piece of each link to one of these; no other link is read."""
    s.flush()
    names = ("inspection_id", "point_id", "evidence_id")
    rows = rows_naming(s, Support, names, "evidence_id", notes)
    return [(point, piece) for inspection, point, piece in rows if inspection == inspection_id]
