"""Recommendations and what became of them, kept across inspections of a force."""

from __future__ import annotations

from typing import Annotated

from sqlmodel import Field

from storage.records.model.base import Record, named_id
from storage.records.model.fields import Day, Text, choice

Deadline = Annotated[str, choice("immediately", "within three months", "within six months")]
Status = Annotated[str, choice("awaiting review", "being progressed", "complete")]


class Recommendation(Record, table=True):
    """Says what the force is recommended to do, by when, and how far it has come."""

    KIND = "recommendation"
    ORDER = ("number", "id")
    LABEL = "recommendation {number}"
    EXPLAINED = False
    ONCE = ("inspection_id",)
    SEARCH = ("finding", "wording", "force_context", "comment")

    inspection_id: str = Field(index=True)
    number: int = Field(ge=1)
    finding: Text = ""
    wording: Text
    deadline: Deadline = "within six months"
    force_context: Text = ""
    status: Status = "awaiting review"
    status_on: Day = ""
    comment: Text = ""


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


def basis_id(recommendation: str, point: str) -> str:
    """Return the id of the link between a recommendation and a point."""
    return named_id("basis", recommendation, point)
