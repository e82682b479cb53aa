"""What speaks for and against a row being a case, in words; the score only orders candidates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from fieldkit.selfassessment.matching.references import OFFERED_FROM, Reference, reference
from storage.ops.text import many

GAP_DAYS = 31  # dates further apart than this speak against a match
_NEAR_DAYS = 3  # the night of the incident against the day of the report
_REF, _DATE, _TYPE, _ORIGIN = 0.78, 0.13, 0.06, 0.03  # the say of each field in the order
_UNKNOWN = 0.4  # of a field's say where one side is silent


@dataclass(frozen=True, slots=True)
class Side:
    """Holds a row or a case made ready to compare; ``day`` is the date's ordinal."""

    ref: Reference
    types: tuple[str, ...]
    day: int | None
    origin: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Holds a row beside a case, field by field.

    ``score`` is 0 to 1, ``reasons`` are in words, ``against`` is the clause that takes away a
    pre-tick ("" when nothing does), ``worth_showing`` says whether it may be a candidate.
    """

    score: float
    reasons: tuple[str, ...]
    against: str
    worth_showing: bool


def side(ref: str, types: Sequence[str], date: str | None, origin: str | None = None) -> Side:
    """Make a row or case ready; a date that is not ISO counts as none."""
    return Side(reference(ref), tuple(types), None if date is None else _day(date), origin)


def order(like: float, row: Side, case: Side) -> float:
    """Return the score of a row and a case whose references are so much alike (0 to 1)."""
    score = _REF * like
    if row.day is None or case.day is None:
        score += _DATE * _UNKNOWN
    else:
        gap = abs(row.day - case.day)
        if gap == 0:
            score += _DATE
        elif gap <= _NEAR_DAYS:
            score += _DATE * 0.8
        elif gap <= GAP_DAYS:
            score += _DATE * _UNKNOWN
    if not row.types or not case.types:
        score += _TYPE * _UNKNOWN
    elif not _disjoint(row.types, case.types):
        score += _TYPE
    if case.origin is None:
        return score + _ORIGIN / 2
    return score + _ORIGIN if case.origin == "self-assessed" else score


def agrees(row: Side, case: Side) -> bool:
    """Say whether date and case type are known on both sides and the same."""
    same_day = row.day is not None and row.day == case.day
    return same_day and bool(row.types and case.types) and not _disjoint(row.types, case.types)


def confirmed(row: Side, case: Side) -> bool:
    """Say whether date or case type are known on both sides and could speak against it."""
    dated = row.day is not None and case.day is not None
    return dated or bool(row.types and case.types)


def compare(row: Side, case: Side) -> Comparison:
    """Compare field by field, with reasons."""
    like, ref_reason = _references(row.ref, case.ref)
    date_reason, far = _dates(row.day, case.day)
    type_reason, other = _types(row.types, case.types)
    against = [date_reason] if far else []
    reasons = [ref_reason, date_reason]
    if type_reason:
        reasons.append(type_reason)
    if other:
        against.append(type_reason)
    here, there = row.ref.namespace, case.ref.namespace
    if here and there and here != there:
        clause = f"one is called {here}, the other {there}"
        against.append(clause)
        reasons.append(clause)
    if case.origin == "inspectors":
        clause = "our list has it as assessed by inspectors only"
        against.append(clause)
        reasons.append(clause)
    return Comparison(
        score=order(like, row, case),
        reasons=tuple(reasons),
        against=" and ".join(against),
        worth_showing=like >= OFFERED_FROM or (row.day is not None and row.day == case.day),
    )


def _references(row: Reference, case: Reference) -> tuple[float, str]:
    if not row.canonical or not case.canonical:
        return 0.0, "no reference to compare"
    if row.canonical == case.canonical:
        same = row.raw == case.raw
        how = "" if same else " once signs, zeros and added words are set aside"
        return 1.0, f"same reference{how}"
    if row.squeezed == case.squeezed:
        return 0.985, "same letters and digits, divided differently"
    if row.alike == case.alike:
        return 0.98, "same but for characters that look alike"
    a, b = row.canonical, case.canonical
    slips = OSA.distance(a, b)
    like = 1.0 - slips / max(len(a), len(b))
    if slips == 1:
        return _one_slip(a, b, like)
    squeezed = OSA.normalized_similarity(row.squeezed, case.squeezed) - 0.01
    if squeezed > like:
        return squeezed, "the digits are near, divided differently"
    return like, f"{slips} characters of the reference differ"


def _one_slip(a: str, b: str, like: float) -> tuple[float, str]:
    """A swap or a lost digit explains few references, a wrong digit many: the former weigh more."""
    if len(a) < len(b):
        return like + 0.02, "the reference lacks one character"
    if len(a) > len(b):
        return like + 0.02, "the reference has one character more"
    if sorted(a) == sorted(b):
        return like + 0.02, "two neighbouring characters are swapped"
    return like, "one character of the reference differs"


@lru_cache(maxsize=4096)
def _day(text: str) -> int | None:
    try:
        return dt.date.fromisoformat(text).toordinal()
    except ValueError:
        return None


def _dates(row: int | None, case: int | None) -> tuple[str, bool]:
    if row is None or case is None:
        return "no date to compare", False
    gap = abs(row - case)
    if gap == 0:
        return "same date", False
    days = many(gap, "day")
    far = gap > GAP_DAYS
    return f"the dates are {days} apart" if far else f"dates {days} apart", far


def _types(row: tuple[str, ...], case: tuple[str, ...]) -> tuple[str, bool]:
    if not row or not case:
        return "", False
    if _disjoint(row, case):
        return f"the case type is {row[0]} there and {case[0]} here", True
    return "same case type", False


def _disjoint(row: tuple[str, ...], case: tuple[str, ...]) -> bool:
    # Nearly always there is one.
    return row[0] not in case and (len(row) == 1 or not any(label in case for label in row))
