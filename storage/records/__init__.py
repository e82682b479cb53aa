"""The records of an inspection and their queries, one noun per file."""

from __future__ import annotations

from storage.records.case import Case, CaseAudit, CaseKey, KnownName
from storage.records.debrief import Debrief, DebriefPoint
from storage.records.fieldwork import Document, Interview, Observation, Pulse
from storage.records.inspection import CalendarEntry, Inspection, Milestone
from storage.records.judgment import Assessment, Judgment
from storage.records.log import Consultation, Disclosure, Epoch, Erasure, LetPass, Receipt
from storage.records.model.base import Record
from storage.records.note import Note
from storage.records.point import (
    Point,
    Practice,
    PracticeConsent,
    PracticeRequest,
    Support,
)
from storage.records.query import Query
from storage.records.recommendation import (
    ActionPlan,
    Basis,
    Intention,
    Recommendation,
    RecommendationComment,
    RecommendationLink,
    Weighing,
)
from storage.records.referral import Referral
from storage.records.registry import KINDS
from storage.records.reveal import Reveal
from storage.records.self_assessment import ForceRow, ForceRowKey, SelfAssessment

__all__ = [
    "KINDS",
    "ActionPlan",
    "Assessment",
    "Basis",
    "CalendarEntry",
    "Case",
    "CaseAudit",
    "CaseKey",
    "Consultation",
    "Debrief",
    "DebriefPoint",
    "Disclosure",
    "Document",
    "Epoch",
    "Erasure",
    "ForceRow",
    "ForceRowKey",
    "Inspection",
    "Intention",
    "Interview",
    "Judgment",
    "KnownName",
    "LetPass",
    "Milestone",
    "Note",
    "Observation",
    "Point",
    "Practice",
    "PracticeConsent",
    "PracticeRequest",
    "Pulse",
    "Query",
    "Receipt",
    "Recommendation",
    "RecommendationComment",
    "RecommendationLink",
    "Record",
    "Referral",
    "Reveal",
    "SelfAssessment",
    "Support",
    "Weighing",
]
