"""Words that were taken out of one text are looked for in the others here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from sqlmodel import Session

from storage.database.connection import driver
from storage.ops.op import OpId, decode
from storage.ops.redactions import REDACT, entries

SLICE = 1500
"""Ops looked through at once: some fifty milliseconds of the clerk's time."""
SHORT_RUN_WORDS = 4
"""Words of a piece up to which it is looked for whole, and its names one by one."""
SHINGLE_WORDS = 5
"""Words in a row that make a quotation of a longer piece."""
MIN_WORD_CHARS = 3
"""Characters of a word that is looked for by itself."""

_WORD = re.compile(r"\w+(?:['’-]\w+)*")


def texts_of(value: Any) -> list[str]:
    """Return every text in a field's value, at any depth."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for one in pair for text in texts_of(one)]
    return [text for one in value for text in texts_of(one)] if isinstance(value, list) else []


def pieces_of(texts: Iterable[str], instead: str | None) -> list[str]:
    """Return what to look for elsewhere: the words of texts that are not in what was left, in runs.

    Of a short run the :func:`names_in` are looked for one by one too; of a long one, any five words
    in a row, and two or more names in a row.
    """
    kept_words = {word.casefold() for word in _WORD.findall(instead or "")}
    pieces: dict[str, None] = {}
    for text in texts:
        for run in _runs(_WORD.findall(text), lambda word: word.casefold() not in kept_words):
            folded = [word.casefold() for word in run]
            if len(run) > SHORT_RUN_WORDS:
                for first in range(len(run) - SHINGLE_WORDS + 1):
                    pieces[" ".join(folded[first : first + SHINGLE_WORDS])] = None
                for names in _runs(run, _is_name):
                    if len(names) > 1:
                        pieces[" ".join(names).casefold()] = None
                continue
            if sum(map(len, run)) >= MIN_WORD_CHARS:
                pieces[" ".join(folded)] = None
            pieces.update(dict.fromkeys(word.casefold() for word in run if _is_name(word)))
    return list(pieces)


def names_in(texts: Iterable[str], instead: str | None) -> list[str]:
    """Return the words with a capital or a figure that are in texts and not in what was left."""
    kept_words = {word.casefold() for word in _WORD.findall(instead or "")}
    words = {word.casefold() for text in texts for word in _WORD.findall(text) if _is_name(word)}
    return sorted(words - kept_words)


def _is_name(word: str) -> bool:
    return len(word) >= MIN_WORD_CHARS and (word != word.casefold() or any(map(str.isdigit, word)))


def _runs(words: list[str], wanted: Callable[[str], bool]) -> list[list[str]]:
    """Return the words that are wanted, those in a row together."""
    return [list(run) for is_wanted, run in groupby(words, wanted) if is_wanted]


def quotes_any(text: str, wanted: Iterable[str]) -> bool:
    """Say whether a text holds one of the :func:`pieces_of`, whatever is between its words."""
    flat = f" {' '.join(word.casefold() for word in _WORD.findall(text))} "
    return any(f" {one} " in flat for one in wanted)


Quotation = tuple[str, str, str]
"""The kind and id of a record, and the field."""
START = OpId("", 0, "", 0)
_OPS_AFTER = (
    "SELECT device, epoch, kind, seq, bytes FROM op "
    "WHERE (device, epoch, kind, seq) > (?, ?, ?, ?) ORDER BY device, epoch, kind, seq LIMIT ?"
)


def quotations_after(
    session: Session, wanted: Iterable[str], excluded: str, after: OpId
) -> tuple[OpId | None, list[Quotation]]:
    """Return the last op looked at, None at the end, and where ops quote the pieces.

    Args:
        session: a session.
        wanted: the :func:`pieces_of` what was taken out.
        excluded: the id of the record whose own ops are left out.
        after: the op after which to look, :data:`START` for all.
    """
    rows = driver(session.connection()).execute(_OPS_AFTER, (*after, SLICE)).fetchall()
    quoted: list[Quotation] = []
    for *_, data in rows:
        op = decode(data, trusted=True) if data is not None else None
        if op is not None and op.record[1] != excluded:
            written = [entry["fields"] for entry in entries(op)] if op.op == REDACT else [op.fields]
            texts = (text for fields in written for text in _field_texts(fields))
            quoted += [(*op.record, name) for name, text in texts if quotes_any(text, wanted)]
    return (OpId(*rows[-1][:4]) if len(rows) == SLICE else None), quoted


def _field_texts(fields: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        for text in texts_of(value):
            yield name, text
