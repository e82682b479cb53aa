"""What a follow-up consists of, as a list to tick: whom it talks to, what documents it reads."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.entries import add_document
from fieldkit.followup.days import past_day
from fieldkit.methodology import Term, canonical, load
from fieldkit.methodology.follow_up import Activity, Asked, activity, talks_with
from fieldkit.service import RefusedError, existing
from fieldkit.wording.dates import day_words
from storage.ops.meant import choices
from storage.records import Document, Inspection, Interview
from storage.records.lookup import records_in


@dataclass(frozen=True, slots=True)
class Tick:
    """Holds a line of the list.

    Attributes:
        key: which line.
        label: what it is called.
        done: it was held, or was received.
        ids: the interviews or documents that are it.
        said: when it was held or received, or since when it is asked for, in words.
    """

    key: str
    label: str
    done: bool
    ids: tuple[str, ...]
    said: str


def interviews_of(s: Session, inspection_id: str) -> list[Tick]:
    """Return whom a follow-up talks to, and whom it has; nothing for an inspection."""
    inspection = existing(s, Inspection, inspection_id)
    said = activity(inspection.phase)
    held = records_in(s, Interview, inspection_id) if said else []
    return [_meeting(inspection, one, held) for one in (said.interviews if said else ())]


def documents_of(s: Session, inspection_id: str) -> list[Tick]:
    """Return which sorts of document a follow-up asks for, and which it has."""
    inspection = existing(s, Inspection, inspection_id)
    said = activity(inspection.phase)
    known = records_in(s, Document, inspection_id) if said else []
    return [_documents(one, known) for one in (said.documents if said else ())]


def ask_for(s: Session, inspection_id: str, sorts: list[str], on: str = "") -> list[Document]:
    """Record that sorts of document are asked for, on a day; today where it is empty.

    One that is asked for already stays as it is. Raises `RefusedError` for an unknown sort.
    """
    return _mark(s, inspection_id, sorts, "asked_on", on)


def received(s: Session, inspection_id: str, sorts: list[str], on: str = "") -> list[Document]:
    """Record that documents of these sorts came, on a day; raises as :func:`ask_for`."""
    return _mark(s, inspection_id, sorts, "received_on", on)


def _mark(s: Session, inspection_id: str, sorts: list[str], name: str, on: str) -> list[Document]:
    said = _activity(s, inspection_id)
    day = past_day(s, on, "A document")
    known = records_in(s, Document, inspection_id)
    marked = []
    for sort in [_sort(said, one) for one in sorts]:
        ids = _documents(sort, known).ids
        documents = [existing(s, Document, one) for one in ids]
        if not documents:
            documents = [add_document(s, inspection_id, title=sort.label, sort=sort.key)]
        for one in documents:
            if not getattr(one, name):
                one.change(**{name: day})
        marked += documents
    s.flush()
    return marked


def _activity(s: Session, inspection_id: str) -> Activity:
    said = activity(existing(s, Inspection, inspection_id).phase)
    if said is None:
        raise RefusedError(
            "This is an inspection: a visit, a review or a re-inspection has a list of documents. "
            "Nothing was changed; “fieldkit fieldwork document” records any document."
        )
    return said


def _sort(said: Activity, written: str) -> Term:
    wanted = canonical(written)
    for one in said.documents:
        if wanted in one.spellings:
            return one
    known = choices(written, (one.key for one in said.documents))
    raise RefusedError(
        f"“{written}” is no sort of document on this list. Nothing was changed; the sorts are "
        f"{known}"
    )


def _documents(sort: Term, known: list[Document]) -> Tick:
    of_sort = [
        one
        for one in known
        if canonical(one.sort) in sort.spellings or canonical(one.title) in sort.spellings
    ]
    came = sorted(one.received_on for one in of_sort if one.received_on)
    asked = sorted(one.asked_on for one in of_sort if one.asked_on)
    said = f"asked for on {day_words(asked[0])}" if asked else ""
    return Tick(
        key=sort.key,
        label=sort.label,
        done=bool(came),
        ids=tuple(one.id for one in of_sort),
        said=f"received on {day_words(came[-1])}" if came else said,
    )


def _meeting(inspection: Inspection, asked: Asked, held: list[Interview]) -> Tick:
    fit = [one for one in held if _is_with(asked, one)]
    days = sorted(one.held_on for one in fit if one.held_on)
    return Tick(
        key=asked.key,
        label=talks_with(asked, load(inspection.judged_by), inspection.force, inspection.starts),
        done=bool(fit),
        ids=tuple(one.id for one in fit),
        said=f"held on {day_words(days[-1])}" if days else "",
    )


def _is_with(asked: Asked, interview: Interview) -> bool:
    if asked.group:
        return interview.source_group == asked.group
    role = f" {canonical(interview.role)} "
    return any(f" {each} " in role or f" {each}s " in role for each in asked.spellings)
