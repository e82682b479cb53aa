"""Judgments of new cases: many at once, as a list of cases has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fieldkit.history.staged_records import Entry
from fieldkit.methodology import OVERALL
from storage.feed.reasons import with_stated
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
        reason: of the state.
        rationale: the judgment's text.
        by: who judged.
    """

    case: Case
    grade: str
    state: str
    reason: str
    rationale: str
    by: str


def new_judgments(
    several: Sequence[NewJudgment], criteria: int, why: str | None
) -> Iterator[Entry]:
    """Yield what enters judgments of cases of which nothing is judged yet.

    They come out as :mod:`fieldkit.casework.judging` would enter each, with every criterion open.

    Args:
        several: what is judged.
        criteria: how many criteria a case is judged on.
        why: the reason of what has none of its own.
    """
    graded = with_stated(why, entered_open(criteria) if criteria else "")
    for new in several:
        reason = graded if new.grade else new.reason if new.state else why
        yield Entry.adding(_judgment(new), reason)


def _judgment(new: NewJudgment) -> Judgment:
    said = {"state": GRADED, "grade": new.grade} if new.grade else {}
    if new.state and not new.grade:
        said = {"state": new.state, "state_reason": new.reason}
    return Judgment.make(
        id=judgment_id(new.case.id, OVERALL),
        inspection_id=new.case.inspection_id,
        case_id=new.case.id,
        criterion=OVERALL,
        rationale=new.rationale.rstrip(),
        by=new.by,
        **said,
    )
