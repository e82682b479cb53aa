"""Points and their support: what is concluded, and the evidence it rests on."""

from __future__ import annotations

from typing import Annotated, ClassVar, NamedTuple

from sqlmodel import Field, Session

from storage.database.connection import driver
from storage.records.model.base import Answers, Endings, Record, named_id
from storage.records.model.fields import (
    By,
    Criterion,
    Facts,
    Moment,
    Outcomes,
    Text,
    choice,
    json_list,
)

Sort = Annotated[str, choice("strength", "concern", "notable practice", "to clarify")]
State = Annotated[
    str,
    choice("open", "raised", "agreed", "disputed", "carried", "withdrawn"),
    Facts(trailing=True),
]
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


def support_rows(session: Session, inspection_id: str) -> list[SupportRow]:
    """Return how pieces of evidence bear on the points of an inspection; quick, for thousands."""
    rows = driver(session.connection()).execute(
        "SELECT point_id, evidence_kind, evidence_id, relation, why FROM support "
        "WHERE inspection_id = ? ORDER BY id",
        (inspection_id,),
    )
    return [SupportRow(*row) for row in rows]


def support_id(evidence: str, point: str) -> str:
    """Return the id of the link between a piece of evidence and a point."""
    return named_id("support", evidence, point)


_ENTRIES_BEHIND = """
SELECT DISTINCT point.criterion, support.evidence_kind, support.evidence_id
FROM support JOIN point ON point.id = support.point_id
WHERE support.inspection_id = :inspection AND point.criterion <> '' AND point.state <> 'withdrawn'
    AND support.evidence_kind IN ('interview', 'observation', 'document')
UNION
SELECT DISTINCT point.criterion, note.parent_kind, note.parent_id
FROM support JOIN point ON point.id = support.point_id JOIN note ON note.id = support.evidence_id
WHERE support.inspection_id = :inspection AND point.criterion <> '' AND point.state <> 'withdrawn'
    AND note.parent_kind IN ('interview', 'observation', 'document')
"""


def entries_behind_points(session: Session, inspection_id: str) -> list[tuple[str, str, str]]:
    """Return the interviews, observations and documents that points rest on, themselves or a note.

    Each with the criterion of the point, its kind and its id; withdrawn points rest on nothing.
    """
    run = driver(session.connection()).execute
    return [tuple(row) for row in run(_ENTRIES_BEHIND, {"inspection": inspection_id})]
