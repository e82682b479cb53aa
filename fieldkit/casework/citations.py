"""Points that cite a case: those that rest on it, or are contradicted by it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.points import PointLine, point_lines
from fieldkit.service import existing
from storage.records import Case, Support
from storage.records.case_file import records_of_cases
from storage.records.lookup import records_in


@dataclass(frozen=True, slots=True)
class Citation:
    """Holds a point with its links to one case: what each says of the point, and why."""

    point: PointLine
    links: tuple[Support, ...]


def citations_of(s: Session, case_id: str) -> list[Citation]:
    """Return the points that cite a case, its judgments, its audit or a note in them, by number.

    Raises `NotThereError` where there is no such case.
    """
    case = existing(s, Case, case_id)
    links = records_in(s, Support, case.inspection_id)
    parts = records_of_cases(s, case.inspection_id, {one.evidence_id for one in links})
    by_point: dict[str, list[Support]] = defaultdict(list)
    for link in links:
        if parts.get(link.evidence_id, ("", ""))[1] == case_id:
            by_point[link.point_id].append(link)
    if not by_point:
        return []
    return [
        Citation(point, tuple(by_point[point.id]))
        for point in point_lines(s, case.inspection_id)
        if point.id in by_point
    ]
