"""How surely a column is each field, and why it is none: its heading first, then its values."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass

from fieldkit.workbook.table.meaning import (
    NAMED,
    far_apart,
    heading_scores,
    is_ticked,
    names_criterion,
    names_earlier_year,
    names_whole,
    says_nothing,
    suits_without_heading,
    tick_word,
    value_scores,
    why_nobodys,
)
from fieldkit.workbook.values.case_types import CaseTypes
from fieldkit.workbook.values.cells import Cell
from fieldkit.workbook.values.grades import is_no_grade, names_grade
from fieldkit.workbook.values.words import has_phrase, plain, word_set

_SENTENCE = 60  # characters from which a value is a sentence, as reasons for a grade are
SENTENCES = "most of its values are sentences, as reasons for a grade are"
_SHORT, _SHORT_WORDS, _FEW, _MANY = 3, 2, 6, 8
"""Characters or words of a value that may stand for a grade, how many such values, over how many
rows at least."""
FIELD_WORDS = {"ref": "force's reference", "type": "case type", "date": "date of incident"}
BESIDE_GRADES = tuple(FIELD_WORDS)
"""Fields that are shown by row while the force's grades are hidden."""
GRADE = {"self_assessment": "grade", "case_list": "overall_grade"}
_WITHOUT_HEADING = {
    "self_assessment": frozenset({"ref", "type", "date", "grade", "rationale"}),
    "case_list": frozenset({"type", "rationale"}),
}
"""Fields that values alone may be taken for, where the heading says nothing."""
_SUITS = 0.8
"""Share of a column's values that must suit a field which no heading names."""
_TICKED = 0.8
"""Share of the filled cells under words for grades that must be ticks."""
_NOT_FIELD = "its heading says nothing that is read"
_TWO_GRADES = "another column may hold our grades just as well; say which"
_OF_GRADES = "it may hold the force's grades, and no heading says that they are ours"
_THEIRS = "its heading says that it is the force's"
_AREA = "its heading names an area that a case is judged by, not the whole"
DATE = {"self_assessment": "date", "case_list": "date_of_incident"}
FAR_APART = "its dates lie as far apart as dates of birth do"


@dataclass(frozen=True, slots=True)
class Look:
    """Holds one column as it is looked at: its heading, its values and how they suit fields."""

    number: int
    heading: str
    cells: Sequence[Cell]
    by_heading: Mapping[str, float]
    by_value: Mapping[str, float]
    mask_reason: str


def look_at(
    kind: str,
    number: int,
    heading: str,
    cells: Sequence[Cell],
    types: CaseTypes,
    base_1904: bool,
) -> Look:
    """Look at one column, by its heading and its values."""
    by_value = value_scores(kind, cells, types, base_1904)
    by_heading = heading_scores(kind, heading)
    mask_reason = _mask_reason(kind, heading, cells, by_heading, by_value)
    return Look(number, heading, cells, by_heading, by_value, mask_reason)


def fit(kind: str, look: Look, field: str, base_1904: bool) -> float:
    """Return how surely a column is a field; 0 where its heading says otherwise."""
    heading, value = look.by_heading.get(field, 0.0), look.by_value.get(field, 0.0)
    if field == GRADE[kind] and names_earlier_year(look.heading):
        return 0.0
    if look.mask_reason and (field in BESIDE_GRADES or kind == "case_list"):
        if field != GRADE[kind]:
            return 0.0
    if not look.by_heading and says_nothing(look.heading):
        suits = value >= _SUITS and field in _WITHOUT_HEADING[kind]
        suits = suits and suits_without_heading(field, look.cells, base_1904)
        return 0.6 * value if suits else 0.0
    if field == "type" and not look.by_heading and not why_nobodys(look.heading):
        return 0.6 * value if value >= _SUITS else 0.0  # its values are on a list of their own
    filled = any(not cell.blank for cell in look.cells)
    needed = 0.5 if field == GRADE[kind] else 0.2
    if heading < 0.5 or (heading < 0.75 and filled and value < needed):
        return 0.0  # a heading that only may mean it, over values that do not suit it
    if field == "origin" and filled and value < needed:
        return 0.0
    if _is_only_date(look.heading) and field == DATE[kind] and far_apart(look.cells, base_1904):
        return 0.0
    return 0.7 * heading + 0.3 * value


def _is_only_date(heading: str) -> bool:
    """Say whether a heading says that a column holds dates, and not of what."""
    return plain(heading) in word_set("dates", "bare")


def is_area(kind: str, look: Look, looks: Collection[Look]) -> bool:
    """Say whether a column holds grades of one area, not of the whole case."""
    if names_criterion(look.heading):
        return True
    return plain(look.heading) in word_set("criteria", "beside") and any(
        (names_criterion(other.heading) or names_whole(other.heading))
        and other.by_value.get(GRADE[kind], 0.0) >= 0.5
        for other in looks
    )


def tick_columns(
    kind: str,
    looks: Mapping[int, Look],
    chosen_fields: Mapping[int, str],
    offers: Sequence[tuple[float, int, str]],
) -> dict[int, str]:
    """Return the columns headed by one grade each in which ticks stand, and their grades."""
    words = {number: tick_word(look.heading) for number, look in looks.items()}
    said = {number for number, field in chosen_fields.items() if field == "grade"}
    group = {
        number: word
        for number, word in words.items()
        if word and chosen_fields.get(number, "grade") == "grade"
    }
    if kind != "self_assessment" or len(group) < 2 or len({*group.values()}) < len(group):
        return {}
    if said - set(group) or (not said and any(field == "grade" for _, number, field in offers
                                              if number not in group)):  # fmt: skip
        return {}
    texts = [cell.text() for number in group for cell in looks[number].cells if not cell.blank]
    ticked = sum(is_ticked(text) is not None for text in texts)
    return group if texts and ticked >= _TICKED * len(texts) else {}


def why_not_taken(
    kind: str, look: Look, by_field: Container[str], area: bool, rival: int | None, base_1904: bool
) -> str:
    """Say why a column is not taken, as a clause; empty where it has no heading."""
    if why := why_nobodys(look.heading):
        return why
    if rival:
        return _TWO_GRADES
    if kind == "case_list" and look.mask_reason:
        return look.mask_reason
    if area and look.by_value.get(GRADE[kind], 0.0) >= 0.5:
        return _AREA
    if look.by_value.get(DATE[kind], 0.0) >= _SUITS and far_apart(look.cells, base_1904):
        return FAR_APART
    meant = max(look.by_heading, key=lambda field: look.by_heading[field], default="")
    if meant in by_field and look.by_heading[meant] >= NAMED:
        return f"another column is the {FIELD_WORDS.get(meant, meant.replace('_', ' '))}"
    return _NOT_FIELD if look.heading else ""


def _mask_reason(
    kind: str,
    heading: str,
    cells: Sequence[Cell],
    by_heading: Mapping[str, float],
    by_value: Mapping[str, float],
) -> str:
    """Say why a column tells of the force's grades, as a clause; empty where it does not."""
    texts = [cell.text() for cell in cells if not cell.blank and not is_no_grade(cell.text())]
    grades = sum(len(text) <= _SENTENCE and names_grade(text) for text in texts)
    if grades > len(texts) / 2:
        return _OF_GRADES if kind == "case_list" else "most of its values are words for a grade"
    if kind == "case_list":
        words = plain(heading)
        theirs = any(has_phrase(words, name) for name in word_set("theirs", "names"))
        return _THEIRS if theirs and not by_heading else ""
    if tick_word(heading):
        return "its heading is a word for a grade"
    if max((by_value.get(field, 0.0) for field in BESIDE_GRADES), default=0.0) >= 0.5:
        return ""
    if sum(len(text) > _SENTENCE for text in texts) > len(texts) / 2:
        return SENTENCES
    best = max(by_heading, key=lambda field: by_heading[field], default="")
    if best == "grade":
        return "its heading means a grade"
    few = best not in BESIDE_GRADES and _are_few(texts)
    return "its few short values may stand for grades" if few else ""


def _are_few(texts: Sequence[str]) -> bool:
    """Say whether values are few, short and repeated, as grades are that are written as numbers."""
    distinct = {plain(text) for text in texts}
    short = all(len(one) <= _SHORT or len(one.split()) <= _SHORT_WORDS for one in distinct)
    return short and len(texts) >= _MANY and len(distinct) <= min(_FEW, len(texts) // 2)
