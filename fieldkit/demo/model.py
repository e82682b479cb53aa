"""The shapes of the practice inspection: plain data, in the words that the records take.

Moments are ISO 8601 text in UTC, days ISO text. Pieces of evidence are told apart by a key of
their own ("note:di-pvp-2", "WSH-012"), which the demo turns into ids when it makes the records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PracticeJudgment:
    """What is judged of a case on one criterion: a grade, or a state with its reason."""

    state: str
    grade: str = ""
    reason: str = ""
    rationale: str = ""


@dataclass(frozen=True, slots=True)
class PracticeCase:
    """One case; ``audit`` holds fields of the case audit, ``force_grade`` what the force thinks."""

    reference: str
    force_ref: str
    types: tuple[str, ...]
    origin: str
    incident_on: str
    child_label: str
    child_age: str
    unit: str
    auditor: str
    overall: str
    rationale: str
    judgments: Mapping[str, PracticeJudgment]
    audit: Mapping[str, str]
    force_grade: str = ""
    force_rationale: str = ""


@dataclass(frozen=True, slots=True)
class PracticeNote:
    """One remark; ``key`` is "note:" and the place it was made in, with its number there."""

    key: str
    text: str
    criteria: tuple[str, ...]
    polarity: str
    at: str


@dataclass(frozen=True, slots=True)
class PracticeInterview:
    """An interview or focus group; a role, never a name."""

    key: str
    meeting: str
    role: str
    source_group: str
    mode: str
    held_on: str
    unavailable: str
    agreed: str
    notes: tuple[PracticeNote, ...]


@dataclass(frozen=True, slots=True)
class PracticeObservation:
    """Something seen on site."""

    key: str
    place: str
    what: str
    held_on: str
    notes: tuple[PracticeNote, ...]


@dataclass(frozen=True, slots=True)
class PracticeDocument:
    """A document; still awaited where ``received_on`` is empty."""

    key: str
    title: str
    sort: str
    asked_on: str
    received_on: str
    dated: str
    notes: tuple[PracticeNote, ...]


@dataclass(frozen=True, slots=True)
class PracticeSupport:
    """A piece of evidence of a point: a note's key, or a case's reference for its overall grade."""

    evidence: str
    relation: str = "supports"
    why: str = ""


@dataclass(frozen=True, slots=True)
class PracticePoint:
    """A point, what it rests on, and what was said of it in the daily debrief (empty: not told)."""

    key: str
    sort: str
    wording: str
    criterion: str
    support: tuple[PracticeSupport, ...]
    agreed_wording: str = ""
    response: str = ""
    outcome: str = ""
    action: str = ""
    action_owner: str = ""
    action_due: str = ""


@dataclass(frozen=True, slots=True)
class PracticeReferral:
    """The high-risk case and how the force was told."""

    case: str
    reasons: tuple[str, ...]
    known: str
    asked_for: str
    told_whom: str
    told_how: str
    raised_at: str
    told_at: str
    acknowledged_by: str
    acknowledged_at: str


@dataclass(frozen=True, slots=True)
class Practice:
    """The whole practice inspection."""

    force: str
    methodology: str
    starts: str
    ends: str
    today: str
    present_at_debrief: str
    cases: tuple[PracticeCase, ...]
    interviews: tuple[PracticeInterview, ...]
    observations: tuple[PracticeObservation, ...]
    documents: tuple[PracticeDocument, ...]
    points: tuple[PracticePoint, ...]
    referral: PracticeReferral
    search_words: tuple[str, ...] = field(default=())

    @property
    def notes(self) -> tuple[PracticeNote, ...]:
        """Every note, wherever it was made."""
        notes = [note for one in self.interviews for note in one.notes]
        notes += [note for one in self.observations for note in one.notes]
        return (*notes, *(note for one in self.documents for note in one.notes))

    def case(self, reference: str) -> PracticeCase:
        """The case of that reference; raises ``KeyError`` where there is none."""
        return {one.reference: one for one in self.cases}[reference]
