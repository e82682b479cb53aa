"""Fingerprints: a public key as seven words that two people compare aloud.

The words are those of the EFF's large list of 7,776, in alphabetical order; seven of them are 90
bits, so that no other key can be found with the same seven.
"""

from __future__ import annotations

import hashlib
from functools import cache

from storage.crypto.passphrase import all_words

WORDS = 7
_PURPOSE = b"fieldkit/fingerprint/v1\n"


@cache
def _list() -> tuple[str, ...]:
    return tuple(sorted(all_words()))


def fingerprint(public: bytes) -> str:
    """Return the words of a public signing key, with spaces between."""
    number = int.from_bytes(hashlib.sha256(_PURPOSE + public).digest(), "big")
    words = _list()
    chosen = []
    for _ in range(WORDS):
        number, place = divmod(number, len(words))
        chosen.append(words[place])
    return " ".join(chosen)


def is_same_fingerprint(typed: str, shown: str) -> bool:
    """Say whether a typed fingerprint is the shown one; capitals, commas and hyphens do not matter.

    Some words of the list have a hyphen of their own, so hyphens are left out on both sides.
    """
    return _letters(typed) == _letters(shown)


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalpha())
