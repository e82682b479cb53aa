"""Deciding which row is which case: the exact group in one step, every other row one by one."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.selfassessment.known_rows import KnownRows, known_rows
from fieldkit.selfassessment.matching.match_plan import MatchPlan
from fieldkit.selfassessment.rows import (
    CHOSEN,
    EXACT,
    NONE,
    OPEN,
    ROWS_PER_IMPORT,
    ForceRows,
    QueueLine,
    RowLine,
    decide,
)
from fieldkit.service import NotThereError, RefusedError, existing
from storage.records import Case, ForceRow
from storage.records.lookup import records_in
from storage.records.self_assessment import LINKED


def match_plan(s: Session, inspection_id: str) -> MatchPlan:
    """Return the exact group and the queue of the rows that are not decided yet.

    Cases are named by their ids. Rows have their number in the sheet; those of a second import
    count from a million, of a third from two.
    """
    return ForceRows(known_rows(s, inspection_id)).plan()


def accept_exact(s: Session, inspection_id: str) -> int:
    """Confirm the exact group as it now stands; returns how many rows were linked."""
    pairs = ForceRows(known_rows(s, inspection_id)).exact()
    for row, case_id in pairs:
        decide(s, existing(s, ForceRow, row.id), EXACT, case_id)
    s.flush()
    return len(pairs)


def link_row(s: Session, row: str, case_id: str) -> ForceRow:
    """Say that a row is a case of ours; also in place of what was decided before.

    Raises `RefusedError` where the case is withdrawn or is another row's already.
    """
    s.flush()
    force_row, case = existing(s, ForceRow, row), existing(s, Case, case_id)
    if case.inspection_id != force_row.inspection_id:
        raise RefusedError("The case belongs to another inspection than the row. Nothing changed.")
    if case.withdrawn:
        raise RefusedError(
            f"{case.reference} was withdrawn, so it was not linked. Reinstate it first."
        )
    for other in records_in(s, ForceRow, force_row.inspection_id):
        if other.case_id == case_id and other.decision in LINKED and other.id != force_row.id:
            raise RefusedError(
                f"{case.reference} is row {other.row} of the force already; a case has one row. "
                "Nothing was changed; unlink that one first."
            )
    if force_row.case_id != case_id or force_row.decision not in LINKED:
        decide(s, force_row, CHOSEN, case_id)
        s.flush()
    return force_row


def set_no_case(s: Session, row: str) -> ForceRow:
    """Say that a row is no case of ours."""
    force_row = existing(s, ForceRow, row)
    if force_row.decision != NONE:
        decide(s, force_row, NONE, "")
        s.flush()
    return force_row


def reopen_row(s: Session, row: str) -> ForceRow:
    """Take a decision back: the row is open again; its history keeps what was decided."""
    force_row = existing(s, ForceRow, row)
    if force_row.decision != OPEN:
        force_row.change(decision=OPEN, case_id="", decided_at="", decided_by="")
        s.flush()
    return force_row


def queue_lines(s: Session, inspection_id: str) -> list[QueueLine]:
    """Return the rows that a person must decide on, in the order of the file."""
    book = ForceRows(known_rows(s, inspection_id))
    return [book.queue_line(item) for item in book.plan().queue]


def row_lines(s: Session, inspection_id: str) -> list[RowLine]:
    """Return every row of the force with what was decided about it, in the order of the file."""
    return lines_of(known_rows(s, inspection_id))[0]


def lines_of(known: KnownRows) -> tuple[list[RowLine], list[QueueLine]]:
    """Return what :func:`row_lines` and :func:`queue_lines` do, of what was read."""
    book = ForceRows(known)
    plan = book.plan()
    expected = {pair.row: pair.case_id for pair in plan.exact}
    rows = [book.row_line(number, expected.get(number, "")) for number in book.rows]
    return rows, [book.queue_line(item) for item in plan.queue]


def find_row(s: Session, inspection_id: str, text: str) -> ForceRow:
    """Return the row a person means: its number, or "2:17" for row 17 of the second import.

    Raises `NotThereError`.
    """
    rows = ForceRows(known_rows(s, inspection_id)).rows
    which, colon, number = text.strip().rpartition(":")
    if number.isdecimal() and (not colon or which.isdecimal()):
        wanted = int(number) + (int(which) - 1) * ROWS_PER_IMPORT if colon else int(number)
        if wanted in rows:
            return existing(s, ForceRow, rows[wanted].id)
    raise NotThereError(
        f"There is no row “{text}” in the force's self-assessment. Nothing was changed; the queue "
        "names the rows by their number in the sheet."
    )
