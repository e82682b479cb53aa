"""Moving a note to the place that it belongs to, such as a remark that was jotted down anywhere."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.evidence.notes import note_parent
from fieldkit.evidence.points import support
from fieldkit.service import RefusedError, existing, filled, inspection_of
from fieldkit.wording.labels import label
from storage.feed.journal import because
from storage.records import Note, Point, Support
from storage.records.lookup import records_in

_KEPT = ("inspection_id", "text", "criteria", "outcomes", "polarity", "at", "language", "by")
"""What a note keeps wherever it stands: its words, who wrote them and when."""


def move_note(s: Session, note_id: str, parent_kind: str, parent_id: str, reason: str = "") -> Note:
    """Move a note into another record of its inspection; returns it as it stands there.

    Where a note stands is written once, at its making (``docs/format.md``), so it is made anew
    there, with its words, marks, time and author, and taken away here; both are on record with
    where it was moved. A point that rests on it rests on it there.

    Args:
        s: a writing session.
        note_id: which note.
        parent_kind: one that notes may stand in.
        parent_id: which record.
        reason: why, where that is worth saying.

    Raises:
        RefusedError: it stands there already, it is finalised, a point that was withdrawn rests on
            it, or the place belongs to another inspection.
        NotThereError: there is no such note, or no such place.
    """
    note = existing(s, Note, note_id)
    parent = note_parent(s, parent_kind, parent_id)
    if (note.parent_kind, note.parent_id) == (parent_kind, parent_id):
        raise RefusedError("The note stands there already. Nothing was changed.")
    if inspection_of(parent) != note.inspection_id:
        raise RefusedError(
            "The place belongs to another inspection than the note. Nothing was changed."
        )
    if note.finalised:
        raise RefusedError(
            "This note is finalised, so it stays where it is. Nothing was changed. Write a new one "
            "in the place that it belongs to."
        )
    links = [
        one for one in records_in(s, Support, note.inspection_id) if one.evidence_id == note_id
    ]
    if any(existing(s, Point, one.point_id).state == "withdrawn" for one in links):
        raise RefusedError(
            "A point that was withdrawn rests on this note, so it stays where it is. Nothing was "
            "changed. Unlink it from there first."
        )
    places = (label(s, note.parent_kind, note.parent_id), label(s, parent_kind, parent_id))
    said = f"moved from {places[0]} to {places[1]}"
    why = filled(reason, "The reason") if reason.strip() else None
    with because(s, why, stated=said):
        moved = Note.make(
            parent_kind=parent_kind,
            parent_id=parent_id,
            **{name: getattr(note, name) for name in _KEPT},
        )
        s.add(moved)
        s.flush()
        for link in links:
            support(s, link.point_id, Note.KIND, moved.id, link.relation, link.why)
            s.delete(link)
        s.delete(note)
        s.flush()
    return moved
