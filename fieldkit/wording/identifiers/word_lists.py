"""The words that the recognisers go by, read once from ``word_lists.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from importlib.resources import files
from typing import Any, NamedTuple

_HISSING = ("s", "x", "z", "ch", "sh")


class KindWords(NamedTuple):
    """Says how a kind of identifier is told, and what is offered in its place."""

    noun: str
    instead: str


class WordLists:
    """Gives the lists of ``word_lists.toml`` as sets, each made when it is first asked for."""

    @cached_property
    def _data(self) -> dict[str, Any]:
        return tomllib.loads(_file("word_lists.toml"))

    @cached_property
    def kinds(self) -> dict[str, KindWords]:
        """Return the words of each kind of identifier."""
        return {kind: KindWords(**words) for kind, words in self._data["kinds"].items()}

    @cached_property
    def ordinals(self) -> dict[str, int]:
        """Return the day that a written ordinal means."""
        lists = (words.split() for words in self._data["ordinals"].values())
        return {word: number for words in lists for number, word in enumerate(words, start=1)}

    @cached_property
    def sounds(self) -> list[tuple[re.Pattern[str], str]]:
        """Return the rules by which spellings of one sound become the same."""
        rules: list[tuple[str, str]] = self._data["sounds"]["rules"]
        return [(re.compile(old), new.replace("$1", r"\1")) for old, new in rules]

    @cached_property
    def look_alikes(self) -> dict[int, str]:
        """Return the Latin letter for each that looks like one, for ``str.translate``."""
        return {
            ord(pair[0]): pair[1].upper() if pair[0].isupper() else pair[1]
            for pair in self._data["look_alikes"]["pairs"].split()
        }

    @cached_property
    def nicknames(self) -> dict[str, set[str]]:
        """Return the other forms of a first name."""
        forms: dict[str, set[str]] = {}
        for family in self._data["nicknames"]["families"]:
            words = set(family.split())
            for word in words:
                forms.setdefault(word, set()).update(words - {word})
        return forms

    @cached_property
    def common(self) -> frozenset[str]:
        """Return words that nobody takes for a name, however they are written."""
        words = _file("english_words.txt").split()
        plurals = (f"{word}es" if word.endswith(_HISSING) else f"{word}s" for word in words)
        return self["ordinary", "trade"] | self["ordinary", "times"] | {*words, *plurals}

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """Return words that are names only where something else in the sentence says so."""
        return self.common | self["ordinary", "names"] | self["ordinary", "places"]

    @cached_property
    def _sets(self) -> dict[tuple[str, str], frozenset[str]]:
        return {}

    def __getitem__(self, place: tuple[str, str]) -> frozenset[str]:
        """Return one of the plain lists, by its table and key."""
        if place not in self._sets:
            table, key = place
            self._sets[place] = frozenset(self._data[table][key].split())
        return self._sets[place]


def _file(name: str) -> str:
    return files("fieldkit.wording.identifiers").joinpath(name).read_text("utf-8")


WORDS = WordLists()
