"""From words to positions on the scale, saying of each word that is not on it that it is not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldkit.comparison.inputs import (
    INSPECTORS_ONLY,
    NOT_REVEALED,
    SELF_ASSESSED,
    STATES,
    UNMATCHED,
    ComparedCase,
)

_OTHER_WORDS_FOR_ORIGIN = {"inspectors": INSPECTORS_ONLY}


@dataclass(frozen=True, slots=True)
class ReadCase:
    """Holds a case with its grades as positions on the scale, 0 the best; None where there is none.

    ``matched``: a row of the force is the case; ``hidden``: what it says is not revealed yet.
    """

    case: ComparedCase
    ours: int | None
    initial: int | None
    theirs: int | None
    matched: bool
    hidden: bool
    self_assessed: bool


@dataclass(frozen=True, slots=True)
class ReadGrades:
    """Holds the cases in order of their references, the withdrawn ones apart.

    ``uncounted`` names the matched cases that are not on the list of those the force assessed.
    """

    cases: tuple[ReadCase, ...]
    withdrawn: tuple[ComparedCase, ...]
    checks: tuple[str, ...]
    uncounted: tuple[str, ...]


def check_scale(scale: Sequence[str]) -> None:
    """Refuse a scale that cannot order anything.

    Raises:
        ValueError: fewer than two grades, or one of them twice.
    """
    if len(scale) < 2 or len(set(scale)) != len(scale):
        raise ValueError("A scale has at least two grades, each named once, from best to worst.")


def read_cases(cases: Iterable[ComparedCase], scale: Sequence[str]) -> ReadGrades:
    """Read every case; the result does not depend on the order they come in.

    Raises:
        ValueError: two cases share an id, or the scale cannot be used.
    """
    check_scale(scale)
    ordered = sorted(cases, key=lambda case: (reference_key(case.reference), case.case_id))
    ids = [case.case_id for case in ordered]
    if len(set(ids)) != len(ids):
        raise ValueError("Each case is compared once, but a case id was given twice.")
    checks: list[str] = []
    read = [_read(case, scale, checks) for case in ordered if not case.withdrawn]
    return ReadGrades(
        tuple(read),
        tuple(case for case in ordered if case.withdrawn),
        (*checks, *_two_answers([one.case.reference for one in read if one.case.two_answers])),
        _uncounted([one for one in read if one.matched and not one.self_assessed]),
    )


def _two_answers(references: Sequence[str]) -> tuple[str, ...]:
    if not references:
        return ()
    have = "1 case has" if len(references) == 1 else f"{len(references)} cases have"
    return (
        f"{have} two answers for the overall grade; the one shown first is counted: "
        f"{', '.join(references)}.",
    )


def _uncounted(read: Sequence[ReadCase]) -> tuple[str, ...]:
    if not read:
        return ()
    names = ", ".join(one.case.reference for one in read)
    single = len(read) == 1
    whose = (
        f"1 case is matched to a row of the force but its origin is not {SELF_ASSESSED}"
        if single
        else f"{len(read)} cases are matched to rows of the force but their origin is not "
        f"{SELF_ASSESSED}"
    )
    pronoun, its = ("it", "its") if single else ("them", "their")
    return (
        f"{whose}, so the force's grade of {pronoun} is in no table: {names}. If the force "
        f"assessed {pronoun} too, change {its} origin on the list of cases; else take the "
        "match back.",
    )


def reference_key(reference: str) -> tuple[tuple[str, int], ...]:
    """Return sorting key under which WST-2 comes before WST-10."""
    return tuple(
        (word.casefold(), int(number) if number else 0)
        for word, number in re.findall(r"([^0-9]*)([0-9]*)", reference)
    )


def is_self_assessed(case: ComparedCase) -> bool:
    """Say whether the force assessed the case too, by what the inspection's list says."""
    return case.origin == SELF_ASSESSED


def position(grade: str | None, scale: Sequence[str]) -> int | None:
    """Place of a grade on the scale, best first; None for no grade, a state or another word."""
    return scale.index(grade) if grade is not None and grade in scale else None


def _read(case: ComparedCase, scale: Sequence[str], checks: list[str]) -> ReadCase:
    for whose, grade in (
        ("our grade", case.ours),
        ("our first grade", case.initial),
        ("the force's grade", case.theirs),
    ):
        if grade is not None and grade not in scale and grade not in STATES:
            checks.append(
                f"Case {case.reference}: {whose} “{grade}” is not on the scale"
                f" ({', '.join(scale)}) and is counted as not judged."
            )
    origin = _OTHER_WORDS_FOR_ORIGIN.get(case.origin, case.origin)
    if origin not in (SELF_ASSESSED, INSPECTORS_ONLY):
        checks.append(
            f"Case {case.reference}: the origin “{case.origin}” is neither {SELF_ASSESSED} nor"
            f" {INSPECTORS_ONLY}; the case is counted as {INSPECTORS_ONLY}."
        )
    self_assessed = is_self_assessed(case)
    matched = case.theirs is not None or case.their_state not in ("", UNMATCHED)
    return ReadCase(
        case,
        position(case.ours, scale),
        position(case.initial, scale),
        position(case.theirs, scale),
        matched,
        case.theirs is None and case.their_state == NOT_REVEALED,
        self_assessed,
    )
