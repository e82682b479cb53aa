"""Two inspections of the same force and dates: that there are, and what is to be done about it."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.inspections import TEAMS, YOURS, same_one, whose_of
from storage.records.inspection import inspections
from storage.sent import erased_inspections


def doubles(s: Session) -> list[str]:
    """That there are two inspections in fieldwork for the same force and dates, and what to do."""
    erased = erased_inspections(s.connection())
    left = [one for one in inspections(s) if one.state == "fieldwork" and one.id not in erased]
    whose = whose_of(s)
    found = []
    while left:
        first = left.pop(0)
        alike = [first, *(one for one in left if same_one(one, first))]
        left = [one for one in left if one not in alike]
        if len(alike) < 2:
            continue
        named = [(whose(one.id), f"{_owned(whose(one.id))} ({one.id[:8]})") for one in alike]
        work = "Agree which of them all of you work in"
        if any(by == TEAMS for by, _ in named):
            work = "Work in the team's"
        found.append(
            f"There are {len(alike)} inspections of {first.force} for the same dates: "
            f"{' and '.join(words for _, words in named)}. {work}: nothing is lost, but nothing "
            "moves from one to the other by itself. What belongs in it has to be entered there "
            "again."
        )
    return found


def _owned(by: str) -> str:
    return by if by in (TEAMS, YOURS) else f"{by}'s" if by else "one of somebody else's"
