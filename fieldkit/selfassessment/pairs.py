"""A row of the force beside the cases that it may be: what a person sees to decide in one look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.selfassessment.masking import MASK
from fieldkit.selfassessment.matching.differences import Difference, Part, difference
from fieldkit.selfassessment.matching.references import canonical
from fieldkit.selfassessment.rows import CandidateLine, QueueLine
from fieldkit.service import methodology_of
from fieldkit.wording.dates import short_day
from fieldkit.wording.labels import person_name
from storage.records import Case, ForceRow, Judgment
from storage.records.case import force_refs
from storage.records.judgment import OVERALL, judgment_id
from storage.records.lookup import records_by_id, rows_in
from storage.records.self_assessment import LINKED
from storage.trust.current import people

SAME, OTHER, UNKNOWN = "same", "other", "unknown"
"""How a field of a case stands beside the row's; unknown where one side is silent."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Holds what a case is besides what it is matched by.

    Attributes:
        self_assessed: the force assessed it too.
        audit: whether it is judged, and by whom; without any grade.
    """

    self_assessed: bool
    audit: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Holds a case beside the row.

    Attributes:
        case: the candidate.
        reference: where the force's reference of it differs from the row's.
        days: from the row's date to the case's; None where one has none.
        type: :data:`SAME`, :data:`OTHER` or :data:`UNKNOWN`.
    """

    case: CandidateLine
    reference: Difference
    days: int | None
    type: str


def pairs_of(row: QueueLine) -> list[Pair]:
    """Return the row's candidates, each field by field beside it."""
    return [
        Pair(
            case=case,
            reference=_reference(row.reference, case),
            days=_days(row.dated, case.incident_on),
            type=_type(row.case_type, case.types),
        )
        for case in row.candidates
    ]


def _reference(written: str, case: CandidateLine) -> Difference:
    if MASK in written:
        return Difference((Part(case.force_ref, False),) * bool(case.force_ref), "partly hidden")
    if canonical(written) and canonical(written) == canonical(case.reference):
        return Difference((Part(case.force_ref or case.reference, False),), "our own reference")
    return difference(written, case.force_ref)


def _days(theirs: str, ours: str) -> int | None:
    try:
        return (dt.date.fromisoformat(ours) - dt.date.fromisoformat(theirs)).days
    except ValueError:
        return None


def _type(written: str, ours: tuple[str, ...]) -> str:
    if not written or not ours or MASK in written:
        return UNKNOWN
    known = {one.casefold() for one in ours}
    return SAME if any(one.casefold() in known for one in written.split("; ")) else OTHER


def case_facts(s: Session, rows: Iterable[QueueLine]) -> Mapping[str, CaseFacts]:
    """Return what the candidates of these rows are besides, by the case's id, in few statements."""
    ids = {case.case_id for row in rows for case in row.candidates}
    cases = records_by_id(s, Case, ids)
    judged = {
        one.case_id: one
        for one in records_by_id(s, Judgment, [judgment_id(one, OVERALL) for one in ids])
    }
    names = people(s.connection())
    return {
        case.id: CaseFacts(
            self_assessed=case.origin == "self-assessed",
            audit=_audit(judged.get(case.id), names),
        )
        for case in cases
    }


def _audit(judged: Judgment | None, names: Mapping[str, str]) -> str:
    if judged is None or judged.state == "not judged":
        return "not judged yet"
    return f"done by {person_name(names, judged.by)}"


def references(s: Session, inspection_id: str) -> dict[str, str]:
    """Return the force's references of our cases, by ours; without those that none is kept of."""
    kept = force_refs(s, inspection_id)
    return {
        case.reference: kept[case.id]
        for case in rows_in(s, Case, inspection_id)
        if kept.get(case.id)
    }


@dataclass(frozen=True, slots=True)
class FreeCase:
    """Holds a case of ours that no row of the force is yet; ``about`` is what tells it apart."""

    case_id: str
    reference: str
    about: str


def free_cases(s: Session, inspection_id: str) -> list[FreeCase]:
    """Return our cases without a row, those first that the force assessed too."""
    linked = {one.case_id for one in rows_in(s, ForceRow, inspection_id) if one.decision in LINKED}
    methodology, refs = methodology_of(s, inspection_id), force_refs(s, inspection_id)
    free = [
        case
        for case in rows_in(s, Case, inspection_id)
        if not case.withdrawn and case.id not in linked
    ]
    free.sort(key=lambda case: case.origin != "self-assessed")
    return [
        FreeCase(
            case.id,
            case.reference,
            ", ".join(
                filter(
                    None,
                    (
                        refs.get(case.id, ""),
                        short_day(case.incident_on),
                        *map(methodology.type_label, case.types[:1]),
                    ),
                )
            ),
        )
        for case in free
    ]
