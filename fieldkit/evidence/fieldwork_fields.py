"""The fields of fieldwork and its notes that a person sets, in words the methodology knows."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from fieldkit.methodology import Methodology, Term, find
from fieldkit.service import (
    AnyRecord,
    RefusedError,
    criterion_key,
    filled,
    inspection_of,
    methodology_of,
    outcome_keys,
    person,
)
from storage.ops.meant import choices
from storage.records import Document, Interview, Note, Observation, Record

_FIELDS: dict[type[Record], frozenset[str]] = {
    Interview: frozenset(
        ("meeting", "role", "source_group", "mode", "held_on", "unavailable", "agreed", "language")
    )
    | {"works_well"},
    Observation: frozenset(("place", "what", "held_on")),
    Document: frozenset(("title", "sort", "asked_on", "received_on", "dated")),
    Note: frozenset(("text", "criteria", "outcomes", "polarity", "language")),
}
_NEEDED = {
    Interview: ("role", "The role of the person met"),
    Observation: ("place", "The place"),
    Document: ("title", "The title"),
    Note: ("text", "The text of the note"),
}


def add(s: Session, kind: type[AnyRecord], inspection_id: str, fields: dict[str, Any]) -> AnyRecord:
    """Return a new record with what a person gave; raises `RefusedError`."""
    values_given = {_NEEDED[kind][0]: ""} | fields
    values = _checked(methodology_of(s, inspection_id), kind, values_given)
    record = kind.make(**values, inspection_id=inspection_id, by=person(s))
    s.add(record)
    s.flush()
    return record


def edit(s: Session, record: AnyRecord, fields: dict[str, Any]) -> AnyRecord:
    """Change what a person may change of a record; raises `RefusedError`."""
    strange = fields.keys() - _FIELDS[type(record)]
    if strange:
        noun = record.noun()
        raise RefusedError(
            f"The {sorted(strange)[0].replace('_', ' ')} of the {noun} cannot be changed here. "
            "Nothing was changed."
        )
    methodology = methodology_of(s, inspection_of(record))
    record.change(**_checked(methodology, type(record), fields))
    s.flush()
    return record


def _checked(
    methodology: Methodology, kind: type[Record], fields: dict[str, Any]
) -> dict[str, Any]:
    """Return the fields with the words a person wrote turned into the methodology's own."""
    values = dict(fields)
    needed, label = _NEEDED[kind]
    if needed in values:
        values[needed] = filled(str(values[needed]), label)
    if "criteria" in values:
        keys = (criterion_key(methodology, one) for one in values["criteria"])
        values["criteria"] = list(dict.fromkeys(filter(None, keys)))
    if "outcomes" in values:
        values["outcomes"] = outcome_keys(methodology, values["outcomes"])
    for name, noun, terms in (
        ("meeting", "kind of meeting", methodology.meetings),
        ("mode", "way of meeting", methodology.modes),
        ("source_group", "source group", methodology.source_groups),
        ("polarity", "polarity", methodology.polarities),
    ):
        if name in values:
            values[name] = _word(terms, str(values[name]), noun)
    return values


def _word(terms: tuple[Term, ...], written: str, noun: str) -> str:
    if not written.strip():
        return ""
    term = find(terms, written)
    if term is None:
        known = choices(written, (one.key for one in terms))
        raise RefusedError(
            f"“{written}” is not a {noun} that fieldkit knows. Nothing was changed; choose one of "
            f"{known}"
        )
    return term.key
