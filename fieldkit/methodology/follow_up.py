"""What a visit, a review and a re-inspection are, and the aims that they are judged by."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from fieldkit.methodology.methodology import Methodology
from fieldkit.methodology.terms import Area, Term

FILE = "follow_up.toml"
NO_AUDITS, OF_CONCERN, EVERY = "none", "areas of concern", "all"
"""Which cases are audited."""
VISITS = ("visit", "review")
"""The phases that end in a feedback and have no report of their own."""


@dataclass(frozen=True, slots=True)
class Asked(Term):
    """Holds somebody whom a follow-up talks to, by a group of interviewees where there is one."""

    group: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """Says what a visit, a review or a re-inspection consists of.

    Attributes:
        audits: :data:`NO_AUDITS`, :data:`OF_CONCERN` or :data:`EVERY`.
        all_areas: every criterion is looked at, and not only those with a recommendation that runs.
        interviews: whom it talks to.
        documents: which sorts of document it asks for.
    """

    audits: str
    all_areas: bool
    interviews: tuple[Asked, ...]
    documents: tuple[Term, ...]


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads((files("fieldkit.methodology") / FILE).read_text("utf-8"))


@cache
def aims() -> tuple[Area, ...]:
    """Return the four aims of follow-up activity, as areas judged on the force."""
    return tuple(Area(**(one | {"judged_on": tuple(one["judged_on"])})) for one in _data()["aims"])


@cache
def activity(phase: str) -> Activity | None:
    """Return what a phase consists of; None of an inspection, and of a phase not known here."""
    said = _data()["activity"].get(phase)
    if said is None:
        return None
    interviews = {one["key"]: Asked(**_tupled(one)) for one in _data()["interviews"]}
    documents = {one["key"]: Term(**_tupled(one)) for one in _data()["documents"]}
    return Activity(
        audits=said["audits"],
        all_areas=said["areas"] == "all",
        interviews=tuple(interviews[key] for key in said["interviews"]),
        documents=tuple(documents[key] for key in said["documents"]),
    )


def with_aims(methodology: Methodology) -> Methodology:
    """Return a methodology as a follow-up has it.

    Every area may be judged on the force too, as it is reported area by area, and the four aims
    come after the areas.
    """
    areas = tuple(
        replace(one, judged_on=tuple(dict.fromkeys((*one.judged_on, "force"))))
        for one in methodology.areas
    )
    return replace(methodology, areas=(*areas, *aims()))


def _tupled(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in one.items()}


def talks_with(asked: Asked, methodology: Methodology, force: str, starts: str) -> str:
    """Return whom a follow-up talks to, with the names of that force and of its first day."""
    on = date.fromisoformat(starts) if starts else date.max
    names = methodology.labels(force, on)
    return asked.label.format(
        safeguarding_body=names.safeguarding_body, children_director=names.children_director
    )
