"""Importing the inspectors' own list of cases: one transaction, one step to undo."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.cases import set_key
from fieldkit.methodology import OVERALL, Methodology
from fieldkit.service import RefusedError, existing, methodology_of
from fieldkit.visibility import is_revealed
from fieldkit.workbook.case_list import CaseListReading, CaseListRow, read_case_list
from fieldkit.workbook.problems import Code, Problem
from storage.records import Case, Inspection, Judgment
from storage.records.case import case_id
from storage.records.judgment import judgment_id
from storage.records.lookup import records_in


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """Holds what an import did: references of the cases it made, changed, and found as they were.

    Attributes:
        graded: how many overall grades or states of ours it entered.
        problems: what the reading found, and what was kept here against the file.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    graded: int
    problems: tuple[Problem, ...]

    @property
    def text(self) -> str:
        """Return the sums in a sentence."""
        return (
            f"{len(self.new)} new, {len(self.changed)} changed, {len(self.same)} as they were; "
            f"{self.graded} overall grades entered; {len(self.problems)} things to look at."
        )


def read_list(path: Path, methodology: Methodology) -> CaseListReading:
    """Read the inspectors' own list of cases from a .csv or a workbook; nothing is written.

    Raises :class:`fieldkit.workbook.errors.WorkbookRefused`, each with its own sentence.
    """
    return read_case_list(
        path,
        scale=methodology.scale_for("case").labels,
        types={one.label: one.aliases for one in methodology.case_types},
    )


def import_cases(s: Session, inspection_id: str, reading: CaseListReading) -> ImportSummary:
    """Take a list of cases into an inspection.

    Grades in it are ours: they are committed as overall grades with their rationale, also where
    criteria are open, and the op says so. A grade or rationale entered here before is never
    replaced by a file; where the two differ, that is a problem of the summary. Empty cells change
    nothing, and a row without a reference, or with one that stands above it, is passed over.

    Raises:
        RefusedError: the list has no column of case references.
        NotThereError: there is no such inspection.
    """
    existing(s, Inspection, inspection_id)
    if "case" in reading.missing:
        raise RefusedError(
            f"{reading.file_name} has no column that is taken for our case references. Nothing "
            "was changed; say which column it is, or give it the heading “case”."
        )
    importer = _Importer(s, inspection_id, reading)
    for row in reading.rows:
        importer.take(row)
    s.flush()
    return importer.summary()


class _Importer:
    def __init__(self, s: Session, inspection_id: str, reading: CaseListReading) -> None:
        self._s = s
        self._inspection = inspection_id
        self._reading = reading
        self._methodology: Methodology = methodology_of(s, inspection_id)
        self._known = {one.reference.casefold(): one for one in records_in(s, Case, inspection_id)}
        self._taken: set[str] = set()
        self._done: dict[str, list[str]] = {"new": [], "changed": [], "same": []}
        self._graded = 0
        self._problems: list[Problem] = []

    def summary(self) -> ImportSummary:
        return ImportSummary(
            new=tuple(self._done["new"]),
            changed=tuple(self._done["changed"]),
            same=tuple(self._done["same"]),
            graded=self._graded,
            problems=(*self._reading.problems, *self._problems),
        )

    def take(self, row: CaseListRow) -> None:
        reference = row.case.strip()
        if not reference or reference.casefold() in self._taken:
            return
        self._taken.add(reference.casefold())
        case = self._known.get(reference.casefold())
        if case is None:
            new = Case.make(
                id=case_id(self._inspection, reference),
                inspection_id=self._inspection,
                reference=reference,
                **self._values(row),
            )
            self._s.add(new)
            set_key(self._s, new, force_ref=row.force_ref or None, child=None)
            self._s.flush()
            self._judge(row, new)
            self._done["new"].append(reference)
            return
        values = self._values(row)
        changes = any(getattr(case, name) != value for name, value in values.items())
        case.change(**values)
        changes |= set_key(self._s, case, force_ref=row.force_ref or None, child=None)
        changes |= self._judge(row, case)
        self._done["changed" if changes else "same"].append(case.reference)

    def _values(self, row: CaseListRow) -> dict[str, Any]:
        # The list's own word stays, also one the methodology does not know: tables print it.
        types = list(row.types) if len(row.types) > 1 else [row.written_type.strip()]
        types = [one for one in types if one]
        values = {"types": types, "incident_on": row.date_of_incident, "origin": row.origin}
        return {name: value for name, value in values.items() if value}

    def _judge(self, row: CaseListRow, case: Case) -> bool:
        """Enter the grade or state and the rationale of a row; whether anything was entered."""
        if not (row.overall_grade or row.state or row.rationale):
            return False
        if case.withdrawn:
            self._keep(row, case, "it is withdrawn here, so its grade and rationale were not taken")
            return False
        ours = self._s.get(Judgment, judgment_id(case.id, OVERALL))
        text: str | None = row.rationale or None
        if text and ours is not None and ours.rationale:
            if ours.rationale != text.rstrip():
                self._keep(row, case, "its rationale here is another, which was kept")
            text = None
        if self._grade(row, case, ours, text):
            return True
        if text:
            judging.write(self._s, case.id, OVERALL, rationale=text)
        return bool(text)

    def _grade(
        self, row: CaseListRow, case: Case, ours: Judgment | None, rationale: str | None
    ) -> bool:
        written = row.overall_grade or row.state
        if not written:
            return False
        known = "" if ours is None or ours.state == "not judged" else ours.said
        if known == written:
            return False
        if known:
            self._keep(
                row, case, f"it is “{known}” here and “{written}” in the file; ours was kept"
            )
            return False
        if is_revealed(self._s, case.id):
            self._keep(row, case, "the force's grade was shown since, so grade it by hand")
            return False
        if row.overall_grade:
            judging.grade(
                self._s, case.id, OVERALL, row.overall_grade, rationale=rationale, allow_open=True
            )
        else:
            why = row.rationale or f"so in {self._reading.file_name}"
            judging.set_state(self._s, case.id, OVERALL, written, why)
            if rationale:
                judging.write(self._s, case.id, OVERALL, rationale=rationale)
        self._graded += 1
        return True

    def _keep(self, row: CaseListRow, case: Case, why: str) -> None:
        self._problems.append(
            Code.CASE_KEPT.at(
                self._reading.sheet, str(row.row), row.case, case=case.reference, why=why
            )
        )
