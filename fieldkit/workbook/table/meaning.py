"""What a heading means, and what the values of a column look like.

A heading settles what its column is; values only tell columns apart whose headings say nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from fieldkit.workbook.values.case_types import CaseTypes
from fieldkit.workbook.values.cells import Cell
from fieldkit.workbook.values.dates import read_date
from fieldkit.workbook.values.grades import is_no_grade, looks_like_grade
from fieldkit.workbook.values.words import (
    FieldWords,
    field_words,
    has_any_phrase,
    has_phrase,
    plain,
    shares_word,
    word_groups,
    word_set,
)

BIRTH = "its heading says that it holds dates of birth"
NAMED = 0.85
"""How well a heading names a field from which nothing else can be meant by it."""
_BARE = 0.87
"""How well a heading names a field that does not say whose it is: less than one that does."""
_HAS_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SAYS_NOTHING = re.compile(r"(?:column|col|field|unnamed|spalte)? ?\d*|[a-z] ?\d*")
_NO_REF = re.compile(
    r"(?:\+\d|0)\d[\d ()-]{7,}"
    r"|.*@.*"
    r"|(?:.*\b)?[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}(?:\b.*)?"
    r"|.*\b(?:street|road|avenue|lane|close|drive|terrace|crescent)\b.*",
    re.IGNORECASE,
)
"""Telephone numbers, postcodes and addresses, which have digits as references do."""
_MAX_REF_WORDS = 3
"""Words of a value from which it is no reference, where no heading says that it is one."""
_INCIDENT_YEARS = 5
"""Years within which most incidents of a sample lie; dates of birth lie further apart."""
_TICKS = frozenset({*"✓✔√☑☒•●■*1üþûp", "y", "yes", "true", "tick", "ticked"})
"""Marks that tick a cell; “ü”, “þ”, “û” and “p” are ticks and boxes in fonts of signs."""
_CROSSES = frozenset("x✗✘×")
"""Marks that tick a cell too, but beside ticks they say that it is none."""
_UNTICKED = frozenset({*"0n☐□-–—o", "no", "false"})


@lru_cache(maxsize=16384)
def heading_scores(kind: str, heading: str) -> Mapping[str, float]:
    """Return how well a heading names each field of a kind of table, above 0 up to 1."""
    text = plain(heading)
    if not text or len(text) > 120:
        return {}
    scores = {words.field: _heading_score(text, words) for words in field_words(kind)}
    return {field: score for field, score in scores.items() if score > 0}


def is_heading(kind: str, text: str) -> bool:
    """Say whether a text is, word for word, the heading of a field and says whose it is."""
    words = plain(text)
    return any(words in each.strong and words not in each.bare for each in field_words(kind))


def _heading_score(text: str, words: FieldWords) -> float:
    if text in words.strong:
        return _BARE if text in words.bare else 1.0
    if has_any_phrase(text, words.never) or why_nobodys(text):
        return 0.0
    if words.only and not set(text.split()) <= words.only:
        # As many words, and misspelt: a further word may say whose it is.
        alike = [phrase for phrase in words.strong if phrase.count(" ") == text.count(" ")]
        nearest = max((fuzz.ratio(text, phrase) / 100 for phrase in alike), default=0.0)
        return nearest if nearest >= NAMED else 0.0
    if text in words.weak:
        return 0.7
    best = 0.0
    shares = shares_word(text, words.strong)
    for phrase in words.strong:
        if shares and len(phrase) > 2 and has_phrase(text, phrase):
            best = max(best, 0.68 + 0.27 * len(phrase) / len(text))
        if len(phrase) <= 3 or abs(len(text) - len(phrase)) > 0.2 * (len(text) + len(phrase)):
            continue  # of other lengths than two that are alike
        near = max(fuzz.ratio(text, phrase), fuzz.token_sort_ratio(text, phrase)) / 100
        if near >= 0.84:
            best = max(best, near * 0.97)
    for phrase in words.weak if shares_word(text, words.weak) else ():
        if len(phrase) > 2 and has_phrase(text, phrase):
            best = max(best, 0.5 + 0.2 * len(phrase) / len(text))
    return best


@lru_cache(maxsize=16384)
def why_nobodys(heading: str) -> str:
    """Say of whom or what a heading speaks where that is no field of any table; or nothing."""
    text = plain(heading)
    for clause, phrases in word_groups("nobodys").items():
        if has_any_phrase(text, phrases):
            return clause
    return ""


def names_earlier_year(heading: str) -> bool:
    """Say whether the latest year in a heading is before last year, as of an earlier inspection."""
    years = [int(year) for year in _YEAR.findall(plain(heading))]
    return bool(years) and max(years) < dt.datetime.now().year - 1


def says_nothing(heading: str) -> bool:
    """Say whether a heading is blank, or only a letter or number of the column."""
    return _SAYS_NOTHING.fullmatch(plain(heading)) is not None


def names_criterion(heading: str) -> bool:
    """Say whether a heading names one of the areas that a case is judged by, not the whole."""
    text = plain(heading)
    return not names_whole(heading) and has_any_phrase(text, word_set("criteria", "areas"))


def names_whole(heading: str) -> bool:
    """Say whether a heading speaks of the whole case, as “Overall” and “Final” do."""
    text = plain(heading)
    return has_any_phrase(text, word_set("criteria", "whole"))


def tick_word(heading: str) -> str:
    """Return the word for a grade that a heading is, for a column of ticks; or nothing."""
    filler = word_set("not_a_grade", "filler")
    words = " ".join(word for word in plain(heading).split() if word not in filler)
    known = any(words in grades for grades in word_groups("grades").values())
    return words if known else ""


def is_ticked(text: str, *, crossed: bool = False) -> bool | None:
    """Say whether a cell is ticked; None where its text is neither a tick nor none.

    `crossed`: a cross says that it is not, as others are ticked.
    """
    bare = text.strip().strip("[]() .").casefold()
    if bare in _CROSSES:
        return not crossed
    if bare in _TICKS:
        return True
    return False if not bare or bare in _UNTICKED else None


def is_crossed(texts: Iterable[str]) -> bool:
    """Say whether crosses stand for no in columns with these marks: ticks stand there as well."""
    return any(is_ticked(text, crossed=True) for text in texts)


def looks_like_ref(text: str) -> bool:
    """Say whether a value could be a force's reference: short, with a digit, no date or count."""
    text = text.strip()
    return 4 <= len(text) <= 60 and _HAS_DIGIT.search(text) is not None and text.count(" ") <= 6


def value_scores(
    kind: str, cells: Sequence[Cell], types: CaseTypes, base_1904: bool
) -> Mapping[str, float]:
    """Return how well a column's values suit each field, 0 to 1."""
    filled = [cell for cell in cells if not cell.blank]
    if not filled:
        return {}
    n = len(filled)
    texts = [cell.text() for cell in filled]
    dates = sum(read_date(cell, base_1904)[0] is not None for cell in filled) / n
    distinct = len({plain(text) for text in texts}) / n
    refs = (
        sum(
            looks_like_ref(text) and c.kind in ("text", "number")
            for text, c in zip(texts, filled, strict=True)
        )
        / n
    )
    long = sum(len(text) > 25 and " " in text.strip() for text in texts) / n
    types_named = sum(bool(types.read(text)) for text in texts) / n if types else 0.0
    ref = max(0.0, refs * distinct - dates - long / 2)
    grade = _grade_share(texts) * (1.0 if n < 6 or distinct < 0.6 else 0.6)
    kind_of_case = types_named - long / 3
    by_meaning = {"ref": ref, "type": kind_of_case, "date": dates, "grade": grade}
    by_meaning["rationale"] = long * min(1.0, 0.5 + distinct / 2)
    if kind == "case_list":
        by_meaning = {
            "case": ref,
            "force_ref": ref,
            "type": kind_of_case,
            "date_of_incident": dates,
            "overall_grade": grade,
            "rationale": by_meaning["rationale"],
            "origin": sum(plain(text) in _origin_words() for text in texts) / n,
        }
    return {field: max(0.0, min(1.0, score)) for field, score in by_meaning.items()}


@lru_cache(maxsize=1)
def _origin_words() -> frozenset[str]:
    return frozenset().union(*word_groups("origins").values())


def _grade_share(texts: Sequence[str]) -> float:
    """Return how many texts are words for grades; a single letter, which may be a team, is half.

    Words for having no grade go with words for grades, and are none alone.
    """
    given = [text for text in texts if not is_no_grade(text)]
    words = sum((1.0 if len(text.strip()) > 1 else 0.5) for text in given if looks_like_grade(text))
    return words / len(given) if given else 0.0


def suits_without_heading(field: str, cells: Sequence[Cell], base_1904: bool) -> bool:
    """Say whether values alone may be taken for a field, where the heading says nothing.

    Telephone numbers and addresses are no references, and dates that lie as far apart as dates of
    birth are no dates of incidents.
    """
    filled = [cell for cell in cells if not cell.blank]
    if len(filled) * 2 < len(cells):
        return False
    if field == "ref":
        texts = [cell.text().strip() for cell in filled]
        odd = sum(
            _NO_REF.fullmatch(text) is not None or text.count(" ") >= _MAX_REF_WORDS
            for text in texts
        )
        return odd * 5 <= len(texts)
    return field != "date" or not far_apart(cells, base_1904)


def far_apart(cells: Sequence[Cell], base_1904: bool) -> bool:
    """Say whether dates lie too far apart for incidents, as dates of birth do."""
    years = Counter(int(iso[:4]) for cell in cells if (iso := read_date(cell, base_1904)[0]))
    total = sum(years.values())
    within = max(
        (sum(years[year + more] for more in range(_INCIDENT_YEARS)) for year in years), default=0
    )
    return total > 2 and within < total * 0.75
