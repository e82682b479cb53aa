"""Importing the inspectors' own list of cases: all of it or nothing, one step to undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.cases import set_key
from fieldkit.casework.list_changes import ListAnswers, ListChange
from fieldkit.casework.list_plan import (
    ListBase,
    ListPlan,
    RowPlan,
    auditor_value,
    plan_list,
    read_list_base,
    types_of,
)
from fieldkit.casework.new_grades import NewJudgment, new_judgments
from fieldkit.evidence.concern.audits import AuditChoice, NeedsReasonError
from fieldkit.history.staged_records import Entry, StagedRecords, by_id
from fieldkit.methodology import OVERALL, Methodology
from fieldkit.service import methodology_of
from fieldkit.workbook.case_list import CaseListReading, CaseListRow, read_case_list
from fieldkit.workbook.overrides import Overrides, reading_arguments
from fieldkit.workbook.problems import Problem
from storage.feed.journal import because
from storage.ops.text import many
from storage.progress import Progress, silent
from storage.records import Case, CaseKey, Record
from storage.records.case import case_key_id, unused_case_id
from storage.records.judgment import imported_by
from storage.vault.stage import do, undisturbed
from storage.vault.vault import Vault

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
) -> ImportSummary:
    """Take a list of cases in, in one transaction, as :func:`take_list` does slice by slice."""
    base = read_list_base(s, inspection_id, reading, writes=True)
    importer = _Importer(base, reading, answers, because)
    CaseListJob.do_all(s, importer.entries())
    return importer.summary()


def take_list(
    vault: Vault,
    inspection_id: str,
    reading: CaseListReading,
    answers: ListAnswers | None = None,
    because: str = "",
    *,
    drafts: tuple[str, Sequence[str]] = ("", ()),
    progress: Progress = silent,
) -> ImportSummary:
    """Take a list of cases into an inspection: all of it or nothing, one step for undo.

    Not on the clerk's thread; no key waits for it. What becomes of it where it is cut short says
    :mod:`storage.vault.stage`.

    Grades in it are the inspectors': they are committed as overall grades with their rationale,
    also where criteria are open, and the op says so. They carry the auditor whom the list names,
    or that none is given; they are never the acting person's own. Of a case that is here, what is
    empty is filled in; what differs stays unless an answer takes the list's. Empty cells change
    nothing.

    Args:
        vault: unlocked.
        inspection_id: into which inspection.
        reading: what :func:`read_list` gave.
        answers: to the fields that differ.
        because: why cases are audited that this follow-up would not.
        drafts: the place and fields of the drafts that go with it.
        progress: is told how far the writing is.

    Raises as :func:`fieldkit.casework.list_plan.plan_import` does, `NeedsReasonError` where a
    visit or a review would not audit a new case of it and nobody says why, and `UnfinishedError`.
    """
    with undisturbed(vault):
        base = vault.read_now(read_list_base, inspection_id, reading, writes=True)
        importer = _Importer(base, reading, answers, because)
        job = CaseListJob(f"the list {reading.file_name}", *drafts)
        do(vault, job, CaseListJob.slices(importer.entries()), progress)
    return importer.summary()


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


TAKE = "take"
"""What is done with a case that is here: it takes from the list what is said of it."""


class CaseListJob(StagedRecords):
    """Takes in a list of cases."""

    NAME = "case list"
    COST: ClassVar[Mapping[str, int]] = {TAKE: 10}


def _take(session: Session, entries: Sequence[Entry]) -> None:
    """Let cases that are here take what the list says of them."""
    for one in entries:
        case = session.get(Case, one.id)
        if case is None or case.withdrawn:
            continue
        grade, state, text = (one.values.get(name) for name in ("grade", "state", "rationale"))
        by, usual = one.values["by"], one.values["usual"]
        with because(session, usual):
            case.change(**one.values["fields"])
            if "force_ref" in one.values:
                set_key(session, case, force_ref=one.values["force_ref"], child=None)
        why = one.why or usual
        if grade:
            judging.grade(
                session, one.id, OVERALL, grade, why, rationale=text, allow_open=True, by=by
            )
        elif state:
            judging.set_state(session, one.id, OVERALL, state, why or "", by=by)
        if text and not grade:
            with because(session, usual):
                judging.write(session, one.id, OVERALL, rationale=text, by=by)


CaseListJob.DOING = {**StagedRecords.DOING, TAKE: _take}


class _Importer:
    """Plans what a list writes; needs no vault."""

    def __init__(
        self, base: ListBase, reading: CaseListReading, answers: ListAnswers | None, because: str
    ) -> None:
        self._base, self._file_name, self._because = base, reading.file_name, because
        self._people = dict(base.people)
        self._ids = {case.id for case in base.cases}
        self._plan = plan_list(base, reading, answers)
        self._done: dict[str, list[str]] = {"new": [], "changed": [], "same": []}
        self._taken: list[Entry] = []
        self._made: list[Record] = []
        self._judged: list[NewJudgment] = []
        self._graded = 0
        for row in self._plan.rows:
            if row.case is None:
                self._make(row.row)
            else:
                self._change(row)

    def summary(self) -> ImportSummary:
        """Return what the import does."""
        return ImportSummary(
            new=tuple(self._done["new"]),
            changed=tuple(self._done["changed"]),
            same=tuple(self._done["same"]),
            graded=self._graded,
            left_out=self._plan.left_out,
            skipped=self._plan.skipped,
            changes=self._plan.changes,
            problems=self._plan.problems,
        )

    def entries(self) -> list[Entry]:
        """Return what is written: changes of cases here, the new cases, what is judged of them."""
        why, criteria = self._base.why, len(self._base.methodology.criteria_on("case"))
        new = by_id(Entry.adding(record, why) for record in self._made)
        return [*self._taken, *new, *by_id(new_judgments(self._judged, criteria, why))]

    def _change(self, plan: RowPlan) -> None:
        row, case = plan.row, plan.case
        taken = {one.field: one for one in plan.changes if one.taken}
        self._done["changed" if taken else "same"].append(case.reference)
        if not taken:
            return
        values: dict[str, Any] = {
            "fields": {
                _CASE_FIELDS[name]: one.value for name, one in taken.items() if name in _CASE_FIELDS
            },
            "by": imported_by(row.auditor),
            "usual": self._base.why,
        }
        why: str | None = None
        if "force_ref" in taken:
            values["force_ref"] = taken["force_ref"].value
        if "rationale" in taken:
            values["rationale"] = row.rationale
        if "overall_grade" in taken:
            self._graded += 1
            if row.overall_grade:
                values["grade"] = row.overall_grade
                why = f"as in {self._file_name}" if taken["overall_grade"].ours else None
                if why is None and case.id in self._base.queried and case.id in self._base.judged:
                    raise judging.queried(case.reference)
            else:
                values["state"], why = row.state, self._reason(row)
        self._taken.append(Entry(TAKE, Case.KIND, case.id, values, why))

    def _make(self, row: CaseListRow) -> None:
        types = types_of(row, self._base.methodology)
        chosen = self._base.choice.choose(row.case, types, (), self._because)
        values: dict[str, Any] = {
            "types": types,
            "areas": list(chosen.areas),
            "audited_because": chosen.because,
            "incident_on": row.date_of_incident,
            "origin": row.origin,
            "allocated_to": auditor_value(row, self._people),
        }
        case = Case.make(
            id=unused_case_id(self._ids.__contains__, self._base.inspection_id, row.case),
            inspection_id=self._base.inspection_id,
            reference=row.case,
            **{name: value for name, value in values.items() if value},
        )
        self._ids.add(case.id)
        self._made.append(case)
        self._done["new"].append(row.case)
        if row.force_ref:
            key = {"inspection_id": case.inspection_id, "force_ref": row.force_ref}
            self._made.append(CaseKey.make(id=case_key_id(case.id), case_id=case.id, **key))
        if row.overall_grade or row.state or row.rationale:
            self._graded += bool(row.overall_grade or row.state)
            grade, state = row.overall_grade or "", row.state or ""
            why, by = self._reason(row), imported_by(row.auditor)
            self._judged.append(NewJudgment(case, grade, state, why, row.rationale, by))

    def _reason(self, row: CaseListRow) -> str:
        """Return the reason of a row's state."""
        return row.rationale.strip() or f"so in {self._file_name}"
