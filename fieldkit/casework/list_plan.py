"""What an import of a list of cases would come to: new cases, changes, and rows that wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlmodel import Session

from fieldkit.casework.find_case import MIN_ID, added_under, former_name, is_corrected
from fieldkit.casework.list_changes import ListAnswers, ListChange, answered
from fieldkit.evidence.concern.audits import AuditChoice
from fieldkit.methodology import OVERALL, Methodology
from fieldkit.selfassessment.matching.references import near_forms
from fieldkit.service import RefusedError, existing, methodology_of
from fieldkit.wording.labels import person_name, person_named
from fieldkit.workbook.case_list import CaseListReading, CaseListRow
from fieldkit.workbook.problems import Code, Problem
from storage.feed.reasons import reason_in
from storage.ops.references import comparable_reference
from storage.ops.text import many
from storage.records import Case, Inspection, Judgment, Query, Reveal
from storage.records.case import force_refs, unused_case_id
from storage.records.judgment import GRADED, NOT_JUDGED, judgment_id
from storage.records.lookup import rows_in, rows_naming
from storage.records.query import UNSETTLED
from storage.trust.current import people


@dataclass(frozen=True, slots=True)
class RowPlan:
    """Holds a row that is taken: the case it is, or None for a new one, and what it changes."""

    row: CaseListRow
    case: Any
    changes: tuple[ListChange, ...]


@dataclass(frozen=True, slots=True)
class ListPlan:
    """Says what a list would come to.

    Attributes:
        rows: those that are taken, in the order of the list.
        problems: what the reading found, and the rows and fields that wait for a person.
        left_out: how many rows of cases are not taken: without a reference, twice, or asked about.
        skipped: how many rows a person left out.
    """

    rows: tuple[RowPlan, ...]
    problems: tuple[Problem, ...]
    left_out: int
    skipped: int

    @property
    def new(self) -> tuple[str, ...]:
        """Return the references of the cases that would be made."""
        return tuple(one.row.case for one in self.rows if one.case is None)

    @property
    def changes(self) -> tuple[ListChange, ...]:
        """Return every field of a case here that the list fills or has otherwise."""
        return tuple(change for one in self.rows for change in one.changes)

    @property
    def open(self) -> int:
        """Return how many fields differ that nobody has answered."""
        return sum(change.asked and not change.answer for change in self.changes)

    def words(self) -> str:
        """Return the counts as two sentences; every row of a case is in one of them."""
        changed = sum(any(each.taken for each in one.changes) for one in self.rows)
        same = len(self.rows) - len(self.new) - changed
        rows = len(self.rows) + self.left_out + self.skipped
        return (
            f"{many(rows, 'row')} of cases: {len(self.new)} new, {changed} changed, {same} "
            f"unchanged, {self.left_out} not taken, {self.skipped} skipped. "
            f"{many(self.open, 'field of cases here waits', 'fields of cases here wait')} for an "
            "answer."
        )


@dataclass(frozen=True, slots=True)
class ListBase:
    """Holds what a list of cases goes by, read in one go: the rest needs no vault.

    Attributes:
        inspection_id: into which inspection.
        methodology: of the inspection.
        choice: which cases it audits.
        people: the team's names by id.
        cases: ours; these and the judgments are only to be looked at.
        refs: the force's references of them, by case.
        judged: their overall judgments, by case.
        revealed: the cases of which the force's grade was shown.
        queried: those whose overall judgment a second reader has queried.
        why: the reason with which it is written, where the site was left.
    """

    inspection_id: str
    methodology: Methodology
    choice: AuditChoice
    people: Mapping[str, str]
    cases: list[Any]
    refs: Mapping[str, str]
    judged: Mapping[str, Any]
    revealed: frozenset[str]
    queried: frozenset[str]
    why: str | None


def read_list_base(
    s: Session, inspection_id: str, reading: CaseListReading, *, writes: bool = False
) -> ListBase:
    """Read what the import of a list goes by; ``writes`` says that it is to be written.

    Raises:
        RefusedError: the list has no column of case references.
        NotThereError: there is no such inspection.
        ReasonNeededError: the site was left, and no reason is given.
    """
    existing(s, Inspection, inspection_id)
    if "case" in reading.missing:
        raise RefusedError(
            f"{reading.file_name} has no column that is taken for our case references. Nothing "
            "was changed; say which column it is, or give it the heading “case”."
        )
    s.flush()
    cases: list[Any] = list(rows_in(s, Case, inspection_id))
    overall = [judgment_id(case.id, OVERALL) for case in cases]
    names = ("case_id", "state", "grade", "rationale")
    judged = (
        SimpleNamespace(**dict(zip(names, row, strict=True)))
        for row in rows_naming(s, Judgment, names, "id", overall)
    )
    return ListBase(
        inspection_id,
        methodology_of(s, inspection_id),
        AuditChoice(s, inspection_id),
        people(s.connection()),
        cases,
        force_refs(s, inspection_id),
        {one.case_id: one for one in judged},
        frozenset(one.case_id for one in rows_in(s, Reveal, inspection_id)),
        frozenset(
            one.case_id
            for one in rows_in(s, Query, inspection_id)
            if one.criterion == OVERALL and one.state in UNSETTLED
        ),
        reason_in(s, inspection_id, None) if writes else None,
    )


def plan_import(
    s: Session,
    inspection_id: str,
    reading: CaseListReading,
    answers: ListAnswers | None = None,
) -> ListPlan:
    """Return what a list would come to, with a person's answers; changes nothing.

    Raises as :func:`read_list_base` and :func:`plan_list` do.
    """
    return plan_list(read_list_base(s, inspection_id, reading), reading, answers)


def plan_list(
    base: ListBase, reading: CaseListReading, answers: ListAnswers | None = None
) -> ListPlan:
    """Return what :func:`plan_import` does, of what was read; needs no vault.

    A row without a reference, or with one that stands above it, is not taken; one whose reference
    is near that of another case is asked about. Raises `RefusedError` where an answer names no
    field that differs.
    """
    return _Planner(base, reading).plan(answers or ListAnswers())


class _Planner:
    def __init__(self, base: ListBase, reading: CaseListReading) -> None:
        self._base, self._reading = base, reading
        self._methodology, self._people = base.methodology, dict(base.people)
        self._same: dict[str, list[Any]] = defaultdict(list)
        self._near: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self._inspection, self._ids = base.inspection_id, {case.id for case in base.cases}
        # Few or none: no row is compared with all that a reference ever was.
        self._corrected = [case for case in base.cases if is_corrected(case)]
        for case in base.cases:
            self._same[comparable_reference(case.reference)].append(case)
            self._note(case.reference)
        self._taken: set[str] = set()
        self._problems: list[Problem] = []

    def plan(self, answers: ListAnswers) -> ListPlan:
        rows = [plan for row in self._reading.rows if (plan := self._row(row)) is not None]
        changes = tuple(change for one in rows for change in one.changes)
        if unknown := answers.unknown(changes):
            raise RefusedError(
                f"“{unknown}” is not a cell in which the list has something else than a case here, "
                "and no such case. Nothing was changed; look at the list of what would change."
            )
        settled = tuple(RowPlan(one.row, one.case, answered(one.changes, answers)) for one in rows)
        for one in settled:
            for change in one.changes:
                if not change.taken:
                    self._problems.append(self._kept(change))
        return ListPlan(
            rows=settled,
            problems=(*self._reading.problems, *self._problems),
            left_out=len(self._reading.rows) - len(rows),
            skipped=len(self._reading.skipped),
        )

    def _kept(self, change: ListChange) -> Problem:
        where = (self._reading.sheet, change.cell, change.reference)
        return Code.CASE_KEPT.at(*where, case=change.reference, why=change.clause)

    def _note(self, reference: str) -> None:
        for form in near_forms(reference):
            self._near[form].setdefault(comparable_reference(reference), reference)

    def _row(self, row: CaseListRow) -> RowPlan | None:
        form = comparable_reference(row.case)
        if not form or form in self._taken:
            return None
        same = self._same.get(form, [])
        as_written = [case for case in same if case.reference == row.case]
        near = [] if same or row.case_said else self._near_cases(row.case, form)
        if not same and not (row.case_said and self._new_id(row.case)):
            near += map(former_name, added_under(self._corrected, row.case))
        if len(same) > 1 and len(as_written) != 1:
            near = [f"{case.reference} ({case.id[:MIN_ID]})" for case in same]
        if near:
            at = (self._reading.sheet, self._reading.cell(row.row, "case"), row.case)
            self._problems.append(Code.CASE_NEAR.at(*at, text=row.case, near=", ".join(near)))
            return None
        self._taken.add(form)
        self._note(row.case)
        case = next(iter(as_written or same), None)
        return RowPlan(row, case, tuple(self._changes(row, case)) if case is not None else ())

    def _new_id(self, reference: str) -> str | None:
        return unused_case_id(self._ids.__contains__, self._inspection, reference)

    def _near_cases(self, reference: str, form: str) -> list[str]:
        near: dict[str, str] = {}
        for each in near_forms(reference):
            near |= self._near.get(each, {})
        near.pop(form, None)
        return sorted(near.values())

    def _changes(self, row: CaseListRow, case: Any) -> Iterator[ListChange]:
        for field, ours, theirs, value, kept in self._differences(row, case):
            yield ListChange(
                row=row.row,
                cell=self._reading.cell(row.row, field),
                case_id=case.id,
                reference=case.reference,
                field=field,
                ours=ours,
                theirs=theirs,
                value=value,
                kept=kept,
            )

    def _differences(
        self, row: CaseListRow, case: Case
    ) -> Iterator[tuple[str, str, str, Any, str]]:
        """Yield each field that differs: both sides in words, the value, why ours must stay."""
        types = types_of(row, self._methodology)
        if types and self._keys(types) != self._keys(case.types):
            yield "type", self._labels(case.types), self._labels(types), types, ""
        if row.date_of_incident and row.date_of_incident != case.incident_on:
            yield (
                "date_of_incident",
                case.incident_on,
                row.date_of_incident,
                row.date_of_incident,
                "",
            )
        if row.origin and row.origin != case.origin:
            yield "origin", case.origin, row.origin, row.origin, ""
        ours = self._base.refs.get(case.id, "")
        if row.force_ref and comparable_reference(row.force_ref) != comparable_reference(ours):
            yield "force_ref", ours, row.force_ref, row.force_ref, ""
        auditor = auditor_value(row, self._people)
        if auditor and auditor != (
            person_named(self._people, case.allocated_to) or case.allocated_to
        ):
            ours = person_name(self._people, case.allocated_to) if case.allocated_to else ""
            yield "auditor", ours, person_name(self._people, auditor), auditor, ""
        yield from self._judgment(row, case)

    def _judgment(self, row: CaseListRow, case: Any) -> Iterator[tuple[str, str, str, Any, str]]:
        judged = self._base.judged.get(case.id)
        kept = f"the case is withdrawn ({case.withdrawn_reason})" if case.withdrawn else ""
        said = ""
        if judged is not None and judged.state != NOT_JUDGED:
            said = judged.grade if judged.state == GRADED else judged.state
        written = row.overall_grade or row.state or ""
        if written and written != said:
            shown = not kept and case.id in self._base.revealed
            why = "the force's grade was shown since, so grade it by hand" if shown else kept
            yield "overall_grade", said, written, written, why
        ours = judged.rationale if judged is not None else ""
        if row.rationale and row.rationale.rstrip() != ours:
            yield "rationale", ours, row.rationale.rstrip(), row.rationale.rstrip(), kept

    def _keys(self, types: list[str]) -> set[str]:
        terms = ((word, self._methodology.case_type(word)) for word in types)
        return {term.key if term else comparable_reference(word) for word, term in terms}

    def _labels(self, types: list[str]) -> str:
        return "; ".join(self._methodology.type_labels(types))


def types_of(row: CaseListRow, methodology: Methodology) -> list[str]:
    """Return the types of a row as they are kept: the list's own words, a lone code by its key.

    A word that the methodology does not know stays: tables print it.
    """
    written = list(row.types) if len(row.types) > 1 else [row.written_type.strip()]
    known = ((word, methodology.case_type(word)) for word in written if word)
    return [term.key if term and len(word.split()) == 1 else word for word, term in known]


def auditor_value(row: CaseListRow, names: dict[str, str]) -> str:
    """Return who audits a row's case as a case keeps it: a person's id where the team has one."""
    return person_named(names, row.auditor) or row.auditor
