"""Fieldwork beside case files: interviews, observations, documents, and the notes inside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from fieldkit.methodology import Methodology, Term, find
from fieldkit.writing import (
    AnyRecord,
    RefusedError,
    criterion_key,
    desk,
    existing,
    filled,
    inspection_of,
    methodology_of,
    now,
    person,
    today,
)
from storage.history import first_written
from storage.journal import because
from storage.records import (
    KINDS,
    Document,
    Inspection,
    Interview,
    Note,
    Observation,
    Record,
)
from storage.records.fieldwork import documents, interviews, observations
from storage.records.note import note_counts, notes_in
from storage.records.point import supports

PARENTS = (
    "inspection",
    "case",
    "judgment",
    "assessment",
    "interview",
    "observation",
    "document",
)
"""The kinds of record a note may stand in; a remark that fits nowhere stands in the inspection."""

Entry = Interview | Observation | Document

_FIELDS: dict[type[Record], frozenset[str]] = {
    Interview: frozenset(
        ("meeting", "role", "source_group", "mode", "held_on", "unavailable", "agreed", "language")
    ),
    Observation: frozenset(("place", "what", "held_on")),
    Document: frozenset(("title", "sort", "asked_on", "received_on", "dated")),
    Note: frozenset(("text", "criteria", "polarity", "language")),
}
_NEEDED = {
    Interview: ("role", "The role of the person met"),
    Observation: ("place", "The place"),
    Document: ("title", "The title"),
    Note: ("text", "The text of the note"),
}


class FinalisedError(RefusedError):
    """A finalised note was to be changed otherwise than by an amendment with a reason."""


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An interview, a focus group, an observation or a document in the list of fieldwork.

    Attributes:
        kind: the kind of record.
        id: which one.
        sort: what it is in a person's words ("focus group", "document").
        label: how a person calls it.
        day: when it was held, received or asked for, ``YYYY-MM-DD``; empty where not known.
        source_group: the source group's key, for interviews and focus groups.
        state: "agreed", "not agreed" or empty for interviews; "awaited" or "received" for
            documents that were asked for.
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
    return _add(
        s, Interview, inspection_id, {"held_on": today(), "language": inspection.language} | fields
    )


def add_observation(s: Session, /, inspection_id: str, **fields: Any) -> Observation:
    """Enter something seen on site; ``place`` is needed, ``held_on`` is today where not given."""
    return _add(s, Observation, inspection_id, {"held_on": today()} | fields)


def add_document(s: Session, /, inspection_id: str, **fields: Any) -> Document:
    """Enter a document; ``title`` is needed. One asked for and not received is awaited."""
    return _add(s, Document, inspection_id, fields)


def edit_interview(s: Session, /, interview_id: str, **fields: Any) -> Interview:
    """Change fields of an interview; raises `FieldkitError`."""
    return _edit(s, existing(s, Interview, interview_id), fields)


def edit_observation(s: Session, /, observation_id: str, **fields: Any) -> Observation:
    """Change fields of an observation; raises `FieldkitError`."""
    return _edit(s, existing(s, Observation, observation_id), fields)


def edit_document(s: Session, /, document_id: str, **fields: Any) -> Document:
    """Change fields of a document; raises `FieldkitError`."""
    return _edit(s, existing(s, Document, document_id), fields)


def add_note(
    s: Session,
    parent_kind: str,
    parent_id: str,
    text: str,
    *,
    criteria: Sequence[str] = (),
    polarity: str = "",
    language: str | None = None,
) -> Note:
    """Write one remark inside a record.

    Args:
        s: a writing session.
        parent_kind: one of :data:`PARENTS`.
        parent_id: which record.
        text: the remark.
        criteria: keys or labels of the criteria it bears on.
        polarity: "strength", "concern", "context", or empty.
        language: its language tag; the parent's, or else the inspection's, where it is not given.

    Raises:
        FieldkitError: no such parent, no text, or a word that the methodology does not know.
    """
    s.flush()
    parent = _parent(s, parent_kind, parent_id)
    inspection = existing(s, Inspection, inspection_of(parent))
    return _add(
        s,
        Note,
        inspection.id,
        {
            "parent_kind": parent_kind,
            "parent_id": parent_id,
            "text": text,
            "criteria": criteria,
            "polarity": polarity,
            "language": language or getattr(parent, "language", "") or inspection.language,
            "at": now(),
        },
    )


def edit_note(s: Session, /, note_id: str, **fields: Any) -> Note:
    """Change the text, criteria, polarity or language of a note that is not finalised."""
    note = existing(s, Note, note_id)
    if note.finalised:
        raise FinalisedError(
            "This note is finalised and was not changed. Amend it with a reason instead; what it "
            "said before stays in its history."
        )
    return _edit(s, note, fields)


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
    resting = sum(one.evidence_id == note_id for one in supports(s, note.inspection_id))
    if resting:
        points = "a point rests" if resting == 1 else f"{resting} points rest"
        raise RefusedError(
            f"The note was not deleted, because {points} on it. Unlink it from there first."
        )
    s.delete(note)
    s.flush()


def notes_of(s: Session, parent_id: str) -> list[Note]:
    """The notes inside one record in the order they were made."""
    return notes_in(s, parent_id)


def open_entry(s: Session, kind: str, entry_id: str) -> EntryFile:
    """An interview, observation or document opened for a person, which is put on record."""
    entry = _entry(s, kind, entry_id)
    desk(s).consult(kind, entry_id)
    return EntryFile(kind, entry, entry_label(entry), tuple(notes_in(s, entry_id)))


def entries(s: Session, inspection_id: str) -> list[EntryLine]:
    """The interviews, focus groups, observations and documents, the latest first."""
    inside = note_counts(s, inspection_id)
    found: tuple[Entry, ...] = (
        *interviews(s, inspection_id),
        *observations(s, inspection_id),
        *documents(s, inspection_id),
    )
    made = first_written(s, (one.id for one in found))
    lines = [_line(one, inside.get(one.id, {}), made.get(one.id, "")) for one in found]
    return sorted(lines, key=lambda one: (one.day, one.made_at, one.id), reverse=True)


def entry_label(entry: Entry) -> str:
    """How a person calls an interview, an observation or a document."""
    if isinstance(entry, Interview):
        return f"{entry.meeting.capitalize()}: {entry.role}"
    if isinstance(entry, Observation):
        return f"Observation: {entry.place}"
    return f"Document: {entry.title}"


def _line(entry: Entry, inside: Mapping[str, int], made_at: str) -> EntryLine:
    if isinstance(entry, Interview):
        sort, day, group, state = entry.meeting, entry.held_on, entry.source_group, entry.agreed
    elif isinstance(entry, Observation):
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
        notes=sum(inside.values()),
        strengths=inside.get("strength", 0),
        concerns=inside.get("concern", 0),
        by=entry.by,
        made_at=made_at,
    )


def _entry(s: Session, kind: str, entry_id: str) -> Entry:
    if kind == Interview.KIND:
        return existing(s, Interview, entry_id)
    if kind == Observation.KIND:
        return existing(s, Observation, entry_id)
    if kind == Document.KIND:
        return existing(s, Document, entry_id)
    raise RefusedError(
        f"A «{kind}» is neither an interview nor an observation nor a document. Nothing was "
        "changed; choose one of these from the list."
    )


def _parent(s: Session, kind: str, parent_id: str) -> Record:
    if kind not in PARENTS:
        raise RefusedError(
            f"A note cannot stand in a «{kind}». Nothing was changed; open the case, interview, "
            "observation or document that it belongs to."
        )
    return existing(s, KINDS[kind], parent_id)


def _add(
    s: Session, kind: type[AnyRecord], inspection_id: str, fields: dict[str, Any]
) -> AnyRecord:
    given = {_NEEDED[kind][0]: ""} | fields
    values = _checked(methodology_of(s, inspection_id), kind, given)
    made = kind.make(**values, inspection_id=inspection_id, by=person(s))
    s.add(made)
    s.flush()
    return made


def _edit(s: Session, record: AnyRecord, fields: dict[str, Any]) -> AnyRecord:
    strange = fields.keys() - _FIELDS[type(record)]
    if strange:
        noun = record.KIND.replace("_", " ")
        raise RefusedError(
            f"The {sorted(strange)[0].replace('_', ' ')} of the {noun} cannot be changed here. "
            "Nothing was changed."
        )
    methodology = methodology_of(s, inspection_of(record))
    record.change(**_checked(methodology, type(record), fields))
    s.flush()
    return record


def _checked(
    methodology: Methodology, kind: type[Record], fields: dict[str, Any]
) -> dict[str, Any]:
    """The fields with the words a person wrote turned into the methodology's own."""
    values = dict(fields)
    needed, what = _NEEDED[kind]
    if needed in values:
        values[needed] = filled(str(values[needed]), what)
    if "criteria" in values:
        keys = (criterion_key(methodology, one) for one in values["criteria"])
        values["criteria"] = list(dict.fromkeys(filter(None, keys)))
    for name, noun, terms in (
        ("meeting", "kind of meeting", methodology.meetings),
        ("mode", "way of meeting", methodology.modes),
        ("source_group", "source group", methodology.source_groups),
        ("polarity", "polarity", methodology.polarities),
    ):
        if name in values:
            values[name] = _word(terms, str(values[name]), noun)
    return values


def _word(terms: tuple[Term, ...], written: str, noun: str) -> str:
    if not written.strip():
        return ""
    found = find(terms, written)
    if found is None:
        known = ", ".join(one.key for one in terms)
        raise RefusedError(
            f"«{written}» is no {noun} that fieldkit knows. Nothing was changed; choose one of "
            f"{known}."
        )
    return found.key
