"""Overall grades of new cases: many at once, as a list of cases has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlmodel import Session

from fieldkit.methodology import OVERALL
from fieldkit.service import methodology_of
from storage.feed.journal import because
from storage.records import Case, Judgment
from storage.records.judgment import GRADED, judgment_id


def entered_open(criteria: int) -> str:
    """Say that an overall grade was entered while criteria were open, as it goes on record."""
    return f"entered with {criteria} criteria open"


class NewGrade(NamedTuple):
    """Holds the overall grade of a new case, on the scale; ``by`` is who judged."""

    case: Case
    grade: str
    rationale: str
    by: str


def enter_new_grades(s: Session, inspection_id: str, grades: Iterable[NewGrade]) -> int:
    """Enter overall grades of cases of which nothing is judged yet, and return how many.

    They come out as :func:`fieldkit.casework.judging.grade` would enter each, with every criterion
    open, in one step of the store.
    """
    criteria = len(methodology_of(s, inspection_id).criteria_on("case"))
    judgments = [
        Judgment.make(
            id=judgment_id(new.case.id, OVERALL),
            inspection_id=inspection_id,
            case_id=new.case.id,
            criterion=OVERALL,
            state=GRADED,
            grade=new.grade,
            rationale=new.rationale.rstrip(),
            by=new.by,
        )
        for new in grades
    ]
    with because(s, None, stated=entered_open(criteria) if criteria else ""):
        s.add_all(judgments)
        s.flush()
    return len(judgments)
