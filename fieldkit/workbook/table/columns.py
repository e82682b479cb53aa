"""Which column is which field: RapidFuzz and the values propose, a person disposes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from fieldkit.workbook.errors import MappingRefused
from fieldkit.workbook.values.case_types import CaseTypes
from fieldkit.workbook.values.cells import Cell, Sheet, column_number, letters
from fieldkit.workbook.values.dates import read_date
from fieldkit.workbook.values.grades import is_no_grade, looks_like_grade, names_grade
from fieldkit.workbook.values.words import FieldWords, field_words, has_phrase, limit, plain

IGNORE = "ignore"
_BODY = 200  # rows looked at to judge a column by its values
_PROPOSE = 0.45  # confidence from which a field is proposed
_CLOSE = 0.08  # two columns this near for one field are said aloud
_SENTENCE = 60  # characters from which a value is a sentence, as reasons for a grade are
_SENTENCES = "most of its values are sentences, as reasons for a grade are"
_SHORT, _SHORT_WORDS, _FEW, _MANY = 3, 2, 6, 8
"""Characters or words of a value that may stand for a grade, how many such values, over how many
rows at least."""
_WORDS = {"ref": "force's reference", "type": "case type", "date": "date of incident"}
_BESIDE_GRADES = tuple(_WORDS)
"""Fields that are shown by row while the force's grades are hidden."""
_HAS_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Column:
    """Holds one column: its letter, heading, the field it is taken for, how sure (0 to 1), samples.

    ``mask_reason`` is a clause why it tells of the force's grades, whatever it is taken for; empty
    where it does not.
    """

    column: str
    heading: str
    field: str
    confidence: float
    samples: tuple[str, ...]
    hidden: bool = False
    chosen: bool = False
    rival: str | None = None
    mask_reason: str = ""

    @property
    def number(self) -> int:
        """Return the column's number, from 1."""
        return column_number(self.column) or 0

    def to_json(self) -> dict[str, object]:
        """Return what is printed of it."""
        return {
            "column": self.column,
            "heading": self.heading,
            "field": self.field,
            "confidence": self.confidence,
            "samples": list(self.samples),
            "hidden": self.hidden,
            "chosen": self.chosen,
        }


@lru_cache(maxsize=16384)
def heading_scores(kind: str, heading: str) -> Mapping[str, float]:
    """Return how well a heading names each field of a kind of table, above 0 up to 1."""
    text = plain(heading)
    if not text or len(text) > 120:
        return {}
    scores = {words.field: _heading_score(text, words) for words in field_words(kind)}
    return {field: score for field, score in scores.items() if score > 0}


def _heading_score(text: str, words: FieldWords) -> float:
    if text in words.strong:
        return 1.0
    if any(has_phrase(text, phrase) for phrase in words.never):
        return 0.0
    if text in words.weak:
        return 0.7
    best = 0.0
    for phrase in words.strong:
        if len(phrase) > 2 and has_phrase(text, phrase):
            best = max(best, 0.68 + 0.27 * len(phrase) / len(text))
        near = max(fuzz.ratio(text, phrase), fuzz.token_sort_ratio(text, phrase)) / 100
        if near >= 0.84 and len(phrase) > 3:
            best = max(best, near * 0.97)
    for phrase in words.weak:
        if len(phrase) > 2 and has_phrase(text, phrase):
            best = max(best, 0.5 + 0.2 * len(phrase) / len(text))
    return best


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
    grades = sum(looks_like_grade(text) for text in texts) / n
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
    grade = grades * (1.0 if n < 6 or distinct < 0.6 else 0.6)
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
        }
    return {field: max(0.0, min(1.0, score)) for field, score in by_meaning.items()}


def map_columns(
    kind: str,
    sheet: Sheet,
    headings: Mapping[int, str],
    body: Sequence[int],
    types: CaseTypes,
    base_1904: bool = False,
    chosen: Mapping[str, str] | None = None,
) -> tuple[Column, ...]:
    """Return a field for every column with a heading or a value; each field has at most one column.

    `chosen` maps a column letter or a heading to a field and wins over every proposal. Raises
    `MappingRefused` when it names a column or field that is not there, or would have a column that
    tells of the force's grades shown by row.
    """
    rows = body[:_BODY]
    numbers = sorted(
        set(headings)
        | {c for row in rows for c, cell in sheet.cells.get(row, {}).items() if not cell.blank}
    )
    chosen_fields = _chosen_fields(kind, headings, numbers, chosen)
    offers: list[tuple[float, int, str]] = []
    mask_reasons: dict[int, str] = {}
    for number in numbers:
        cells = [sheet.at(row, number) for row in rows]
        by_value = value_scores(kind, cells, types, base_1904)
        by_heading = heading_scores(kind, headings.get(number, ""))
        if kind == "self_assessment":
            mask_reasons[number] = _mask_reason(cells, by_heading, by_value)
        if mask_reasons.get(number) and chosen_fields.get(number) in _BESIDE_GRADES:
            raise MappingRefused(
                f"Column {letters(number)} was not taken for the {_WORDS[chosen_fields[number]]}: "
                f"{mask_reasons[number]}, and the force's grades stay hidden until ours are "
                "committed. Nothing was changed; take it for the grade, the rationale or nothing."
            )
        for words in field_words(kind):
            if mask_reasons.get(number) and words.field in _BESIDE_GRADES:
                continue
            heading, value = by_heading.get(words.field, 0.0), by_value.get(words.field, 0.0)
            if heading < 0.75 and value < 0.2 and any(not cell.blank for cell in cells):
                heading = 0.0  # a heading that only may mean it, over values that do not suit it
            confidence = 0.7 * heading + 0.3 * value if heading >= 0.5 else 0.6 * value
            if number in sheet.hidden_columns:
                confidence -= 0.1
            if confidence >= _PROPOSE and (heading >= 0.5 or value >= 0.8):
                offers.append((round(confidence, 3), number, words.field))
    return tuple(
        Column(
            column=letters(number),
            heading=headings.get(number, ""),
            field=field,
            confidence=confidence,
            samples=samples_of(sheet, rows, number),
            hidden=number in sheet.hidden_columns,
            chosen=number in chosen_fields,
            rival=letters(rival) if rival else None,
            mask_reason=mask_reasons.get(number, ""),
        )
        for number, (field, confidence, rival) in _assign(numbers, offers, chosen_fields).items()
    )


def _mask_reason(
    cells: Sequence[Cell], by_heading: Mapping[str, float], by_value: Mapping[str, float]
) -> str:
    """Say why a column tells of the force's grades, as a clause; empty where it does not."""
    texts = [cell.text() for cell in cells if not cell.blank and not is_no_grade(cell.text())]
    grades = sum(len(text) <= _SENTENCE and names_grade(text) for text in texts)
    if grades > len(texts) / 2:
        return "most of its values are words for a grade"
    if max((by_value.get(field, 0.0) for field in _BESIDE_GRADES), default=0.0) >= 0.5:
        return ""
    if sum(len(text) > _SENTENCE for text in texts) > len(texts) / 2:
        return _SENTENCES
    best = max(by_heading, key=lambda field: by_heading[field], default="")
    if best == "grade":
        return "its heading means a grade"
    few = best not in _BESIDE_GRADES and _are_few(texts)
    return "its few short values may stand for grades" if few else ""


def likely_grades(columns: Sequence[Column]) -> str:
    """Say which columns may hold the grades where none is taken for them; or nothing."""
    return " ".join(
        f"Column {column.column} may be it: {column.mask_reason}."
        for column in columns
        if column.field == IGNORE and column.mask_reason and column.mask_reason != _SENTENCES
    )


def _are_few(texts: Sequence[str]) -> bool:
    """Say whether values are few, short and repeated, as grades are that are written as numbers."""
    distinct = {plain(text) for text in texts}
    short = all(len(one) <= _SHORT or len(one.split()) <= _SHORT_WORDS for one in distinct)
    return short and len(texts) >= _MANY and len(distinct) <= min(_FEW, len(texts) // 2)


def _assign(
    numbers: Sequence[int], offers: list[tuple[float, int, str]], chosen_fields: Mapping[int, str]
) -> dict[int, tuple[str, float, int | None]]:
    taken: dict[int, tuple[str, float, int | None]] = {
        number: (field, 1.0, None) for number, field in chosen_fields.items()
    }
    fields = {field for field in chosen_fields.values() if field != IGNORE}
    offers.sort(key=lambda offer: (-offer[0], offer[1]))
    for confidence, number, field in offers:
        if number in taken or field in fields:
            continue
        rival = next(
            (
                n
                for c, n, f in offers
                if f == field and n != number and n not in taken and confidence - c <= _CLOSE
            ),
            None,
        )
        taken[number] = (field, confidence, rival)
        fields.add(field)
    return {n: taken.get(n, (IGNORE, 0.0, None)) for n in numbers}


def _chosen_fields(
    kind: str,
    headings: Mapping[int, str],
    numbers: Sequence[int],
    chosen: Mapping[str, str] | None,
) -> dict[int, str]:
    fields = [words.field for words in field_words(kind)] + [IGNORE]
    chosen_fields: dict[int, str] = {}
    for name, field in (chosen or {}).items():
        if field not in fields:
            raise MappingRefused(
                f"“{field}” is not a field; the fields are {', '.join(fields)}. "
                "Nothing was changed."
            )
        same = [n for n in numbers if plain(headings.get(n, "")) == plain(name) != ""]
        number = column_number(name) if column_number(name) in numbers else None
        if number is None and len(same) == 1:
            number = same[0]
        if number is None:
            raise MappingRefused(
                f"There is no single column “{name}”; name it by its letter. Nothing was changed."
            )
        if field != IGNORE and field in chosen_fields.values():
            raise MappingRefused(
                f"Two columns were given for “{field}”; one must be ignored. Nothing was changed."
            )
        chosen_fields[number] = field
    return chosen_fields


def samples_of(sheet: Sheet, rows: Sequence[int], number: int) -> tuple[str, ...]:
    """Return the first few different values of a column in these rows, each cut."""
    most = limit("say", "sample_characters")
    texts = (sheet.at(row, number) for row in rows)
    distinct = dict.fromkeys(cell.text().strip()[:most] for cell in texts if not cell.blank)
    return tuple(distinct)[: limit("say", "samples")]
