"""Notes: single remarks inside a record; once finalised they change by an amendment only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from fieldkit.evidence.fieldwork_fields import add, edit
from fieldkit.service import RefusedError, existing, filled, inspection_of, now
from storage.feed.journal import because
from storage.records import Inspection, Note, Record, Support
from storage.records.lookup import records_in, records_under
from storage.records.registry import KINDS, may_hold_notes


class FinalisedError(RefusedError):
    """A finalised note was to be changed otherwise than by an amendment with a reason."""


def add_note(
    s: Session,
    parent_kind: str,
    parent_id: str,
    text: str,
    *,
    criteria: Sequence[str] = (),
    outcomes: Sequence[str] = (),
    polarity: str = "",
    language: str | None = None,
) -> Note:
    """Write one remark inside a record.

    Args:
        s: a writing session.
        parent_kind: one that notes may stand in (``NOTED``).
        parent_id: which record.
        text: the remark.
        criteria: keys or labels of the criteria it bears on.
        outcomes: keys or labels of the programme's outcomes that it bears on.
        polarity: "strength", "concern", "context", or empty.
        language: its language tag; the parent's, or else the inspection's, where it is not given.

    Raises:
        FieldkitError: no such parent, no text, or a word that the methodology does not know.
    """
    s.flush()
    parent = note_parent(s, parent_kind, parent_id)
    inspection = existing(s, Inspection, inspection_of(parent))
    return add(
        s,
        Note,
        inspection.id,
        {
            "parent_kind": parent_kind,
            "parent_id": parent_id,
            "text": text,
            "criteria": criteria,
            "outcomes": outcomes,
            "polarity": polarity,
            "language": language or getattr(parent, "language", "") or inspection.language,
            "at": now(),
        },
    )


def edit_note(s: Session, /, note_id: str, **fields: Any) -> Note:
    """Change the text, criteria, outcomes, polarity or language of a note that is not finalised."""
    note = existing(s, Note, note_id)
    if note.finalised:
        raise FinalisedError(
            "This note is finalised and was not changed. Amend it with a reason instead; what it "
            "said before stays in its history."
        )
    return edit(s, note, fields)


def finalise_note(s: Session, note_id: str) -> Note:
    """Close a note: from now on it only changes by an amendment with a reason."""
    note = existing(s, Note, note_id)
    note.change(finalised=True)
    s.flush()
    return note


def amend_note(s: Session, note_id: str, text: str, reason: str) -> Note:
    """Change the text of a note, finalised or not, with the reason on record."""
    note = existing(s, Note, note_id)
    wanted, why = filled(text, "The text of the note"), filled(reason, "The reason")
    with because(s, why):
        note.change(text=wanted)
    return note


def delete_note(s: Session, note_id: str) -> None:
    """Take a note away; not one that is finalised, nor one that a point rests on."""
    note = existing(s, Note, note_id)
    if note.finalised:
        raise FinalisedError(
            "This note is finalised and was not deleted. Amend it with a reason instead."
        )
    resting = sum(one.evidence_id == note_id for one in records_in(s, Support, note.inspection_id))
    if resting:
        points = "a point rests" if resting == 1 else f"{resting} points rest"
        raise RefusedError(
            f"The note was not deleted, because {points} on it. Unlink it from there first."
        )
    s.delete(note)
    s.flush()


def notes_of(s: Session, parent_id: str) -> list[Note]:
    """Return the notes inside one record in the order they were made."""
    return records_under(s, Note, parent_id)


def note_parent(s: Session, kind: str, parent_id: str) -> Record:
    """Return the record that a note is to stand in; raises `RefusedError` where it cannot."""
    if not may_hold_notes(kind):
        raise RefusedError(
            f"A note cannot stand in a “{kind}”. Nothing was changed; open the case, interview, "
            "observation or document that it belongs to."
        )
    return existing(s, KINDS[kind], parent_id)
