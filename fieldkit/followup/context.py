"""The force's context of a recommendation: asked one by one, weighed, with what bears it out."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlmodel import Session

from fieldkit.evidence.evidence import evidence_of, fetch_evidence
from fieldkit.evidence.triangulation import CONTEXT
from fieldkit.followup.force import inspections_of_force
from fieldkit.methodology import load_known
from fieldkit.service import RefusedError, existing, filled, person
from storage.ops.meant import choices
from storage.ops.text import comparable
from storage.records import Inspection, Note, Recommendation, Weighing
from storage.records.lookup import records_in, records_under
from storage.records.note import notes_marked
from storage.records.recommendation import weighing_id

MOST_NOTES = 500
"""Notes that are offered as context, the latest first."""


@dataclass(frozen=True, slots=True)
class Question:
    """Holds what is asked of the force's context, and whether it still is."""

    key: str
    label: str
    ask: str
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Weighed:
    """Holds a question with its answer for one recommendation; empty where there is none yet."""

    key: str
    label: str
    ask: str
    answer: str
    by: str


@dataclass(frozen=True, slots=True)
class ContextNote:
    """Holds a note that is marked as context, as it is offered for a recommendation.

    Attributes:
        id: which note.
        text: what it says.
        where: whom or what it is from.
        at: when it was written, ISO 8601.
    """

    id: str
    text: str
    where: str
    at: str


@cache
def questions() -> tuple[Question, ...]:
    """Return what is asked of a force's context, in order, from ``context.toml``."""
    data = tomllib.loads((files(__package__) / "context.toml").read_text("utf-8"))
    return tuple(Question(**one) for one in data["questions"])


def weigh(s: Session, recommendation_id: str, question: str, answer: str) -> Weighing:
    """Write how one question was weighed for a recommendation; again to write it anew.

    Args:
        s: a writing session.
        recommendation_id: which recommendation.
        question: the key or label of the question.
        answer: in words, also where nothing bears on it.

    Raises:
        RefusedError: there is no such question, or the answer is missing.
        NotThereError: there is no such recommendation.
    """
    one = existing(s, Recommendation, recommendation_id)
    key = _question(question).key
    values = {"answer": filled(answer, "How it was weighed"), "by": person(s)}
    weighing = s.get(Weighing, weighing_id(one.id, key))
    if weighing is None:
        weighing = Weighing.make(
            inspection_id=one.inspection_id, recommendation_id=one.id, question=key, **values
        )
        s.add(weighing)
    else:
        weighing.change(**values)
    s.flush()
    return weighing


def weighed(s: Session, recommendation_id: str) -> list[Weighed]:
    """Return every question with its answer, those of a later fieldkit last, by their keys."""
    answers = {one.question: one for one in records_under(s, Weighing, recommendation_id)}
    known = {one.key: one for one in questions()}
    keys = [one.key for one in questions() if one.asked or one.key in answers]
    keys += sorted(key for key in answers if key not in known)
    rows = []
    for key in keys:
        question, answer = known.get(key, Question(key, key, "")), answers.get(key)
        rows.append(
            Weighed(
                key=key,
                label=question.label,
                ask=question.ask,
                answer=answer.answer if answer else "",
                by=answer.by if answer else "",
            )
        )
    return rows


def context_notes(s: Session, inspection_id: str) -> list[ContextNote]:
    """Return the notes of the force's inspections that are marked as context, the latest first.

    At most :data:`MOST_NOTES`. Raises `NotThereError` where there is no such inspection.
    """
    force = existing(s, Inspection, inspection_id).force
    notes = notes_marked(s, [one.id for one in inspections_of_force(s, force)], CONTEXT, MOST_NOTES)
    held = fetch_evidence(s, ((Note.KIND, one.id) for one in notes))
    words = {one.id: load_known(one.judged_by) for one in inspections_of_force(s, force)}
    found = []
    for note in notes:
        methodology = words[note.inspection_id]
        if methodology is None:
            continue  # of a later fieldkit, whose words are not known here
        label = evidence_of(s, methodology, note).label
        found.append(ContextNote(note.id, note.text, label.removesuffix(", note"), note.at))
    held.clear()
    return found


def weighed_by(s: Session, inspection_id: str) -> dict[str, set[str]]:
    """Return which questions are answered, by the id of the recommendation."""
    answered: dict[str, set[str]] = defaultdict(set)
    for weighing in records_in(s, Weighing, inspection_id):
        if weighing.answer.strip():
            answered[weighing.recommendation_id].add(weighing.question)
    return answered


def _question(written: str) -> Question:
    wanted = comparable(written)
    for one in questions():
        if wanted in (comparable(one.key), comparable(one.label)):
            return one
    known = choices(written, (one.key for one in questions()))
    raise RefusedError(
        f"“{written}” is not a question on a force's context. Nothing was changed; the questions "
        f"are "
        f"{known}"
    )
