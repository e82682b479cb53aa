"""Names in a text: those that look like one of the inspection's list, and any behind a title.

A name of the list is found with slips of spelling, in another spelling of the same sound, mutated,
as a nickname, with an initial, as a possessive. What is also a word (“Will”, “Rose”, “May”) counts
only where something else says that a person is meant: another part of a name beside it, a capital
in the middle of a sentence where no month, place or thing is meant, or what a person does behind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fieldkit.wording.identifiers.identifier import NAME, Identifier
from fieldkit.wording.identifiers.initials import find_initials
from fieldkit.wording.identifiers.name_context import NameContext
from fieldkit.wording.identifiers.name_index import LAST, NameIndex, Part, index_of
from fieldkit.wording.identifiers.spelling import fold, sound
from fieldkit.wording.identifiers.titled_names import titled_names
from fieldkit.wording.identifiers.tokens import Token, tokens_of
from fieldkit.wording.identifiers.word_lists import WORDS

_BESIDE = re.compile(r"[ \u00a0.,'’\-–]{1,3}")


@dataclass(slots=True)
class _Found:
    """Holds some words of a text that look like a part of a listed name."""

    first: int
    last: int
    parts: list[Part]
    sure: bool


def find_names(text: str, names: Sequence[str]) -> list[Identifier]:
    """Return the names in a text.

    Args:
        text: what was written.
        names: the names of the inspection's list.
    """
    tokens = tokens_of(text)
    index = index_of(tuple(names))
    context = NameContext(text, tokens)
    found = _listed(text, tokens, index, context) if index.parts else []
    spans = [(*_span(tokens, one), one.parts[0].name) for one in found]
    spans += [(start, end, "") for start, end in titled_names(text, tokens, context)]
    spans += find_initials(text, tokens, index.initials, context)
    return [Identifier(NAME, s, e, text[s:e], name) for s, e, name in _joined(text, spans)]


def _listed(text: str, tokens: list[Token], index: NameIndex, context: NameContext) -> list[_Found]:
    found: list[_Found] = []
    place = 0
    while place < len(tokens):
        one = _pair(text, tokens, place, index) or _single(tokens, place, index, context)
        if one:
            found.append(one)
        place = one.last + 1 if one else place + 1
    _settle_neighbours(text, tokens, found)
    for one in found:
        if one.sure and one.first == one.last and context.names_thing(one.first):
            one.sure = False
        elif not one.sure:
            one.sure = _has_initial(text, tokens, one) or context.means_person(one.first)
    sure = [one for one in found if one.sure]
    for one in sure:
        _widen(text, tokens, one)
    return sure


def _pair(text: str, tokens: list[Token], place: int, index: NameIndex) -> _Found | None:
    """Return two words that are one part of a name: “ap Gwilym”, “Ellie Mae”, “O Brien”."""
    if place + 1 >= len(tokens):
        return None
    one, two = tokens[place], tokens[place + 1]
    if text[one.end : two.start] not in (" ", "-", "'", "’", ". ", "\u00a0"):
        return None
    key = one.key + two.key
    parts = index.parts.get(key)
    apart = one.key not in index.parts or two.key not in index.parts
    if not parts and apart and (one.capital or two.capital) and len(key) > 4:
        parts = index.by_sound.get(sound(key))
    if not parts or len(key) < 5 or any(part.form == "short" for part in parts):
        return None
    if one.key in WORDS.common and two.key in WORDS.common:
        return None
    return _Found(place, place + 1, parts, True)


def _single(
    tokens: list[Token], place: int, index: NameIndex, context: NameContext
) -> _Found | None:
    token = tokens[place]
    for key in dict.fromkeys((token.whole, token.key, *_singular(token, index))):
        parts = index.parts.get(key)
        if parts:
            usable = [part for part in parts if _may_be(token, part, context)]
            if usable:
                exact = [part for part in usable if part.form == "exact"] or usable
                sure = any(_is_sure(token, part, context) for part in exact)
                return _Found(place, place, exact, sure)
    relative = _without_apostrophe(place, index, context)
    if relative:
        return _Found(place, place, relative, True)
    pieces = _pieces(token, index)
    if pieces:
        return _Found(place, place, pieces, True)
    parts = _alike(token, index, context)
    # Three letters at the beginning of a sentence are a name only where a person does something.
    sure = len(token.key) > 3 or not token.first
    return _Found(place, place, parts, sure) if parts else None


def _singular(token: Token, index: NameIndex) -> list[str]:
    """Return a listed name without the s of “saffrons bedroom” or the es of “the purkisses”."""
    stems = [token.key[: -len(end)] for end in ("es", "s") if token.key.endswith(end)]
    return [
        stem
        for stem in stems
        if len(stem) > 4
        and any(one.form == "exact" and not one.ordinary for one in index.parts.get(stem, ()))
    ]


def _without_apostrophe(place: int, index: NameIndex, context: NameContext) -> list[Part] | None:
    """Return the parts of “janes” in “janes brother”, also where the name is a word as well."""
    token = context.tokens[place]
    if not token.key.endswith("s") or not context.precedes_relation(place):
        return None
    parts = index.parts.get(token.key[:-1], ())
    usable = [part for part in parts if part.form != "mutated" and len(token.key) > 3]
    return [part for part in usable if part.form == "exact"] or usable or None


def _pieces(token: Token, index: NameIndex) -> list[Part] | None:
    """Return the parts of a word with hyphens, or without the space between two names.

    They are all of one name, or one of them is beyond doubt.
    """
    pieces = re.split(r"[-–]|(?<=[^\W\d_A-Z])(?=[A-Z])", token.text)
    if len(pieces) < 2 or not token.capital:
        return None
    by_piece = [
        [part for part in index.parts.get(fold(piece), ()) if part.form == "exact"]
        for piece in pieces
    ]
    for parts in by_piece:
        names = {part.name for part in parts}
        if all(names & {part.name for part in others} for others in by_piece) and names:
            return parts
        certain = [part for part in parts if not part.ordinary and len(part.key) > 3]
        if certain:
            return certain
    return None


def _may_be(token: Token, part: Part, context: NameContext) -> bool:
    """Say whether a spelling may stand for a part of a name at all, here."""
    if part.form == "exact":
        return True
    if part.form == "mutated":
        # Nobody begins an English sentence with a mutated name; shorter ones look like words.
        return (token.capital or len(token.key) > 6) and (
            context.is_welsh or (len(part.key) > 4 and not token.first)
        )
    return token.capital or len(token.key) > 4


def _is_sure(token: Token, part: Part, context: NameContext) -> bool:
    if part.ordinary:
        return False
    small = part.key in WORDS["ordinary", "small_only"] or token.key in WORDS.common
    if part.form == "mutated":
        return (token.capital and not token.first) or len(token.key) > 6
    if part.form == "short" and len(token.key) < 4:
        return token.capital and not (token.first and len(token.key) < 3)
    return token.capital or (not small and len(token.key) > 2)


def _alike(token: Token, index: NameIndex, context: NameContext) -> list[Part] | None:
    """Return the parts of names that a word sounds like, or is a slip or two away from."""
    key = token.key
    if len(key) < 3 or key in WORDS.ordinary or token.whole in WORDS.ordinary:
        return None
    # “RHIs” is the plural of an abbreviation.
    shouted = token.text.removesuffix("s").isupper() and token.capital
    in_sentence = token.capital and not token.first
    if not in_sentence and len(key) < (3 if token.capital else 5):
        return None
    heard = index.by_sound.get(sound(key))
    if heard and (not shouted or len(key) > 5):
        return heard
    if shouted and len(key) < 6:
        return None
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    least = 4 if in_sentence else 5 if token.capital else 7
    keys = index.fuzzy if len(key) >= least else []
    slips = 2 if len(key) > 7 and token.capital else 1
    best = process.extractOne(key, keys, scorer=OSA.distance, score_cutoff=slips) if keys else None
    if best and best[0][0] == key[0] and (best[1] < 2 or len(best[0]) > 7):
        return [part for part in index.parts[best[0]] if part.form == "exact"]
    if context.is_welsh and in_sentence and len(key) > 4:
        mutated = [form for form, parts in index.parts.items() if parts[0].form == "mutated"]
        near = process.extractOne(key, mutated, scorer=OSA.distance, score_cutoff=1)
        if near and len(near[0]) > 4 and near[0][0] == key[0]:
            return index.parts[near[0]]
    return None


def _settle_neighbours(text: str, tokens: list[Token], found: list[_Found]) -> None:
    """Make sure of what stands beside another part of a name."""
    for one, two in pairwise(found):
        if two.first != one.last + 1:
            continue
        gap = text[tokens[one.last].end : tokens[two.first].start]
        if not _BESIDE.fullmatch(gap):
            continue
        same = {part.name for part in one.parts} & {part.name for part in two.parts}
        capitals = tokens[one.first].capital and tokens[two.first].capital
        if gap == " " and (same or (capitals and (one.sure or two.sure))):
            one.sure = two.sure = True
        elif same and capitals:  # “Hartley, Rose”
            one.sure = two.sure = True


def _has_initial(text: str, tokens: list[Token], one: _Found) -> bool:
    return bool(_initial_before(text, tokens, one) or _initial_after(text, tokens, one))


def _initial_before(text: str, tokens: list[Token], one: _Found) -> Token | None:
    if not one.first:
        return None
    token = tokens[one.first - 1]
    gap = text[token.end : tokens[one.first].start]
    if len(token.text) != 1 or not token.text.isupper() or gap not in (" ", ".", ". "):
        return None
    initials = {part.name.strip()[0].upper() for part in one.parts if part.role == LAST}
    return token if token.text in initials else None


def _initial_after(text: str, tokens: list[Token], one: _Found) -> Token | None:
    if one.last + 1 >= len(tokens) or not tokens[one.first].capital:
        return None
    token = tokens[one.last + 1]
    if len(token.text) != 1 or not token.text.isupper():
        return None
    if text[tokens[one.last].end : token.start] != " " or one.parts[0].form == "short":
        return None
    lasts = {part.name.split()[-1][0].upper() for part in one.parts if part.role != LAST}
    return token if token.text in lasts else None


def _widen(text: str, tokens: list[Token], one: _Found) -> None:
    """Take in an initial, and an unlisted capitalised word beside a part that is sure."""
    if _initial_after(text, tokens, one):
        one.last += 1
    if _initial_before(text, tokens, one):
        one.first -= 1
        return
    before = tokens[one.first - 1] if one.first else None
    if (
        before
        and one.parts[0].role == LAST
        and before.capital
        and not before.first
        and before.key not in WORDS.ordinary
        and not before.text.isupper()
        and text[before.end : tokens[one.first].start] == " "
    ):
        one.first -= 1


def _span(tokens: list[Token], one: _Found) -> tuple[int, int]:
    return tokens[one.first].start, tokens[one.last].end


def _joined(text: str, spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return the spans in order, those of one name as one."""
    joined: list[tuple[int, int, str]] = []
    for start, end, name in sorted(spans):
        if joined:
            since, until, known = joined[-1]
            beside = _BESIDE.fullmatch(text[until:start]) if start > until else None
            if start < until or (beside and "," not in text[until:start]):
                joined[-1] = (since, max(end, until), known or name)
                continue
        joined.append((start, end, name))
    return joined
