"""The practice inspection of the made-up Westshire Constabulary, as plain data."""

from fieldkit.demo.practice import practice
from fieldkit.demo.shapes import (
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
