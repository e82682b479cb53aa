"""A text cut into words, each with what its place and its letters say of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fieldkit.wording.identifiers.spelling import fold
from fieldkit.wording.identifiers.word_lists import WORDS

_WORD = re.compile(r"[^\W\d_]+(?:['’‘`\u00b4\-–][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"(?:['’‘`\u00b4]s|s['’])$", re.IGNORECASE)
_SHOUTING = 0.75
_TITLED = 0.7


@dataclass(frozen=True, slots=True)
class Token:
    """Holds a word of a text.

    Attributes:
        text: the word without a possessive ending.
        start: its first character.
        end: one past its last, the possessive ending left out.
        key: the word, folded.
        whole: the word with its ending, folded.
        capital: it begins with a capital letter where capitals mean something.
        first: it is the first word of a sentence.
        possessive: it had a possessive ending.
    """

    text: str
    start: int
    end: int
    key: str
    whole: str
    capital: bool
    first: bool
    possessive: bool


def tokens_of(text: str) -> list[Token]:
    """Return the words of a text; in a text all in capitals, no word has one that says anything."""
    tokens: list[Token] = []
    previous = 0
    for match in _WORD.finditer(text):
        word = match[0]
        ending = None if word.isalpha() else _POSSESSIVE.search(word)
        bare = word[: ending.start()] if ending and ending.start() > 1 else word
        if ending and bare is not word and ending[0][0] in "sS":
            bare = word[:-1]
        tokens.append(
            Token(
                text=bare,
                start=match.start(),
                end=match.start() + len(bare),
                key=fold(bare),
                whole=fold(word),
                capital=word[0].isupper(),
                first=_begins_sentence(text, previous, match.start(), tokens),
                possessive=bare is not word,
            )
        )
        previous = match.end()
    if tokens and (_is_shouted(text) or _is_titled(tokens)):
        return [_without_capital(one) for one in tokens]
    return tokens


def _begins_sentence(text: str, previous: int, start: int, before: list[Token]) -> bool:
    gap = text[previous:start]
    if not before:
        return not any(one.isalnum() for one in gap)
    if "\n" in gap or "•" in gap:
        return True
    if not any(sign in gap for sign in ".!?"):
        return False
    last = before[-1]
    # “D. Llewelyn” and “Mr. Kent” begin nothing.
    return not (len(last.key) == 1 or last.key in WORDS["titles", "civil"]) or "\n" in gap


def _is_shouted(text: str) -> bool:
    letters = [one for one in text if one.isalpha()]
    return len(letters) > 6 and sum(map(str.isupper, letters)) / len(letters) > _SHOUTING


def _is_titled(tokens: list[Token]) -> bool:
    """Say whether a heading has capitals throughout, so that they tell nothing."""
    long = [one for one in tokens if len(one.key) > 3]
    return len(long) > 4 and sum(one.capital for one in long) / len(long) > _TITLED


def _without_capital(token: Token) -> Token:
    return Token(
        token.text,
        token.start,
        token.end,
        token.key,
        token.whole,
        False,
        token.first,
        token.possessive,
    )
