"""What the page of notes reads: the record they stand in, the notes, and what is known beside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from fieldkit.casework.case_file import open_case
from fieldkit.evidence.beside import Question, noted_in_points, points_on, questions_of
from fieldkit.evidence.entries import open_entry
from fieldkit.evidence.notes import notes_of
from fieldkit.evidence.points import PointLine
from fieldkit.methodology import Methodology, load
from fieldkit.service import author, existing, inspection_of
from fieldkit.wording.dates import short_day
from screens.kit.draft_fields import NEW
from storage.feed import drafts
from storage.records import Document, Inspection, Interview, Note, Observation
from storage.trust.current import people


@dataclass(frozen=True)
class NoteFile:
    """Holds a record with the notes inside it.

    Attributes:
        kind: the kind of record.
        label: how a person calls it.
        title: whom, where or what it is.
        day: when it was, in words; empty where no day is known.
        facts: what else is known of it, the sort first.
        about: what was watched; empty of anything else.
        notes: in the order they were made.
        in_points: the ids of those that a point rests on.
        points: these points.
        questions: what may be asked of whom was met.
        drafts: text typed and not committed, by the place it was typed in.
        names: of persons, by id.
        me: the id of the acting person.
        agreed: of an interview, whether its notes were agreed; ``None`` of anything else.
        works_well: of an interview, whether it was asked what works well.
    """

    kind: str
    label: str
    title: str
    day: str
    facts: tuple[str, ...]
    about: str
    methodology: Methodology
    notes: tuple[Note, ...]
    in_points: frozenset[str]
    points: tuple[PointLine, ...]
    questions: tuple[Question, ...]
    drafts: dict[str, str]
    names: dict[str, str]
    me: str
    agreed: str | None
    works_well: str = ""


def note_place(kind: str, record: str, note: Note | None = None) -> str:
    """Return where the draft of a note is kept: a new one of that record, or one that is edited."""
    return f"note/{note.id}" if note is not None else f"{NEW}{kind}/{record}"


def read(s: Session, kind: str, record: str) -> NoteFile:
    """Open a record with its notes; raises `FieldkitError` where it is not there."""
    agreed, works_well, day, about = None, "", "", ""
    facts: list[str] = []
    questions: tuple[Question, ...] = ()
    if kind == "case":
        opened = open_case(s, record)
        inspection = existing(s, Inspection, opened.case.inspection_id)
        label, facts, notes = opened.case.reference, ["Case"], opened.notes
    elif kind == "inspection":
        inspection = existing(s, Inspection, record)
        label, facts = "Remarks", ["Notes that belong to no entry"]
        notes = tuple(notes_of(s, record))
    else:
        file = open_entry(s, kind, record)
        entry = file.entry
        inspection = existing(s, Inspection, inspection_of(entry))
        label, notes = file.label, file.notes
        facts = _facts(entry, inspection)
        day = entry.received_on if isinstance(entry, Document) else entry.held_on
        about = entry.what if isinstance(entry, Observation) else ""
        if isinstance(entry, Interview):
            agreed, works_well = entry.agreed, entry.works_well
            questions = questions_of(load(inspection.judged_by), entry, notes)
    ids = [one.id for one in notes]
    return NoteFile(
        kind=kind,
        label=label,
        title=label.partition(": ")[2] or label,
        day=short_day(day) if day else "",
        facts=tuple(filter(None, facts)),
        about=about,
        methodology=load(inspection.judged_by),
        notes=notes,
        in_points=noted_in_points(s, inspection.id, ids),
        points=points_on(s, inspection.id, ids),
        questions=questions,
        drafts={one.place: one.text for one in drafts.listed(s) if one.field == "text"},
        names=people(s.connection()),
        me=author(s).person,
        agreed=agreed,
        works_well=works_well,
    )


def _facts(entry: Interview | Observation | Document, inspection: Inspection) -> list[str]:
    if isinstance(entry, Observation):
        return ["Observation"]
    if isinstance(entry, Document):
        return [
            "Document",
            entry.sort,
            f"dated {short_day(entry.dated)}" * bool(entry.dated),
            f"asked for {short_day(entry.asked_on)}" * bool(entry.asked_on),
        ]
    group = group_label(load(inspection.judged_by), inspection, entry.source_group)
    missing = f"unavailable: {entry.unavailable}" * bool(entry.unavailable)
    return [entry.meeting.capitalize(), entry.mode, group, missing]


def group_label(words: Methodology, inspection: Inspection, key: str) -> str:
    """Return what a source group is called there; its key where the methodology lacks it."""
    term = next((one for one in words.source_groups if one.key == key), None)
    if term is None:
        return key
    on = date.fromisoformat(inspection.starts) if inspection.starts else date.today()
    return words.source_group_label(term, inspection.force, on)
