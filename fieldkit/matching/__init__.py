"""Matching the force's rows with our cases: comparable references, an exact group, a queue."""

from fieldkit.matching.canon import Reference, canonical, reference
from fieldkit.matching.finder import CANDIDATES
from fieldkit.matching.plan import (
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
