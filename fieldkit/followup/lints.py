"""What of the recommendations is worth a second look; prompts, never for the force."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlmodel import Session

from fieldkit.evidence.points import WITHDRAWN
from fieldkit.followup.context import questions, weighed_by
from fieldkit.followup.days import days_between, due_day, present_day
from fieldkit.followup.force import recommendations_of_force
from fieldkit.followup.numbers import called, doubles
from fieldkit.followup.status import is_running
from fieldkit.methodology import find
from fieldkit.service import existing, methodology_of
from storage.ops.text import many
from storage.records import Basis, Inspection, Point, Recommendation
from storage.records.lookup import records_in


@dataclass(frozen=True, slots=True)
class Look:
    """Says what of a recommendation is worth a second look, and what settles it.

    Attributes:
        rule: which rule, by its name in ``lints.toml``.
        id: which recommendation.
        words: a sentence.
        settle: what settles it.
        command: the command that does.
    """

    rule: str
    id: str
    words: str
    settle: str
    command: str


@cache
def _rules() -> Mapping[str, Mapping[str, str]]:
    rules: Mapping[str, Mapping[str, str]] = tomllib.loads(
        (files(__package__) / "lints.toml").read_text("utf-8")
    )["rules"]
    return rules


def due_of(s: Session, one: Recommendation, published: str) -> str:
    """Return by which day a recommendation is to be acted upon, ``YYYY-MM-DD``.

    Empty where its report is not published. Raises `NotThereError` where its inspection is gone.
    """
    limit = find(methodology_of(s, one.inspection_id).deadlines, one.deadline)
    return due_day(limit, published) if limit is not None else ""


def looks(s: Session, inspection_id: str) -> list[Look]:
    """Return what is worth a second look, rule by rule; raises `NotThereError`."""
    inspection = existing(s, Inspection, inspection_id)
    by_rule: dict[str, list[Look]] = {rule: [] for rule in _rules()}
    every = recommendations_of_force(s, inspection_id)
    same = {one.id: several for several in doubles(every) for one in several}
    points, answered = _points_behind(s, inspection_id), weighed_by(s, inspection_id)
    for one in every:
        if one.inspection_id != inspection_id:
            continue
        for rule, more in (
            *_of_basis(points[one.id]),
            *_of_making(one, answered[one.id]),
            *_of_publication(s, one, inspection, same.get(one.id, [])),
        ):
            by_rule[rule].append(_look(rule, one, more))
    return [look for several in by_rule.values() for look in several]


def _look(rule: str, one: Recommendation, more: str) -> Look:
    said = _rules()[rule]
    # A draft's place may be another's number, and two may have the same number.
    name = str(one.number) if one.numbered_on and rule != "double_number" else one.id[:8]
    return Look(
        rule=rule,
        id=one.id,
        words=said["words"].format(what=f"Recommendation {called(one)}", more=more),
        settle=said["settle"],
        command=said["command"].format(name=name),
    )


def _points_behind(s: Session, inspection_id: str) -> dict[str, list[Point]]:
    points = {one.id: one for one in records_in(s, Point, inspection_id)}
    behind: dict[str, list[Point]] = defaultdict(list)
    for basis in records_in(s, Basis, inspection_id):
        if basis.point_id in points:
            behind[basis.recommendation_id].append(points[basis.point_id])
    return behind


def _of_basis(points: list[Point]) -> Iterator[tuple[str, str]]:
    if not points:
        yield "no_point", ""
    elif all(one.state == WITHDRAWN for one in points):
        yield "withdrawn_point", ""


def _of_making(one: Recommendation, answered: set[str]) -> Iterator[tuple[str, str]]:
    lacking = [each.label for each in questions() if each.asked and each.key not in answered]
    if lacking:
        yield "no_context", ", ".join(lacking).lower()
    if not one.owner.strip():
        yield "no_owner", ""


def _of_publication(
    s: Session, one: Recommendation, inspection: Inspection, same: list[Recommendation]
) -> Iterator[tuple[str, str]]:
    if inspection.published and not one.numbered_on:
        yield "not_numbered", ""
    others = [other.id[:8] for other in same if other.id != one.id]
    if others:
        yield "double_number", ", ".join(others)
    due, present = due_of(s, one, inspection.published), present_day(s)
    if due and due < present and is_running(one):
        yield "deadline_passed", many(days_between(due, present), "day")
