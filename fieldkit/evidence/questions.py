"""What may be asked of whom is met, and which of it the notes of the meeting answer already."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from fieldkit.methodology import Methodology
from storage.records import Interview, Note


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
