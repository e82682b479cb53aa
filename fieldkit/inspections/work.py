"""How far the case audits are: by criterion, by inspector, and how the overall grades fall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.casework.case_lines import CaseLine
from fieldkit.service import author, methodology_of
from storage.records.judgment import NOT_JUDGED
from storage.trust.current import people

NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Share:
    """Holds how many of something are done.

    Attributes:
        label: what it is.
        done: how many are.
        total: of how many.
        number: the criterion's number in the methodology's list; 0 for what has none.
    """

    label: str
    done: int
    total: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """Holds how far the case audits are; withdrawn cases count for nothing.

    Attributes:
        criteria: each criterion judged on cases, of the cases that it applies to.
        overall: the overall assessments, of all cases.
        inspectors: what is done of what is allocated to each, the acting person first as “You”;
            cases allocated to nobody last.
        grades: how many cases have each overall grade, and how many are not judged.
    """

    criteria: tuple[Share, ...]
    overall: Share
    inspectors: tuple[Share, ...]
    grades: dict[str, int]


def work(s: Session, inspection_id: str, lines: Sequence[CaseLine]) -> Work:
    """Return how far the cases of an inspection are; raises `NotThereError` where there is none.

    Args:
        s: a session.
        inspection_id: which inspection.
        lines: its cases, as `case_lines` returns them.
    """
    methodology = methodology_of(s, inspection_id)
    shown = [one for one in lines if not one.withdrawn]
    judged: Counter[str] = Counter()
    without: Counter[str] = Counter()
    areas = methodology.criteria_on("case")
    of_areas = zip(*(one.answers for one in shown), strict=True)
    for area, answers in zip(areas, of_areas, strict=False):
        judged[area.key] = len(answers) - answers.count(NOT_JUDGED)
        without[area.key] = answers.count(NOT_APPLICABLE)
        judged[area.key] -= without[area.key]
    places = {area.key: number for number, area in enumerate(methodology.areas, 1)}
    criteria = tuple(
        Share(area.label, judged[area.key], len(shown) - without[area.key], places[area.key])
        for area in areas
    )
    grades = Counter(one.overall for one in shown)
    return Work(
        criteria=criteria,
        overall=Share("Overall", sum(one.done for one in shown), len(shown)),
        inspectors=_by_inspector(s, shown),
        grades=dict(grades),
    )


def _by_inspector(s: Session, lines: Sequence[CaseLine]) -> tuple[Share, ...]:
    names = people(s.connection())
    me = author(s).person
    own = {me.casefold(), names.get(me, "").casefold()} - {""}
    done: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for line in lines:
        whose = names.get(line.allocated_to, line.allocated_to)
        if line.allocated_to.casefold() in own:
            whose = "You"
        total[whose] += 1
        done[whose] += line.done
    ranked = sorted(total, key=lambda name: (name != "You", not name, name.casefold()))
    return tuple(Share(name or "nobody", done[name], total[name]) for name in ranked)
