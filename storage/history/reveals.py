"""Finds the force's row as it was shown at a reveal, whatever replaced its workbook since.

A reveal names the write of the force's grade that was shown (``force_op``), as it names ours, so
that a later workbook can be compared with it and no laptop's clock decides. Where a reveal names
none, the clock does: the first row taken out after it while it was matched to the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection
from sqlmodel import Session

from storage.database.connection import batches, driver
from storage.feed.judge import COUNTS
from storage.feed.projection import Row, row_of
from storage.feed.read import leaves_of, ops_of, ops_of_several
from storage.feed.session import Steps
from storage.ops.canonical_json import MalformedError
from storage.ops.causality import ancestors
from storage.ops.fold import fold
from storage.ops.op import DELETED, Op, OpId, op_id
from storage.ops.redactions import entries_by_op
from storage.records import ForceRow, ForceRowKey, Reveal
from storage.records.judgment import OVERALL, judgment_id
from storage.records.lookup import records_in
from storage.records.self_assessment import LINKED, force_row_key_id, force_row_keys

_ROW_OF = (
    "SELECT record FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq = ? "
    "AND record_kind = 'force_row'"
)
_FIRST_OF = (
    "SELECT hlc, device, epoch, seq FROM op WHERE record = ? AND record_kind = ? "
    "AND {counts} ORDER BY hlc, device LIMIT 1"
).replace("{counts}", COUNTS)
_WRITES = ("grade", "inspection_id")
"""A grade that is empty is written by no op of its own; the row's first op counts for it then."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """Holds the row of the force that was shown when a case was revealed.

    Attributes:
        row: its id.
        grade: its grade as it was shown; empty for none.
        values: the row as it last was, its id among them.
        removed: it is not kept any more, as when the force sent another workbook.
        case: the case it was last matched to; empty for none.
    """

    row: str
    grade: str
    values: Row
    removed: bool
    case: str


def force_grade_op(session: Session, row: str) -> str:
    """Return the op that a reveal names as the force's grade: the write shown now."""
    leaves = leaves_of(session.connection(), ForceRow.KIND, row)
    return next((str(leaves[name][0].id) for name in _WRITES if name in leaves), "")


def key_of(session: Session, row: str) -> ForceRowKey | None:
    """Return what the force wrote in a row, kept or not; None where it is not here."""
    key = force_row_key_id(row)
    if session.get(ForceRow, row) is not None:
        return session.get(ForceRowKey, key)
    known = ops_of(session.connection(), ForceRowKey.KIND, key)
    return ForceRowKey(**row_of(ForceRowKey, key, fold(known))) if known else None


class RevealedRows:
    """Finds what was shown of an inspection's cases, reading as little of the feeds as it can."""

    def __init__(self, session: Session, inspection_id: str) -> None:
        self._session, self._inspection = session, inspection_id
        self._read: dict[str, list[Op]] = {}
        self._shown_rows: dict[tuple[str, str], ShownRow | None] = {}
        self._connection = session.connection()
        self._run = driver(self._connection).execute

    def shown(self, reveal: Reveal, present: str) -> ShownRow | None:
        """Return the row that a case's earliest reveal showed; None where none is known.

        ``present`` is the id of the row that is the case now, empty for none.
        """
        asked = reveal.id, present
        if asked not in self._shown_rows:
            self._shown_rows[asked] = self._find_shown(reveal, present)
        return self._shown_rows[asked]

    def _find_shown(self, reveal: Reveal, present: str) -> ShownRow | None:
        now = self._ops(present) if present else []
        shown_row = self._named(reveal.force_op, present, now)
        if shown_row is None:
            row = self._row_of(reveal.force_op)
            shown_row = self._named(reveal.force_op, row, self._ops(row)) if row else None
        if shown_row is not None:
            return shown_row
        moment, *_ = _order(self._connection, reveal)
        if now and now[0].hlc < moment:
            return None
        removed = [one for last, one in self._gone if one.case == reveal.case_id and last > moment]
        return removed[0] if removed else None

    def imported(self, was: ShownRow) -> str:
        """Return the grade that a row was imported with, whatever was written over it since.

        The import is the op that made the row, built on nothing. Of several the one that says
        otherwise than what was shown, for a program can date one before the others.
        """
        known = self._ops(was.row)
        makings = [one for one in known if one.op == ForceRow.MADE and not one.base]
        grades = [str(one.fields.get("grade", "")) for one in makings or known[:1]]
        return next((one for one in grades if one != was.grade), was.grade)

    @staticmethod
    def _named(op: str, row: str, known: Sequence[Op]) -> ShownRow | None:
        """Return a row as one of its ops wrote the grade; None where that is no op of it."""
        write = next((one for one in known if str(one.id) == op), None)
        return _shown(row, known, write.fields.get("grade", "")) if write else None

    @cached_property
    def reveals(self) -> dict[str, Reveal]:
        """Return the earliest reveal of each case."""
        return first_reveals(self._session, records_in(self._session, Reveal, self._inspection))

    @cached_property
    def rows(self) -> dict[str, ForceRow]:
        """Return the row that each case is now, the latest decision where there are several."""
        linked = [one for one in self._kept.values() if one.decision in LINKED]
        linked.sort(key=lambda one: one.id, reverse=True)
        linked.sort(key=lambda one: one.decided_at)
        return {one.case_id: one for one in linked}

    def taken_back(self, case: str, was: ShownRow) -> bool:
        """Say whether a match of a case was taken back in a workbook sent after the one shown."""
        created = self._ops(was.row)[0].hlc
        shown_book = was.values["self_assessment_id"]
        changes = (each[1:] for each in self._taken_back if each[0] == case)
        return any(book != shown_book and stamp > created for book, stamp in changes)

    def waiting(self, was: ShownRow) -> ForceRow | None:
        """Return the undecided row of the same reference of the force's as a row that went."""
        key = key_of(self._session, was.row)
        if key is None or not key.reference.strip():
            return None
        known = self._undecided.get(_folded(key.reference), [])
        return known[0] if len(known) == 1 else None

    @cached_property
    def _undecided(self) -> dict[str, list[ForceRow]]:
        """Return the rows that nobody has decided on, by the reference that the force gave them."""
        keys = force_row_keys(self._session, self._inspection)
        by_reference: dict[str, list[ForceRow]] = {}
        for row in self._kept.values():
            if row.decision == "open" and row.id in keys:
                by_reference.setdefault(_folded(keys[row.id].reference), []).append(row)
        return by_reference

    @cached_property
    def _taken_back(self) -> list[tuple[str, str, str]]:
        """Return each case that a row was once matched to and then not, its import, and when."""
        taken_back = []
        for row, written in self._written.items():
            # Made, decided otherwise and, of a row that went, taken out: fewer ops change no match.
            if written < (2 if row in self._kept else 3):
                continue
            known = self._ops(row)
            last = _shown(row, known, "")
            cases = {one.fields.get("case_id", "") for one in known} - {"", last.case}
            book = last.values["self_assessment_id"]
            taken_back += [(case, book, known[0].hlc) for case in cases]
        return taken_back

    @cached_property
    def _written(self) -> dict[str, int]:
        """Return every row of the force that was ever kept here, with how many ops wrote it."""
        query = "SELECT record, COUNT(*) FROM op WHERE record_kind = ? GROUP BY record"
        return dict(self._run(query, (ForceRow.KIND,)))

    @cached_property
    def _kept(self) -> dict[str, ForceRow]:
        """Return the rows that are kept now."""
        return {one.id: one for one in records_in(self._session, ForceRow, self._inspection)}

    @cached_property
    def _gone(self) -> list[tuple[str, ShownRow]]:
        """Return the rows that were taken out, each with when, the earliest made first."""
        removed = []
        for row in self._written.keys() - self._kept.keys():
            known = self._ops(row)
            last = max((one.hlc for one in known if one.fields.get(DELETED)), default="")
            shown_row = _shown(row, known, fold(known).values.get("grade", ""))
            if last and shown_row.values.get("inspection_id") == self._inspection:
                removed.append((known[0].order, (last, shown_row)))
        return [pair for _, pair in sorted(removed, key=lambda each: each[0])]

    def reading_ahead(self, kept: Sequence[ForceRow], reveals: Sequence[Reveal]) -> Steps[None]:
        """Read what is the case now of every case that was revealed, in few statements each.

        Args:
            kept: the rows of the force that are kept now.
            reveals: all reveals of the inspection.
        """
        self._kept = {one.id: one for one in kept}
        yield
        self.reveals = first_reveals(self._session, reveals)
        for several in batches(row.id for case, row in self.rows.items() if case in self.reveals):
            yield
            known = ops_of_several(self._connection, ForceRow.KIND, several)
            for row, ops in known.items():
                self._read[row] = sorted(ops, key=lambda one: one.order)

    def _ops(self, row: str) -> list[Op]:
        if row not in self._read:
            known = ops_of(self._connection, ForceRow.KIND, row)
            self._read[row] = sorted(known, key=lambda one: one.order)
        return self._read[row]

    def _row_of(self, op: str) -> str:
        """Return the row that an op wrote; empty where it wrote none, or is not here."""
        try:
            device, epoch, kind, seq = op_id(op)
        except MalformedError:
            return ""
        row = self._run(_ROW_OF, (device, epoch, kind, seq)).fetchone()
        return row[0] if row else ""


def _folded(reference: str) -> str:
    return "".join(reference.split()).casefold()


def _shown(row: str, known: Sequence[Op], grade: str) -> ShownRow:
    folded = fold(known)
    linked = folded.values.get("decision") in LINKED
    case = folded.values.get("case_id", "") if linked else ""
    return ShownRow(row, grade, row_of(ForceRow, row, folded), folded.deleted, case)


def first_reveals(session: Session, reveals: Iterable[Reveal]) -> dict[str, Reveal]:
    """Return the earliest reveal of each case, by case id.

    One whose grade is borne out by the op it names comes before one of which nobody can say it.
    A reveal is earlier where the grade shown in it is one that the other's was built on; between
    parallel reveals the clock decides, then the laptop.
    """
    by_case: dict[str, list[Reveal]] = {}
    for reveal in reveals:
        by_case.setdefault(reveal.case_id, []).append(reveal)
    for case, several in by_case.items():
        borne_out = [one for one in several if is_borne_out(session, one)] if several[1:] else []
        by_case[case] = borne_out or several
    return {
        case: parallel[0] if len(parallel) == 1 else _first(session, case, parallel)
        for case, parallel in by_case.items()
    }


@dataclass(frozen=True, slots=True)
class RevealedWrite:
    """Says that the write which a reveal names is here, and whose word it is.

    ``redacted_by`` is the id of the person who redacted it, where that is not its author.
    """

    op: OpId
    redacted_by: str


def overall_ops(session: Session, reveals: Iterable[Reveal]) -> dict[str, list[Op]]:
    """Return the ops of the overall grade of each case that was revealed, in few statements."""
    judgments = {judgment_id(one.case_id, OVERALL): one.case_id for one in reveals}
    known = ops_of_several(session.connection(), "judgment", judgments)
    return {case: known.get(judgment, []) for judgment, case in judgments.items()}


def is_borne_out(
    session: Session, reveal: Reveal, ops: Mapping[str, list[Op]] | None = None
) -> bool:
    """Say whether the op that a reveal names is here, as a write of the case's overall grade.

    What that op wrote otherwise than the reveal says is refused before it comes here. ``ops`` is
    what :func:`overall_ops` returns, where that was read before.
    """
    return revealed_write(session, reveal, ops) is not None


def revealed_write(
    session: Session, reveal: Reveal, ops: Mapping[str, list[Op]] | None = None
) -> RevealedWrite | None:
    """Return the write that bears a reveal out; None where it is not here.

    ``ops`` is as for :func:`is_borne_out`.
    """
    named = _named(reveal)
    if named is None:
        return None
    known = (ops or {}).get(reveal.case_id)
    if known is None:
        known = ops_of(session.connection(), "judgment", judgment_id(reveal.case_id, OVERALL))
    op = next((one for one in known if one.id == named), None)
    if op is None or op.fields.get("grade") != reveal.grade:
        return None
    told = entries_by_op(known).get(named)
    return RevealedWrite(named, op.who if told and told[0][1]["who"] != op.who else "")


def _first(session: Session, case: str, parallel: list[Reveal]) -> Reveal:
    connection = session.connection()
    known = ops_of(connection, "judgment", judgment_id(case, OVERALL))
    shown = {one.id: _named(one) for one in parallel}
    built_on = {one: ancestors(known, op) if op else set() for one, op in shown.items()}
    minimal = [one for one in parallel if built_on[one.id].isdisjoint(shown.values())]
    # Honest bases have no circle; were there one, every reveal would follow another.
    return min(minimal or parallel, key=lambda one: _order(connection, one))


def _named(reveal: Reveal) -> OpId | None:
    """Return the write of the grade that was shown; None where the reveal names no op."""
    try:
        return op_id(reveal.judgment_op)
    except MalformedError:
        return None


def _order(connection: Connection, reveal: Reveal) -> tuple[str, str, int, int]:
    """Return the place of the reveal's own op by the clock."""
    row = driver(connection).execute(_FIRST_OF, (reveal.id, Reveal.KIND)).fetchone()
    return row or ("", "", 0, 0)
