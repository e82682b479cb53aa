"""Choosing evidence: what a point of an inspection may be rested on, narrowed down by words."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.entries import Entry, entry_label
from fieldkit.evidence.evidence import KINDS_OF_EVIDENCE, Evidence, evidence_of
from fieldkit.methodology import Methodology
from fieldkit.service import criterion_label, methodology_of
from fieldkit.wording.format import line
from storage.feed import search
from storage.records import (
    Assessment,
    Case,
    CaseAudit,
    Document,
    Interview,
    Judgment,
    Note,
    Observation,
    Record,
)
from storage.records.judgment import assessments
from storage.records.lookup import records_by_id, records_in, records_under
from storage.records.note import latest_notes
from storage.records.registry import KINDS

MOST_CHOICES = 200
"""Most choices of one kind of evidence shown at once; words narrow them down."""

_MOST_LOOKED_AT = 2000
"""Notes looked at for being in what is called by one of the words; search finds all by text."""


@dataclass(frozen=True, slots=True)
class EvidenceChoice:
    """Holds a piece of evidence that a point may be rested on.

    ``criterion`` names the labels of the criteria it bears on, ``criteria`` holds their keys.
    """

    kind: str
    id: str
    label: str
    excerpt: str
    criterion: str
    polarity: str
    criteria: tuple[str, ...] = ()


def evidence_choices(s: Session, inspection_id: str, words: str = "") -> list[EvidenceChoice]:
    """Return what a point may be rested on.

    Notes, the latest first; then judgments with a grade or a rationale, case audits that say
    something besides, assessments, interviews, observations and documents. ``words`` narrows it
    down to what holds all of them in its label or text. At most :data:`MOST_CHOICES` of each kind
    are given.
    """
    methodology = methodology_of(s, inspection_id)
    wanted = words.casefold().split()
    # Held here, so that each case is fetched once and not for each note in it.
    known = {one.id: one for one in records_in(s, Case, inspection_id)}
    withdrawn = {one.id for one in known.values() if one.withdrawn}
    counts: dict[str, int] = defaultdict(int)
    choices: list[EvidenceChoice] = []
    seen: set[str] = set()
    hits = _hits(s, inspection_id, words)
    for record in _candidates(s, inspection_id, known, wanted, hits):
        if record.id in seen or counts[record.KIND] >= MOST_CHOICES:
            continue
        seen.add(record.id)
        evidence = evidence_of(s, methodology, record, writer=False)
        if evidence.root[1] in withdrawn or not _says(record):
            continue
        if record.id in hits or _holds(evidence, wanted):
            counts[record.KIND] += 1
            choices.append(_choice(methodology, evidence))
    return choices


def _choice(methodology: Methodology, evidence: Evidence) -> EvidenceChoice:
    return EvidenceChoice(
        kind=evidence.kind,
        id=evidence.id,
        label=evidence.label,
        excerpt=line(evidence.text, 100),
        criterion=", ".join(criterion_label(methodology, key) for key in evidence.criteria),
        polarity=evidence.polarity,
        criteria=evidence.criteria,
    )


def _hits(s: Session, inspection_id: str, words: str) -> dict[str, str]:
    """Return what full-text search finds, id to kind; it knows accents and beginnings of words."""
    hits = search.find(s.connection(), words, inspection_id, MOST_CHOICES)
    return {one.record: one.kind for one in hits if one.kind in KINDS_OF_EVIDENCE}


def _candidates(
    s: Session,
    inspection_id: str,
    known: dict[str, Case],
    wanted: list[str],
    hits: dict[str, str],
) -> Iterator[Record]:
    """Return records to look at: with words what search found and what is called by one of them."""
    entries: list[Entry] = [
        *records_in(s, Interview, inspection_id),
        *records_in(s, Observation, inspection_id),
        *records_in(s, Document, inspection_id),
    ]
    places = {record: place for place, record in enumerate(hits)}  # the best match first
    for kind in KINDS_OF_EVIDENCE:
        named = records_by_id(s, KINDS[kind], (one for one, its in hits.items() if its == kind))
        yield from sorted(named, key=lambda one: places[one.id])
    if wanted:
        labels = [(one.id, one.reference) for one in known.values()]
        labels += [(one.id, entry_label(one)) for one in entries]
        called = (one for one, label in labels if any(word in label.casefold() for word in wanted))
        inside = itertools.chain.from_iterable(records_under(s, Note, one) for one in called)
        yield from itertools.islice(inside, _MOST_LOOKED_AT)
    else:
        yield from latest_notes(s, inspection_id, MOST_CHOICES)
    order = {case_id: place for place, case_id in enumerate(known)}
    yield from sorted(
        records_in(s, Judgment, inspection_id),
        key=lambda one: (order.get(one.case_id, len(order)), one.criterion),
    )
    yield from sorted(
        records_in(s, CaseAudit, inspection_id),
        key=lambda one: order.get(one.case_id, len(order)),
    )
    yield from assessments(s, inspection_id).values()
    yield from entries


def _says(record: Record) -> bool:
    """Say whether there is anything in it yet: a judgment needs a grade or words."""
    if isinstance(record, CaseAudit):
        return record.filled_in
    if isinstance(record, Judgment | Assessment):
        return bool(record.graded or record.words())
    return True


def _holds(evidence: Evidence, wanted: list[str]) -> bool:
    text = f"{evidence.label}\n{evidence.text}".casefold()
    return all(word in text for word in wanted)
