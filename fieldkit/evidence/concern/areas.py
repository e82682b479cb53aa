"""The areas that a visit, a review or a re-inspection looks at, from the earlier register.

An area of concern is a criterion on which a recommendation of the force still runs, or ran when the
follow-up began. A re-inspection looks at every criterion, and so does an inspection.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.methodology import Area, Methodology, load, load_known
from fieldkit.methodology.follow_up import activity, aims
from fieldkit.service import existing
from storage.ops.forces import is_same_force
from storage.records import (
    Basis,
    Case,
    CaseAudit,
    Inspection,
    Judgment,
    Note,
    Recommendation,
    Support,
)
from storage.records.inspection import inspections
from storage.records.lookup import records_by_id, records_naming

APART = "Not under a single criterion"


@dataclass(frozen=True, slots=True)
class ConcernArea:
    """Holds an area that a follow-up looks at.

    Attributes:
        criterion: the key of the criterion; empty for recommendations under none.
        number: its place among the criteria, from 1; 0 for none of them.
        label: what it is called.
        on_cases: cases are judged on it.
        recommendations: the earlier recommendations on it that run, or ran when this began, by
            their numbers.
        types: the keys of the types of case that these rest on.
    """

    criterion: str
    number: int
    label: str
    on_cases: bool
    recommendations: tuple[Recommendation, ...]
    types: tuple[str, ...]

    @property
    def of_concern(self) -> bool:
        """Say whether an earlier recommendation on it runs, or ran when this began."""
        return bool(self.recommendations)


def areas_of(s: Session, inspection_id: str) -> list[ConcernArea]:
    """Return the areas of an inspection, in the order of its criteria; aims of follow-up apart.

    Those of concern alone in a visit or a review; of all else every criterion. Raises
    `NotThereError`.
    """
    inspection = existing(s, Inspection, inspection_id)
    methodology = load(inspection.judged_by)
    said = activity(inspection.phase)
    own_aims = {one.key for one in aims()}
    areas = [one for one in methodology.areas if one.key not in own_aims]
    if said is None:
        return [_area(methodology, one, (), ()) for one in areas]
    by_criterion = _by_criterion(s, inspection, methodology, earlier_running(s, inspection))
    types = _types(s, methodology, [one for several in by_criterion.values() for one in several])
    found = []
    for area in areas:
        recommended = by_criterion.pop(area.key, [])
        if recommended or said.all_areas:
            found.append(_area(methodology, area, recommended, types[area.key]))
    for key, recommended in by_criterion.items():
        label = key or APART
        found.append(ConcernArea(key, 0, label, False, tuple(recommended), types[key]))
    return found


def earlier_running(s: Session, inspection: Inspection) -> list[Recommendation]:
    """Return the force's recommendations of other inspections that run, or ran on the first day.

    By their numbers.
    """
    others = [
        one.id
        for one in inspections(s)
        if one.id != inspection.id
        and is_same_force(one.force, inspection.force)
        and not (inspection.starts and one.starts > inspection.starts)
    ]
    recommended = records_naming(s, Recommendation, "inspection_id", others)
    running = [
        one
        for one in recommended
        if one.is_running or (inspection.starts and one.status_on >= inspection.starts)
    ]
    return sorted(running, key=lambda one: (not one.numbered_on, one.number, one.id))


def _by_criterion(
    s: Session,
    inspection: Inspection,
    methodology: Methodology,
    recommended: Iterable[Recommendation],
) -> dict[str, list[Recommendation]]:
    """Return recommendations by the criterion of this methodology that each is on."""
    found: dict[str, list[Recommendation]] = defaultdict(list)
    for one in recommended:
        area = methodology.criterion(one.criterion) if one.criterion else None
        if area is None and one.criterion:
            # Made by another version: the criterion of the same name is the same.
            of = s.get(Inspection, one.inspection_id)
            words = load_known(of.judged_by) if of is not None else None
            before = words.criterion(one.criterion) if words is not None else None
            area = methodology.criterion(before.label) if before is not None else None
        found[area.key if area is not None else one.criterion].append(one)
    return found


def _area(
    methodology: Methodology,
    area: Area,
    recommended: Sequence[Recommendation],
    types: tuple[str, ...],
) -> ConcernArea:
    return ConcernArea(
        criterion=area.key,
        number=methodology.number_of(area.key),
        label=area.label,
        on_cases="case" in area.judged_on,
        recommendations=tuple(recommended),
        types=types,
    )


def _types(
    s: Session, methodology: Methodology, recommended: Sequence[Recommendation]
) -> Mapping[str, tuple[str, ...]]:
    """Return the types of the cases that recommendations rest on, by the criterion of each."""
    criteria = {one.id: one.criterion for one in recommended}
    points: dict[str, set[str]] = defaultdict(set)
    for basis in records_naming(s, Basis, "recommendation_id", criteria):
        points[basis.point_id].add(criteria[basis.recommendation_id])
    bearing: dict[str, set[str]] = defaultdict(set)
    for support in records_naming(s, Support, "point_id", points):
        bearing[support.evidence_id] |= points[support.point_id]
    cases: dict[str, set[str]] = defaultdict(set)
    for note in records_by_id(s, Note, bearing):
        if note.parent_kind == Case.KIND:
            cases[note.parent_id] |= bearing[note.id]
        else:
            bearing[note.parent_id] |= bearing[note.id]
    for judgment in records_by_id(s, Judgment, bearing):
        cases[judgment.case_id] |= bearing[judgment.id]
    for audit in records_by_id(s, CaseAudit, bearing):
        cases[audit.case_id] |= bearing[audit.id]
    found: dict[str, set[str]] = defaultdict(set)
    for case in records_by_id(s, Case, cases):
        known = {term.key for one in case.types if (term := methodology.case_type(one)) is not None}
        for criterion in cases[case.id]:
            found[criterion] |= known
    order = [one.key for one in methodology.case_types]
    return defaultdict(
        tuple, {key: tuple(sorted(several, key=order.index)) for key, several in found.items()}
    )
