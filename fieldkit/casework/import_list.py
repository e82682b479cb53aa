"""Importing the inspectors' own list of cases: one transaction, one step to undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.cases import set_key
from fieldkit.casework.list_changes import ListAnswers, ListChange
from fieldkit.casework.list_plan import ListPlan, RowPlan, auditor_value, plan_import, types_of
from fieldkit.casework.new_grades import NewJudgment, enter_new_judgments
from fieldkit.evidence.concern.audits import AuditChoice, NeedsReasonError
from fieldkit.methodology import OVERALL, Methodology
from fieldkit.service import methodology_of
from fieldkit.workbook.case_list import CaseListReading, CaseListRow, read_case_list
from fieldkit.workbook.overrides import Overrides, reading_arguments
from fieldkit.workbook.problems import Problem
from storage.feed.bulk import add_many
from storage.ops.text import many
from storage.records import Case, CaseKey, Record
from storage.records.case import case_key_id, unused_case_id
from storage.records.judgment import imported_by
from storage.records.lookup import records_in
from storage.trust.current import people

_CASE_FIELDS = {
    "type": "types",
    "date_of_incident": "incident_on",
    "origin": "origin",
    "auditor": "allocated_to",
}
"""The fields of a list that a case itself holds, and their names there."""


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """Holds what an import did: references of the cases it made, changed, and found as they were.

    Attributes:
        graded: how many overall grades or states it entered.
        left_out: how many rows of cases were not taken.
        skipped: how many rows a person left out.
        changes: every field of a case here that the list filled or had otherwise.
        problems: what the reading found, and what was kept here against the file.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    graded: int
    left_out: int
    skipped: int
    changes: tuple[ListChange, ...]
    problems: tuple[Problem, ...]

    @property
    def text(self) -> str:
        """Return the sums in a sentence."""
        apart = f", {self.left_out} not taken" if self.left_out else ""
        apart += f", {self.skipped} skipped" if self.skipped else ""
        return (
            f"{len(self.new)} new, {len(self.changed)} changed, {len(self.same)} unchanged{apart}; "
            f"{many(self.graded, 'overall grade')} entered; {many(len(self.problems), 'problem')}."
        )


def read_list(
    path: Path | str, methodology: Methodology | str, overrides: Overrides | None = None
) -> CaseListReading:
    """Read the inspectors' own list of cases from a .csv or a workbook; nothing is written.

    Args:
        path: the file.
        methodology: the inspection's, or its version.
        overrides: what a person chose.

    Raises:
        WorkbookRefused: the file cannot be read so, each with its own sentence.
    """
    return read_case_list(path, **reading_arguments(methodology, overrides))


def import_cases(
    s: Session,
    inspection_id: str,
    reading: CaseListReading,
    answers: ListAnswers | None = None,
    because: str = "",
    progress: Callable[[int], object] = lambda done: None,
) -> ImportSummary:
    """Take a list of cases into an inspection; ``progress`` is told how many rows are done.

    Grades in it are the inspectors': they are committed as overall grades with their rationale,
    also where criteria are open, and the op says so. They carry the auditor whom the list names,
    or that none is given; they are never the acting person's own. Of a case that is here, what is
    empty is filled in; what differs stays unless an answer takes the list's. Empty cells change
    nothing. ``because`` says why cases are audited that this follow-up would not.

    Raises as :func:`fieldkit.casework.list_plan.plan_import` does, and `NeedsReasonError` where a
    visit or a review would not audit a new case of it and nobody says why.
    """
    plan = plan_import(s, inspection_id, reading, answers)
    importer = _Importer(s, inspection_id, reading.file_name, because)
    for done, row in enumerate(plan.rows, 1):
        importer.take(row)
        progress(done)
    importer.write_new()
    return importer.summary(plan)


def asked_of_list(s: Session, inspection_id: str, plan: ListPlan) -> str:
    """Return why a list is not taken without a reason, in a sentence; empty where it is.

    It would bring a case that the visit or the review does not audit.
    """
    choice, methodology = AuditChoice(s, inspection_id), methodology_of(s, inspection_id)
    try:
        for one in plan.rows:
            if one.case is None:
                choice.choose(one.row.case, types_of(one.row, methodology))
    except NeedsReasonError as asked:
        return str(asked)
    return ""


class _Importer:
    def __init__(self, s: Session, inspection_id: str, file_name: str, because: str) -> None:
        self._s, self._inspection, self._file_name = s, inspection_id, file_name
        self._choice, self._because = AuditChoice(s, inspection_id), because
        self._methodology = methodology_of(s, inspection_id)
        self._ids = {case.id for case in records_in(s, Case, inspection_id)}
        self._people = people(s.connection())
        self._done: dict[str, list[str]] = {"new": [], "changed": [], "same": []}
        self._made: list[Record] = []
        self._judged: list[NewJudgment] = []
        self._graded = 0

    def summary(self, plan: ListPlan) -> ImportSummary:
        return ImportSummary(
            new=tuple(self._done["new"]),
            changed=tuple(self._done["changed"]),
            same=tuple(self._done["same"]),
            graded=self._graded,
            left_out=plan.left_out,
            skipped=plan.skipped,
            changes=plan.changes,
            problems=plan.problems,
        )

    def take(self, plan: RowPlan) -> None:
        if plan.case is None:
            self._make(plan.row)
            return
        taken = {one.field: one for one in plan.changes if one.taken}
        fields = {
            _CASE_FIELDS[name]: one.value for name, one in taken.items() if name in _CASE_FIELDS
        }
        plan.case.change(**fields)
        if "force_ref" in taken:
            set_key(self._s, plan.case, force_ref=taken["force_ref"].value, child=None)
        self._judge(plan.row, plan.case, taken)
        self._done["changed" if taken else "same"].append(plan.case.reference)

    def _make(self, row: CaseListRow) -> None:
        types = types_of(row, self._methodology)
        chosen = self._choice.choose(row.case, types, (), self._because)
        values: dict[str, Any] = {
            "types": types,
            "areas": list(chosen.areas),
            "audited_because": chosen.because,
            "incident_on": row.date_of_incident,
            "origin": row.origin,
            "allocated_to": auditor_value(row, self._people),
        }
        case = Case.make(
            id=unused_case_id(self._ids.__contains__, self._inspection, row.case),
            inspection_id=self._inspection,
            reference=row.case,
            **{name: value for name, value in values.items() if value},
        )
        self._ids.add(case.id)
        self._made.append(case)
        if row.force_ref:
            self._made.append(
                CaseKey.make(
                    id=case_key_id(case.id),
                    inspection_id=self._inspection,
                    case_id=case.id,
                    force_ref=row.force_ref,
                )
            )
        if row.overall_grade or row.state or row.rationale:
            self._judged.append(
                NewJudgment(
                    case,
                    row.overall_grade or "",
                    row.state or "",
                    self._why(row),
                    row.rationale,
                    imported_by(row.auditor),
                )
            )
        self._graded += bool(row.overall_grade or row.state)
        self._done["new"].append(row.case)

    def write_new(self) -> None:
        """Write the new cases, and what the list has judged of them."""
        add_many(self._s, self._made)
        enter_new_judgments(self._s, self._inspection, self._judged)

    def _why(self, row: CaseListRow) -> str:
        """Return the reason of a row's state."""
        return row.rationale.strip() or f"so in {self._file_name}"

    def _judge(self, row: CaseListRow, case: Case, taken: dict[str, ListChange]) -> None:
        """Enter of grade or state and rationale of a row what is taken for a case that is here."""
        text = row.rationale if row.rationale and "rationale" in taken else None
        written = (row.overall_grade or row.state) if "overall_grade" in taken else None
        by = imported_by(row.auditor)
        before = taken["overall_grade"].ours if "overall_grade" in taken else ""
        reason = f"as in {self._file_name}" if before else None
        if written and row.overall_grade:
            judging.grade(
                self._s, case.id, OVERALL, written, reason, rationale=text, allow_open=True, by=by
            )
        elif written:
            judging.set_state(self._s, case.id, OVERALL, written, self._why(row), by=by)
        if text and not (written and row.overall_grade):
            judging.write(self._s, case.id, OVERALL, rationale=text, by=by)
        self._graded += bool(written)
