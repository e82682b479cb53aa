"""The records of an inspection and their queries, one noun per file."""

from __future__ import annotations

from storage.records.base import Record
from storage.records.case import Case, CaseKey
from storage.records.case_audit import CaseAudit
from storage.records.debrief import Debrief, DebriefPoint
from storage.records.epoch import Epoch
from storage.records.fieldwork import Document, Interview, Observation
from storage.records.inspection import Inspection
from storage.records.judgment import Assessment, Judgment
from storage.records.note import Note
from storage.records.passage import Consultation, Disclosure, Erasure, Receipt
from storage.records.point import Point, Support
from storage.records.query import Query
from storage.records.recommendation import Basis, Recommendation
from storage.records.referral import Referral
from storage.records.reveal import Reveal
from storage.records.self_assessment import ForceRow, ForceRowKey, SelfAssessment

CLASSES: tuple[type[Record], ...] = (
    Inspection,
    Case,
    CaseKey,
    CaseAudit,
    Judgment,
    Assessment,
    Reveal,
    Interview,
    Observation,
    Document,
    Note,
    Point,
    Support,
    Debrief,
    DebriefPoint,
    Referral,
    Query,
    Recommendation,
    Basis,
    SelfAssessment,
    ForceRow,
    ForceRowKey,
    Consultation,
    Disclosure,
    Receipt,
    Epoch,
    Erasure,
)
"""Every record class; the tables are what the feeds add up to."""

KINDS: dict[str, type[Record]] = {one.KIND: one for one in CLASSES}
"""The class of each kind of record."""

__all__ = [
    "CLASSES",
    "KINDS",
    "Assessment",
    "Basis",
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
    "Interview",
    "Judgment",
    "Note",
    "Observation",
    "Point",
    "Query",
    "Receipt",
    "Recommendation",
    "Record",
    "Referral",
    "Reveal",
    "SelfAssessment",
    "Support",
]
