"""The force's context of a recommendation: asked one by one, weighed, with what bears it out."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlmodel import Session

from fieldkit.service import RefusedError, existing, filled, person
from storage.ops.meant import choices
from storage.ops.text import comparable
from storage.records import Recommendation, Weighing
from storage.records.lookup import records_under
from storage.records.recommendation import weighing_id


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
