"""The practice cases: 97 of them, the same on every machine.

How many have which grade is in ``figures.toml`` with its source; what they say in ``cases.toml``.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from fieldkit.methodology import Methodology, load
from storage.ops.clock import utc_text

SEED = 20140401
"""Any number would do; another one makes another practice inspection."""

FIRST_NUMBER, NUMBERS = 36_100, 1_500
"""A dip sample's references lie close together, which is what makes matching by score unsafe."""

STATION = 71
"""The first part of each of this force's references."""

AUDITORS = ("inspector A", "inspector B", "inspector C", "inspector D")

Table = Mapping[str, Any]
"""A table of the demo's TOML files, or one made like it."""
_T = TypeVar("_T")

_ONLY_FOR: dict[str, frozenset[str]] = {
    "police_detention": frozenset({"custody", "criminal-exploitation"}),
    "managing_risk": frozenset(
        {"offender-management", "online-abuse", "sexual-exploitation", "domestic-abuse"}
    ),
}
"""Criteria that do not apply to every type of case."""

_DEPLOYED = frozenset({"domestic-abuse", "missing", "police-protection", "criminal-exploitation"})
"""Types of case that begin with a patrol sent out."""

_ARRESTED = frozenset({"domestic-abuse", "sexual-exploitation", "online-abuse", "section-47"})
"""Types of case in which an early arrest is what one hopes for."""


@cache
def read(name: str) -> dict[str, Any]:
    """Return a TOML file of the demo."""
    return tomllib.loads((files("fieldkit.demo") / name).read_text("utf-8"))


def draw(rng: random.Random, values: Sequence[_T]) -> _T:
    """Return one of the values. Only ``random()`` is promised to be the same in every Python."""
    return values[int(rng.random() * len(values))]


def shuffled(rng: random.Random, values: Sequence[_T]) -> list[_T]:
    """Return the values in another order, by ``random()`` alone."""
    order = sorted(range(len(values)), key=lambda _: rng.random())
    return [values[n] for n in order]


def practice_cases(methodology_version: str, first_day: date) -> tuple[Table, ...]:
    """Return the cases of an inspection whose fieldwork begins on that day, by reference."""
    rng = random.Random(SEED)
    methodology = load(methodology_version)
    words, grades = read("cases.toml"), read("figures.toml")["grades"]
    graded = shuffled(rng, list(_pairs(grades))) + shuffled(rng, list(_singles(grades)))
    kinds = _kinds(rng, words["types"], [ours for ours, _ in graded])
    numbers = shuffled(rng, range(FIRST_NUMBER, FIRST_NUMBER + NUMBERS))[: len(graded)]
    taken: dict[tuple[str, str], int] = {}
    cases = []
    for place, ((ours, force), kind, number) in enumerate(zip(graded, kinds, numbers, strict=True)):
        turn = taken[kind, ours] = taken.get((kind, ours), -1) + 1
        cases.append(
            _case(rng, methodology, words, first_day, place, kind, turn, number, ours, force)
        )
    return tuple(cases)


def _pairs(grades: Sequence[str]) -> Iterator[tuple[str, str]]:
    for ours, row in zip(grades, read("figures.toml")["self_assessed"], strict=True):
        for force, n in zip(grades, row, strict=True):
            yield from [(ours, force)] * n


def _singles(grades: Sequence[str]) -> Iterator[tuple[str, str]]:
    for ours, n in zip(grades, read("figures.toml")["inspectors_only"], strict=True):
        yield from [(ours, "")] * n


def _kinds(rng: random.Random, types: Mapping[str, Any], ours: Sequence[str]) -> list[str]:
    """Return a type for each case, every type of case in every grade."""
    pack = [kind for kind, one in types.items() for _ in range(one["share"])]
    dealt = {
        grade: shuffled(rng, [pack[n * 7 % len(pack)] for n in range(ours.count(grade))])
        for grade in dict.fromkeys(ours)
    }
    return [dealt[grade].pop() for grade in ours]


def _case(
    rng: random.Random,
    methodology: Methodology,
    words: Mapping[str, Any],
    first_day: date,
    place: int,
    kind: str,
    turn: int,
    number: int,
    ours: str,
    force: str,
) -> Table:
    """Return one case; ``audit`` holds fields of the case audit."""
    keys = {one.label: one.key for one in methodology.scale_for("case").grades}
    about = words["types"][kind]
    youngest, oldest = about["ages"]
    age = draw(rng, range(youngest, oldest + 1))
    texts = about[keys[ours]]
    text = texts[turn % len(texts)]
    # Nothing that a file tells of may have happened before the incident or after the fieldwork.
    ago = draw(rng, range(200, 330)) if "{months}" in text else draw(rng, range(70, 160))
    incident = first_day - timedelta(days=ago)
    rationale = text.format(
        age=age,
        hours=draw(rng, range(2, 20)),
        days=draw(rng, range(2, 9)),
        weeks=draw(rng, range(2, 9)),
        months=draw(rng, range(3, 7)),
    )
    label = next(one.label for one in methodology.case_types if one.key == kind)
    return {
        "reference": f"WSH-{place + 1:03d}",
        "force_ref": f"{STATION}/{number}/{incident:%y}",
        "types": [label],
        "origin": "self-assessed" if force else "inspectors",
        "incident_on": incident.isoformat(),
        "child_label": "child 1",
        "child_age": str(age),
        "unit": draw(rng, about["team"]),
        "auditor": AUDITORS[place % len(AUDITORS)],
        "overall": ours,
        "rationale": rationale,
        "judgments": dict(_judgments(rng, methodology, words, kind, ours, place)),
        "audit": _audit(rng, words, incident, kind, keys[ours], place),
        "force_grade": force,
        "force_rationale": draw(rng, words["force"][keys[force]]) if force else "",
    }


def _judgments(
    rng: random.Random,
    methodology: Methodology,
    words: Mapping[str, Any],
    kind: str,
    ours: str,
    place: int,
) -> Iterator[tuple[str, Table]]:
    """Yield a judgment for each criterion: mostly the overall grade, sometimes the one beside it.

    It has a grade with its rationale, or a state with its reason.
    """
    grades = methodology.scale_for("case").grades
    middle = next(n for n, one in enumerate(grades) if one.label == ours)
    for area in methodology.criteria_on("case"):
        if kind not in _ONLY_FOR.get(area.key, {kind}):
            yield area.key, {"state": "not applicable", "reason": ""}
            continue
        if area.key == "initial_contact" and place == 40:
            reason = words["extra"]["unable_reason"]
            yield area.key, {"state": "unable to judge", "reason": reason}
            continue
        step = draw(rng, (0, 0, 0, 0, 1, -1))
        grade = grades[min(max(middle + step, 0), len(grades) - 1)]
        remark = words["criteria"][area.key][grade.key]
        yield area.key, {"grade": grade.label, "rationale": remark}


def _audit(
    rng: random.Random,
    words: Mapping[str, Any],
    incident: date,
    kind: str,
    grade: str,
    place: int,
) -> dict[str, str]:
    """Voice, timeliness, supervision and risk as a file with that overall grade would show them."""
    well, badly = grade == "good", grade == "inadequate"
    usual = "yes" if well else "no" if badly else "not recorded"
    reported = datetime.combine(incident, time(draw(rng, range(7, 23)), draw(rng, range(60))))
    minutes = draw(rng, range(10, 50)) * (1 if well else 3)
    steps = {"reported_at": 0, "graded_at": 6}
    if kind in _DEPLOYED:
        steps |= {"deployed_at": minutes} | ({} if badly else {"child_seen_at": minutes + 25})
    if not badly:
        steps |= {"strategy_at": 240 if well else 1_500}
    if well and kind in _ARRESTED:
        steps |= {"arrest_at": minutes + 900}
    audit = {name: utc_text(reported + timedelta(minutes=after)) for name, after in steps.items()}
    audit |= {
        "voice_seen": usual,
        "voice_seen_alone": usual,
        "voice_spoken_to": usual,
        "voice_behaviour": usual,
        "voice_views": usual,
        "voice_used": "yes" if well else "no",
        "supervision_reviewed": "no" if badly else "yes",
        "supervision_rationale": "yes" if well else "no",
        "risk_graded": "no" if badly and place % 2 else "yes",
        "risk_right": "yes" if well else "no",
        "risk_others": usual,
    }
    extra = words["extra"]
    if place % 11 == 5:
        audit["context"] = extra["context"][place // 11 % len(extra["context"])]
    if well and place % 4 == 1:
        audit["notable_practice"] = extra["notable_practice"][
            place // 4 % len(extra["notable_practice"])
        ]
    return audit
