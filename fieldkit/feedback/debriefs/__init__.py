"""Debriefs: what the force was told, in words agreed and frozen, and what it answered and did."""

from fieldkit.feedback.debriefs.actions import ActionLine
from fieldkit.feedback.debriefs.debrief import (
    OUTCOMES,
    FrozenError,
    choices,
    choices_for,
    close_debrief,
    exclude,
    freeze,
    include,
    open_debrief,
    respond,
)
from fieldkit.feedback.debriefs.news import SinceLast, counts_in_words, since_last
from fieldkit.feedback.debriefs.sheet import (
    EMERGING,
    DebriefSheet,
    SheetPoint,
    sheet,
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
    "choices",
    "choices_for",
    "close_debrief",
    "counts_in_words",
    "exclude",
    "freeze",
    "include",
    "open_debrief",
    "respond",
    "sheet",
    "sheet_text",
    "since_last",
]
