"""Names of police forces: which two mean one force, and the short form of one.

“Westshire”, “Westshire Police” and “WESTSHIRE CONSTABULARY” are one force, whose inspections and
recommendations belong together. Names are kept and shown as they were written. The words that make
no difference stand in ``forces.toml``.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from storage.ops.text import comparable

_NO_LETTER = re.compile(r"[^\w&]+|_")


class _Words(NamedTuple):
    beginnings: tuple[str, ...]
    endings: tuple[str, ...]


@cache
def _words() -> _Words:
    data = tomllib.loads(files("storage.ops.forces").joinpath("forces.toml").read_text("utf-8"))
    beginnings, endings = (
        tuple(sorted(data[name], key=len, reverse=True)) for name in ("beginnings", "endings")
    )
    return _Words(beginnings, endings)


@lru_cache(maxsize=1024)
def comparable_force(name: str) -> str:
    """Return what the names of one force have in common, however it is written.

    Capitals, punctuation and spaces make no difference, nor do the words that every force is called
    by. A name that consists of nothing else stays as it is.
    """
    folded = comparable(name).replace("’", "'").replace("'", "").replace("&", " and ")
    text = " ".join(_NO_LETTER.sub(" ", folded).split())
    while (shorter := _without_one(text)) != text:
        text = shorter
    return text or comparable(name)


def _without_one(text: str) -> str:
    words = _words()
    for ending in words.endings:
        if text.endswith(f" {ending}"):
            return text[: -len(ending) - 1]
    for beginning in words.beginnings:
        if text.startswith(f"{beginning} "):
            return text[len(beginning) + 1 :]
    return text


def is_same_force(one: str, other: str) -> bool:
    """Say whether two names mean one force."""
    return comparable_force(one) == comparable_force(other)


def short_force(name: str) -> str:
    """Return a force's name, as it was written, without what every force is called."""
    text = name.strip()
    for ending in _words().endings:
        if text.casefold().endswith(f" {ending}"):
            return text[: -len(ending) - 1].rstrip()
    return name
