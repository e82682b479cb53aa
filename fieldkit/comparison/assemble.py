"""Comparing: the records of an inspection laid before the comparison, by what may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from sqlmodel import Session

from fieldkit.comparison import earlier
from fieldkit.comparison.compare import Comparison, compare
from fieldkit.comparison.compared_records import ComparedRecords
from fieldkit.comparison.inputs import (
    ComparedCase,
    CriterionJudged,
    ForceChange,
    ForceRowView,
    PreviousInspection,
    ProblemView,
)
from fieldkit.comparison.type_labels import TypeLabels
from fieldkit.wording.labels import person_name
from storage.database.remembered import unchanged_steps
from storage.feed.session import Steps, whole
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

    It is kept until an op comes or somebody is called otherwise.
    """
    s.flush()
    known = people(s.connection())
    names = dict(called or known)
    steps = partial(_reading, s, inspection_id, previous, names)
    asked = (previous, tuple(names.items()), tuple(known.items()))
    return unchanged_steps(s.connection(), f"comparison of {inspection_id}", asked, steps)


def _reading(
    s: Session, inspection_id: str, previous: str, names: Mapping[str, str]
) -> Steps[Material]:
    records = ComparedRecords(s, inspection_id)
    yield from records.read()
    labels = TypeLabels(records.methodology, records.cases)
    yield
    cases = yield from records.compared(labels)
    unmatched_rows, force_changes = records.unmatched_rows(), records.force_changes()
    yield
    criteria = yield from records.criteria()
    checks = yield from records.checks(names)
    yield
    return Material(
        cases=tuple(cases),
        scale=records.methodology.scale_for("case").labels,
        unmatched_rows=tuple(unmatched_rows),
        force_changes=tuple(force_changes),
        problems=tuple(records.problems()),
        criteria=tuple(criteria),
        previous=earlier.previous(s, inspection_id, previous),
        type_order=labels.order,
        criterion_order=records.criterion_labels,
        checks=tuple(checks),
        names=names,
    )
