"""Initials of listed names: with full stops, double-barrelled, or of whom something is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fieldkit.wording.identifiers.name_context import NameContext
from fieldkit.wording.identifiers.spelling import fold
from fieldkit.wording.identifiers.tokens import Token
from fieldkit.wording.identifiers.word_lists import WORDS

_DOTTED = re.compile(r"(?<!\w)[A-Z]\.\s?(?:[A-Z]\.?[ \-–]?\s?){0,2}[A-Z]\.?(?![\w\-])")
_HYPHENED = re.compile(r"(?<![\w\-])[A-Z](?:\.? ?[A-Z])?\.? ?[A-Z]\.?[\-–][A-Z]\.?(?![\w\-])")
"""“L A-B”, “L.A.-B.”, “LA-B”."""
_MOST_LETTERS = 4


def find_initials(
    text: str, tokens: Sequence[Token], initials: dict[str, str], context: NameContext
) -> Iterator[tuple[int, int, str]]:
    """Return where initials of a listed name stand, with that name.

    Args:
        text: what was written.
        tokens: its words.
        initials: the listed name by its initials.
        context: what says whether a person is meant by plain ones (“KB said”).
    """
    for pattern in (_HYPHENED, _DOTTED):
        for match in pattern.finditer(text):
            letters = "".join(filter(str.isalpha, match[0]))
            ends = letters[0] + letters[-1] if pattern is _DOTTED else letters
            name = initials.get(letters) or initials.get(ends)
            if name:
                yield match.start(), match.end(), name
    for place, token in enumerate(tokens):
        if not (1 < len(token.text) <= _MOST_LETTERS and token.text in initials):
            continue
        if token.capital and fold(token.text) not in WORDS["titles", "ranks"]:
            if context.does_as_person(place) or context.follows_person(place):
                yield token.start, token.end, initials[token.text]
