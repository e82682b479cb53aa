"""What stops at a door: identifiers in the texts that are about to leave, one by one.

Nothing leaves while one is unsettled: it is taken out of the record it stands in, or a person lets
it pass with a reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.identifiers import Search, child_of, is_searched, search_of, texts_of
from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.service import RefusedError
from fieldkit.wording.format import shorten
from fieldkit.wording.identifiers.identifier import EMAIL, Identifier, kinds_in_words
from fieldkit.wording.labels import label
from storage.feed.read import leaves_of
from storage.history.history import history
from storage.records import CaseKey, LetPass, Record
from storage.records.lookup import records_in
from storage.records.registry import KINDS, field_label

AROUND = 30
"""Characters shown on either side of an identifier."""
LABEL_LENGTH = 40
"""Characters of what a record is called, at most."""
MOST_NAMED = 6
"""Stops that a refusal names; more are counted."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Holds one identifier that is about to leave.

    Attributes:
        kind: the kind of record it stands in; empty where it was typed for this document alone.
        record_id: which record.
        field: which field of it.
        text: the whole of that field.
        identifier: what was found, with its place in the field.
        instead: what is offered in its place.
        where: the record and field in words.
        text_op: the op that wrote the field.
    """

    kind: str
    record_id: str
    field: str
    text: str
    identifier: Identifier
    instead: str
    where: str
    text_op: str

    @property
    def key(self) -> str:
        """Return by what a command names it; another once the text has changed."""
        parts = (self.kind, self.record_id, self.field, str(self.identifier.start), self.text)
        return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:8]

    @property
    def excerpt(self) -> str:
        """Return the identifier with some words around it, on one line."""
        start, end = self.identifier.start, self.identifier.end
        before, after = self.text[max(0, start - AROUND) : start], self.text[end : end + AROUND]
        return " ".join(f"{before}{self.identifier.text}{after}".split())

    @property
    def words(self) -> str:
        """Return what was found and where, in a line."""
        what, written = kinds_in_words([self.identifier]), " ".join(self.identifier.text.split())
        return f"{what} “{written}” in “{self.excerpt}” ({self.where})"


class StoppedError(RefusedError):
    """Something was about to leave that looks like an identifier; nothing left."""

    def __init__(self, stops: list[Stop]) -> None:
        self.stops = stops
        named = [f"{one.key}: {one.words}" for one in stops[:MOST_NAMED]]
        if len(stops) > MOST_NAMED:
            named.append(f"and {len(stops) - MOST_NAMED} more")
        settle = (
            "Nothing left the vault. “fieldkit identifiers take-out KEY” writes other words there, "
            "“fieldkit identifiers let-pass KEY --reason …” lets it stand."
        )
        if not all(one.kind for one in stops):
            settle += " What was typed for this alone is typed anew without it."
        super().__init__(
            f"Somebody could be identified from what is to leave: {'; '.join(named)}. {settle}"
        )


def stops(s: Session, inspection_id: str, texts: Iterable[LeavingText]) -> list[Stop]:
    """Return what in texts that are about to leave looks like an identifier and is not settled.

    Each once, however often its text leaves.
    """
    search = search_of(s, inspection_id)
    passed: set[tuple[object, ...]] | None = None
    found: dict[tuple[str, str, str, int], Stop] = {}
    for leaving in dict.fromkeys(texts):
        identifiers = telling(search, leaving)
        if not identifiers:
            continue
        if passed is None:
            passed = _passes(s, inspection_id)
        for stop in _stops_in(s, search, leaving, identifiers):
            place = (stop.kind, stop.record_id, stop.field, stop.identifier.start)
            if (*place, stop.text_op, len(stop.identifier.text)) not in passed:
                found.setdefault(place, stop)
    return list(found.values())


def telling(search: Search, leaving: LeavingText) -> list[Identifier]:
    """Return what in a text tells of somebody.

    A force reference is in a document only where it was asked for. The force holds it, and gives it
    whatever form it likes: in it, only a name of the list and an address of a person tell.
    """
    identifiers = search.find(leaving.text)
    if (leaving.kind, leaving.field) != (CaseKey.KIND, "force_ref"):
        return identifiers
    return [one for one in identifiers if one.name or one.kind == EMAIL]


def refuse_unsettled(s: Session, inspection_id: str, texts: Iterable[LeavingText]) -> None:
    """Raise :class:`StoppedError` where something in texts that are about to leave is unsettled."""
    unsettled = stops(s, inspection_id, texts)
    if unsettled:
        raise StoppedError(unsettled)


def all_texts(s: Session, inspection_id: str) -> list[LeavingText]:
    """Return all that was written in an inspection, whether it is to leave or not."""
    return [
        LeavingText(record.KIND, record.id, name, text)
        for record_class in KINDS.values()
        if is_searched(record_class) and "inspection_id" in record_class.field_names()
        for record in records_in(s, record_class, inspection_id)
        for name, text in texts_of(record).items()
    ]


def written_by(s: Session, kind: str, record_id: str, name: str, text: str) -> str:
    """Return the id of the op that wrote a text into a field; empty where none did.

    Of the sheet of a day gone by the words may have been changed since: then the last that held
    them.
    """
    record = s.get(KINDS[kind], record_id)
    if record is not None and text in str(getattr(record, name, "")):
        leaves = leaves_of(s.connection(), kind, record_id).get(name)
        return str(leaves[0].id) if leaves else ""
    earlier = (
        str(change.op)
        for change in reversed(history(s, kind, record_id))
        if name in change.fields and text in str(change.fields[name][1])
    )
    return next(earlier, "")


def _stops_in(
    s: Session, search: Search, leaving: LeavingText, identifiers: list[Identifier]
) -> Iterable[Stop]:
    record = s.get(KINDS[leaving.kind], leaving.record_id) if leaving.kind in KINDS else None
    whole, offset = _whole(record, leaving)
    child = child_of(s, record) if record is not None else ""
    where, wrote = leaving.field.replace("_", " "), ""
    if record is not None:
        called = field_label(leaving.kind, leaving.field)
        # A point is called by its wording, which stands there already.
        of = shorten(label(s, leaving.kind, leaving.record_id), LABEL_LENGTH)
        where = f"{of}, {called}"
        wrote = written_by(s, leaving.kind, leaving.record_id, leaving.field, leaving.text)
    for one in identifiers:
        placed = Identifier(one.kind, one.start + offset, one.end + offset, one.text, one.name)
        yield Stop(
            leaving.kind if record is not None else "",
            leaving.record_id,
            leaving.field,
            whole,
            placed,
            search.instead(one, child),
            where,
            wrote,
        )


def _whole(record: Record | None, leaving: LeavingText) -> tuple[str, int]:
    """Return the whole of the field that a text is from, and where in it the text begins."""
    value = getattr(record, leaving.field, None) if record is not None else None
    if isinstance(value, str) and leaving.text in value:
        return value, value.index(leaving.text)
    return leaving.text, 0


def _passes(s: Session, inspection_id: str) -> set[tuple[object, ...]]:
    return {
        (one.of_kind, one.of_id, one.field, one.place, one.text_op, one.length)
        for one in records_in(s, LetPass, inspection_id)
    }
