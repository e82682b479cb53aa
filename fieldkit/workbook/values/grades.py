"""What a force's grade word means on the inspection's scale; what is not sure stays unknown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from fieldkit.workbook.errors import MappingRefused
from fieldkit.workbook.values.words import has_any_phrase, has_phrase, plain, word_groups, word_set

_GRADE_THEN_MORE = re.compile(r"\s*([^\W\d_][\w .]*?)\s*[-–—:;,.(\[]")
_NOTHING_MORE = re.compile(r"[\w\s/.()?\-–—]*")
_LONG = 500
_EITHER = re.compile(r"[/|,;&+→>]|\b(?:or|to|and)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GradeWord:
    """One distinct value of the grade column: how it is written, how often, what it is taken for.

    ``means`` is a grade of the scale or None; ``why`` a clause when it is None.
    """

    written: str
    count: int
    means: str | None
    why: str = ""
    chosen: bool = False

    def to_json(self) -> dict[str, object]:
        """Return what is printed of it."""
        return {"written": self.written, "count": self.count, "means": self.means, "why": self.why}


def _words(scale: Sequence[str]) -> dict[str, str]:
    """Return every known word and its grade; grades off the scale are kept to be named."""
    known: dict[str, str] = {}
    labels = {plain(grade): grade for grade in scale}
    for grade, words in word_groups("grades").items():
        label = labels.get(plain(grade), grade)
        for word in words:
            known[word] = label
    known.update(labels)
    return known


def read_grade(written: str, scale: Sequence[str]) -> tuple[str | None, str]:
    """Return the grade of the scale that is plainly written, or None and the clause why not."""
    # A run of spaces is one, or a small file could keep the patterns below busy for minutes.
    written = " ".join(written.split())
    text = plain(written)
    if not text or text in word_set("not_a_grade", "words"):
        return None, "it is a word for having no grade" if text else "it is blank"
    if "?" in written:
        return None, "it is marked as uncertain"
    if text.replace(" ", "").isdecimal():
        return None, "a number says nothing unless the force says which grade it stands for"
    known = _words(scale)
    tokens = text.split()
    bare = " ".join(
        t for t in tokens if not t.isdecimal() and t not in word_set("not_a_grade", "filler")
    )
    apart = {known[plain(part)] for part in _EITHER.split(written) if plain(part) in known}
    if len(apart) > 1:
        return None, "it names more than one grade"
    for candidate in (text, bare):
        if candidate in known:
            return _on_scale(known[candidate], scale)
    if word_set("not_a_grade", "doubt") & set(tokens):
        return None, "its words leave the grade in doubt"
    named = _named(text, known)
    if len(named) > 1:
        return None, "it names more than one grade"
    if named:
        begins = _GRADE_THEN_MORE.match(written)
        if begins and plain(begins[1]) in known:
            return _on_scale(known[plain(begins[1])], scale)
        return None, "it names a grade among other words"
    near = _misspelt(bare or text, known)
    if near is not None:
        return _on_scale(near, scale)
    return None, "it is not a word for a grade"


def _on_scale(grade: str, scale: Sequence[str]) -> tuple[str | None, str]:
    if grade in scale:
        return grade, ""
    return None, f"“{grade}” is not on this inspection's scale"


def _named(text: str, known: Mapping[str, str]) -> set[str]:
    """Return the grades whose words stand in the text, longer words first and then taken out."""
    named: set[str] = set()
    for word in sorted((w for w in known if len(w) > 3), key=len, reverse=True):
        if has_phrase(text, word):
            named.add(known[word])
            text = f" {text} ".replace(f" {word} ", " | ").strip()
    return named


def _misspelt(text: str, known: Mapping[str, str]) -> str | None:
    """Return the one grade a slip away, of two characters in long words; None for two."""
    best: dict[str, int] = {}
    for word, grade in known.items():
        if len(word) < 6:
            continue
        slips = OSA.distance(text, word, score_cutoff=2)
        if slips <= (2 if len(word) >= 10 else 1):
            best[grade] = min(slips, best.get(grade, slips))
    if not best:
        return None
    nearest = min(best.values())
    grades = [grade for grade, slips in best.items() if slips == nearest]
    return grades[0] if len(grades) == 1 else None


def looks_like_grade(text: str) -> bool:
    """Say whether a value is a grade word of any scale, or a word for not being graded."""
    words = plain(text)
    return any(words in known for known in word_groups("grades").values()) or (
        words != "" and words in word_set("not_a_grade", "words")
    )


def is_no_grade(text: str) -> bool:
    """Say whether a text is blank or exactly a word for having no grade ("TBC", "n/a")."""
    known = plain(text) in word_set("not_a_grade", "words")
    return known and _NOTHING_MORE.fullmatch(text) is not None


def is_grade_word(text: str) -> bool:
    """Say whether a text is exactly a grade of any scale as forces write it, and nothing more."""
    words = plain(text)
    known = any(words in each for each in word_groups("grades").values())
    return known and _NOTHING_MORE.fullmatch(text) is not None


@lru_cache(maxsize=1)
def _known() -> Mapping[str, str]:
    """Return every word for a grade of any scale, and the grade."""
    return {word: grade for grade, each in word_groups("grades").items() for word in each}


@lru_cache(maxsize=1)
def _long_words() -> frozenset[str]:
    """Return the words for grades but single letters, which may be anything among others."""
    return frozenset(word for word in _known() if len(word) > 1)


def names_grade(text: str) -> bool:
    """Say whether a text is or holds a known word for a grade of any scale, rightly spelt."""
    words = plain(text)
    return words in _known() or has_any_phrase(words, _long_words())


def tells_grade(text: str) -> bool:
    """Say whether a text is, holds or nearly holds a word for a grade of any scale.

    Single letters count only where they are the whole text; references have such parts.
    """
    if len(text) > _LONG:
        return True  # not worth the time of looking; it is no answer of a word or two
    if names_grade(text):
        return True
    words, known = plain(text), _known()
    long = [one for one in known if len(one) > 3]
    return any(
        any(one in token for one in long) or _slipped(token, known) for token in words.split()
    )


def _slipped(token: str, known: Mapping[str, str]) -> bool:
    return any(
        OSA.distance(token, word, score_cutoff=2) <= (2 if len(word) >= 10 else 1)
        for word in known
        if len(word) > 5
    )


def grade_words(
    written: Iterable[str], scale: Sequence[str], chosen: Mapping[str, str | None] | None
) -> tuple[GradeWord, ...]:
    """Return the distinct values with counts and meanings, most frequent first; a choice wins.

    Raises `MappingRefused` for a choice that is not on the scale.
    """
    choices = dict(chosen or {})
    for word, means in choices.items():
        if means is not None and means not in scale:
            raise MappingRefused(
                f"“{means}”, given for “{word}”, is not on the scale ({', '.join(scale)}). "
                "Nothing was changed."
            )
    by_plain = {plain(word): means for word, means in choices.items()}
    counts = Counter(written)
    words: list[GradeWord] = []
    for word, count in counts.items():
        if word in choices or plain(word) in by_plain:
            means = choices[word] if word in choices else by_plain[plain(word)]
            why = "" if means is not None else "a person said that it is no grade"
            words.append(GradeWord(word, count, means, why, True))
        else:
            means, why = read_grade(word, scale)
            words.append(GradeWord(word, count, means, why))
    return tuple(sorted(words, key=lambda g: (-g.count, g.written)))
