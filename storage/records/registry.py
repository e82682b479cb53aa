"""The fields that this fieldkit knows of a kind of record; a later one may have written others.

Those stay in the ops and are passed on. No table has them, nobody can be asked to decide between
them, and the tables are made anew once a fieldkit knows them (:mod:`storage.vault.migrate`).
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from pydantic import TypeAdapter

from storage.ops.op import DELETED
from storage.ops.text import clean_text
from storage.records.base import Record
from storage.records.case import Case, CaseAudit, CaseKey
from storage.records.debrief import Debrief, DebriefPoint
from storage.records.fieldwork import Document, Interview, Observation
from storage.records.inspection import Inspection
from storage.records.judgment import Assessment, Judgment
from storage.records.log import Consultation, Disclosure, Epoch, Erasure, Receipt
from storage.records.note import Note
from storage.records.point import Point, Support
from storage.records.query import Query
from storage.records.recommendation import Basis, Recommendation
from storage.records.referral import Referral
from storage.records.reveal import Reveal
from storage.records.self_assessment import ForceRow, ForceRowKey, SelfAssessment

CLASSES: tuple[type[Record], ...] = (
    Inspection,
    Case,
    CaseKey,
    CaseAudit,
    Judgment,
    Assessment,
    Reveal,
    Interview,
    Observation,
    Document,
    Note,
    Point,
    Support,
    Debrief,
    DebriefPoint,
    Referral,
    Query,
    Recommendation,
    Basis,
    SelfAssessment,
    ForceRow,
    ForceRowKey,
    Consultation,
    Disclosure,
    Receipt,
    Epoch,
    Erasure,
)
"""Every record class; the tables are what the feeds add up to."""


KINDS: dict[str, type[Record]] = {one.KIND: one for one in CLASSES}
"""The class of each kind of record."""


UNCOUNTED = ("consultation", "disclosure", "receipt", "epoch", "erasure")
"""Records about sending and looking: they follow by themselves and nobody waits for them."""


ON_RECORD = (*UNCOUNTED, "reveal", "erasure")
"""Kinds of record that say what was done with the material; they hold no words of a case."""


class _Field(NamedTuple):
    """What a field may hold: its JSON type, that of a list's texts, and the form's own checks."""

    plain: type
    item: type | None
    adapter: TypeAdapter[Any] | None


_PLAIN: dict[object, type] = {one: one for one in (str, int, bool, list, dict)}


_CLOSED = frozenset(
    {
        *("by", "decided_by", "criterion", "grade", "parent_kind", "evidence_kind", "revision"),
        *("judgment_op", "force_op", "file_hash", "methodology", "language", "marking", "central"),
        *("criteria", "types", "reasons", "source_group", "mode"),
    }
)
"""Texts that say where a record belongs, or by what rules it was made: no words of a person's."""


@cache
def known_fields(kind: str) -> frozenset[str]:
    """The fields of a kind, :data:`DELETED` among them; none of a kind that is not known."""
    known = KINDS.get(kind)
    return frozenset((*known.field_names(), DELETED)) if known else frozenset()


def default_of(kind: str, name: str) -> Any:
    """The value of a field that no op has written; None where it is not known here."""
    known = KINDS.get(kind)
    return known.default(name) if known and name in known.field_names() else None


@cache
def _fields(kind: str) -> dict[str, _Field]:
    """What each field of a kind of record may hold, as the form that made it demands."""
    form = KINDS[kind].form_class().model_fields
    found: dict[str, _Field] = {DELETED: _Field(bool, None, None)}
    for name in KINDS[kind].field_names():
        annotation = form[name].annotation
        plain = _PLAIN[get_origin(annotation) or annotation]
        inner = get_args(annotation)[0] if plain is list else None
        checks = [one for one in form[name].metadata if getattr(one, "func", None) != clean_text]
        typed: Any = Annotated[(annotation, *checks)] if checks else annotation
        adapter = TypeAdapter[Any](typed) if checks or get_args(annotation) else None
        found[name] = _Field(plain, str if inner is str else None, adapter)
    return found


def holds_words(kind: str, name: str) -> bool:
    """Whether a field may hold words that a person wrote: free text, lists and tables."""
    if name in _CLOSED or name.endswith("_id"):
        return False
    field = _fields(kind)[name]
    return field.plain in (list, dict) or (field.plain is str and field.adapter is None)


def free_text(kind: str, name: str) -> bool:
    """Whether any text may stand in a field."""
    field = _fields(kind)[name]
    return holds_words(kind, name) and field.plain is str
