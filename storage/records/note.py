"""Notes: one remark inside a case, an interview, an observation or a document."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import starmap
from typing import Annotated, ClassVar, NamedTuple

from sqlalchemy import Index, String, text, type_coerce
from sqlmodel import Field, Session, col, select

from storage.database.connection import batches, driver
from storage.database.remembered import none_of, unchanged
from storage.records.model.base import Record
from storage.records.model.fields import (
    By,
    Code,
    Criteria,
    Facts,
    Moment,
    Outcomes,
    Text,
    choice,
    json_list,
)

Polarity = Annotated[str, choice("", "strength", "concern", "context")]


class Note(Record, table=True):
    """Holds one remark, marked with the criteria it bears on and which way it points."""

    KIND = "note"
    ORDER = ("at", "id")
    LABEL = "note in {parent_id}"
    UNDER = "parent_id"
    ONCE = ("inspection_id", "parent_kind", "parent_id")
    SEARCH = ("text",)
    COUNTS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "note_count": ("inspection_id", "parent_kind", "parent_id", "polarity"),
        "note_sign": ("inspection_id", "polarity", "criteria"),
        "note_bearing": ("inspection_id", "parent_kind", "parent_id", "criteria"),
    }

    # Holds all that is asked of every note at once, so that the texts stay unread. A vault made
    # by an earlier fieldkit has it without the criteria until its tables are made anew.
    __table_args__ = (
        Index(
            "note_place", "inspection_id", "parent_kind", "parent_id", "polarity", "criteria", "id"
        ),
        # Few notes are marked with an outcome, and these are counted without looking at the rest.
        Index(
            "note_outcome",
            "inspection_id",
            "parent_kind",
            "parent_id",
            "polarity",
            "outcomes",
            sqlite_where=text("outcomes <> '[]'"),
        ),
    )

    inspection_id: str
    parent_kind: Text
    parent_id: str = Field(index=True)
    text: Text
    criteria: Criteria = json_list()
    outcomes: Outcomes = json_list()
    polarity: Annotated[Polarity, Facts("sign")] = ""
    at: Annotated[Moment, Facts("time")] = ""
    language: Code = "en"
    finalised: bool = False
    by: By = ""


def latest_notes(session: Session, inspection_id: str, most: int) -> list[Note]:
    """Return so many notes of an inspection, the latest first."""
    query = select(Note).where(Note.inspection_id == inspection_id)
    return list(session.exec(query.order_by(col(Note.at).desc(), col(Note.id)).limit(most)))


def notes_marked(
    session: Session, inspections: Iterable[str], polarity: str, most: int
) -> list[Note]:
    """Return the latest notes of some inspections that are marked so, so many at most."""
    query = select(Note).where(
        col(Note.inspection_id).in_(list(inspections)), Note.polarity == polarity
    )
    return list(session.exec(query.order_by(col(Note.at).desc(), col(Note.id)).limit(most)))


def notes_between(
    session: Session, inspection_id: str, after: str, until: str, most: int
) -> list[Note]:
    """Return the latest notes of an inspection written after one day and before another.

    Days are ``YYYY-MM-DD``; so many notes at most.
    """
    query = select(Note).where(
        Note.inspection_id == inspection_id, Note.at > f"{after}T99", Note.at < until
    )
    return list(session.exec(query.order_by(col(Note.at).desc(), col(Note.id)).limit(most)))


def notes_on(
    session: Session,
    inspection_id: str,
    criterion: str,
    apart: str,
    most: int,
    *,
    polarity: str = "",
) -> list[Note]:
    """Return the latest notes on a criterion, so many at most.

    Args:
        session: a session.
        inspection_id: of which inspection.
        criterion: its key.
        apart: the id of a record whose own notes are left out; none where it is empty.
        most: how many at most.
        polarity: only these; all where it is empty.
    """
    query = (
        select(Note)
        .where(
            Note.inspection_id == inspection_id,
            type_coerce(col(Note.criteria), String).like(f'%"{criterion}"%'),
        )
        .where(Note.parent_id != apart)
    )
    if polarity:
        query = query.where(Note.polarity == polarity)
    return list(session.exec(query.order_by(col(Note.at).desc(), col(Note.id)).limit(most)))


def note_counts(session: Session, inspection_id: str) -> dict[str, dict[str, int]]:
    """Return how many notes of each polarity each record of an inspection has, by its id."""
    found: dict[str, dict[str, int]] = {}
    for _, parent, polarity, number in notes_by_place(session, inspection_id):
        found.setdefault(parent, {})[polarity] = number
    return found


class NotesOfPlace(NamedTuple):
    """Holds how many notes of one polarity a record has."""

    parent_kind: str
    parent_id: str
    polarity: str
    number: int


def notes_by_place(session: Session, inspection_id: str) -> list[NotesOfPlace]:
    """Return how many notes of each polarity each record of an inspection has; none is read.

    Nobody may change the answer, which is the same object as long as no note is written.
    """
    connection = session.connection()

    def read() -> list[NotesOfPlace]:
        rows = driver(connection).execute(
            "SELECT parent_kind, parent_id, polarity, number FROM note_count "
            "WHERE inspection_id = ?",
            (inspection_id,),
        )
        return list(starmap(_of_place, rows))

    name = f"notes by place in {inspection_id}"
    return unchanged(connection, name, "", read, none_of(Note.KIND))


_of_place = lru_cache(maxsize=8192)(NotesOfPlace)


def note_ids(session: Session, inspection_id: str, kind: str, parents: Iterable[str]) -> list[str]:
    """Return the ids of the notes in some records of a kind; none is read but its index."""
    run = driver(session.connection()).execute
    return [
        note
        for several in batches(parents)
        for (note,) in run(
            "SELECT id FROM note INDEXED BY note_place WHERE inspection_id = ? "  # noqa: S608
            f"AND parent_kind = ? AND parent_id IN ({','.join('?' * len(several))})",
            (inspection_id, kind, *several),
        )
    ]


def number_of_notes(session: Session, inspection_id: str) -> int:
    """Return how many notes an inspection has."""
    rows = driver(session.connection()).execute(
        "SELECT SUM(number) FROM note_sign WHERE inspection_id = ?", (inspection_id,)
    )
    return int(rows.fetchone()[0] or 0)


def noted_criteria(session: Session, inspection_id: str) -> set[tuple[str, str]]:
    """Return each polarity with each criterion that some note of it bears on; none is read."""
    rows = driver(session.connection()).execute(
        "SELECT polarity, criteria FROM note_sign WHERE inspection_id = ?", (inspection_id,)
    )
    return {(polarity, one) for polarity, criteria in rows for one in _criteria_in(criteria)}


_IN_WITHDRAWN = """
SELECT polarity, criteria, -COUNT(*) FROM note INDEXED BY ix_note_parent_id
WHERE inspection_id = :inspection AND parent_id IN (
    SELECT id FROM "case" WHERE inspection_id = :inspection AND withdrawn
    UNION ALL
    SELECT judgment.id FROM "case" JOIN judgment ON judgment.case_id = "case".id
    WHERE "case".inspection_id = :inspection AND withdrawn)
GROUP BY polarity, criteria
"""
_OF_SIGN = "SELECT polarity, criteria, number FROM note_sign WHERE inspection_id = :inspection"


def notes_by_mark(session: Session, inspection_id: str) -> Counter[tuple[str, str]]:
    """Return how many notes of each polarity bear on each criterion, by polarity and criterion.

    Notes in withdrawn cases count for nothing; no others are read.
    """
    counts: Counter[tuple[str, str]] = Counter()
    run, at = driver(session.connection()).execute, {"inspection": inspection_id}
    for polarity, criteria, number in (*run(_OF_SIGN, at), *run(_IN_WITHDRAWN, at)):
        for criterion in set(_criteria_in(criteria)):
            counts[(polarity, criterion)] += number
    return counts


class NotesOfOutcome(NamedTuple):
    """Holds how many notes in one record bear on an outcome, by which way they point."""

    parent_kind: str
    parent_id: str
    polarity: str
    outcome: str
    number: int


_ON_OUTCOMES = """
SELECT parent_kind, parent_id, polarity, outcomes, COUNT(*) FROM note
WHERE inspection_id = :inspection AND outcomes <> '[]' AND parent_id NOT IN (
    SELECT id FROM "case" WHERE inspection_id = :inspection AND withdrawn
    UNION ALL
    SELECT judgment.id FROM "case" JOIN judgment ON judgment.case_id = "case".id
    WHERE "case".inspection_id = :inspection AND withdrawn)
GROUP BY parent_kind, parent_id, polarity, outcomes
"""


def notes_by_outcome(session: Session, inspection_id: str) -> list[NotesOfOutcome]:
    """Return how many notes of each record bear on each outcome; no text is read.

    Notes in withdrawn cases count for nothing.
    """
    rows = driver(session.connection()).execute(_ON_OUTCOMES, {"inspection": inspection_id})
    return [
        NotesOfOutcome(kind, parent, polarity, outcome, number)
        for kind, parent, polarity, outcomes, number in rows
        for outcome in dict.fromkeys(_criteria_in(outcomes))
    ]


_ON_ENTRIES = (
    "SELECT parent_id, criteria FROM note_bearing "
    "WHERE inspection_id = ? AND parent_kind IN ('interview', 'observation', 'document')"
)


def criteria_by_entry(session: Session, inspection_id: str) -> dict[str, set[str]]:
    """Return which criteria the notes in interviews, observations and documents bear on, by id.

    Of an entry with notes on none the set is empty.
    """
    by_entry: dict[str, set[str]] = {}
    for entry, criteria in driver(session.connection()).execute(_ON_ENTRIES, (inspection_id,)):
        by_entry.setdefault(entry, set()).update(_criteria_in(criteria))
    return by_entry


def criteria_under(session: Session, parent_id: str) -> dict[str, tuple[str, ...]]:
    """Return the criteria that each note in a record bears on, by its id, in the notes' order."""
    session.flush()
    rows = driver(session.connection()).execute(
        "SELECT id, criteria FROM note WHERE parent_id = ? ORDER BY at, id", (parent_id,)
    )
    return {note: _criteria_in(criteria) for note, criteria in rows}


class NoteMark(NamedTuple):
    """Holds where a note stands and how it is marked, without its text."""

    id: str
    parent_kind: str
    parent_id: str
    polarity: str
    criteria: tuple[str, ...]


def note_marks(session: Session, inspection_id: str) -> list[NoteMark]:
    """Return how every note of an inspection is marked; quick, as no text is read."""
    rows = driver(session.connection()).execute(
        "SELECT id, parent_kind, parent_id, polarity, criteria FROM note WHERE inspection_id = ?",
        (inspection_id,),
    )
    return [
        NoteMark(note, kind, parent, polarity, _criteria_in(criteria))
        for note, kind, parent, polarity, criteria in rows
    ]


@lru_cache(maxsize=1024)
def _criteria_in(data: str) -> tuple[str, ...]:
    # A few lists stand in thousands of notes.
    return tuple(json.loads(data))
