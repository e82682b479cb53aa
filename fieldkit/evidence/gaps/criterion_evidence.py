"""The evidence on one criterion: all of it in short, or what one method found, piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session

from fieldkit.evidence.entries import Entry, entry_label
from fieldkit.evidence.evidence import Evidence, evidence_of, fetch_evidence
from fieldkit.evidence.gaps.coverage import (
    CONCERN,
    ON_CASES,
    OWN,
    STRENGTH,
    Row,
    coverage,
    methods,
)
from fieldkit.evidence.points import WITHDRAWN, point_lines
from fieldkit.evidence.trace import statuses_by_point
from fieldkit.methodology import Methodology
from fieldkit.service import RefusedError, methodology_of
from storage.ops.meant import choices
from storage.records import Case, Document, Interview, Note, Observation, Point
from storage.records.judgment import graded_on
from storage.records.lookup import records_by_id, records_in, records_naming
from storage.records.note import notes_on

MOST = 200
"""Pieces of one cell that are listed at most."""
ORDER = ("strength", "notable practice", "concern", "to clarify", "context", "")
"""The signs in the order in which a list of all evidence has them."""
_TEXTS: dict[str, Literal["went_well", "concern"]] = {STRENGTH: "went_well", CONCERN: "concern"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Holds one piece of evidence on a criterion.

    Attributes:
        sign: the polarity of a note, the sort of a point; empty for none.
        grade: ours, for a case audit; empty for anything else.
        text: what it says.
        where: the case, whom, where or what it comes from.
        when: when it was noted, ISO 8601; empty where that is not asked.
        kind, id: the record that opens it: a case, an entry, a point, the inspection.
    """

    sign: str
    grade: str
    text: str
    where: str
    when: str
    kind: str
    id: str


def evidence_on(
    s: Session, inspection_id: str, row: Row, method: str = "", latest: int = MOST
) -> list[Piece]:
    """Return the pieces of evidence on a criterion, at most :data:`MOST` of a sort.

    Args:
        s: a session.
        inspection_id: of which inspection.
        row: the criterion, as :func:`coverage` returns it.
        method: the name of a method, ``strength`` or ``concern``; where it is empty, the latest
            notes and all points.
        latest: how many notes at most where no method is named.

    Raises:
        RefusedError: there is no such method.
    """
    methodology = methodology_of(s, inspection_id)
    if method in ON_CASES:
        return _case_audits(s, inspection_id, methodology, row.criterion, own=method == OWN)
    if method in _TEXTS:
        found = notes_on(s, inspection_id, row.criterion, "", MOST, polarity=method)
        return [
            *_noted(s, methodology, found),
            *_written(s, inspection_id, methodology, row.criterion, method),
        ]
    if not method:
        found = notes_on(s, inspection_id, row.criterion, "", latest)
        pieces = [*_points(s, inspection_id, row.criterion), *_noted(s, methodology, found)]
        return sorted(pieces, key=lambda one: ORDER.index(one.sign) if one.sign in ORDER else -1)
    if method not in methods():
        known = choices(method, (*methods(), CONCERN))
        raise RefusedError(
            f"“{method}” is not a method of looking at a criterion. Nothing was changed; the "
            f"methods "
            f"are {known}"
        )
    return _entries(s, methodology, row.criterion, row.cell(method).ids)


def row_of(s: Session, inspection_id: str, criterion: str) -> Row:
    """Return a criterion as :func:`coverage` has it, by its key, its label or its number.

    Raises `RefusedError` for one that is none.
    """
    rows = coverage(s, inspection_id).rows
    area = methodology_of(s, inspection_id).criterion(criterion)
    for row in rows:
        if criterion.strip() == str(row.number) or (area and row.criterion == area.key):
            return row
    known = choices(criterion, (one.criterion for one in rows))
    raise RefusedError(
        f"“{criterion}” is not a criterion of this inspection. Nothing was changed; the criteria "
        f"are "
        f"{known}"
    )


def _noted(s: Session, methodology: Methodology, notes: Sequence[Note]) -> Iterator[Piece]:
    held = fetch_evidence(s, ((Note.KIND, one.id) for one in notes))
    withdrawn = {one.id for one in held if isinstance(one, Case) and one.withdrawn}
    found = [(note, evidence_of(s, methodology, note)) for note in notes]
    held.clear()
    for note, piece in found:
        if piece.root[1] not in withdrawn:
            yield Piece(note.polarity, "", note.text, _where(piece), note.at, *piece.root)


def _where(piece: Evidence) -> str:
    """Return where a note stands, without the kind of record before it."""
    return piece.label.removesuffix(", note").rpartition(": ")[2]


def _entries(
    s: Session, methodology: Methodology, criterion: str, ids: Iterable[str]
) -> list[Piece]:
    """Return the notes on a criterion in some entries; an entry without one as itself."""
    wanted = frozenset(ids)
    notes = [
        one for one in records_naming(s, Note, "parent_id", wanted) if criterion in one.criteria
    ]
    pieces = list(_noted(s, methodology, sorted(notes, key=lambda one: one.at, reverse=True)))
    bare = wanted - {one.id for one in pieces}
    entries: list[Entry] = [
        *records_by_id(s, Interview, bare),
        *records_by_id(s, Observation, bare),
        *records_by_id(s, Document, bare),
    ]
    for entry in entries:
        where = entry_label(entry).partition(": ")[2]
        text = evidence_of(s, methodology, entry).text
        pieces.append(Piece("", "", text, where, "", entry.KIND, entry.id))
    return pieces[:MOST]


def _case_audits(
    s: Session, inspection_id: str, methodology: Methodology, criterion: str, *, own: bool
) -> list[Piece]:
    scale = methodology.scale_for("case").labels
    judged = graded_on(s, inspection_id, criterion, scale, MOST, own=own)
    return [
        Piece("", one.grade, one.rationale, reference, "", Case.KIND, one.case_id)
        for one, reference in judged
    ]


def _written(
    s: Session, inspection_id: str, methodology: Methodology, criterion: str, method: str
) -> Iterator[Piece]:
    """Yield what went well, or what is a concern, in the case audits."""
    scale, name = methodology.scale_for("case").labels, _TEXTS[method]
    for one, reference in graded_on(s, inspection_id, criterion, scale, MOST, text=name):
        yield Piece(method, one.graded, getattr(one, name), reference, "", Case.KIND, one.case_id)


def _points(s: Session, inspection_id: str, criterion: str) -> Iterator[Piece]:
    on_it = {
        one.id
        for one in records_in(s, Point, inspection_id)
        if one.criterion == criterion and one.state != WITHDRAWN
    }
    known = statuses_by_point(s, inspection_id, on_it) if on_it else {}
    for line in point_lines(s, inspection_id, known) if on_it else ():
        if line.id in on_it:
            basis = line.strength if line.strength != "none" else "without evidence"
            yield Piece(
                line.sort,
                "",
                line.wording,
                f"point {line.number}, {basis}",
                "",
                Point.KIND,
                line.id,
            )
