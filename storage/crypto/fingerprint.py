"""Fingerprints: a public key as seven words that two people compare aloud.

The words are those of the EFF's large list of 7,776, in alphabetical order; seven of them are 90
bits, so that no other key can be found with the same seven.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache

from storage.crypto.passphrase import all_words

WORDS = 7
_OF_KEY, _OF_KEYS = b"fieldkit/fingerprint/v1\n", b"fieldkit/fingerprint/v2\n"


@cache
def _list() -> tuple[str, ...]:
    return tuple(sorted(all_words()))


def fingerprint(public: bytes) -> str:
    """Return the words of a public signing key alone, with spaces between."""
    return _words(_OF_KEY + public)


def keys_fingerprint(public: bytes, recipients: Iterable[str]) -> str:
    """Return the words of a public signing key and of the age recipients that belong to it.

    Whoever puts other recipients beside an honest signing key gets other words.
    """
    return _words(_OF_KEYS + "\n".join([public.hex(), *sorted(recipients)]).encode())


def _words(data: bytes) -> str:
    number = int.from_bytes(hashlib.sha256(data).digest(), "big")
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
