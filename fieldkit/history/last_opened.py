"""Finds what a person opened last: of this unlocking in its order, then of those before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sqlmodel import Session

from fieldkit.history.search import SearchHit
from fieldkit.service import author
from fieldkit.visibility import visible
from fieldkit.wording.format import line
from fieldkit.wording.labels import LookedUp, case_of, label
from storage.history.trail import traces
from storage.records.log import Consultation
from storage.records.registry import KINDS, lies_under

MOST = 5
LOOKED_AT = 200
"""Consultations on record that are looked at; those before them are too long ago."""
EXCERPT = 200
"""Characters of a record's text that stand under its name."""


def last_opened(s: Session, inspection_id: str, most: int = MOST) -> list[SearchHit]:
    """Return the records of an inspection that the acting person opened last, the latest first.

    What was deleted since, or may not be shown now, is left out.
    """
    opened = dict.fromkeys((*reversed(author(s).opened), *_before(s)))
    listed: list[tuple[str, str, str]] = []
    for kind, record_id in opened:
        known = KINDS.get(kind)
        record = s.get(known, record_id) if known is not None and known.SEARCH else None
        if record is None or getattr(record, "inspection_id", "") != inspection_id:
            continue
        if visible(s, kind, record_id):
            listed.append((kind, record_id, line(" ".join(record.words().split()), EXCERPT)))
        if len(listed) == most:
            break
    looked = LookedUp(s, [(kind, record_id) for kind, record_id, _ in listed])
    return [
        SearchHit(
            kind=kind,
            id=record_id,
            label=label(looked, kind, record_id),
            excerpt=excerpt,
            case_id=case_of(looked, kind, record_id),
        )
        for kind, record_id, excerpt in listed
    ]


def _before(s: Session) -> Iterator[tuple[str, str]]:
    """Yield what the person opened before this unlocking, the latest first."""
    person = author(s).person
    for trace in islice(traces(s, {Consultation.MADE}), LOOKED_AT):
        fields = trace.op.fields if trace.op is not None else {}
        about = lies_under(Consultation.KIND, fields.get)
        if trace.who == person and about is not None:
            yield about
