"""Names behind a title or a rank: no list is needed for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fieldkit.wording.identifiers.name_context import NameContext
from fieldkit.wording.identifiers.tokens import Token
from fieldkit.wording.identifiers.word_lists import WORDS

_MOST_WORDS = 4


def titled_names(
    text: str, tokens: Sequence[Token], context: NameContext
) -> Iterator[tuple[int, int]]:
    """Return where names stand that follow “Mrs”, “Dr”, “PC” and the like, the title left out.

    A rank is also the beginning of what a role or unit is called (“DCI Public Protection”), so
    behind one no word of the trade counts, and an ordinary word only if it is also a surname, or if
    what a person does follows.
    """
    civil, ranks = WORDS["titles", "civil"], WORDS["titles", "ranks"]
    for place, token in enumerate(tokens[:-1]):
        if token.key not in civil and token.key not in ranks:
            continue
        if token.key in ranks and not token.text[0].isupper():
            continue
        if token.key in ("miss", "lady", "dame", "doctor") and not token.text[0].isupper():
            continue
        words = _words_after(text, tokens, place, context)
        if words:
            yield words[0].start, words[-1].end


def _words_after(
    text: str, tokens: Sequence[Token], place: int, context: NameContext
) -> list[Token]:
    words: list[Token] = []
    civil = tokens[place].key in WORDS["titles", "civil"]
    particles = WORDS["titles", "particles"]
    for one, two in zip(tokens[place:], tokens[place + 1 : place + 1 + _MOST_WORDS], strict=False):
        if text[one.end : two.start] not in (" ", ". ", ".", "\u00a0", "-"):
            break
        if one.possessive or not (
            _is_name(two, civil, context.does_as_person(tokens.index(two)))
            or (two.key in particles and two is not tokens[-1])
        ):
            break
        words.append(two)
    while words and (words[-1].key in particles or len(words[-1].key) == 1):
        words.pop()
    return words


def _is_name(token: Token, civil: bool, does: bool) -> bool:
    if not token.capital or token.text in ("I", "A"):
        return False
    if len(token.text) == 1:
        return True
    surname = (
        token.key in WORDS["ordinary", "names"] and token.key not in WORDS["ordinary", "trade"]
    )
    if surname:
        return True
    if token.key in WORDS["ordinary", "trade"] or token.key in WORDS["titles", "ranks"]:
        return False
    if token.key in WORDS["titles", "civil"] or token.key in WORDS["ordinary", "times"]:
        return False
    if civil:
        return True
    shouted = token.text.isupper() and len(token.text) < 6
    return (
        not shouted
        and (does or token.key not in WORDS.common)
        and token.key not in WORDS["ordinary", "places"]
    )
