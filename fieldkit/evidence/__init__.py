"""Fieldwork beside case files: interviews, observations, documents, and the notes inside them."""

from fieldkit.evidence.entries import (
    Entry,
    EntryFile,
    EntryLine,
    add_document,
    add_interview,
    add_observation,
    edit_document,
    edit_interview,
    edit_observation,
    entry_lines,
    entry_label,
    open_entry,
)
from fieldkit.evidence.notes import (
    PARENTS,
    FinalisedError,
    add_note,
    amend_note,
    delete_note,
    edit_note,
    finalise_note,
    notes_of,
)

__all__ = [
    "PARENTS",
    "Entry",
    "EntryFile",
    "EntryLine",
    "FinalisedError",
    "add_document",
    "add_interview",
    "add_note",
    "add_observation",
    "amend_note",
    "delete_note",
    "edit_document",
    "edit_interview",
    "edit_note",
    "edit_observation",
    "entry_lines",
    "entry_label",
    "finalise_note",
    "notes_of",
    "open_entry",
]
