"""Matching the force's rows with our cases: comparable references, an exact group, a queue."""

from fieldkit.selfassessment.matching.finder import CANDIDATES
from fieldkit.selfassessment.matching.plan import (
    Candidate,
    ExactPair,
    ForceRow,
    MatchPlan,
    MatchRefused,
    MatchRow,
    OurCase,
    QueueItem,
    match,
)
from fieldkit.selfassessment.matching.references import Reference, canonical, reference

__all__ = [
    "CANDIDATES",
    "Candidate",
    "ExactPair",
    "ForceRow",
    "MatchPlan",
    "MatchRefused",
    "MatchRow",
    "OurCase",
    "QueueItem",
    "Reference",
    "canonical",
    "match",
    "reference",
]
