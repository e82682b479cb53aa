"""Looks through what was just kept, whoever kept it: a page, a command, a list read in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.identifiers import Search, is_searched, search_of, words_of
from fieldkit.history.record_history import inspection_of as where
from fieldkit.service import inspection_of
from fieldkit.wording.identifiers.identifier import Identifier, kinds_in_words
from fieldkit.wording.identifiers.word_lists import WORDS
from storage.feed.writer import KeptText
from storage.ops.op import KEY
from storage.records.registry import KINDS


@dataclass(frozen=True, slots=True)
class Marked:
    """Holds what texts that were kept look like.

    Attributes:
        sentence: what they look like, as a sentence; empty where that is nothing.
        records: the records in which it stands, by kind and id.
        reason: the same of reasons, which stand in the history alone.
    """

    sentence: str
    records: tuple[tuple[str, str], ...]
    reason: str = ""


def mark_kept(s: Session, texts: Iterable[KeptText]) -> Marked:
    """Return what texts that were just kept look like they hold, as they stand now."""
    searches: dict[str, Search] = {}
    found: list[Identifier] = []
    in_reasons: list[Identifier] = []
    records: dict[tuple[str, str], None] = {}

    def find(inspection_id: str, text: str) -> list[Identifier]:
        if inspection_id not in searches:
            searches[inspection_id] = search_of(s, inspection_id)
        return searches[inspection_id].find(text)

    for text in texts:
        known = KINDS[text.kind]
        if text.reason:
            if known.FEED != KEY:
                in_reasons += find(where(s, text.kind, text.record_id), text.reason)
            continue
        record = s.get(known, text.record_id) if is_searched(known) else None
        if record is None:
            continue
        identifiers = find(inspection_of(record), words_of(record, text.field))
        if identifiers:
            found += identifiers
            records[(text.kind, text.record_id)] = None
    # Many texts come in no order that anybody typed them in; a sentence is to read the same.
    if len(records) > 1:
        order = list(WORDS.kinds)
        found.sort(key=lambda one: order.index(one.kind))
    sentence = f"Looks like {kinds_in_words(found)}." if found else ""
    reason = ""
    if in_reasons:
        reason = (
            f"The reason looks like {kinds_in_words(in_reasons)}. A reason stays in the history "
            "and travels with it; name nobody in the next one."
        )
    return Marked(sentence, tuple(records), reason)
