"""A search finds the records that hold some words, among all that may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from sqlmodel import Session

from fieldkit.methodology import Area, load
from fieldkit.service import existing
from fieldkit.visibility import visible
from fieldkit.wording.labels import LookedUp, case_of, label
from storage.feed.search import LIMIT, matches
from storage.records import Case, CaseAudit, Inspection, Judgment, Query
from storage.records.case import all_cases, case_audit_id
from storage.records.judgment import judgment_id
from storage.records.registry import KINDS, lies_under


@dataclass(frozen=True, slots=True)
class SearchHit:
    """Holds a record that holds the words.

    Attributes:
        kind: the kind of record.
        id: the record.
        label: what a person calls it.
        excerpt: the text around the words, which are between ``«`` and ``»``.
        case_id: the case in whose file it is, or empty.
    """

    kind: str
    id: str
    label: str
    excerpt: str
    case_id: str = ""


def search(s: Session, inspection_id: str, words: str) -> list[SearchHit]:
    """Return the records of an inspection that hold all the words, the best match first.

    The last word may be the beginning of one. At most :data:`storage.feed.search.LIMIT` are
    returned. What the force wrote is found only where it may be shown, so that a search reveals
    nothing. Raises `NotThereError` where there is no such inspection.
    """
    existing(s, Inspection, inspection_id)
    known = matches(s.connection(), words, inspection_id)
    hits = list(islice((one for one in known if visible(s, one.kind, one.record)), LIMIT))
    looked = LookedUp(s, ((one.kind, one.record) for one in hits))
    return [
        SearchHit(
            kind=hit.kind,
            id=hit.record,
            label=label(looked, hit.kind, hit.record),
            excerpt=" ".join(hit.excerpt.split()),
            case_id=case_of(looked, hit.kind, hit.record),
        )
        for hit in hits
    ]


def place_of(s: Session, kind: str, record_id: str) -> str:
    """Return where a record is worked on, as ``kind/record``: its case, what it lies under, or it.

    A record that was only typed in and never committed is found by the case it will belong to.
    """
    known = KINDS.get(kind)
    if known is None or known.OWN_PAGE:
        return f"{kind}/{record_id}"
    case = case_of(s, kind, record_id)
    if not case and kind in (Judgment.KIND, CaseAudit.KIND):
        case = next((one.id for one in all_cases(s) if record_id in ids_to_be(s, one)), "")
    if case:
        return f"{Case.KIND}/{case}"
    record = s.get(known, record_id)
    above = lies_under(kind, lambda name: getattr(record, name, "")) if record else None
    return "/".join(above or (kind, record_id))


def criterion_of(s: Session, kind: str, record_id: str, case_id: str) -> str:
    """Return the key of the criterion that a judgment or query is on; empty for other records."""
    if kind == Query.KIND:
        asked = s.get(Query, record_id)
        return asked.criterion if asked else ""
    case = s.get(Case, case_id)
    if kind != Judgment.KIND or case is None:
        return ""
    keys = (one.key for one in _areas(s, case))
    return next((key for key in keys if judgment_id(case_id, key) == record_id), "")


def _areas(s: Session, case: Case) -> Sequence[Area]:
    inspected = existing(s, Inspection, case.inspection_id)
    return load(inspected.methodology).criteria_on("case", overall=True)


def ids_to_be(s: Session, case: Case) -> set[str]:
    """Return the ids of a case's judgments and audit, also of those not entered yet."""
    return {case_audit_id(case.id)} | {judgment_id(case.id, one.key) for one in _areas(s, case)}
