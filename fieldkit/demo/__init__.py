"""The practice inspection of the made-up Westshire Constabulary, as plain data."""

from fieldkit.demo.model import (
    Practice,
    PracticeCase,
    PracticeDocument,
    PracticeInterview,
    PracticeJudgment,
    PracticeNote,
    PracticeObservation,
    PracticePoint,
    PracticeReferral,
    PracticeSupport,
)
from fieldkit.demo.practice import practice

__all__ = [
    "Practice",
    "PracticeCase",
    "PracticeDocument",
    "PracticeInterview",
    "PracticeJudgment",
    "PracticeNote",
    "PracticeObservation",
    "PracticePoint",
    "PracticeReferral",
    "PracticeSupport",
    "practice",
]
