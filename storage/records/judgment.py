"""Judgments: a grade or a state, with its rationale, for a case or for the force."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple

from sqlalchemy import case
from sqlmodel import Field, Session, col, select

from storage.database.connection import driver
from storage.database.remembered import none_of, unchanged
from storage.records.case import Case
from storage.records.model.base import Answers, Endings, Record, named_id
from storage.records.model.fields import By, Code, Criterion, Facts, Text, choice
from storage.records.self_assessment import LINKED, ForceRow

State = Annotated[
    str, choice("not judged", "graded", "not applicable", "unable to judge"), Facts(trailing=True)
]

OVERALL = "overall"
"""The criterion of the overall grade: entered by a person, last, and never averaged."""


GRADED, NOT_JUDGED = "graded", "not judged"

CASE_LINE = "case_line"
"""The table that keeps how each case is judged, criterion by criterion, in one line."""
WENT_WELL, CONCERN, OTHER_WORDS = 1, 2, 4
"""Which texts a judgment has, added up as its case's line keeps them."""

IMPORTED = "imported"
"""Stands in ``by`` of a judgment that came with a list of cases; after it, who graded the case as
the list has it. It is never the id of a person: who took the list in is not who judged."""
_NAMED = f"{IMPORTED}: "

_GRADE = {"grade": ("state", "grade", "state_reason", "by")}
"""A state, and the grade or reason that goes with it, are one answer."""

_CLEARED: Endings = {"state": {"not judged": "cleared"}}


class Answered:
    """Says what a judgment says, which goes by its state.

    While two answers wait for a decision, one's state may stand in the record beside the other's
    grade or reason; whatever does not go with the state that is shown is not shown either.
    """

    if TYPE_CHECKING:  # the records say where they stand in the table
        state: str
        grade: str
        state_reason: str

    @property
    def graded(self) -> str:
        """Return the grade; empty where it was not graded."""
        return self.grade if self.state == GRADED else ""

    @property
    def said(self) -> str:
        """Return the grade, or the state where there is none."""
        return self.grade if self.state == GRADED else self.state

    @property
    def why(self) -> str:
        """Return the reason of a state that is no grade."""
        return "" if self.state == GRADED else self.state_reason


class Judgment(Record, Answered, table=True):
    """Says what we judge of one case on one criterion, on the scale of the inspection."""

    KIND = "judgment"
    LABEL = "{case_id}, {criterion}"
    UNDER = "case_id"
    ONCE = ("inspection_id", "case_id", "criterion")
    NAMED = ("case_id", "criterion")
    TOGETHER: ClassVar[Answers] = _GRADE
    ENDS: ClassVar[Endings] = _CLEARED
    NOTED = True
    SEARCH = ("rationale", "went_well", "concern", "state_reason")

    inspection_id: str = Field(index=True)
    case_id: str = Field(index=True)
    criterion: Criterion
    state: State = "not judged"
    grade: Code = ""
    state_reason: Annotated[Text, Facts("reason of the state", trailing=True)] = ""
    rationale: Text = ""
    went_well: Annotated[Text, Facts("what went well")] = ""
    concern: Text = ""
    by: By = ""


class Assessment(Record, Answered, table=True):
    """Says what we judge of the force itself on one criterion."""

    KIND = "assessment"
    LABEL = "the force, {criterion}"
    ONCE = ("inspection_id", "criterion")
    NAMED = ("inspection_id", "criterion")
    TOGETHER: ClassVar[Answers] = _GRADE
    ENDS: ClassVar[Endings] = _CLEARED
    NOTED = True
    SEARCH = ("rationale", "state_reason")

    inspection_id: str = Field(index=True)
    criterion: Criterion
    state: State = "not judged"
    grade: Code = ""
    state_reason: Annotated[Text, Facts("reason of the state", trailing=True)] = ""
    rationale: Text = ""
    by: By = ""


def imported_by(auditor: str) -> str:
    """Return what stands in ``by`` of a judgment from a list.

    ``auditor`` is who graded the case as the list has it; empty where it says nothing.
    """
    return f"{_NAMED}{auditor}" if auditor else IMPORTED


def imported_auditor(by: str) -> str | None:
    """Return who graded a case as a list has it, empty for not given; None where none was read."""
    if by == IMPORTED:
        return ""
    return by.removeprefix(_NAMED) if by.startswith(_NAMED) else None


def judgment_id(case: str, criterion: str) -> str:
    """Return the id of the judgment of a case on a criterion."""
    return named_id("judgment", case, criterion)


def assessment_id(inspection: str, criterion: str) -> str:
    """Return the id of the assessment of an inspection's force on a criterion."""
    return named_id("assessment", inspection, criterion)


def judgments_of(session: Session, case: str) -> dict[str, Judgment]:
    """Return the judgments of one case, by criterion."""
    query = select(Judgment).where(Judgment.case_id == case)
    return {one.criterion: one for one in session.exec(query)}


def assessments(session: Session, inspection_id: str) -> dict[str, Assessment]:
    """Return the assessments of an inspection's force, by criterion."""
    query = select(Assessment).where(Assessment.inspection_id == inspection_id)
    return {one.criterion: one for one in session.exec(query)}


class Mark(NamedTuple):
    """Holds the grade or state of a case on a criterion, without its texts."""

    case_id: str
    criterion: str
    state: str
    grade: str


class Answer(NamedTuple):
    """Holds what a case's line keeps of a judgment; ``texts`` says which texts it has."""

    state: str
    grade: str
    texts: int

    @property
    def graded(self) -> str:
        """Return the grade; empty where it was not graded."""
        return self.grade if self.state == GRADED else ""


class CaseAnswers(dict[str, Answer]):
    """Holds what is judged of a case, by criterion; it is shared, and nobody may change it."""

    @cached_property
    def judged(self) -> int:
        """Return on how many criteria something is said."""
        return sum(bool(one.graded or one.texts) for one in self.values())

    @cached_property
    def graded(self) -> frozenset[str]:
        """Return the criteria that have a grade."""
        return frozenset(criterion for criterion in self.found if self[criterion].grade)

    @cached_property
    def found(self) -> frozenset[str]:
        """Return the criteria that are said to be graded, also where the grade is missing."""
        return frozenset(criterion for criterion, one in self.items() if one.state == GRADED)

    @cached_property
    def went_well(self) -> frozenset[str]:
        """Return the criteria on which something is written that went well."""
        return frozenset(criterion for criterion, one in self.items() if one.texts & WENT_WELL)


NO_ANSWERS = CaseAnswers()
"""What is judged of a case of which nothing is."""


def marks(session: Session, inspection_id: str) -> list[Mark]:
    """Return the grades and states of all cases of an inspection; quick, as no text is read."""
    return [
        Mark(case_id, criterion, answer.state, answer.grade)
        for case_id, answers in marks_by_case(session, inspection_id).items()
        for criterion, answer in answers.items()
    ]


def marks_by_case(session: Session, inspection_id: str) -> dict[str, CaseAnswers]:
    """Return what is judged on each criterion of each case that has any, by case and criterion.

    From the line that is kept of each case, so no judgment is read. Nobody may change the answer,
    which is the same object as long as nothing is judged.
    """
    connection = session.connection()

    def read() -> dict[str, CaseAnswers]:
        rows = driver(connection).execute(
            f"SELECT case_id, marks FROM {CASE_LINE} WHERE inspection_id = ?",  # noqa: S608
            (inspection_id,),
        )
        return {case_id: _answers_in(line) for case_id, line in rows}

    name = f"what is judged in {inspection_id}"
    return unchanged(connection, name, "", read, none_of(Judgment.KIND))


@lru_cache(maxsize=8192)
def _answers_in(line: str) -> CaseAnswers:
    # Many cases are judged alike, and most as they were when the page before was read.
    return CaseAnswers((key, _answer(*answer)) for key, answer in json.loads(line).items())


_answer = lru_cache(maxsize=1024)(Answer)


def went_well_on(session: Session, inspection_id: str) -> frozenset[str]:
    """Return the criteria on which something is written that went well in a case."""
    by_case = marks_by_case(session, inspection_id)
    return frozenset[str]().union(*(answers.went_well for answers in by_case.values()))


class CriterionCount(NamedTuple):
    """Holds how many cases have one grade or state on one criterion.

    ``own`` of them are matched to a row of the force's self-assessment; ``went_well`` and
    ``concerns`` have these texts.
    """

    criterion: str
    state: str
    grade: str
    cases: int
    own: int
    went_well: int
    concerns: int


_COUNTED_CASES = """
SELECT id, id IN (SELECT case_id FROM forcerow
    WHERE inspection_id = :inspection AND decision IN ('exact', 'chosen'))
FROM "case" WHERE inspection_id = :inspection AND NOT withdrawn
"""


def counts_by_criterion(session: Session, inspection_id: str) -> list[CriterionCount]:
    """Return how the cases of an inspection are judged, withdrawn ones apart; no text is read."""
    run = driver(session.connection()).execute
    own = dict(run(_COUNTED_CASES, {"inspection": inspection_id}).fetchall())
    said: dict[bool, Counter[tuple[str, Answer]]] = {False: Counter(), True: Counter()}
    for case_id, answers in marks_by_case(session, inspection_id).items():
        if case_id in own:
            said[bool(own[case_id])].update(answers.items())
    counts: dict[tuple[str, str, str], list[int]] = {}
    for is_own, answered in said.items():
        for (criterion, (state, grade, texts)), number in answered.items():
            count = counts.setdefault((criterion, state, grade), [0, 0, 0, 0])
            count[0] += number
            count[1] += number * is_own
            count[2] += number * bool(texts & WENT_WELL)
            count[3] += number * bool(texts & CONCERN)
    return [CriterionCount(*at, *count) for at, count in sorted(counts.items())]


def graded_on(
    session: Session,
    inspection_id: str,
    criterion: str,
    scale: Sequence[str],
    most: int,
    *,
    text: Literal["", "went_well", "concern"] = "",
    own: bool = False,
) -> list[tuple[Judgment, str]]:
    """Return judgments of cases on a criterion with the cases' references, the worst grade first.

    Withdrawn cases are left out.

    Args:
        session: a session.
        inspection_id: of which inspection.
        criterion: its key.
        scale: the grades of cases, best first.
        most: how many at most.
        text: only those that have this text, whatever their state; else those with a grade.
        own: only cases that are matched to a row of the force's self-assessment.
    """
    worst = case({grade: place for place, grade in enumerate(scale)}, value=col(Judgment.grade))
    query = (
        select(Judgment, Case.reference)
        .join(Case, col(Case.id) == col(Judgment.case_id))
        .where(Judgment.inspection_id == inspection_id, Judgment.criterion == criterion)
        .where(col(Case.withdrawn).is_(False))
    )
    if text:
        query = query.where(getattr(Judgment, text) != "")
    else:
        query = query.where(Judgment.state == GRADED)
    if own:
        matched = select(ForceRow.case_id).where(
            ForceRow.inspection_id == inspection_id, col(ForceRow.decision).in_(LINKED)
        )
        query = query.where(col(Judgment.case_id).in_(matched))
    ordered = query.order_by(worst.desc(), col(Case.reference)).limit(most)
    return [(judgment, reference) for judgment, reference in session.exec(ordered)]
