"""Referrals: a high-risk case given back to the force, until a person is satisfied."""

from __future__ import annotations

from typing import Annotated, ClassVar

from sqlmodel import Field

from storage.records.model.base import Answers, Endings, Record
from storage.records.model.fields import By, Facts, Moment, Text, Texts, choice, json_list

State = Annotated[
    str,
    choice(
        "raised",
        "told",
        "acknowledged",
        "acted",
        "satisfied",
        "not satisfied",
        "escalated",
        "closed",
    ),
    Facts(trailing=True),
]


class Referral(Record, table=True):
    """Says that a case was referred back; it is closed with a reason, never deleted."""

    KIND = "referral"
    ORDER = ("raised_at", "id")
    LABEL = "{case_id}, referral"
    UNDER = "case_id"
    ONCE = ("inspection_id", "case_id")
    OWN_PAGE = True
    UNDOABLE = False
    TOGETHER: ClassVar[Answers] = {
        "state": ("state", "told_at", "acknowledged_at", "acted_at", "closed_at")
    }
    ENDS: ClassVar[Endings] = {"state": {"closed": "closed"}}
    SEARCH = ("known", "asked_for", "told_whom", "action", "outcome", "closed_reason")

    inspection_id: str = Field(index=True)
    case_id: str = Field(index=True)
    reasons: Annotated[Texts, Facts(code=True, terms="referral_reasons")] = json_list()
    known: Text = ""
    asked_for: Text = ""
    state: State = "raised"
    raised_at: Annotated[Moment, Facts("raised")]
    told_at: Annotated[Moment, Facts("told")] = ""
    told_whom: Text = ""
    told_how: Text = ""
    acknowledged_at: Annotated[Moment, Facts("acknowledged")] = ""
    acknowledged_by: Text = ""
    acted_at: Annotated[Moment, Facts("acted")] = ""
    action: Text = ""
    outcome: Text = ""
    closed_at: Annotated[Moment, Facts("closed")] = ""
    closed_reason: Annotated[Text, Facts("reason of closing", trailing=True)] = ""
    by: By = ""
