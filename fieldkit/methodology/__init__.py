"""What an inspection is judged by: criteria, scales, words and timings, as versioned data."""

from fieldkit.methodology.loader import OVERALL, MethodologyError, load, load_known, parse, versions
from fieldkit.methodology.methodology import Methodology, find
from fieldkit.methodology.terms import (
    Area,
    CaseType,
    Deadline,
    Grade,
    Indicator,
    Labels,
    Outcome,
    Phase,
    Scale,
    Subject,
    Term,
    Timing,
    canonical,
    months_after,
)

USUAL = "2018"
"""The methodology whose case scale and types are taken where no inspection says otherwise."""

__all__ = [
    "OVERALL",
    "USUAL",
    "Area",
    "CaseType",
    "Deadline",
    "Grade",
    "Indicator",
    "Labels",
    "Methodology",
    "MethodologyError",
    "Outcome",
    "Phase",
    "Scale",
    "Subject",
    "Term",
    "Timing",
    "canonical",
    "find",
    "load",
    "load_known",
    "months_after",
    "parse",
    "versions",
]
