"""Whether the force's own grade of a case may be shown: the one place that decides it.

Our grade comes first. The force's grade and reasons of a case stay hidden until a person has
revealed them, which needs our overall grade; those of a row that nobody has matched to a case yet
stay hidden altogether. A query and its answer written after a reveal may speak of that grade, so
they stay hidden where the case is not revealed. Every screen, search, history and command asks
here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlmodel import Session

from storage.history.reveals import RevealedRows, ShownRow, first_reveals, key_of
from storage.ops.redactions import REDACTED_TEXT
from storage.records import ForceRow, ForceRowKey, Query, Reveal, SelfAssessment
from storage.records.lookup import records_in, records_under, rows_in, rows_naming
from storage.records.self_assessment import LINKED, force_rows_of

_FIELDS_THAT_TELL = {
    ForceRow.KIND: frozenset({"grade"}),
    ForceRowKey.KIND: frozenset({"written", "rationale", "cells"}),
    SelfAssessment.KIND: frozenset({"grades", "problems"}),
    Query.KIND: frozenset({"question", "answer"}),
}
_NOT_CASES = ("none", "skipped")
_NOTHING: frozenset[str] = frozenset()


CHANGED, DROPPED = "changed by the force", "dropped by the force"
WAITING, REWORDED = "waiting for a decision", "reworded by the force"
REREAD, REMATCHED = "read anew", "matched anew"
"""What may become of a row after its reveal. What the force does then changes nothing in what is
compared; what we put right, a cell read wrong or a row taken for another case, does."""


@dataclass(frozen=True, slots=True)
class ChangeSinceReveal:
    """Says that what the force says of a case is otherwise now than when it was revealed.

    Attributes:
        what: CHANGED, DROPPED, WAITING, REWORDED, REREAD or REMATCHED.
        before: what was revealed, the grade and what the force wrote; of a row that is another
            case's after all, nothing.
        now: what stands now, likewise; nothing where no row does, or one that waits.
        row: the number of the row that stands now, waits, or stood.
        file: the workbook it is of; empty where that is not known.
        waiting: the id of the row that waits for a decision, where one does.
    """

    what: str
    before: tuple[str, str]
    now: tuple[str, str]
    row: int
    file: str
    waiting: str = ""

    @property
    def as_revealed(self) -> bool:
        """Say whether the tables count the grade as it was revealed."""
        return self.what in (CHANGED, DROPPED, WAITING, REWORDED)

    @property
    def where(self) -> str:
        """Return the row that stands now, or that stood."""
        return f"row {self.row}" + (f" of {self.file}" if self.file else "")

    @property
    def brief(self) -> str:
        """Return a few words beside the grade that counts."""
        return {
            CHANGED: f"as revealed; {grade_words(*self.now)} now, {self.where}",
            DROPPED: "as revealed; no row is matched now",
            WAITING: f"as revealed; {self.where} waits for a decision",
            REWORDED: f"reason as revealed; reworded since, {self.where}",
            REREAD: f"read anew; {grade_words(*self.before)} when revealed",
            REMATCHED: "of another row than was revealed",
        }[self.what]

    def words(self, reference: str, *, raw: bool = True) -> str:
        """Say the whole in a sentence; without ``raw`` no cell of the force's is quoted."""
        before, now = (
            grade_words(side[0], side[1] if raw else "") for side in (self.before, self.now)
        )
        case, where = f"case {reference}", self.where
        return {
            CHANGED: f"After the reveal the force changed its grade of {case} from {before} to "
            f"{now} ({where}); the tables count the grade as revealed.",
            DROPPED: f"After the reveal the force's row of {case} went, and no row is matched to "
            f"it now; the tables count the grade as revealed, {before} ({where}).",
            WAITING: f"After the reveal the force sent its row of {case} anew, and it waits for "
            f"a decision ({where}); until then the tables count the grade as revealed, "
            f"{before}.",
            REWORDED: f"After the reveal the force reworded its reason for its grade of {case} "
            f"({where}); the grade is the same, and the reason is shown as revealed.",
            REREAD: f"After the reveal we read the force's grade of {case} anew ({where}): "
            f"{before} before, {now} now; the tables count it as it is read now.",
            REMATCHED: f"After the reveal we matched {case} to another row of the force ({where}); "
            f"the tables count that row's grade, {now}.",
        }[self.what]


@dataclass(frozen=True, slots=True)
class ForceView:
    """Holds what the force wrote about a case, without ``has_key`` only its grade.

    Attributes:
        grade: the grade that counts, on the inspection's scale; empty where the cell held none.
        written: what stood in the grade's cell.
        decided_by: the person who said that the row is this case.
        since: what became of the grade after it was revealed; None for nothing.
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
    since: ChangeSinceReveal | None = None

    @property
    def said(self) -> str:
        """Return the grade in words; a word that is no grade of the scale as the force wrote it."""
        return grade_words(self.grade, self.written)


def grade_words(grade: str, written: str) -> str:
    """Return a grade of the force, or what stands in its place."""
    word = " ".join(written.split())
    return grade or (f"“{word}” (no grade of the scale)" if word else "no grade")


@dataclass(frozen=True, slots=True)
class ShownRows:
    """Holds how far the rows of an import may be shown.

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
    """Say which rows of an import may be shown."""
    rows = [
        row
        for row in rows_in(s, ForceRow, self_assessment.inspection_id)
        if row.self_assessment_id == self_assessment.id
    ]
    revealed = {one.case_id for one in rows_in(s, Reveal, self_assessment.inspection_id)}
    shown = frozenset(one.row for one in rows if one.decision in LINKED and one.case_id in revealed)
    return ShownRows(
        rows=frozenset(one.row for one in rows),
        shown=shown,
        whole=bool(rows) and all(one.decision in _NOT_CASES or one.row in shown for one in rows),
    )


def is_revealed(s: Session, case_id: str) -> bool:
    """Say whether a person of the team has been shown the force's grade of the case."""
    return bool(case_id) and bool(rows_naming(s, Reveal, ("id",), Reveal.UNDER, (case_id,)))


def force_view(s: Session, case_id: str, seen: RevealedRows | None = None) -> ForceView | None:
    """Return what the force wrote about the case; nothing before a reveal or without a matched row.

    A grade that was revealed counts as it was revealed, whatever the force sends afterwards;
    ``since`` says what is otherwise now.

    Args:
        s: a session.
        case_id: the case.
        seen: what was shown in the inspection, where many cases are asked for.
    """
    if seen is None:
        reveal = first_reveals(s, records_under(s, Reveal, case_id)).get(case_id)
        now = next(iter(force_rows_of(s, case_id)), None) if reveal else None
    else:
        reveal, now = seen.reveals.get(case_id), seen.rows.get(case_id)
    if reveal is None:
        return None
    seen = seen or RevealedRows(s, reveal.inspection_id)
    was = seen.shown(reveal, now.id if now else "")
    if was is None or (now is not None and was.row == now.id):
        if now is None:
            return None
        reread = was is not None and was.grade != now.grade
        return _view(s, now, _since(s, REREAD, was, now) if reread else None)
    replaced = was.removed and was.case == case_id
    if now is None:
        if not replaced or not records_in(s, SelfAssessment, reveal.inspection_id):
            return None
        # The row that was carried over to the next workbook, and that we then took back.
        if seen.taken_back(case_id, was):
            return None
        waiting = seen.waiting(was)
        return _view(s, _as_shown(was), _since(s, WAITING if waiting else DROPPED, was, waiting))
    if replaced and was.grade == now.grade:
        return _reworded(s, now, was)
    if not replaced or seen.taken_back(case_id, was):
        return _view(s, now, _since(s, REMATCHED, None, now))
    return _view(s, _as_shown(was), _since(s, CHANGED, was, now))


def changed_before_reveal(s: Session, case_id: str, seen: RevealedRows) -> tuple[str, str] | None:
    """Return the force's grade as imported and as revealed, where they differ; None otherwise.

    The import writes a row's grade; whatever writes it again is named, whoever it was.
    """
    reveal, now = seen.reveals.get(case_id), seen.rows.get(case_id)
    was = seen.shown(reveal, now.id if now else "") if reveal is not None else None
    if was is None or seen.imported(was) == was.grade:
        return None
    return seen.imported(was), was.grade


def _as_shown(was: ShownRow) -> ForceRow:
    """Return a row that went, with the grade it was shown with; never put into a session."""
    return ForceRow(**was.values | {"grade": was.grade})


def _reworded(s: Session, now: ForceRow, was: ShownRow) -> ForceView:
    """A row that a later workbook has too, with the same grade: the reason is the one shown."""
    view, before = _view(s, now, None), key_of(s, was.row)
    words = before.rationale if before else ""
    # What was redacted of either is not to come back by the other.
    if before is None or not view.has_key or REDACTED_TEXT in view.rationale:
        return view
    if words.split() == view.rationale.split():
        return view
    return replace(view, rationale=words, since=_since(s, REWORDED, was, now))


def _since(s: Session, what: str, was: ShownRow | None, now: ForceRow | None) -> ChangeSinceReveal:
    def said(grade: str, row: str) -> tuple[str, str]:
        key = key_of(s, row)
        return grade, key.written if key else ""

    book = s.get(SelfAssessment, now.self_assessment_id) if now is not None else None
    return ChangeSinceReveal(
        what=what,
        before=said(was.grade, was.row) if was is not None else ("", ""),
        now=said(now.grade, now.id) if now is not None and what != WAITING else ("", ""),
        row=now.row if now is not None else was.values["row"] if was is not None else 0,
        file=book.file_name if book is not None else "",
        waiting=now.id if now is not None and what == WAITING else "",
    )


def _view(s: Session, row: ForceRow, since: ChangeSinceReveal | None) -> ForceView:
    key = key_of(s, row.id)
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
        since=since,
    )


def visible(s: Session, kind: str, record_id: str) -> bool:
    """Say whether a record may be shown whole, as a hit of a search or in a history.

    Rows of the force may be shown once they are matched and their case is revealed; a row that is
    gone stays hidden. An import tells words and counts of grades over all its rows, so it may be
    shown when the last of them may. A query asked or answered after a reveal may be shown where
    the reveal is known. Records of every other kind are our own.
    """
    if kind not in _FIELDS_THAT_TELL:
        return True
    if kind == SelfAssessment.KIND:
        book = s.get(SelfAssessment, record_id)
        return book is not None and shown_rows(s, book).whole
    if kind == Query.KIND:
        asked = s.get(Query, record_id)
        return asked is not None and (not asked.after_reveal or is_revealed(s, asked.case_id))
    row_id: str | None = record_id
    if kind == ForceRowKey.KIND:
        key = s.get(ForceRowKey, record_id)
        row_id = key.force_row_id if key else None
    row = s.get(ForceRow, row_id) if row_id else None
    if row is None or row.decision not in LINKED:
        return False
    return is_revealed(s, row.case_id)


def hidden_fields(s: Session, kind: str, record_id: str) -> frozenset[str]:
    """Return the fields of a record that may not be shown now; its other fields may."""
    return _NOTHING if visible(s, kind, record_id) else _FIELDS_THAT_TELL[kind]
