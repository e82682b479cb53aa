"""Names behind a title or a rank: no list is needed for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fieldkit.wording.identifiers.name_context import NameContext
from fieldkit.wording.identifiers.tokens import Token
from fieldkit.wording.identifiers.word_lists import WORDS

_MOST_WORDS = 4
_BESIDE = re.compile(r"\.?[ \u00a0]{0,2}\n?[ \u00a0]{0,2}|-")
"""Between a title and a name, or the words of one; a line may end there."""
_COLLAR = re.compile(r"\.?[ \u00a0#(/\-]{0,3}[A-Z]{0,2}\d{1,6}[A-Z]?[),]{0,2}[ \u00a0/\-]{1,2}")
"""A collar number between a rank and a name: “PC 1234 Hughes”, “DC (77) Okafor”."""
_NUMBER_BEHIND = re.compile(rf"{_COLLAR.pattern}(?=[^\W\d_])")
_NUMBER_AFTER = re.compile(r" ?\((?:[A-Z]{0,2}\d{2,6})\)| (?!(?:19|20)\d\d)\d{3,6}(?![\w:/.]\w|\w)")
"""One behind it: “PC Hughes 1234”, “DC Okafor (4471)”."""
_NUMBER_ALONE = re.compile(
    r"\.? ?#?(?P<number>[A-Z]{0,2}\d{3,6}[A-Z]?)(?![\w%])(?![:./\-]\d)(?! ?(?:hrs|hours|am|pm)\b)"
)
_TIME = re.compile(r"(?:[01]\d|2[0-3])(?:00|15|30|45)|(?:19|20)\d\d")
"""What behind a rank is a time or a year rather than a collar number."""


def titled_names(
    text: str, tokens: Sequence[Token], context: NameContext
) -> Iterator[tuple[int, int]]:
    """Return where names stand that follow “Mrs”, “Dr”, “PC” and the like, the title left out.

    A collar number belongs to the name beside it, and tells who it is also where none is.

    A rank is also the beginning of what a role or unit is called (“DCI Public Protection”), so
    behind one no word of the trade counts, and an ordinary word only if it is also a surname, or if
    what a person does follows.
    """
    civil, ranks = WORDS["titles", "civil"], WORDS["titles", "ranks"]
    for place, token in enumerate(tokens[:-1]):
        if token.key not in civil and token.key not in ranks:
            continue
        numbered = bool(_NUMBER_BEHIND.match(text, token.end)) and token.key in ranks
        if token.key in ranks and not (token.text[0].isupper() or numbered):
            continue
        if token.key in ("miss", "lady", "dame", "doctor") and not token.text[0].isupper():
            continue
        words = _words_after(text, tokens, place, context)
        if words:
            yield _with_number(text, token.end, words[0].start, words[-1].end)
        elif token.key in WORDS["titles", "numbered"]:
            alone = _NUMBER_ALONE.match(text, token.end)
            if alone and not _TIME.fullmatch(alone["number"]):
                yield alone.span("number")


def _with_number(text: str, after_rank: int, start: int, end: int) -> tuple[int, int]:
    """Return a span with the collar number beside the name, which tells who it is as well."""
    gap = text[after_rank:start]
    if any(map(str.isdigit, gap)):
        start = after_rank + next(i for i, sign in enumerate(gap) if sign.isalnum() or sign == "(")
    behind = _NUMBER_AFTER.match(text, end)
    return start, behind.end() if behind and "(" not in gap else end


def _words_after(
    text: str, tokens: Sequence[Token], place: int, context: NameContext
) -> list[Token]:
    words: list[Token] = []
    civil = tokens[place].key in WORDS["titles", "civil"]
    particles = WORDS["titles", "particles"]
    for one, two in zip(tokens[place:], tokens[place + 1 : place + 1 + _MOST_WORDS], strict=False):
        gap = text[one.end : two.start]
        if not _BESIDE.fullmatch(gap) and (civil or not _COLLAR.fullmatch(gap)):
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
