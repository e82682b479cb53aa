"""The kinds of record that this fieldkit knows, and what is known of each field of each.

A later fieldkit may have written other kinds and fields. Those stay in the ops and are passed on.
No table has them, nobody can be asked to decide between them, and the tables are made anew once a
fieldkit knows them (:mod:`storage.vault.migrate`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

from pydantic import TypeAdapter

from storage.ops.op import DELETED
from storage.ops.redactions import REDACTED_TEXT
from storage.ops.text import clean_text
from storage.records.case import Case, CaseAudit, CaseKey, KnownName
from storage.records.debrief import Debrief, DebriefPoint
from storage.records.fieldwork import Document, Interview, Observation, Pulse
from storage.records.inspection import CalendarEntry, Inspection, Milestone
from storage.records.judgment import Assessment, Judgment
from storage.records.log import Consultation, Disclosure, Epoch, Erasure, LetPass, Receipt
from storage.records.model.base import Record
from storage.records.model.fields import Facts, facts_of_name
from storage.records.note import Note
from storage.records.point import (
    Point,
    Practice,
    PracticeConsent,
    PracticeRequest,
    Support,
)
from storage.records.query import Query
from storage.records.recommendation import (
    ActionPlan,
    Basis,
    Intention,
    Recommendation,
    RecommendationComment,
    RecommendationLink,
    Weighing,
)
from storage.records.referral import Referral
from storage.records.reveal import Reveal
from storage.records.self_assessment import ForceRow, ForceRowKey, SelfAssessment

KINDS: dict[str, type[Record]] = {
    record_class.KIND: record_class
    for record_class in (
        Inspection,
        Case,
        CaseKey,
        KnownName,
        CaseAudit,
        Judgment,
        Assessment,
        Reveal,
        Interview,
        Pulse,
        Observation,
        Document,
        Note,
        Point,
        Support,
        Practice,
        PracticeConsent,
        PracticeRequest,
        Debrief,
        DebriefPoint,
        Referral,
        Query,
        Recommendation,
        Basis,
        Weighing,
        RecommendationLink,
        RecommendationComment,
        ActionPlan,
        Intention,
        Milestone,
        CalendarEntry,
        SelfAssessment,
        ForceRow,
        ForceRowKey,
        Consultation,
        Disclosure,
        LetPass,
        Receipt,
        Epoch,
        Erasure,
    )
}
"""The class of each kind of record; all that is known of a kind stands there."""


class FieldRule(NamedTuple):
    """Says what a field may hold: its JSON type, a list's texts', and the form's own checks."""

    plain: type
    item: type | None
    adapter: TypeAdapter[Any] | None


_JSON_TYPES: dict[object, type] = {plain: plain for plain in (str, int, bool, list, dict)}


def uncounted() -> tuple[str, ...]:
    """Return the kinds about sending and looking: they follow by themselves, nobody waits."""
    return tuple(kind for kind, known in KINDS.items() if not known.COUNTED)


def is_counted(kind: str) -> bool:
    """Say whether a kind of record counts as work that waits; those not known here do."""
    known = KINDS.get(kind)
    return known is None or known.COUNTED


def may_hold_notes(kind: str) -> bool:
    """Say whether notes may stand in records of a kind."""
    return kind in KINDS and KINDS[kind].NOTED


def noun(kind: str) -> str:
    """Return what a person calls a kind of record, also one of a later fieldkit."""
    return kind.replace("_", " ")


def plural(kind: str) -> str:
    """Return what a person calls several records of a kind."""
    known = KINDS.get(kind)
    return known.plural() if known else f"{noun(kind)}s"


def facts(kind: str, name: str) -> Facts:
    """Return what is known of a field besides its type; nothing for a kind not known here."""
    known = KINDS.get(kind)
    return known.facts(name) if known else facts_of_name(name)


def field_label(kind: str, name: str) -> str:
    """Return what a person calls a field."""
    return facts(kind, name).label or name.replace("_", " ")


@cache
def fields_with(known: type[Record], fact: Literal["author", "following"]) -> frozenset[str]:
    """Return the fields of a kind of which something holds."""
    return frozenset(name for name in known.field_names() if getattr(known.facts(name), fact))


def known_fields(kind: str) -> frozenset[str]:
    """Return the fields of a kind, :data:`DELETED` among them; none of a kind not known here."""
    known = KINDS.get(kind)
    return _known_fields(known) if known else frozenset()


@cache
def _known_fields(known: type[Record]) -> frozenset[str]:
    return frozenset((*known.field_names(), DELETED))


def default_of(kind: str, name: str) -> Any:
    """Return the value of a field that no op has written; None where it is not known here."""
    known = KINDS.get(kind)
    return known.default(name) if known and name in known.field_names() else None


def named_by(kind: str, name: str, value: Callable[[str], Any]) -> tuple[str, str] | None:
    """Return the kind and id of the record that a field names; None for any other field.

    A field ``<kind>_id`` names a record of that kind, and ``<any>_id`` one of the kind that the
    field ``<any>_kind`` says.

    Args:
        kind: the kind of record that has the field.
        name: the field.
        value: gives the value of a field.
    """
    target, stem = facts(kind, name).refers, name.removesuffix("_id")
    if not target and stem != name:
        target = stem if stem in KINDS else str(value(f"{stem}_kind"))
    return (target, str(value(name))) if target else None


def lies_under(kind: str, value: Callable[[str], Any]) -> tuple[str, str] | None:
    """Return the kind and id of the record that one lies under, besides its inspection."""
    known = KINDS.get(kind)
    above = named_by(kind, known.UNDER, value) if known and known.UNDER else None
    # A note in what holds none, as a colleague's bundle may say, lies nowhere.
    return None if kind == Note.KIND and above and not may_hold_notes(above[0]) else above


@cache
def rules(known: type[Record]) -> dict[str, FieldRule]:
    """Return what each field of a kind of record may hold, as its class demands."""
    form = known.model_fields
    found: dict[str, FieldRule] = {DELETED: FieldRule(bool, None, None)}
    for name in known.field_names():
        annotation = form[name].annotation
        plain = _JSON_TYPES[get_origin(annotation) or annotation]
        inner = get_args(annotation)[0] if plain is list else None
        # Neither what is known of the field nor what SQLModel says of its column is a check.
        metadata = (each for each in form[name].metadata if not isinstance(each, Facts))
        checks = [
            each
            for each in metadata
            if getattr(each, "func", None) != clean_text and not hasattr(each, "sa_column")
        ]
        typed: Any = Annotated[(annotation, *checks)] if checks else annotation
        adapter = TypeAdapter[Any](typed) if checks or get_args(annotation) else None
        found[name] = FieldRule(plain, str if inner is str else None, adapter)
    return found


def holds_words(kind: str, name: str) -> bool:
    """Say whether a field may hold words that a person wrote: free text, lists and tables."""
    if facts(kind, name).code:
        return False
    rule = rules(KINDS[kind])[name]
    return rule.plain in (list, dict) or (rule.plain is str and rule.adapter is None)


def free_text(kind: str, name: str) -> bool:
    """Say whether any text may stand in a field."""
    return holds_words(kind, name) and rules(KINDS[kind])[name].plain is str


def free_fields(kind: str) -> frozenset[str]:
    """Return the fields in which any text may stand; none of a kind not known here."""
    known = KINDS.get(kind)
    return _free_fields(known) if known else frozenset()


@cache
def _free_fields(known: type[Record]) -> frozenset[str]:
    return frozenset(name for name in _known_fields(known) if free_text(known.KIND, name))


def redacted_value(kind: str, name: str) -> Any:
    """Return what stands in a field whose words were taken out; None where none may stand in it."""
    if name not in rules(KINDS[kind]):
        return REDACTED_TEXT
    if name == DELETED or not holds_words(kind, name):
        return None
    return REDACTED_TEXT if free_text(kind, name) else KINDS[kind].default(name)
