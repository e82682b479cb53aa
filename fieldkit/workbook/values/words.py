"""The word lists and limits beside this file, read once, and how words are compared."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

_NOT_WORD = re.compile(r"[^\w]+|_+")


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Return words to compare by: NFKC, lower case, punctuation to single spaces."""
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


@dataclass(frozen=True, slots=True)
class FieldWords:
    """How the column of one field is known by its heading; weight is its say in finding tables."""

    field: str
    weight: float
    strong: frozenset[str]
    weak: frozenset[str]
    never: frozenset[str]
    bare: frozenset[str] = frozenset()
    """Strong ones that say what the column holds, but not whose."""
    only: frozenset[str] = frozenset()
    """Where given, the only words that may stand in a heading beside a phrase."""


@lru_cache(maxsize=8)
def load(name: str) -> Mapping[str, Any]:
    """Return the parsed TOML file `name` of this package."""
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


@lru_cache(maxsize=64)
def limit(group: str, name: str) -> int:
    """Return one figure of ``limits.toml``."""
    return int(load("limits.toml")[group][name])


@lru_cache(maxsize=8)
def field_words(kind: str) -> tuple[FieldWords, ...]:
    """Return the fields of a `kind` of table: ``self_assessment`` or ``case_list``."""
    return tuple(
        FieldWords(
            field=field,
            weight=float(entry["weight"]),
            strong=frozenset(map(plain, entry["strong"])),
            weak=frozenset(map(plain, entry["weak"])),
            never=frozenset(map(plain, entry["never"])),
            bare=frozenset(map(plain, entry.get("bare", ()))),
            only=frozenset(map(plain, entry.get("only", ()))),
        )
        for field, entry in load("words.toml")[kind].items()
    )


@lru_cache(maxsize=32)
def word_set(group: str, name: str) -> frozenset[str]:
    """Return a plain list of words of ``words.toml``, made comparable."""
    return frozenset(plain(word) for word in load("words.toml")[group][name])


@lru_cache(maxsize=8)
def word_groups(group: str) -> Mapping[str, frozenset[str]]:
    """Return a table of ``words.toml`` whose keys each have a list of words, made comparable."""
    return {
        key: frozenset(plain(word) for word in words)
        for key, words in load("words.toml")[group].items()
    }


def has_any_phrase(text: str, phrases: frozenset[str]) -> bool:
    """Say whether the words of any of these phrases stand together in `text` (all comparable)."""
    return shares_word(text, phrases) and any(has_phrase(text, phrase) for phrase in phrases)


def shares_word(text: str, phrases: frozenset[str]) -> bool:
    """Say whether a phrase may stand in `text`, as the first word of one is in it."""
    return not _first_words(phrases).isdisjoint(text.split())


@lru_cache(maxsize=128)
def _first_words(phrases: frozenset[str]) -> frozenset[str]:
    return frozenset(phrase.partition(" ")[0] for phrase in phrases)


def has_phrase(text: str, phrase: str) -> bool:
    """Say whether the words of `phrase` stand together in `text` (both made comparable)."""
    return f" {phrase} " in f" {text} "
