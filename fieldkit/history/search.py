"""A search finds the records that hold some words, among all that may be shown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from sqlmodel import Session

from fieldkit.history.search_filters import Filters, day_begins, in_days, read_filters
from fieldkit.methodology import Area, load
from fieldkit.service import author, existing
from fieldkit.visibility import visible
from fieldkit.wording.dates import local_day
from fieldkit.wording.labels import LookedUp, case_of, label
from storage.feed.search import LIMIT, Hit, Only, listed, matches, vocabulary
from storage.history.recent import changed_since, last_written
from storage.ops.text import folded
from storage.records import Case, CaseAudit, Inspection, Judgment, Query
from storage.records.case import all_cases, case_audit_id
from storage.records.judgment import imported_auditor, judgment_id
from storage.records.lookup import fields_of
from storage.records.registry import KINDS, lies_under
from storage.trust.current import people

SCREEN = 25
"""Hits that are read at once: as many as any screen shows, the others when somebody gets there."""
ALIKE = 0.7
"""How alike a near word is, from 0 to 1 (optimal string alignment)."""
SHORTEST = 4
"""Letters of a word from which near ones are looked for."""
MOST_NEAR = 3
_ASKED = ("by", "at", "made_at", "polarity", "sort", "criterion", "criteria")
"""The fields that filters look at."""


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


@dataclass(frozen=True, slots=True)
class Answer:
    """Holds what a search found.

    Attributes:
        hits: the records, the best match first; without words the one written last.
        filters: the words and the filters as they were read.
        near: words like the last one that find something, where nothing was found.
        more: there are others, which were not asked for.
    """

    hits: list[SearchHit]
    filters: Filters
    near: tuple[str, ...] = ()
    more: bool = False


def answer(s: Session, inspection_id: str, typed: str, most: int = LIMIT) -> Answer:
    """Return what a person asked for by words and filters (:mod:`search_filters`).

    Args:
        s: a session.
        inspection_id: the inspection; raises `NotThereError` where there is no such.
        typed: a filter in it that cannot be read counts for nothing; what is wrong with it stands
            in :attr:`Filters.refused`.
        most: hits returned; a person waits for a :data:`SCREEN` of them much less.
    """
    filters = _read(s, inspection_id, typed)
    found = _found(s, inspection_id, filters, most + 1)
    near = () if found or not filters.words.strip() else near_words(s, inspection_id, filters.words)
    return Answer(_named(s, found[:most]), filters, near, len(found) > most)


def kinds_found(s: Session, inspection_id: str, typed: str) -> Counter[str]:
    """Count the hits of :func:`answer` by their kinds, without naming one; raises as that does."""
    filters = _read(s, inspection_id, typed)
    return Counter(hit.kind for hit in _found(s, inspection_id, filters, LIMIT, told=False))


def _read(s: Session, inspection_id: str, typed: str) -> Filters:
    methodology = load(existing(s, Inspection, inspection_id).judged_by)
    return read_filters(typed, methodology, people(s.connection()), author(s).person)


def _found(
    s: Session, inspection_id: str, filters: Filters, most: int, *, told: bool = True
) -> list[Hit]:
    """Return the first hits that may be shown; none where neither words nor filters were typed."""
    connection, wanted = s.connection(), _wanted(s, filters)
    if filters.words.strip():
        hits = matches(connection, filters.words, inspection_id, wanted, most=most, told=told)
    elif filters.narrow:
        hits = listed(connection, inspection_id, wanted, most=most, told=told)
    else:
        return []
    return _passing(s, hits, filters, most)


def search(s: Session, inspection_id: str, words: str, most: int = LIMIT) -> list[SearchHit]:
    """Return the records of an inspection that hold all the words, the best match first.

    The last word may be the beginning of one. At most ``most`` are returned. What the force wrote
    is found only where it may be shown, so that a search reveals nothing. Raises `NotThereError`
    where there is no such inspection.
    """
    existing(s, Inspection, inspection_id)
    only = partial(visible, s)
    found = matches(s.connection(), words, inspection_id, only, most=most)
    return _named(s, list(islice(found, most)))


def near_words(s: Session, inspection_id: str, words: str) -> tuple[str, ...]:
    """Return words that are spelled like the last one and find something that may be shown."""
    *_, last = words.split() or [""]
    wanted = folded(last).text
    if len(wanted) < SHORTEST:
        return ()
    # Imported late: only a search that finds nothing needs it.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    alike = process.extract(
        wanted, vocabulary(s.connection()), scorer=OSA.normalized_similarity, score_cutoff=ALIKE,
        limit=2 * MOST_NEAR,
    )  # fmt: skip
    found = []
    for word, _, _ in alike:
        hits = matches(s.connection(), f"{word} ", inspection_id, told=False)
        if word != wanted and any(visible(s, one.kind, one.record) for one in islice(hits, LIMIT)):
            found.append(str(word))
    return tuple(found[:MOST_NEAR])


def _passing(s: Session, found: Iterator[Hit], filters: Filters, most: int) -> list[Hit]:
    """Return the first hits that the filters let pass."""
    hits: list[Hit] = []
    while len(hits) < most and (chunk := list(islice(found, most))):
        hits += _let_pass(s, chunk, filters) if filters.narrow else chunk
    return hits[:most]


def _wanted(s: Session, filters: Filters) -> Only:
    """Return what says of a record, before its text is read, whether it may pass and be shown."""
    since = day_begins(filters.first) if filters.first else None
    changed = None if since is None else changed_since(s.connection(), since)

    def wanted(kind: str, record: str) -> bool:
        return (
            (not filters.kinds or kind in filters.kinds)
            and (changed is None or record in changed)
            and visible(s, kind, record)
        )

    return wanted


def _let_pass(s: Session, hits: Sequence[Hit], filters: Filters) -> list[Hit]:
    """Return those of the records that are what the filters ask for."""
    facts: dict[str, Mapping[str, object]] = {}
    for kind in {one.kind for one in hits} & KINDS.keys():
        ids = [one.record for one in hits if one.kind == kind]
        facts.update(fields_of(s, KINDS[kind], _ASKED, ids))
    undated = filters.first or filters.last or filters.persons is not None
    written = last_written(s.connection(), facts) if undated else {}
    return [one for one in hits if _passes(facts, written, one.record, filters)]


def _passes(
    facts: Mapping[str, Mapping[str, object]],
    written: Mapping[str, tuple[str, str]],
    record: str,
    filters: Filters,
) -> bool:
    known = facts.get(record, {})
    who, wall = written.get(record, ("", ""))
    by = str(known.get("by") or who)
    by = imported_auditor(by) or by
    when = str(known.get("at") or known.get("made_at") or wall)
    bears = {str(known.get("criterion", ""))}.union(json.loads(str(known.get("criteria", "[]"))))
    sign = known.get("polarity") or known.get("sort")
    return (
        not (filters.criteria and filters.criteria.isdisjoint(bears))
        and not (filters.signs and sign not in filters.signs)
        and (filters.persons is None or by in filters.persons)
        and in_days(filters, local_day(when))
    )


def _named(s: Session, hits: Sequence[Hit]) -> list[SearchHit]:
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
    return load(inspected.judged_by).criteria_on("case", overall=True)


def ids_to_be(s: Session, case: Case) -> set[str]:
    """Return the ids of a case's judgments and audit, also of those not entered yet."""
    return {case_audit_id(case.id)} | {judgment_id(case.id, one.key) for one in _areas(s, case)}
