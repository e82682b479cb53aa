"""Passphrases: words drawn at random, and a word of warning about easy ones.

The National Cyber Security Centre advises random words and no rules about capitals, digits and
signs. Its three words are meant for accounts; the vault of a stolen laptop can be tried against
without limit, so four are offered.
"""

from __future__ import annotations

import math
import secrets
import unicodedata
from functools import cache
from importlib.resources import files
from itertools import pairwise

from storage.errors import FieldkitError

MIN_CHARACTERS = 12
"""Characters below which a new passphrase is refused as too short."""

WORDS_OFFERED = 4
"""Words offered."""


class ShortPassphraseError(FieldkitError):
    """A new passphrase has too few characters to be taken."""


def generate(words: int = WORDS_OFFERED) -> str:
    """Make a passphrase of random words with spaces between; at least four.

    Each word adds ``bits(1)``, about 12.7 bits.
    """
    if words < WORDS_OFFERED:
        raise ValueError("a passphrase has at least four words")
    return " ".join(secrets.choice(word_list()) for _ in range(words))


def entropy_bits(words: int = WORDS_OFFERED) -> float:
    """Return the entropy of a generated passphrase, in bits."""
    return words * math.log2(len(word_list()))


def is_too_short(passphrase: str) -> bool:
    """Say whether it has fewer than :data:`MIN_CHARACTERS`, blanks at its ends apart."""
    return len(unicodedata.normalize("NFC", passphrase).strip()) < MIN_CHARACTERS


def refuse_short(passphrase: str) -> None:
    """Refuse a new passphrase that is too short; raises :class:`ShortPassphraseError`."""
    if is_too_short(passphrase):
        raise ShortPassphraseError(
            f"This passphrase is shorter than {MIN_CHARACTERS} characters, which a thief would "
            "soon have tried. Nothing was changed. Take a longer one; four random words are easy "
            "to remember."
        )


def weakness_of(passphrase: str) -> str | None:
    """Return a sentence where a passphrase is too short or easy to guess, otherwise None.

    It judges only what is certain to be weak: no rule asks for capitals, digits or signs.
    """
    text = unicodedata.normalize("NFC", passphrase).casefold()
    advice = "Four random words, such as those offered, are easier to remember and harder to guess."
    if is_too_short(passphrase):
        return f"This passphrase is shorter than {MIN_CHARACTERS} characters. {advice}"
    letters = "".join(letter for letter in text if letter.isalnum())
    if len(set(letters)) < 6 or _repeats(letters) or _runs(letters):
        return f"This passphrase repeats or counts, which is tried first. {advice}"
    if _made_of(letters.strip("0123456789"), _common()):
        return f"This passphrase is one of those that are tried first. {advice}"
    known = text.split()
    if len(known) < WORDS_OFFERED and all(word in all_words() for word in known):
        few = f"Fewer than {WORDS_OFFERED} dictionary words"
        return f"{few} can be guessed on a stolen laptop. {advice}"
    return None


@cache
def word_list() -> tuple[str, ...]:
    """Return the words that may be offered, in alphabetical order."""
    return tuple(sorted(all_words() - _lines("unfit.txt")))


@cache
def all_words() -> frozenset[str]:
    """Return the 7,776 words of the EFF's large list, from which fingerprints are made too."""
    return _lines("eff_large.txt")


@cache
def _common() -> frozenset[str]:
    return _lines("common.txt")


def _lines(name: str) -> frozenset[str]:
    text = files(__name__).joinpath(name).read_text("ascii")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))


def _repeats(letters: str) -> bool:
    """Say whether it is a shorter piece over and over."""
    return letters in (letters + letters)[1:-1]


def _runs(letters: str) -> bool:
    """Say whether most steps go one up or one down, as in 12345 and fedcba."""
    steps = [ord(after) - ord(before) for before, after in pairwise(letters)]
    return sum(step in (1, -1) for step in steps) > len(steps) * 2 / 3


def _made_of(letters: str, parts: frozenset[str]) -> bool:
    """Say whether it falls wholly into parts, or into parts and digits."""
    reached = [True] + [False] * len(letters)
    longest = max(map(len, parts))
    for end in range(1, len(letters) + 1):
        reached[end] = (reached[end - 1] and letters[end - 1].isdigit()) or any(
            reached[start] and letters[start:end] in parts
            for start in range(max(0, end - longest), end)
        )
    return reached[-1]
