"""Whose words stand on the sheet of a debrief, so that they are looked through before it leaves."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.evidence.identifiers import texts_of
from fieldkit.feedback.debriefs.sheet import DebriefSheet, sheet_text
from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.wording.format import flat, without_stop
from storage.records import Debrief, DebriefPoint, Point, Record
from storage.records.lookup import records_in


def sheet_texts(s: Session, sheet: DebriefSheet) -> list[LeavingText]:
    """Return every text that a person typed and that stands on the sheet, with its record.

    A sheet takes words from several tellings of a point, so every text of the inspection's debriefs
    is looked for on it.
    """
    debrief = s.get(Debrief, sheet.id)
    if debrief is None:
        return []
    page = flat(sheet_text(sheet))
    records: list[Record] = [debrief]
    for record_class in (DebriefPoint, Point):
        records += records_in(s, record_class, debrief.inspection_id)
    return [
        LeavingText(record.KIND, record.id, name, text)
        for record in records
        for name, text in texts_of(record).items()
        # An action is printed without its full stop where more of it follows.
        if without_stop(flat(text)) in page
    ]
