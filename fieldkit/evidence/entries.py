"""Interviews, focus groups, observations and documents: entered, changed, listed and opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlmodel import Session

from fieldkit.evidence.fieldwork_fields import add, edit
from fieldkit.service import RefusedError, author, existing, today
from storage.history.history import first_written
from storage.records import Document, Inspection, Interview, Note, Observation
from storage.records.lookup import records_under, rows_kept
from storage.records.note import note_counts

Entry = Interview | Observation | Document
SORTS = ("interview", "focus group", "observation", "document")
"""What an entry is, in a person's words."""
_KINDS: tuple[type[Entry], ...] = (Interview, Observation, Document)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """Holds an interview, a focus group, an observation or a document in the list of fieldwork.

    Attributes:
        kind: the kind of record.
        id: which one.
        sort: what it is in a person's words ("focus group", "document").
        label: how a person calls it.
        day: when it was held, received or asked for, ``YYYY-MM-DD``; empty where not known.
        source_group: the source group's key, for interviews and focus groups.
        state: "agreed", "not agreed" or empty for interviews; "awaited" or "received" for
            documents that were asked for.
        works_well: of interviews and focus groups, whether they were asked what works well.
        notes: how many notes stand in it.
        strengths: how many of them are marked as a strength.
        concerns: how many of them are marked as a concern.
        by: who entered it.
        made_at: when it was entered, ISO 8601 in UTC.
    """

    kind: str
    id: str
    sort: str
    label: str
    day: str
    source_group: str
    state: str
    works_well: str
    notes: int
    strengths: int
    concerns: int
    by: str
    made_at: str


@dataclass(frozen=True, slots=True)
class EntryFile:
    """One interview, observation or document opened, with its notes in the order they were made."""

    kind: str
    entry: Entry
    label: str
    notes: tuple[Note, ...]


def add_interview(s: Session, /, inspection_id: str, **fields: Any) -> Interview:
    """Enter an interview or focus group; people are roles, never names.

    Takes the fields of :class:`storage.records.Interview`; ``role`` is needed, ``held_on`` is
    today and the language the inspection's own where they are not given. Raises `FieldkitError`.
    """
    inspection = existing(s, Inspection, inspection_id)
    return add(
        s, Interview, inspection_id, {"held_on": today(), "language": inspection.language} | fields
    )


def add_observation(s: Session, /, inspection_id: str, **fields: Any) -> Observation:
    """Enter something seen on site; ``place`` is needed, ``held_on`` is today where not given."""
    return add(s, Observation, inspection_id, {"held_on": today()} | fields)


def add_document(s: Session, /, inspection_id: str, **fields: Any) -> Document:
    """Enter a document; ``title`` is needed. One asked for and not received is awaited."""
    return add(s, Document, inspection_id, fields)


def edit_entry(s: Session, /, kind: str, entry_id: str, **fields: Any) -> Entry:
    """Change fields of an interview, an observation or a document; raises `FieldkitError`."""
    return edit(s, _entry(s, kind, entry_id), fields)


def open_entry(s: Session, kind: str, entry_id: str) -> EntryFile:
    """Open an interview, observation or document for a person, which is put on record."""
    entry = _entry(s, kind, entry_id)
    author(s).consult(kind, entry_id)
    return EntryFile(kind, entry, entry_label(entry), tuple(records_under(s, Note, entry_id)))


def entry_lines(s: Session, inspection_id: str) -> list[EntryLine]:
    """Return the interviews, focus groups, observations and documents, the latest first."""
    inside = note_counts(s, inspection_id)
    known = entries_in(s, inspection_id)
    written = first_written(s, (one.id for one in known))
    lines = [_line(one, inside.get(one.id, {}), written.get(one.id, "")) for one in known]
    return sorted(lines, key=lambda one: (one.day, one.made_at, one.id), reverse=True)


def entries_in(s: Session, inspection_id: str) -> list[SimpleNamespace]:
    """Return the interviews, observations and documents as rows, to be looked at only."""
    s.flush()
    return [one for kind in _KINDS for one in rows_kept(s, kind, inspection_id)]


def entry_label(entry: Any) -> str:
    """Say how a person calls an interview, an observation or a document, given as record or row."""
    if entry.KIND == Interview.KIND:
        return f"{entry.meeting.capitalize()}: {entry.role}"
    if entry.KIND == Observation.KIND:
        return f"Observation: {entry.place}"
    return f"Document: {entry.title}"


def _line(entry: SimpleNamespace, inside: Mapping[str, int], made_at: str) -> EntryLine:
    if entry.KIND == Interview.KIND:
        sort, day, group, state = entry.meeting, entry.held_on, entry.source_group, entry.agreed
    elif entry.KIND == Observation.KIND:
        sort, day, group, state = "observation", entry.held_on, "", ""
    else:
        awaited = "awaited" if entry.asked_on else ""
        state = "received" if entry.received_on else awaited
        sort, day, group = "document", entry.received_on or entry.asked_on, ""
    return EntryLine(
        kind=entry.KIND,
        id=entry.id,
        sort=sort,
        label=entry_label(entry),
        day=day,
        source_group=group,
        state=state,
        works_well=entry.works_well if entry.KIND == Interview.KIND else "",
        notes=sum(inside.values()),
        strengths=inside.get("strength", 0),
        concerns=inside.get("concern", 0),
        by=entry.by,
        made_at=made_at,
    )


def _entry(s: Session, kind: str, entry_id: str) -> Entry:
    for known in _KINDS:
        if known.KIND == kind:
            return existing(s, known, entry_id)
    raise RefusedError(
        f"A “{kind}” is neither an interview nor an observation nor a document. Nothing was "
        "changed; choose one of these from the list."
    )
