"""Case types as a force writes them, against the inspection's list and its other names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz

from fieldkit.workbook.values.words import has_phrase, plain

Types = Mapping[str, Sequence[str]] | Sequence[str]
_BETWEEN = re.compile(r"[/;,+&|\n]|\band\b", re.IGNORECASE)
_LONGEST = 500
"""Characters of a cell that may name types; what is longer is a text."""
_NEAR = 90.0


class CaseTypes:
    """The inspection's case types; `types` is a list of labels, or labels with their aliases."""

    def __init__(self, types: Types | None) -> None:
        given = types or {}
        aliases: Iterable[tuple[str, Sequence[str]]]
        if isinstance(given, Mapping):
            aliases = given.items()
        else:
            aliases = ((label, ()) for label in given)
        self._by_word: dict[str, str] = {}
        self.labels: list[str] = []
        for label, others in aliases:
            self.labels.append(label)
            for word in (label, *others):
                self._by_word.setdefault(plain(word), label)
        self._cache: dict[str, tuple[str, ...]] = {}

    def __bool__(self) -> bool:
        return bool(self.labels)

    def read(self, written: str) -> tuple[str, ...]:
        """Return the labels that `written` names; empty when it names none."""
        if written not in self._cache:
            self._cache[written] = self._read(written)
        return self._cache[written]

    def _read(self, written: str) -> tuple[str, ...]:
        lines = (" ".join(line.split()) for line in written.splitlines())
        written = "\n".join(filter(None, lines))[:_LONGEST]
        whole = self._one(written)
        if whole is not None:
            return (whole,)
        parts = [part for part in _BETWEEN.split(written) if plain(part)]
        if len(parts) > 1:
            labels = [self._one(part) for part in parts]
            named = tuple(dict.fromkeys(label for label in labels if label is not None))
            if named:
                return named
        return self._within(plain(written))

    def _one(self, written: str) -> str | None:
        text = plain(written)
        if text in self._by_word:
            return self._by_word[text]
        if len(text) < 5:
            return None
        near = {
            label
            for word, label in self._by_word.items()
            if len(word) > 4 and fuzz.ratio(text, word) >= _NEAR
        }
        return near.pop() if len(near) == 1 else None

    def _within(self, text: str) -> tuple[str, ...]:
        """Return labels among other words, longest first so that "online …" is not the shorter."""
        named: list[str] = []
        for word in sorted(self._by_word, key=len, reverse=True):
            if len(word) > 1 and has_phrase(text, word):
                named.append(self._by_word[word])
                text = f" {text} ".replace(f" {word} ", " | ").strip()
        return tuple(dict.fromkeys(named))
