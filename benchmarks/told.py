"""What a team tells the force, beside the cases and notes that a vault was made with.

Names, queries, two debriefs, recommendations and what they rest on, the force's action plan: as
many as belong to so many points.
"""

from __future__ import annotations

from itertools import cycle

from sqlmodel import Session

from benchmarks.invented import Inventor
from fieldkit.casework.queries import ask
from fieldkit.evidence.names import add_names
from fieldkit.feedback.debriefs.debrief import (
    close_debrief,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.followup.action_plans import intend, receive_plan
from fieldkit.followup.context import questions, weigh
from fieldkit.followup.recommendations import recommend
from storage.records import Case, Point, Recommendation
from storage.records.lookup import records_in
from storage.vault.vault import Vault

A_DEBRIEF = 3
"""Of so many points one is told at a debrief."""
RECOMMENDED = 8
"""Of so many points one leads to a recommendation."""
QUERIED, NAMED = 50, 100
"""Of so many cases one is queried, and of so many one has a name that must not leave."""
FIRST, SURNAMES = ("Alba", "Bryn", "Cleo", "Dara", "Esme"), ("Ashdown", "Birkett", "Calloway")


def tell(vault: Vault, inspection: str) -> None:
    """Write all of it into a vault that has cases and points."""
    for job in (_name, _query, _debrief, _recommend, _plan):
        vault.write_now(job, inspection)
    vault.author.undoable.clear()


def _name(s: Session, inspection: str) -> None:
    wanted = len(records_in(s, Case, inspection)) // NAMED + 1
    letters = cycle("abcdefghijklmnopqrstuvwxyz")
    names = [
        f"{FIRST[n % len(FIRST)]}{next(letters)} {SURNAMES[n % len(SURNAMES)]}{next(letters)}"
        for n in range(wanted)
    ]
    add_names(s, inspection, names)


def _query(s: Session, inspection: str) -> None:
    invent = Inventor(7)
    for case in records_in(s, Case, inspection)[1::QUERIED]:
        ask(s, case.id, "investigation", invent.sentence())


def _debrief(s: Session, inspection: str) -> None:
    invent = Inventor(8)
    points = records_in(s, Point, inspection)[::A_DEBRIEF]
    half = len(points) // 2
    before = open_debrief(s, inspection, "daily", "2026-07-07")
    for point in points[:half]:
        listed = include_point(s, before.id, point.id)
        record_response(s, listed.id, response=invent.sentence(), outcome="carried")
    close_debrief(s, before.id, "the chief officers")
    now = open_debrief(s, inspection, "daily")
    for point in points[half:]:
        include_point(s, now.id, point.id)


def _recommend(s: Session, inspection: str) -> None:
    invent = Inventor(9)
    for point in records_in(s, Point, inspection)[::RECOMMENDED]:
        made = recommend(s, inspection, invent.sentence(), [point.id], finding=invent.sentence())
        for one in questions():
            weigh(s, made.id, one.key, invent.sentence())


def _plan(s: Session, inspection: str) -> None:
    invent = Inventor(10)
    plan = receive_plan(s, inspection)
    for one in records_in(s, Recommendation, inspection):
        intend(s, plan.id, one.id, invent.sentence())
