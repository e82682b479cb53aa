"""One comparison of an inspection's grades with the force's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from fieldkit.comparison.figures.case_types import TypeTable, type_table
from fieldkit.comparison.figures.criteria import CriteriaTable, criteria_table
from fieldkit.comparison.figures.disparities import (
    Changed,
    Disparity,
    case_disparities,
    changed_after_reveal,
    criterion_disparities,
    moderated_words,
    taken_away_words,
)
from fieldkit.comparison.figures.previous import PreviousComparison, against_previous
from fieldkit.comparison.figures.three_tables import (
    ALL_CASES_TITLE,
    INSPECTORS_ONLY_TITLE,
    SELF_ASSESSED_TITLE,
    GradeTable,
    SelfAssessedTable,
    check_sum,
    grade_table,
    self_assessed_table,
)
from fieldkit.comparison.figures.verdict import (
    Agreement,
    Group,
    by_auditor,
    by_criterion,
    by_type,
    case_agreement,
    check_agreement,
)
from fieldkit.comparison.inputs import (
    ComparedCase,
    CriterionJudged,
    CriterionPair,
    ForceChange,
    ForceRowView,
    PreviousInspection,
    ProblemView,
)
from fieldkit.comparison.numbers import published_sentence
from fieldkit.comparison.read_grades import is_self_assessed, read_cases, reference_key


@dataclass(frozen=True, slots=True)
class Comparison:
    """Holds everything a comparison shows; screens and outputs only lay it out.

    Attributes:
        scale: grades from best to worst.
        self_assessed: table 1, on current grades.
        inspectors_only: table 2.
        types: table 3.
        criteria: our grades criterion by criterion.
        all_cases: every case audited, by our grade.
        sentence: what a report prints of them, without its subject.
        disparities: cases on which the current grades differ, worst first.
        criterion_disparities: the same by criterion.
        changed: cases whose grade of ours was changed after the force's was seen.
        agreement: on our first grades.
        by_type: the same within case types.
        by_auditor: the same within auditors.
        by_criterion: the same within criteria.
        previous: this inspection's grades beside an earlier one's.
        withdrawn: cases taken out of the sample.
        unmatched_cases: self-assessed cases matched to no row of the force, those counted only as
            they were revealed among them.
        to_reveal: self-assessed cases with our grade whose grade of the force is not revealed.
        to_grade: the same without a grade of ours, which is to be given first.
        unmatched_rows: rows of the force matched to no case.
        no_force_grade: self-assessed cases whose row of the force has no grade of the scale.
        force_changes: where the force's grade is another now than when it was revealed.
        skipped_rows: rows of the force that a person left out.
        problems: what could not be read in the force's workbook.
        checks: everything that does not add up or fit, as sentences; empty when all does.
    """

    scale: tuple[str, ...]
    self_assessed: SelfAssessedTable
    inspectors_only: GradeTable
    types: TypeTable
    criteria: CriteriaTable
    all_cases: GradeTable
    sentence: str
    disparities: tuple[Disparity, ...]
    criterion_disparities: tuple[Disparity, ...]
    changed: tuple[Changed, ...]
    agreement: Agreement
    by_type: tuple[Group, ...]
    by_auditor: tuple[Group, ...]
    by_criterion: tuple[Group, ...]
    previous: PreviousComparison | None
    withdrawn: tuple[ComparedCase, ...]
    unmatched_cases: tuple[ComparedCase, ...]
    to_reveal: tuple[ComparedCase, ...]
    to_grade: tuple[ComparedCase, ...]
    unmatched_rows: tuple[ForceRowView, ...]
    no_force_grade: tuple[ComparedCase, ...]
    force_changes: tuple[ForceChange, ...]
    skipped_rows: tuple[ForceRowView, ...]
    problems: tuple[ProblemView, ...]
    checks: tuple[str, ...]


def compare(
    cases: Iterable[ComparedCase],
    scale: Sequence[str],
    *,
    unmatched_rows: Iterable[ForceRowView] = (),
    force_changes: Iterable[ForceChange] = (),
    problems: Iterable[ProblemView] = (),
    criteria: Iterable[CriterionJudged] = (),
    criterion_pairs: Iterable[CriterionPair] = (),
    previous: PreviousInspection | None = None,
    type_order: Sequence[str] = (),
    criterion_order: Sequence[str] = (),
) -> Comparison:
    """Compare grades; the result does not depend on the order of the cases.

    Args:
        cases: every case of the inspection, the withdrawn included.
        scale: the case scale from best to worst.
        unmatched_rows: rows of the force's workbook matched to no case, the skipped among them.
        force_changes: where its grade is another now than when it was revealed.
        problems: what could not be read in it.
        criteria: our grades of the criteria of those cases.
        criterion_pairs: both sides' grades by criterion, where the force gave any.
        previous: an earlier inspection of the same force.
        type_order: the inspection's own list of case types.
        criterion_order: the methodology's list of criteria.

    Raises:
        ValueError: two cases share an id, or the scale cannot be used.
    """
    graded = read_cases(cases, scale)
    read = graded.cases
    pairs = tuple(criterion_pairs)
    withdrawn = graded.withdrawn
    of_force = sum(is_self_assessed(one) for one in withdrawn)
    table = replace(self_assessed_table(read, scale, of_force), notes=graded.uncounted)
    alone = grade_table(
        INSPECTORS_ONLY_TITLE,
        (row for row in read if not row.self_assessed),
        scale,
        len(withdrawn) - of_force,
    )
    types = type_table(read, scale, type_order, withdrawn)
    by_line = criteria_table(read, criteria, scale, criterion_order, len(withdrawn))
    everything = grade_table(ALL_CASES_TITLE, read, scale, len(withdrawn))
    agreement = case_agreement(read, scale)
    exact = agreement.exact.count
    apart = (
        moderated_words(read, exact, agreement.n, table.total),
        taken_away_words(read, agreement.n, table.total),
    )
    agreement = replace(agreement, notes=(*filter(None, apart), *agreement.notes))
    hidden = [row for row in read if row.self_assessed and row.hidden]
    typed, audited = by_type(read, scale, type_order), by_auditor(read, scale)
    disparities = case_disparities(read, scale)
    differing = table.total - sum(table.crosstab[i][i] for i in range(len(scale)))
    then = against_previous(everything.by_grade(), scale, previous) if previous else None
    checks = (
        *graded.checks,
        *table.notes,
        *table.checks,
        *alone.checks,
        *types.checks,
        *by_line.checks,
        *everything.checks,
        *check_sum(
            f"{SELF_ASSESSED_TITLE} and {INSPECTORS_ONLY_TITLE.lower()}",
            table.cases + alone.cases,
            everything.cases,
        ),
        *check_agreement(read, scale, agreement, audited),
        *check_sum("Differences listed", len(disparities), differing, "in the cross-tab"),
        *(then.checks if then else ()),
    )
    rows = sorted(unmatched_rows, key=lambda row: (row.sheet, row.row, row.reference))
    return Comparison(
        scale=tuple(scale),
        self_assessed=table,
        inspectors_only=alone,
        types=types,
        criteria=by_line,
        all_cases=everything,
        sentence=published_sentence(everything.by_grade(), scale),
        disparities=disparities,
        criterion_disparities=criterion_disparities(pairs, scale),
        changed=changed_after_reveal(read, scale),
        agreement=agreement,
        by_type=typed,
        by_auditor=audited,
        by_criterion=by_criterion(pairs, scale, criterion_order),
        previous=then,
        withdrawn=withdrawn,
        unmatched_cases=tuple(
            row.case
            for row in read
            if row.self_assessed and (not row.matched or row.case.without_row)
        ),
        to_reveal=tuple(row.case for row in hidden if row.ours is not None),
        to_grade=tuple(row.case for row in hidden if row.ours is None),
        unmatched_rows=tuple(row for row in rows if not row.skipped),
        no_force_grade=tuple(
            row.case
            for row in read
            if row.self_assessed and row.matched and not row.hidden and row.theirs is None
        ),
        force_changes=tuple(
            sorted(force_changes, key=lambda one: (reference_key(one.reference), one.case_id))
        ),
        skipped_rows=tuple(row for row in rows if row.skipped),
        problems=tuple(problems),
        checks=checks,
    )
