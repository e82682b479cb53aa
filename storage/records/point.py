"""Points, their support, and notable practice as others may learn from it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, ClassVar, NamedTuple

from sqlmodel import Field, Session

from storage.database.connection import driver
from storage.database.remembered import following, kept
from storage.records.model.base import Answers, Endings, Record, named_id
from storage.records.model.fields import (
    By,
    Criterion,
    Day,
    Facts,
    Moment,
    Outcomes,
    Text,
    Texts,
    choice,
    json_list,
)

Sort = Annotated[str, choice("strength", "concern", "notable practice", "to clarify")]
State = Annotated[
    str,
    choice("open", "raised", "agreed", "disputed", "carried", "withdrawn"),
    Facts(trailing=True),
]
Consent = Annotated[str, choice("", "name shown", "name hidden", "refused", "withdrawn")]
Relation = Annotated[str, choice("supports", "contradicts", "context")]


class Point(Record, table=True):
    """Holds a finding as it emerges: strength, concern, notable practice, or to be clarified."""

    KIND = "point"
    ORDER = ("made_at", "id")
    LABEL = "{sort}: {wording:50}"
    ONCE = ("inspection_id",)
    SEARCH = ("wording", "kept_thin")
    ENDS: ClassVar[Endings] = {"state": {"withdrawn": "withdrew"}}

    inspection_id: str = Field(index=True)
    sort: Sort = "concern"
    wording: Text
    criterion: Criterion = ""
    outcomes: Outcomes = json_list()
    state: State = "open"
    kept_thin: Annotated[Text, Facts("why it is kept thin", trailing=True)] = ""
    made_at: Moment = ""
    by: By = ""


class Support(Record, table=True):
    """Says that a piece of evidence, as it stood at a revision, bears on a point."""

    KIND = "support"
    ORDER = ("id",)
    LABEL = "evidence for {point_id}"
    UNDER = "point_id"
    ONCE = ("inspection_id", "point_id", "evidence_kind", "evidence_id")
    NAMED = ("evidence_id", "point_id")
    TOGETHER: ClassVar[Answers] = {"bearing": ("relation", "why", "revision", "by")}
    MADE = "link"
    UNMADE = "unlink"
    SEARCH = ("why",)
    STATED = frozenset({"relation"})

    inspection_id: str = Field(index=True)
    point_id: str = Field(index=True)
    evidence_kind: Text
    evidence_id: str = Field(index=True)
    revision: Annotated[str, Facts(code=True, tacit=True, following=True)] = ""
    relation: Relation = "supports"
    why: Text = ""
    by: By = ""


class SupportRow(NamedTuple):
    """Holds what a page of many links needs of each."""

    point_id: str
    evidence_kind: str
    evidence_id: str
    relation: str
    why: str
    revision: str = ""


def support_rows(session: Session, inspection_id: str) -> list[SupportRow]:
    """Return how pieces of evidence bear on the points of an inspection; quick, for thousands.

    Nobody may change the answer, which is the same object as long as no link is written.
    """
    name, connection = f"links in {inspection_id}", session.connection()
    rows = kept(connection, name, lambda among: _support_rows(session, inspection_id, among))
    return following(connection, name, (rows,), lambda: [rows[link] for link in sorted(rows)])


def _support_rows(
    session: Session, inspection_id: str, among: Collection[str] | None
) -> dict[str, SupportRow]:
    only = f" AND id IN ({','.join('?' * len(among))})" if among is not None else ""
    rows = driver(session.connection()).execute(
        "SELECT id, point_id, evidence_kind, evidence_id, relation, why, revision FROM support "  # noqa: S608
        f"WHERE inspection_id = ?{only}",
        (inspection_id, *(among or ())),
    )
    return {link: SupportRow(*row) for link, *row in rows}


class Practice(Record, table=True):
    """Holds what others need to learn from notable practice, beside the words of its point."""

    KIND = "practice"
    ORDER = ("id",)
    PLURAL = "sheets of practice"
    LABEL = "sheet of {point_id}"
    EXPLAINED = False
    UNDER = "point_id"
    ONCE = ("inspection_id", "point_id")
    NAMED = ("point_id",)
    SEARCH = ("problem", "how", "works", "ask_whom")

    inspection_id: str = Field(index=True)
    point_id: str = Field(index=True)
    problem: Text = ""
    how: Annotated[Text, Facts("how it was done")] = ""
    works: Annotated[Text, Facts("what shows that it works")] = ""
    ask_whom: Annotated[Text, Facts("whom to ask, by role")] = ""
    types: Annotated[Texts, Facts("types of case", code=True, terms="case_types")] = json_list()
    by: By = ""


class PracticeConsent(Record, table=True):
    """Says whether the force consents that its practice is passed on, and with its name."""

    KIND = "practice_consent"
    ORDER = ("id",)
    LABEL = "consent to {point_id}"
    EXPLAINED = False
    UNDER = "point_id"
    ONCE = ("inspection_id", "point_id")
    NAMED = ("point_id",)
    TOGETHER: ClassVar[Answers] = {
        "consent": ("consent", "given_on", "given_by", "remark", "by"),
    }
    SEARCH = ("given_by", "remark")

    inspection_id: str = Field(index=True)
    point_id: str = Field(index=True)
    consent: Consent = ""
    given_on: Annotated[Day, Facts("day it was given")] = ""
    given_by: Annotated[Text, Facts("by whom, by role")] = ""
    remark: Text = ""
    by: By = ""


class PracticeRequest(Record, table=True):
    """Says that a force, or somebody else, asked for a practice on a day."""

    KIND = "practice_request"
    ORDER = ("asked_on", "made_at", "id")
    LABEL = "request for {point_id}"
    EXPLAINED = False
    UNDER = "point_id"
    ONCE = ("inspection_id", "point_id")
    SEARCH = ("asked_by", "remark")

    inspection_id: str = Field(index=True)
    point_id: str = Field(index=True)
    asked_by: Annotated[Text, Facts("who asked")]
    asked_on: Annotated[Day, Facts("day")] = ""
    remark: Text = ""
    made_at: Moment = ""
    by: By = ""


def practice_id(point: str) -> str:
    """Return the id of what others need to learn from a point."""
    return named_id("practice", point)


def practice_consent_id(point: str) -> str:
    """Return the id of the force's consent to pass a point on."""
    return named_id("practice_consent", point)


def support_id(evidence: str, point: str) -> str:
    """Return the id of the link between a piece of evidence and a point."""
    return named_id("support", evidence, point)
