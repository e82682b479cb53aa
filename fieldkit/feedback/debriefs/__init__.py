"""Debriefs: what the force was told, in words agreed and frozen, and what it answered and did."""

from fieldkit.feedback.debriefs.actions import ActionLine
from fieldkit.feedback.debriefs.debrief import (
    OUTCOMES,
    FrozenError,
    point_choices,
    point_choices_for,
    close_debrief,
    exclude_point,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.debriefs.news import SinceLast, counts_in_words, since_last
from fieldkit.feedback.debriefs.sheet import (
    EMERGING,
    DebriefSheet,
    SheetPoint,
    sheet_of,
    sheet_text,
)

__all__ = [
    "EMERGING",
    "OUTCOMES",
    "ActionLine",
    "DebriefSheet",
    "FrozenError",
    "SheetPoint",
    "SinceLast",
    "point_choices",
    "point_choices_for",
    "close_debrief",
    "counts_in_words",
    "exclude_point",
    "freeze_wording",
    "include_point",
    "open_debrief",
    "record_response",
    "sheet_of",
    "sheet_text",
    "since_last",
]
