"""Asks which known word a person meant who typed another.

Guessed by ``difflib``, which every Python has: what is misspelt is one word of some hundred.
"""

from __future__ import annotations

from collections.abc import Iterable

ALIKE = 0.55
"""How alike two words are, from 0 to 1, of which one may be meant by the other (``difflib``)."""
_MOST = 2
"""Words that are asked about at most."""


def did_you_mean(typed: str, known: Iterable[str], before: str = "", alike: float = ALIKE) -> str:
    """Return the question whether a known word is meant; empty where none is alike.

    Args:
        typed: the word that is not known.
        known: the words that are.
        before: what stands before each of them when it is typed.
        alike: how alike they have to be, from 0 to 1.
    """
    from difflib import get_close_matches  # late: only a mistake needs it

    words = {word.casefold().lstrip("-"): word for word in known}
    close = get_close_matches(typed.casefold().lstrip("-"), words, _MOST, alike)
    return f"Did you mean {either(before + words[word] for word in close)}?" if close else ""


def either(words: Iterable[str]) -> str:
    """Return words in quotation marks, with “or” between them."""
    return " or ".join(f"“{word}”" for word in words)


def choices(typed: str, known: Iterable[str]) -> str:
    """Return the known words as the end of a sentence, and the question which one is meant."""
    words = list(known)
    return f"{', '.join(words)}. {did_you_mean(typed, words)}".rstrip()
