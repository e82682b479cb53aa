"""Fieldwork beside case files: interviews and focus groups, observations, documents."""

from __future__ import annotations

from typing import Annotated, ClassVar

from sqlmodel import Field

from storage.records.model.base import Answers, Record, named_id
from storage.records.model.fields import By, Code, Day, Facts, Text, choice

Meeting = Annotated[str, choice("interview", "focus group")]
Agreed = Annotated[str, choice("", "agreed", "not agreed")]
WorksWell = Annotated[str, choice("", "asked", "not asked"), Facts("“what works well here?”")]


class Interview(Record, table=True):
    """Holds an interview or focus group; people are roles, never names."""

    KIND = "interview"
    ORDER = ("held_on", "id")
    LABEL = "{meeting}: {role}[, {held_on}]"
    ONCE = ("inspection_id",)
    NOTED = True
    SEARCH = ("role", "unavailable")

    inspection_id: str = Field(index=True)
    meeting: Meeting = "interview"
    role: Text
    source_group: Code = ""
    mode: Code = "face to face"
    held_on: Annotated[Day, Facts("day")] = ""
    unavailable: Text = ""
    agreed: Agreed = ""
    works_well: WorksWell = ""
    language: Code = "en"
    by: By = ""


MOST_ANSWERS = 9999
"""Persons of one unit that a question of the pulse may have been answered by."""


class Pulse(Record, table=True):
    """Says how many people of a unit answered a question of the pulse in which way.

    Only counts are kept, never who answered what.
    """

    KIND = "pulse"
    ORDER = ("question", "unit", "id")
    PLURAL = "answers to the pulse"
    LABEL = "pulse, {question}, {unit}"
    UNDER = "interview_id"
    ONCE = ("inspection_id", "interview_id", "unit", "question")
    NAMED = ("interview_id", "unit", "question")
    TOGETHER: ClassVar[Answers] = {"answers": ("agree", "neither", "disagree", "by")}

    inspection_id: str = Field(index=True)
    interview_id: str = Field(index=True)
    unit: Code
    question: Code
    agree: int = Field(default=0, ge=0, le=MOST_ANSWERS)
    neither: int = Field(default=0, ge=0, le=MOST_ANSWERS)
    disagree: int = Field(default=0, ge=0, le=MOST_ANSWERS)
    by: By = ""


def pulse_id(interview: str, unit: str, question: str) -> str:
    """Return the id of what a unit's people in a focus group answered to one question."""
    return named_id("pulse", interview, unit, question)


class Observation(Record, table=True):
    """Something seen on site, or reality testing."""

    KIND = "observation"
    ORDER = ("held_on", "id")
    LABEL = "observation: {place}[, {held_on}]"
    ONCE = ("inspection_id",)
    NOTED = True
    SEARCH = ("place", "what")

    inspection_id: str = Field(index=True)
    place: Text
    what: Text = ""
    held_on: Annotated[Day, Facts("day")] = ""
    by: By = ""


class Document(Record, table=True):
    """Holds a document asked for, awaited or reviewed."""

    KIND = "document"
    ORDER = ("title", "id")
    LABEL = "document: {title}"
    ONCE = ("inspection_id",)
    NOTED = True
    SEARCH = ("title", "sort")

    inspection_id: str = Field(index=True)
    title: Text
    sort: Text = ""
    asked_on: Annotated[Day, Facts("day it was asked for")] = ""
    received_on: Annotated[Day, Facts("day it was received")] = ""
    dated: Annotated[Day, Facts("date")] = ""
    by: By = ""
