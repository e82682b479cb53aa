"""Judgments of new cases: many at once, as a list of cases has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlmodel import Session

from fieldkit.methodology import OVERALL
from fieldkit.service import methodology_of
from storage.feed.bulk import add_many
from storage.feed.journal import because
from storage.records import Case, Judgment
from storage.records.judgment import GRADED, judgment_id


def entered_open(criteria: int) -> str:
    """Say that an overall grade was entered while criteria were open, as it goes on record."""
    return f"entered with {criteria} criteria open"


class NewJudgment(NamedTuple):
    """Holds what is said of a new case overall: a grade, a state with its reason, or neither.

    Attributes:
        case: the case.
        grade: on the scale; empty where there is none.
        state: of the methodology, where there is no grade; empty for not judged.
        why: the reason of the state.
        rationale: the judgment's text.
        by: who judged.
    """

    case: Case
    grade: str
    state: str
    why: str
    rationale: str
    by: str


def enter_new_judgments(s: Session, inspection_id: str, several: Sequence[NewJudgment]) -> None:
    """Enter what is said of cases of which nothing is judged yet.

    It comes out as :mod:`fieldkit.casework.judging` would enter each, with every criterion open, in
    one step of the store.
    """
    criteria = len(methodology_of(s, inspection_id).criteria_on("case"))
    graded = [_judgment(new) for new in several if new.grade]
    with because(s, None, stated=entered_open(criteria) if criteria else ""):
        add_many(s, graded)
    others = {judgment_id(new.case.id, OVERALL): new for new in several if not new.grade}
    reasons = {(Judgment.KIND, of): new.why for of, new in others.items() if new.state}
    with because(s, None, each=reasons):
        add_many(s, map(_judgment, others.values()))


def _judgment(new: NewJudgment) -> Judgment:
    said = {"state": GRADED, "grade": new.grade} if new.grade else {}
    if new.state and not new.grade:
        said = {"state": new.state, "state_reason": new.why}
    return Judgment.make(
        id=judgment_id(new.case.id, OVERALL),
        inspection_id=new.case.inspection_id,
        case_id=new.case.id,
        criterion=OVERALL,
        rationale=new.rationale.rstrip(),
        by=new.by,
        **said,
    )
