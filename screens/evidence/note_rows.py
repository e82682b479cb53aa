"""Notes as a page shows them: what they stand in, their marks, and the jobs that keep them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlmodel import Session
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.casework.case_file import open_case
from fieldkit.evidence.entries import open_entry
from fieldkit.evidence.notes import add_note, edit_note, notes_of
from fieldkit.methodology import Methodology, load
from fieldkit.service import author, criterion_label, existing, inspection_of
from fieldkit.wording.dates import clock_time, short_moment
from fieldkit.wording.format import line
from fieldkit.wording.labels import person_name
from screens.evidence import marks
from screens.evidence.marks import Marked
from screens.kit.dialogs import Choice, Pick
from screens.kit.draft_fields import NEW
from screens.kit.text import plain
from storage.feed import drafts
from storage.ops.text import many
from storage.records import Document, Inspection, Interview, Note, Observation
from storage.trust.current import people

WRITING = "^s save, next  esc save, to the list  begin with + or -  end with #4 or #inv"
READING = "+ strength  - concern  = context  digit criterion  f finalise  g agreed"
EMPTY = (
    "There is no note yet.\n\n"
    "Press n to write one. ctrl+s saves it and starts the next.\n"
    "+ before the text makes it a strength, - a concern;\n"
    "#4 or #inv after the text names the criterion."
)
LINES = 8
"""Most lines of one note in the list; enter shows all of it."""


class NoteList(OptionList):
    """Lists the notes; digits mark the one the cursor is on with a criterion."""

    BINDINGS: ClassVar = [
        Binding(str(digit), f"screen.criterion({digit})", show=False) for digit in range(1, 10)
    ]


@dataclass(frozen=True)
class NoteFile:
    """Holds a record with the notes inside it.

    Attributes:
        label: how a person calls it.
        title: that, with when and how.
        about: what else is known of it, or what is to be asked.
        notes: in the order they were made.
        drafts: text typed and not committed, by the place it was typed in.
        names: of persons, by id.
        me: the id of the acting person.
        agreed: of an interview, whether its notes were agreed; ``None`` of anything else.
        works_well: of an interview, whether it was asked what works well.
    """

    kind: str
    label: str
    title: str
    about: str
    methodology: Methodology
    notes: tuple[Note, ...]
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
    agreed, works_well = None, ""
    if kind == "case":
        opened = open_case(s, record)
        inspection = existing(s, Inspection, opened.case.inspection_id)
        label, facts, about, notes = opened.case.reference, list[str](), "", opened.notes
    elif kind == "inspection":
        inspection = existing(s, Inspection, record)
        label, facts, about = "Remarks", list[str](), ""
        notes = tuple(notes_of(s, record))
    else:
        file = open_entry(s, kind, record)
        inspection = existing(s, Inspection, inspection_of(file.entry))
        label, notes = file.label, file.notes
        facts, about = _facts(file.entry, inspection, notes)
        if isinstance(file.entry, Interview):
            agreed, works_well = file.entry.agreed, file.entry.works_well
    return NoteFile(
        kind=kind,
        label=label,
        title=f"{label} · {many(len(notes), 'note')}",
        about="\n".join(filter(None, (" · ".join(filter(None, facts)), about))),
        methodology=load(inspection.methodology),
        notes=notes,
        drafts={one.place: one.text for one in drafts.listed(s) if one.field == "text"},
        names=people(s.connection()),
        me=author(s).person,
        agreed=agreed,
        works_well=works_well,
    )


def _facts(
    entry: Interview | Observation | Document, inspection: Inspection, notes: tuple[Note, ...]
) -> tuple[list[str], str]:
    words = load(inspection.methodology)
    if isinstance(entry, Observation):
        return [entry.held_on], entry.what
    if isinstance(entry, Document):
        dates = [
            f"dated {entry.dated}" * bool(entry.dated),
            f"asked for {entry.asked_on}" * bool(entry.asked_on),
            f"received {entry.received_on}" * bool(entry.received_on),
        ]
        return [entry.sort, *dates], ""
    strengths = sum(one.polarity == "strength" for one in notes)
    asked = f"{many(strengths, 'strength')} noted" if strengths else "no strength noted yet"
    state = {"agreed": "agreed as accurate", "not agreed": "not agreed as accurate"}
    group = group_label(words, inspection, entry.source_group)
    facts = [entry.held_on, state.get(entry.agreed, ""), entry.mode, group]
    facts.append(f"not available: {entry.unavailable}" if entry.unavailable else "")
    return facts, f"Ask each time: {words.always_ask} ({asked})"


def group_label(words: Methodology, inspection: Inspection, key: str) -> str:
    """Return what a source group is called there; its key where the methodology lacks it."""
    term = next((one for one in words.source_groups if one.key == key), None)
    if term is None:
        return key
    on = date.fromisoformat(inspection.starts) if inspection.starts else date.today()
    return words.source_group_label(term, inspection.force, on)


def drawn(note: Note, file: NoteFile, width: int) -> Content:
    """Return a note as the list shows it: sign, time, text, and under it its marks."""
    when = short_moment(note.at) if file.kind in ("case", "inspection") else clock_time(note.at)
    head = f"{marks.shown(note.polarity)} {when}  "
    wrapped = plain(note.text).wrap(max(width - len(head), 20)) or [Content("")]
    lines = [Content.assemble((head, "bold"), wrapped[0])]
    lines += [Content.assemble(" " * len(head), one) for one in wrapped[1:LINES]]
    if len(wrapped) > LINES:
        lines.append(Content(" " * len(head) + f"… {many(len(wrapped) - LINES, 'line')} more"))
    tags = [note.polarity, "finalised" if note.finalised else ""]
    tags.append("✎ unsaved text" if note_place("", "", note) in file.drafts else "")
    tags.append("" if note.by == file.me else person_name(file.names, note.by))
    tags += [criterion_label(file.methodology, one) for one in note.criteria]
    tag_line = " · ".join(filter(None, tags))
    if tag_line:
        lines.append(plain(" " * len(head) + line(tag_line, width - len(head)), "dim"))
    return Content("\n").join(lines)


def note_label(note: Note, file: NoteFile) -> str:
    """Return how a note is called in a title: where it stands and how it begins."""
    return f"{file.label}: {line(note.text, 40)}"


def add(s: Session, kind: str, record: str, marked: Marked) -> Note:
    """Write a new note; raises `FieldkitError`."""
    return add_note(
        s, kind, record, marked.text, criteria=marked.criteria, polarity=marked.polarity
    )


def edit(s: Session, note: Note, marked: Marked) -> Note:
    """Change a note; marks typed with it are added to those it has. Raises `FieldkitError`."""
    return edit_note(
        s,
        note.id,
        text=marked.text,
        criteria=list(dict.fromkeys((*note.criteria, *marked.criteria))),
        polarity=marked.polarity or note.polarity,
    )


def pick_works_well(current: str) -> Pick:
    """Ask whether a meeting was asked what works well."""
    choices = [
        Choice("asked", "asked", "what was said of it stands in notes marked with +"),
        Choice("not asked", "not asked"),
    ]
    return Pick("Was “what works well here?” asked?", choices, current)


def pick_agreed(current: str) -> Pick:
    """Ask whether the notes of a meeting were agreed as accurate."""
    choices = [
        Choice("agreed", "agreed as accurate"),
        Choice("not agreed", "not agreed"),
        Choice("", "not asked yet"),
    ]
    return Pick("Were the notes agreed as accurate?", choices, current)
