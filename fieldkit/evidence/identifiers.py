"""Identifiers in what is kept: said when a text is kept, and taken out of it with a key.

Taking out writes the record anew: what stood there stays in its history until it is redacted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.names import add_names, listed_names
from fieldkit.service import RefusedError, existing, inspection_of
from fieldkit.wording.identifiers.find import find_identifiers
from fieldkit.wording.identifiers.identifier import NAME, Identifier, kinds_in_words, replacement
from storage.feed.journal import because
from storage.ops.op import KEY
from storage.records import Case, Inspection, KnownName, Note, Record
from storage.records.case import listed_references
from storage.records.registry import KINDS, facts, free_text

UNLISTED = "[name]"
"""Stands in the place of a name that is not on the list, such as an officer's."""
_PERSON_ID = re.compile(r"[0-9a-f]{12}")
"""As :mod:`storage.trust.identity` makes them; by chance one may look like a number of police."""


@dataclass(frozen=True, slots=True)
class Search:
    """Finds identifiers by what an inspection knows: its names, and its own references of cases.

    Attributes:
        inspection_id: of which inspection.
        names: what stands in the place of each listed name, by name.
        own: the references of its cases, and of its documents.
    """

    inspection_id: str
    names: Mapping[str, str]
    own: frozenset[str]

    def find(self, text: str) -> list[Identifier]:
        """Return the identifiers in a text."""
        return find_identifiers(text, tuple(self.names), own=self.own)

    def instead(self, identifier: Identifier, child: str = "") -> str:
        """Return what is offered in the place of an identifier.

        Args:
            identifier: what was found.
            child: what the child of the case is called, where the text is of one.
        """
        if identifier.kind != NAME:
            return replacement(identifier.kind)
        if not identifier.name:
            return UNLISTED
        return self.names[identifier.name] or child or replacement(NAME)


def search_of(s: Session, inspection_id: str) -> Search:
    """Return what finds identifiers in the texts of an inspection."""
    names = {one.name: one.label for one in listed_names(s, inspection_id)}
    own = {ref for of, ref in listed_references(s) if of == inspection_id}
    inspection = s.get(Inspection, inspection_id)
    if inspection is not None:
        own.add(inspection.document_reference)
    return Search(inspection_id, names, frozenset(own))


def looks_like(s: Session, inspection_id: str, *texts: str) -> str:
    """Return what texts look like they hold, as a sentence; empty where that is nothing."""
    search = search_of(s, inspection_id)
    found = [one for text in texts if text.strip() for one in search.find(text)]
    return f"Looks like {kinds_in_words(found)}." if found else ""


def looks_like_in(s: Session, kind: str, record_id: str) -> str:
    """Return the same of all that a person wrote in one record; empty where it is gone."""
    record = s.get(KINDS[kind], record_id)
    return (
        "" if record is None else looks_like(s, inspection_of(record), *texts_of(record).values())
    )


def texts_of(record: Record) -> dict[str, str]:
    """Return what of a record a person wrote in their own words, by field."""
    names = (name for name in record.field_names() if free_text(record.KIND, name))
    return {name: text for name in names if (text := words_of(record, name))}


def words_of(record: Record, name: str) -> str:
    """Return what a person wrote in a field; empty where it names a person by their id."""
    text = str(getattr(record, name))
    return "" if facts(record.KIND, name).person and _PERSON_ID.fullmatch(text) else text


def is_searched(record_class: type[Record]) -> bool:
    """Say whether a kind of record holds words of ours that may leave."""
    return (
        record_class.FEED != KEY
        and record_class.REDACTABLE
        and record_class not in (Inspection, KnownName)
    )


def take_out(
    s: Session, record: Record, name: str, taken: Iterable[tuple[Identifier, str]]
) -> None:
    """Write a field of a record anew with other words in the place of identifiers.

    A name that was not on the list is put there, so that it is found wherever else it stands.

    Args:
        s: a writing session.
        record: which record, of any state: what is final or frozen is changed too, with the reason.
        name: the field.
        taken: the identifiers as they stand in the field, each with what is written in its place.

    Raises:
        RefusedError: the text has changed since, or is not ours to change.
    """
    if not is_searched(type(record)):
        raise RefusedError(
            "These are the force's own words, or a record of what was done, and were not changed. "
            "Leave them out, or let them pass with a reason."
        )
    text = str(getattr(record, name))
    pairs = sorted(taken, key=lambda pair: pair[0].start, reverse=True)
    for identifier, instead in pairs:
        if text[identifier.start : identifier.end] != identifier.text:
            raise RefusedError(
                "The text was changed meanwhile. Nothing was done; look at it again."
            )
        text = text[: identifier.start] + instead + text[identifier.end :]
    what = kinds_in_words(one for one, _ in reversed(pairs))
    with because(s, f"took out what looks like {what}"):
        record.change(**{name: text})
    unlisted = [
        f"{name} = {instead}"
        for one, instead in pairs
        if one.kind == NAME and not one.name and (name := _without_number(one.text))
    ]
    add_names(s, inspection_of(record), unlisted)


def _without_number(written: str) -> str:
    """Return a name without a collar number beside it; empty where nothing is left to be listed."""
    words = [word for word in written.split() if not any(map(str.isdigit, word))]
    return " ".join(words) if len("".join(words)) > 1 else ""


def take_out_all(s: Session, kind: str, record_id: str) -> int:
    """Take every identifier out of what a person wrote in one record; returns how many there were.

    What was said of them stays in the record's history; `redact` takes it out there.
    """
    record = existing(s, KINDS[kind], record_id)
    search = search_of(s, inspection_of(record))
    child = child_of(s, record)
    count = 0
    for name, text in texts_of(record).items():
        found = search.find(text)
        if found:
            take_out(s, record, name, [(one, search.instead(one, child)) for one in found])
        count += len(found)
    return count


def child_of(s: Session, record: Record) -> str:
    """Return what the child of the case is called that a record is of; empty for any other."""
    case_id = getattr(record, "case_id", "")
    if isinstance(record, Note) and record.parent_kind == Case.KIND:
        case_id = record.parent_id
    case = record if isinstance(record, Case) else s.get(Case, case_id) if case_id else None
    return case.child_label.strip() if isinstance(case, Case) else ""
