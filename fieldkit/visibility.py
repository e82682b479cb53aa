"""Whether the force's own grade of a case may be shown: the one place that decides it.

Our grade comes first. The force's grade and reasons of a case stay hidden until a person has
revealed them, which needs our overall grade; those of a row that nobody has matched to a case yet
stay hidden altogether. A query and its answer written after a reveal may speak of that grade, so
they stay hidden where the case is not revealed. Every screen, search, history and command asks
here.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from storage.records import ForceRow, ForceRowKey, Query, SelfAssessment
from storage.records.reveal import reveals, reveals_of
from storage.records.self_assessment import force_row_key_id, force_rows, force_rows_of

_TELLING = {
    ForceRow.KIND: frozenset({"grade"}),
    ForceRowKey.KIND: frozenset({"written", "rationale", "cells"}),
    SelfAssessment.KIND: frozenset({"grades", "problems"}),
    Query.KIND: frozenset({"question", "answer"}),
}
_LINKED = ("exact", "chosen")
_APART = ("none", "skipped")
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ForceView:
    """What the force wrote about a case. ``has_key`` is false where its words did not come here.

    Attributes:
        grade: the grade as read on the inspection's scale; empty where the cell held none.
        written: what stood in the grade's cell.
        decided_by: the person who said that the row is this case.
    """

    row_id: str
    sheet: str
    row: int
    grade: str
    written: str
    rationale: str
    reference: str
    case_type: str
    dated: str
    decision: str
    decided_by: str
    decided_at: str
    has_key: bool


@dataclass(frozen=True, slots=True)
class ShownRows:
    """How far the rows of an import may be shown.

    Attributes:
        rows: the numbers of all its rows.
        shown: those whose grade may be shown.
        whole: every row that is, or may be, a case of ours may be shown, so that counts over all
            of them tell nothing more.
    """

    rows: frozenset[int]
    shown: frozenset[int] = frozenset()
    whole: bool = False


def shown_rows(s: Session, self_assessment: SelfAssessment) -> ShownRows:
    """Which rows of an import may be shown."""
    rows = [
        one
        for one in force_rows(s, self_assessment.inspection_id)
        if one.self_assessment_id == self_assessment.id
    ]
    revealed = {one.case_id for one in reveals(s, self_assessment.inspection_id)}
    shown = frozenset(
        one.row for one in rows if one.decision in _LINKED and one.case_id in revealed
    )
    return ShownRows(
        rows=frozenset(one.row for one in rows),
        shown=shown,
        whole=bool(rows) and all(one.decision in _APART or one.row in shown for one in rows),
    )


def is_revealed(s: Session, case_id: str) -> bool:
    """Whether a person of the team has been shown the force's grade of the case."""
    return bool(case_id) and bool(reveals_of(s, case_id))


def force_view(s: Session, case_id: str) -> ForceView | None:
    """What the force wrote about the case; nothing before a reveal or without a matched row."""
    if not is_revealed(s, case_id):
        return None
    rows = force_rows_of(s, case_id)
    if not rows:
        return None
    row = rows[0]
    key = s.get(ForceRowKey, force_row_key_id(row.id))
    return ForceView(
        row_id=row.id,
        sheet=key.sheet if key else "",
        row=row.row,
        grade=row.grade,
        written=key.written if key else "",
        rationale=key.rationale if key else "",
        reference=key.reference if key else "",
        case_type=key.case_type if key else "",
        dated=key.dated if key else "",
        decision=row.decision,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        has_key=key is not None,
    )


def visible(s: Session, kind: str, record_id: str) -> bool:
    """Whether a record may be shown whole, as a hit of a search or in a history.

    Rows of the force may be shown once they are matched and their case is revealed; a row that is
    gone stays hidden. An import tells words and counts of grades over all its rows, so it may be
    shown when the last of them may. A query asked or answered after a reveal may be shown where
    the reveal is known. Records of every other kind are our own.
    """
    if kind not in _TELLING:
        return True
    if kind == SelfAssessment.KIND:
        made = s.get(SelfAssessment, record_id)
        return made is not None and shown_rows(s, made).whole
    if kind == Query.KIND:
        asked = s.get(Query, record_id)
        return asked is not None and (not asked.after_reveal or is_revealed(s, asked.case_id))
    row_id: str | None = record_id
    if kind == ForceRowKey.KIND:
        key = s.get(ForceRowKey, record_id)
        row_id = key.force_row_id if key else None
    row = s.get(ForceRow, row_id) if row_id else None
    if row is None or row.decision not in _LINKED:
        return False
    return is_revealed(s, row.case_id)


def hidden_fields(s: Session, kind: str, record_id: str) -> frozenset[str]:
    """The fields of a record that may not be shown now; its other fields may."""
    return _NOTHING if visible(s, kind, record_id) else _TELLING[kind]
