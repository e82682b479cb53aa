"""How one name is written in many ways: accents, sounds, Welsh mutations, nicknames.

The mutations are those of any Welsh grammar (soft, nasal, aspirate, and the h before a vowel).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from fieldkit.wording.identifiers.word_lists import WORDS

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)
# Longest first: the first consonant that fits is the one that changes.
_SOFT = {"ll": "l", "rh": "r", "p": "b", "t": "d", "c": "g", "b": "f", "d": "dd", "g": "", "m": "f"}
_NASAL = {"p": "mh", "t": "nh", "c": "ngh", "b": "m", "d": "n", "g": "ng"}
_ASPIRATE = {"p": "ph", "t": "th", "c": "ch"}
_UNCHANGED = ("ch", "ff", "ph", "th", "dd")


def fold(written: str) -> str:
    """Return a name in small letters, without accents, apostrophes, hyphens and spaces."""
    if written.isascii():
        plain = written.lower()
    else:
        latin = written.translate(WORDS.look_alikes).casefold()
        apart = unicodedata.normalize("NFKD", latin.translate(_LETTERS))
        plain = "".join(one for one in apart if not unicodedata.combining(one))
    return plain if plain.isalpha() else "".join(filter(str.isalpha, plain))


@lru_cache(maxsize=8192)
def sound(folded: str) -> str:
    """Return how a folded name sounds, so that other spellings of it give the same."""
    for pattern, new in WORDS.sounds:
        folded = pattern.sub(new, folded)
    return folded


def mutations(folded: str) -> Iterator[str]:
    """Return the forms that a folded name may take in a Welsh sentence, itself left out."""
    if folded[:1] in "aeiouwy" and folded:
        yield f"h{folded}"
    if folded.startswith(_UNCHANGED):
        return
    for changes in (_SOFT, _NASAL, _ASPIRATE):
        for old, new in changes.items():
            if folded.startswith(old):
                yield new + folded[len(old) :]
                break
    if folded.startswith("k"):  # Welsh sentences treat the sound alike
        yield "g" + folded[1:]


def short_forms(folded: str) -> Iterator[str]:
    """Return the nicknames of a folded first name: known ones, and its beginning with an ending."""
    yield from WORDS.nicknames.get(folded, ())
    for length in (3, 4):
        stem = folded[:length]
        if len(folded) > length + 1 and stem[-1] not in "aeiou":
            yield stem
            for ending in ("y", "ie", "i", "s", "o"):
                yield stem + ending
                yield stem + stem[-1] + ending
