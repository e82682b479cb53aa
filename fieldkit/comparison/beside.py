"""Comparing: what stands beside a difference: who judged and when, what the case's file shows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.comparison.figures.disparities import Disparity
from fieldkit.methodology import OVERALL
from fieldkit.methodology.audit_lines import ANSWER, MOMENT, audit_lines
from fieldkit.service import methodology_of
from fieldkit.visibility import force_view
from fieldkit.wording.labels import person_name
from storage.history.history import history
from storage.history.reveals import first_reveals
from storage.records import Case, CaseAudit, Judgment, Reveal
from storage.records.case import case_audit_id
from storage.records.judgment import judgment_id
from storage.records.lookup import records_under
from storage.trust.current import people


@dataclass(frozen=True, slots=True)
class FileFact:
    """Holds one thing that our audit says of a case's file.

    Attributes:
        kind: ``answer``, or ``moment`` of the case.
        label: the question, or what happened then.
        said: the answer, or when it was (ISO 8601).
    """

    kind: str
    label: str
    said: str


@dataclass(frozen=True, slots=True)
class Beside:
    """Holds what is known of both sides of a difference besides the grades and reasons.

    Attributes:
        judged_by: who gave our grade, by name.
        judged_at: when, ISO 8601; empty where nothing says it.
        row: the row of the force's workbook; 0 where none is known.
        written: what the force wrote in the cell of its grade.
        revealed_at: when its grade was shown first, ISO 8601; empty where nothing says it.
        since: what has become of the force's grade after the reveal, in a few words.
        shows: what our audit says of the file.
    """

    judged_by: str = ""
    judged_at: str = ""
    row: int = 0
    written: str = ""
    revealed_at: str = ""
    since: str = ""
    shows: tuple[FileFact, ...] = ()


def beside(s: Session, difference: Disparity) -> Beside:
    """Return what stands beside a difference, read for this one alone.

    The force's side is empty where its grade of the case may not be shown. Nothing is written.
    """
    case = s.get(Case, difference.case_id)
    if case is None:
        return Beside()
    judged = s.get(Judgment, judgment_id(case.id, difference.criterion or OVERALL))
    view = force_view(s, case.id)
    reveal = first_reveals(s, records_under(s, Reveal, case.id)).get(case.id) if view else None
    return Beside(
        judged_by=person_name(people(s.connection()), judged.by) if judged else "",
        judged_at=_written_at(s, Judgment.KIND, judged.id, "grade") if judged else "",
        row=view.row if view else 0,
        written=" ".join(view.written.split()) if view else "",
        revealed_at=_written_at(s, Reveal.KIND, reveal.id, "grade") if reveal else "",
        since=view.since.brief if view and view.since else "",
        shows=_shows(s, case),
    )


def _written_at(s: Session, kind: str, record: str, field: str) -> str:
    """Return when a field of a record was written last."""
    return next((op.wall for op in reversed(history(s, kind, record)) if field in op.fields), "")


def _shows(s: Session, case: Case) -> tuple[FileFact, ...]:
    """Return the answers and moments of a case's audit that have something in them."""
    audit = s.get(CaseAudit, case_audit_id(case.id))
    if audit is None:
        return ()
    lines = audit_lines(methodology_of(s, case.inspection_id))
    return tuple(
        FileFact(line.kind, line.label, said)
        for line in lines
        if line.kind in (ANSWER, MOMENT) and (said := str(getattr(audit, line.field, "") or ""))
    )
