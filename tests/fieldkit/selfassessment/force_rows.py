"""A row of a force's workbook as the import keeps it."""

from __future__ import annotations

from sqlmodel import Session

from storage.records import ForceRow, ForceRowKey
from storage.records.self_assessment import force_row_id, force_row_key_id


def add_row(
    s: Session,
    inspection: str,
    row: int,
    *,
    case: str = "",
    grade: str = "good",
    rationale: str = "Zanzibar was thorough.",
) -> str:
    """Keep a row, matched to a case where one is given; returns its id."""
    row_id = force_row_id("hash", "Cases", row)
    if s.get(ForceRow, row_id) is not None:
        return row_id
    s.add(
        ForceRow.make(
            id=row_id,
            inspection_id=inspection,
            self_assessment_id="workbook",
            row=row,
            grade=grade,
            case_id=case,
            decision="exact" if case else "open",
            decided_at="2026-07-07T09:00:00Z" if case else "",
            decided_by="somebody" if case else "",
        )
    )
    s.add(
        ForceRowKey.make(
            id=force_row_key_id(row_id),
            inspection_id=inspection,
            force_row_id=row_id,
            sheet="Cases",
            row=row,
            reference=f"42/1000{row}/26",
            written="Good",
            rationale=rationale,
            cells=["42/10001/26", "Good", rationale],
        )
    )
    s.flush()
    return row_id
