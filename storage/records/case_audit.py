"""Case audits: voice of the child, timeliness, supervision and risk of one case."""

from __future__ import annotations

from typing import ClassVar

from sqlmodel import Field

from storage.records.base import Form, Moment, Record, Text, named_id


class CaseAuditForm(Form):
    """Validates a case audit; the words of the answers come from the methodology."""

    inspection_id: str
    case_id: str
    voice_seen: Text = ""
    voice_seen_alone: Text = ""
    voice_spoken_to: Text = ""
    voice_behaviour: Text = ""
    voice_views: Text = ""
    voice_used: Text = ""
    voice_note: Text = ""
    reported_at: Moment = ""
    graded_at: Moment = ""
    deployed_at: Moment = ""
    child_seen_at: Moment = ""
    strategy_at: Moment = ""
    arrest_at: Moment = ""
    outcome_at: Moment = ""
    timeliness_note: Text = ""
    supervision_reviewed: Text = ""
    supervision_rationale: Text = ""
    supervision_note: Text = ""
    risk_graded: Text = ""
    risk_right: Text = ""
    risk_others: Text = ""
    risk_note: Text = ""
    context: Text = ""
    notable_practice: Text = ""


class CaseAudit(CaseAuditForm, Record, table=True):
    """What a case file shows besides the grades; one for each case."""

    KIND: ClassVar[str] = "case_audit"
    SEARCH: ClassVar[tuple[str, ...]] = (
        "voice_note",
        "timeliness_note",
        "supervision_note",
        "risk_note",
        "context",
        "notable_practice",
    )

    inspection_id: str = Field(index=True)
    case_id: str = Field(index=True)


def case_audit_id(case: str) -> str:
    """The id of the audit of a case."""
    return named_id("case_audit", case)
