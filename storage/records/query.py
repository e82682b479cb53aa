"""Queries: a second reader's question to the auditor of a judgment, and the answer."""

from __future__ import annotations

from typing import Annotated, ClassVar

from sqlmodel import Field

from storage.records.model.base import Answers, Endings, Record
from storage.records.model.fields import By, Criterion, Facts, Moment, Person, Text, choice

OPEN, ANSWERED, SETTLED, WITHDRAWN = "open", "answered", "settled", "withdrawn"
UNSETTLED = (OPEN, ANSWERED)
State = Annotated[str, choice(OPEN, ANSWERED, SETTLED, WITHDRAWN), Facts(trailing=True)]


class Query(Record, table=True):
    """Holds one question on one judgment; there may be any number, so ids are random.

    ``asked_of`` and ``answered_by`` are ids of persons, as is ``by``, who asked. ``after_reveal``:
    the force's grade of the case had been shown to a person of the team when the question or the
    answer was written, so that the words may speak of it.
    """

    KIND = "query"
    ORDER = ("asked_at", "id")
    PLURAL = "queries"
    LABEL = "{case_id}, query on {criterion}"
    UNDER = "case_id"
    ONCE = ("inspection_id", "case_id", "criterion")
    TOGETHER: ClassVar[Answers] = {"answer": ("state", "answer", "answered_by", "answered_at")}
    SEARCH = ("question", "answer")
    EXPLAINED = False
    ENDS: ClassVar[Endings] = {"state": {WITHDRAWN: "withdrew"}}

    inspection_id: str = Field(index=True)
    case_id: str = Field(index=True)
    criterion: Criterion
    question: Text
    asked_at: Annotated[Moment, Facts("asked")]
    asked_of: Person = ""
    state: State = OPEN
    answer: Text = ""
    answered_at: Annotated[Moment, Facts("answered", following=True)] = ""
    answered_by: Annotated[Text, Facts(person=True, author=True, following=True)] = ""
    after_reveal: Annotated[bool, Facts(tacit=True)] = False
    by: By = ""
