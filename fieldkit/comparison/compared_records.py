"""What a comparison reads of an inspection, in steps between which keys are served."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from string import ascii_uppercase
from types import SimpleNamespace

from sqlmodel import Session

from fieldkit.casework.reveals import initial_grades
from fieldkit.comparison.initial import initial_checks
from fieldkit.comparison.inputs import (
    NOT_JUDGED,
    NOT_REVEALED,
    UNMATCHED,
    ComparedCase,
    CriterionJudged,
    ForceChange,
    ForceRowView,
    ProblemView,
)
from fieldkit.comparison.type_labels import TypeLabels
from fieldkit.history.conflicts import answered_twice
from fieldkit.methodology import OVERALL
from fieldkit.selfassessment.problems import problems_of
from fieldkit.selfassessment.rows import SKIPPED
from fieldkit.service import methodology_of
from fieldkit.visibility import ForceView, changed_before_reveal, force_view, visible
from fieldkit.wording.labels import auditor_of
from fieldkit.workbook.problems import is_skip
from storage.database.connection import batches
from storage.database.remembered import worked_out
from storage.feed.session import Steps
from storage.history.history import history
from storage.history.reveals import RevealedRows, overall_ops
from storage.ops.op import Op
from storage.records import Case, ForceRow, ForceRowKey, Judgment, Referral, Reveal, SelfAssessment
from storage.records.judgment import Answer, judgment_id, marks_by_case
from storage.records.lookup import brief, reading_records, records_in, rows_kept
from storage.records.self_assessment import LINKED
from storage.trust.current import people

LEFT_OUT = "A person skipped this row; why is known where the import was made."
"""Said where the force's references have not come, and the reason with them."""
GRADED, CLOSED = "graded", "closed"
LAID_OUT = 1_000
"""Cases whose grades on criteria are laid out in one step."""


def judged_on_criteria(s: Session, inspection_id: str) -> Steps[list[CriterionJudged]]:
    """Return our grades and states on the criteria; of each case laid out once and then kept."""
    labels = {one.key: one.label for one in methodology_of(s, inspection_id).criteria_on("case")}
    known: dict[str, tuple[object, tuple[CriterionJudged, ...]]] = worked_out(
        s.connection(), f"judged on {tuple(labels.items())} in {inspection_id}"
    )
    judged: list[CriterionJudged] = []
    for several in batches(marks_by_case(s, inspection_id).items(), LAID_OUT):
        yield
        for case, answers in several:
            before = known.get(case)
            if before is None or before[0] is not answers:
                before = known[case] = answers, _laid_out(case, answers, labels)
            judged += before[1]
    return judged


def _laid_out(
    case: str, answers: Mapping[str, Answer], labels: Mapping[str, str]
) -> tuple[CriterionJudged, ...]:
    return tuple(
        CriterionJudged(
            case,
            labels.get(criterion, criterion),
            one.grade if one.state == GRADED else None,
            "" if one.state == GRADED else one.state,
        )
        for criterion, one in answers.items()
        if criterion != OVERALL
    )


class ComparedRecords:
    """Holds the records of an inspection that a comparison is made from, once they are read."""

    def __init__(self, s: Session, inspection_id: str) -> None:
        self._s, self._inspection = s, inspection_id
        self._people = people(s.connection())
        self.methodology = methodology_of(s, inspection_id)
        self.cases = rows_kept(s, Case, inspection_id)
        self._views: dict[str, ForceView | None] = {}
        self._revealed = RevealedRows(s, inspection_id)

    def read(self) -> Steps[None]:
        """Read the records."""
        s, inspection_id = self._s, self._inspection
        # While they are held here, the session finds rows and keys without asking the store.
        self._rows = yield from reading_records(s, ForceRow, inspection_id)
        keys = yield from reading_records(s, ForceRowKey, inspection_id)
        self._keys = {one.force_row_id: one for one in keys}
        self._linked: dict[str, list[ForceRow]] = defaultdict(list)
        for row in self._rows:
            if row.decision in LINKED:
                self._linked[row.case_id].append(row)
        yield
        judged = marks_by_case(s, inspection_id).items()
        overall = [case for case, answers in judged if OVERALL in answers]
        self._ours: dict[str, SimpleNamespace] = {}
        for several in batches(judgment_id(case, OVERALL) for case in overall):
            yield
            known = brief(s, Judgment, several)
            self._ours |= {one.case_id: one for one in known.values()}
        yield
        self._doubtful = answered_twice(s, (one.id for one in self._ours.values()))
        self._reveals = yield from reading_records(s, Reveal, inspection_id)
        yield from self._revealed.reading_ahead(self._rows, self._reveals)
        self._overall_ops: dict[str, list[Op]] = {}
        for group in batches(self._reveals):
            yield
            self._overall_ops |= overall_ops(s, group)
        yield
        self._referred = {
            referral.case_id
            for referral in records_in(s, Referral, inspection_id)
            if referral.state != CLOSED
        }

    def _view(self, case_id: str) -> ForceView | None:
        """Return the force's side of a case, as far as it may be shown."""
        if case_id not in self._views:
            self._views[case_id] = force_view(self._s, case_id, self._revealed)
        return self._views[case_id]

    def force_changes(self) -> list[ForceChange]:
        """Say where the force's grade is another now than when it was revealed."""
        return [
            ForceChange(
                case_id=case.id,
                reference=case.reference,
                what=since.what,
                before=since.before[0] or None,
                now=since.now[0] or None,
                as_revealed=since.as_revealed,
                sentence=since.words(case.reference),
                told=since.words(case.reference, raw=False),
            )
            for case in self.cases
            if not case.withdrawn and (view := self._view(case.id)) and (since := view.since)
        ]

    @property
    def criterion_labels(self) -> tuple[str, ...]:
        """Return the criteria a case is judged on, the overall grade apart."""
        return tuple(one.label for one in self.methodology.criteria_on("case"))

    def compared(self, labels: TypeLabels) -> Steps[list[ComparedCase]]:
        """Return cases as the comparison wants them; the force's side as far as it may be shown."""
        initial = initial_grades(self._s, self._inspection, self._overall_ops, self._reveals)
        cases: list[ComparedCase] = []
        for several in batches(self.cases):
            yield
            cases += [self._compared(one, labels, initial.get(one.id)) for one in several]
        return cases

    def _compared(
        self, case: SimpleNamespace, labels: TypeLabels, initial: str | None
    ) -> ComparedCase:
        ours = self._ours.get(case.id)
        graded = ours is not None and ours.state == GRADED
        view = self._view(case.id)
        without = NOT_JUDGED if view else NOT_REVEALED if case.id in self._linked else UNMATCHED
        return ComparedCase(
            case_id=case.id,
            reference=case.reference,
            types=labels.of(case),
            origin=case.origin,
            ours=ours.grade if ours and graded else None,
            initial=initial,
            theirs=(view.grade or None) if view else None,
            our_rationale=ours.rationale if ours else "",
            their_rationale=view.rationale if view else "",
            our_state="" if graded else ours.state if ours else NOT_JUDGED,
            their_state=without,
            their_word=view.written if view and not view.grade else "",
            without_row=view is not None and case.id not in self._linked,
            withdrawn=case.withdrawn,
            auditor=auditor_of(self._people, ours.by) if ours else "",
            open_referral=case.id in self._referred,
            two_answers=ours is not None and ours.id in self._doubtful,
            why_changed=self._why(ours)
            if ours and initial not in (None, ours.grade if graded else None)
            else "",
        )

    def _why(self, ours: SimpleNamespace) -> str:
        """Return the reason of the latest change of a grade."""
        steps = history(self._s, Judgment.KIND, ours.id)
        return next((one.reason or "" for one in reversed(steps) if "grade" in one.fields), "")

    def unmatched_rows(self) -> list[ForceRowView]:
        """Return the rows that are no case of ours or not decided; their grades stay hidden."""
        sheets = {
            one.id: one.sheet for one in records_in(self._s, SelfAssessment, self._inspection)
        }
        why = self._why_skipped()
        waits = {
            view.since.waiting: one.reference
            for one in self.cases
            if not one.withdrawn and (view := self._view(one.id)) and view.since
        }
        views = []
        for row in self._rows:
            if row.decision in LINKED:
                continue
            key = self._keys.get(row.id)
            hidden = not visible(self._s, row.KIND, row.id)
            views.append(
                ForceRowView(
                    row=row.row,
                    sheet=sheets.get(row.self_assessment_id, ""),
                    reference=key.reference if key else "",
                    grade=None if hidden else row.grade or None,
                    case_type=key.case_type if key else "",
                    date=key.dated if key else "",
                    skipped=why.get((row.self_assessment_id, str(row.row)), LEFT_OUT)
                    if row.decision == SKIPPED
                    else "",
                    hidden=hidden,
                    waits_for=waits.get(row.id, ""),
                )
            )
        return views

    def _why_skipped(self) -> dict[tuple[str, str], str]:
        """Say why a person left rows out, by import and row, as far as it may be shown."""
        return {
            (book.id, problem.cell.lstrip(ascii_uppercase)): problem.reason
            for book in records_in(self._s, SelfAssessment, self._inspection)
            for problem in problems_of(self._s, book)
            if problem.sheet == book.sheet and is_skip(problem)
        }

    def problems(self) -> list[ProblemView]:
        """Return what was wrong in the workbooks when they were read, as far as it may be shown."""
        return [
            ProblemView(problem.sheet, problem.cell, problem.value, problem.reason)
            for book in records_in(self._s, SelfAssessment, self._inspection)
            for problem in problems_of(self._s, book)
        ]

    def checks(self, names: Mapping[str, str]) -> Steps[list[str]]:
        """Return what does not fit in the matching or in the force's grades, as sentences."""
        several = [
            f"Case {case.reference} is {len(self._linked[case.id])} rows of the force at once; the "
            "latest decision counts until a person settles it."
            for case in self._matched()
            if len(self._linked[case.id]) > 1
        ]
        yield
        doubts = initial_checks(self._s, self._reveals, self.cases, names, self._overall_ops)
        yield
        return [*self._changed_before(), *doubts, *several]

    def _changed_before(self) -> list[str]:
        sentences = []
        for case in self.cases:
            changed = changed_before_reveal(self._s, case.id, self._revealed)
            if changed is not None and not case.withdrawn:
                before, after = (grade or "no grade" for grade in changed)
                sentences.append(
                    f"Case {case.reference}: before the reveal the force's grade was changed here "
                    f"from {before} to {after}, by another entry than the import of its workbook; "
                    f"the tables count {after}. The history of the force's row says who and why."
                )
        return sentences

    def _matched(self) -> list[SimpleNamespace]:
        return [one for one in self.cases if one.id in self._linked and not one.withdrawn]
