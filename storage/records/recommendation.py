"""Recommendations, what they rest on, and what became of them across inspections of a force."""

from __future__ import annotations

from typing import Annotated, ClassVar

from sqlmodel import Field

from storage.records.model.base import Answers, Endings, Record, named_id
from storage.records.model.fields import (
    By,
    Code,
    Criterion,
    Day,
    Facts,
    Moment,
    Outcomes,
    Text,
    choice,
    json_list,
)

Deadline = Annotated[str, choice("immediately", "within three months", "within six months")]
Status = Annotated[str, choice("awaiting review", "being progressed", "complete")]
COMPLETE = "complete"
Ending = Annotated[str, choice("", "superseded", "not accepted"), Facts("ended as")]
View = Annotated[str, choice("", "broadly positive", "some concerns", "significant concerns")]
Relation = Annotated[str, choice("supports", "contradicts", "context")]


class Recommendation(Record, table=True):
    """Says what the force is recommended to do, by when, and how far it has come.

    ``number`` is only a place in the list until ``numbered_on`` says that it was given at
    publication: two laptops that make recommendations at the same time may have the same. What
    ends one otherwise than by completion stands in ``ended``, because ``status`` takes no other
    words from an earlier client.
    """

    KIND = "recommendation"
    ORDER = ("number", "id")
    LABEL = "recommendation {number}"
    EXPLAINED = False
    ONCE = ("inspection_id",)
    # A number that was given is in print; another one is given with a reason.
    FROZEN = frozenset({"numbered_on"})
    TOGETHER: ClassVar[Answers] = {
        "number": ("number", "numbered_on"),
        "status": ("status", "ended", "ended_reason", "superseded_by", "status_on"),
    }
    ENDS: ClassVar[Endings] = {
        "ended": {"superseded": "superseded", "not accepted": "recorded as not accepted"}
    }
    SEARCH = ("finding", "wording", "force_context", "comment", "owner", "ended_reason")

    inspection_id: str = Field(index=True)
    number: int = Field(ge=1)
    finding: Text = ""
    wording: Text
    deadline: Deadline = "within six months"
    force_context: Text = ""
    status: Status = "awaiting review"
    status_on: Annotated[Day, Facts("day of the status")] = ""
    comment: Text = ""
    numbered_on: Annotated[Day, Facts("day it was numbered", trailing=True)] = ""
    criterion: Criterion = ""
    outcomes: Outcomes = json_list()
    owner: Annotated[Text, Facts("owner at the force")] = ""
    ended: Ending = ""
    ended_reason: Annotated[Text, Facts("reason of its end", trailing=True)] = ""
    superseded_by: Annotated[Text, Facts(refers="recommendation", trailing=True)] = ""
    made_at: Moment = ""
    by: By = ""

    @property
    def is_running(self) -> bool:
        """Say whether something is still to be done about it."""
        return not self.ended and self.status != COMPLETE


class Basis(Record, table=True):
    """Says that a recommendation rests on a point."""

    KIND = "basis"
    ORDER = ("id",)
    PLURAL = "bases"
    LABEL = "basis of {recommendation_id}"
    EXPLAINED = False
    UNDER = "recommendation_id"
    ONCE = ("inspection_id", "recommendation_id", "point_id")
    NAMED = ("recommendation_id", "point_id")
    MADE = "link"
    UNMADE = "unlink"

    inspection_id: str = Field(index=True)
    recommendation_id: str = Field(index=True)
    point_id: str


class Weighing(Record, table=True):
    """Holds how one question on the force's context was weighed for a recommendation."""

    KIND = "weighing"
    ORDER = ("id",)
    LABEL = "{question}, {recommendation_id}"
    EXPLAINED = False
    UNDER = "recommendation_id"
    ONCE = ("inspection_id", "recommendation_id", "question")
    NAMED = ("recommendation_id", "question")
    SEARCH = ("answer",)

    inspection_id: str = Field(index=True)
    recommendation_id: str = Field(index=True)
    question: Code
    answer: Text = ""
    by: By = ""


class RecommendationLink(Record, table=True):
    """Ties to a recommendation what gives its context, shows how it is done, or its progress.

    It lies in the recommendation's inspection; what it names may lie in another, as evidence of
    progress does that a later inspection has found.
    """

    KIND = "recommendation_link"
    ORDER = ("role", "id")
    LABEL = "{role} of {recommendation_id}"
    EXPLAINED = False
    UNDER = "recommendation_id"
    ONCE = ("inspection_id", "recommendation_id", "role", "evidence_kind", "evidence_id")
    NAMED = ("recommendation_id", "role", "evidence_id")
    TOGETHER: ClassVar[Answers] = {"bearing": ("relation", "why", "revision", "by")}
    MADE = "link"
    UNMADE = "unlink"
    SEARCH = ("why",)
    STATED = frozenset({"relation"})

    inspection_id: str = Field(index=True)
    recommendation_id: str = Field(index=True)
    role: Code
    evidence_kind: Text
    evidence_id: str = Field(index=True)
    revision: Annotated[str, Facts(code=True, tacit=True, following=True)] = ""
    relation: Relation = "supports"
    why: Text = ""
    by: By = ""


class RecommendationComment(Record, table=True):
    """Holds what the force, or one of us, said of a recommendation on a day."""

    KIND = "recommendation_comment"
    ORDER = ("said_on", "made_at", "id")
    LABEL = "comment on {recommendation_id}"
    EXPLAINED = False
    UNDER = "recommendation_id"
    ONCE = ("inspection_id", "recommendation_id")
    SEARCH = ("text",)

    inspection_id: str = Field(index=True)
    recommendation_id: str = Field(index=True)
    whose: Annotated[str, choice("force", "inspectors")] = "inspectors"
    said_on: Annotated[Day, Facts("day")] = ""
    text: Text
    made_at: Moment = ""
    by: By = ""


class ActionPlan(Record, table=True):
    """Holds an action plan that the force sent, and how a person found it."""

    KIND = "action_plan"
    ORDER = ("received_on", "made_at", "id")
    LABEL = "action plan[, {received_on}]"
    EXPLAINED = False
    ONCE = ("inspection_id",)
    TOGETHER: ClassVar[Answers] = {"review": ("view", "view_words", "reviewed_on", "by")}
    SEARCH = ("view_words",)

    inspection_id: str = Field(index=True)
    received_on: Annotated[Day, Facts("day it was received")]
    document_id: str = ""
    view: Annotated[View, Facts("how it was found")] = ""
    view_words: Annotated[Text, Facts("in words")] = ""
    reviewed_on: Annotated[Day, Facts("day it was reviewed")] = ""
    made_at: Moment = ""
    by: By = ""


class Intention(Record, table=True):
    """Holds what the force intends about a recommendation by an action plan of it."""

    KIND = "intention"
    ORDER = ("id",)
    LABEL = "{recommendation_id}, as intended"
    EXPLAINED = False
    UNDER = "action_plan_id"
    ONCE = ("inspection_id", "action_plan_id", "recommendation_id")
    NAMED = ("action_plan_id", "recommendation_id")
    SEARCH = ("intends", "owner")

    inspection_id: str = Field(index=True)
    action_plan_id: str = Field(index=True)
    recommendation_id: str = Field(index=True)
    intends: Text = ""
    by_when: Day = ""
    owner: Annotated[Text, Facts("owner at the force")] = ""
    by: By = ""


def basis_id(recommendation: str, point: str) -> str:
    """Return the id of the link between a recommendation and a point."""
    return named_id("basis", recommendation, point)


def weighing_id(recommendation: str, question: str) -> str:
    """Return the id of what was weighed of a recommendation on one question."""
    return named_id("weighing", recommendation, question)


def link_id(recommendation: str, role: str, evidence: str) -> str:
    """Return the id of what ties a record to a recommendation in one role."""
    return named_id("recommendation_link", recommendation, role, evidence)


def intention_id(action_plan: str, recommendation: str) -> str:
    """Return the id of what an action plan says of a recommendation."""
    return named_id("intention", action_plan, recommendation)
