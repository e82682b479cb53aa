"""Comparing: the records of an inspection laid before the comparison, by what may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from sqlmodel import Session

from fieldkit.comparison import earlier
from fieldkit.comparison.compare import Comparison, compare
from fieldkit.comparison.compared_records import ComparedRecords, judged_on_criteria
from fieldkit.comparison.inputs import (
    ComparedCase,
    CriterionJudged,
    ForceChange,
    ForceRowView,
    PreviousInspection,
    ProblemView,
)
from fieldkit.comparison.type_labels import TypeLabels
from fieldkit.methodology import OVERALL
from fieldkit.wording.labels import person_name
from storage.database.remembered import Written, unchanged_steps
from storage.feed.session import Steps, whole
from storage.records import (
    CaseAudit,
    Document,
    Interview,
    Judgment,
    Note,
    Observation,
    Point,
    Query,
    Support,
)
from storage.records.lookup import fields_of
from storage.trust.current import people


def comparison(
    s: Session,
    inspection_id: str,
    *,
    previous: str = "",
    called: Mapping[str, str] | None = None,
) -> Comparison:
    """Compare the force's grades with ours.

    A force's grade enters only where its case was revealed, and as it was revealed, whatever the
    force sends afterwards. Cases that are matched and not revealed are counted and named apart.

    Args:
        s: a session; nothing is written, whatever is made of the answer.
        inspection_id: of which inspection.
        previous: the inspection to set beside this one: its id, "none", or empty for the latest
            earlier one of the same force kept here.
        called: names of persons by id, where they are not known to the session.

    Raises:
        NotThereError: there is no such inspection.
    """
    return material(s, inspection_id, previous=previous, called=called).compared()


@dataclass(frozen=True)
class Material:
    """Holds what a comparison is made from, read and without a session: any thread may compare."""

    cases: tuple[ComparedCase, ...]
    scale: tuple[str, ...]
    unmatched_rows: tuple[ForceRowView, ...]
    force_changes: tuple[ForceChange, ...]
    problems: tuple[ProblemView, ...]
    criteria: tuple[CriterionJudged, ...]
    previous: PreviousInspection | None
    type_order: tuple[str, ...]
    criterion_order: tuple[str, ...]
    checks: tuple[str, ...]
    names: Mapping[str, str]

    def compared(self) -> Comparison:
        """Compare; takes long for thousands of cases, and reads nothing."""
        made = compare(
            self.cases,
            self.scale,
            unmatched_rows=self.unmatched_rows,
            force_changes=self.force_changes,
            problems=self.problems,
            criteria=self.criteria,
            previous=self.previous,
            type_order=self.type_order,
            criterion_order=self.criterion_order,
        )
        auditors = [
            replace(one, label=person_name(self.names, one.label)) for one in made.by_auditor
        ]
        return replace(
            made,
            checks=(*made.checks, *self.checks),
            by_auditor=tuple(sorted(auditors, key=lambda one: one.label.casefold())),
        )


def material(
    s: Session,
    inspection_id: str,
    *,
    previous: str = "",
    called: Mapping[str, str] | None = None,
) -> Material:
    """Read what :func:`comparison` compares; its parameters and what it raises are the same."""
    return whole(reading(s, inspection_id, previous=previous, called=called))


def reading(
    s: Session,
    inspection_id: str,
    *,
    previous: str = "",
    called: Mapping[str, str] | None = None,
) -> Steps[Material]:
    """Do as :func:`material`, in steps of at most a tenth of a second.

    It is kept until somebody is called otherwise, or an op comes that bears on it; what is judged
    on criteria is read apart, as it changes most.
    """
    s.flush()
    connection = s.connection()
    known = people(connection)
    names = dict(called or known)
    steps = partial(_reading, s, inspection_id, previous, names)
    asked = (previous, tuple(names.items()), tuple(known.items()))
    kept = yield from unchanged_steps(
        connection, f"comparison of {inspection_id}", asked, steps, partial(_leave, s)
    )
    criteria = yield from judged_on_criteria(s, inspection_id)
    return replace(kept, criteria=tuple(criteria))


_APART = frozenset(
    one.KIND for one in (CaseAudit, Note, Interview, Observation, Document, Point, Support, Query)
)
"""What nothing of a comparison is read from."""


def _leave(s: Session, written: Written) -> bool:
    """Say whether what was written leaves all of a comparison but the grades on criteria."""
    judged = {record for kind, record in written if kind == Judgment.KIND}
    if any(kind not in _APART for kind, record in written if record not in judged):
        return False
    on = fields_of(s, Judgment, ("criterion",), judged)
    return on.keys() == judged and all(one["criterion"] != OVERALL for one in on.values())


def _reading(
    s: Session, inspection_id: str, previous: str, names: Mapping[str, str]
) -> Steps[Material]:
    """Read all but the grades on criteria."""
    records = ComparedRecords(s, inspection_id)
    yield from records.read()
    labels = TypeLabels(records.methodology, records.cases)
    yield
    cases = yield from records.compared(labels)
    unmatched_rows, force_changes = records.unmatched_rows(), records.force_changes()
    yield
    checks = yield from records.checks(names)
    yield
    return Material(
        cases=tuple(cases),
        scale=records.methodology.scale_for("case").labels,
        unmatched_rows=tuple(unmatched_rows),
        force_changes=tuple(force_changes),
        problems=tuple(records.problems()),
        criteria=(),
        previous=earlier.previous(s, inspection_id, previous),
        type_order=labels.order,
        criterion_order=records.criterion_labels,
        checks=tuple(checks),
        names=names,
    )
