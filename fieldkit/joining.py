"""Joining a team's inspection: its id comes with the roster, so that all laptops mean the same.

Somebody who began on their own has one of the same force and dates already. They are asked before
there are two.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, SQLModel, select

from fieldkit.inspections import same_one
from fieldkit.methodology import load, versions
from fieldkit.writing import RefusedError
from storage.enrolling import roster_in
from storage.journal import because
from storage.records import CLASSES, Inspection
from storage.records.inspection import inspections as kept_here
from storage.roster import Planned, Roster


@dataclass(frozen=True)
class Offer:
    """An inspection of the roster that is not here yet.

    Attributes:
        planned: as the roster has it.
        own: the id of one that was begun here for the same force and dates; empty for none.
        records: how many records that one holds.
    """

    planned: Planned
    own: str = ""
    records: int = 0

    @property
    def question(self) -> str:
        """What the person is asked where they have begun one of their own."""
        one = self.planned
        dates = f"{one.starts or '…'} to {one.ends or '…'}"
        if self.records:
            return (
                f"Your team has an inspection of {one.force} ({dates}), and you have begun one of "
                f"your own for it, with {self.records} records. Join the team's? Yours stays "
                "beside it; what is in it is not carried over, and colleagues do not see it in "
                "theirs."
            )
        return (
            f"Your team has an inspection of {one.force} ({dates}), and you have begun an empty "
            "one of your own for it. Join the team's, in its place?"
        )


def offers(s: Session) -> list[Offer]:
    """The inspections of the roster that are not here yet."""
    roster = roster_in(s.connection())
    if roster is None:
        return []
    found = []
    for planned in roster.inspections:
        if s.get(Inspection, planned.id) is None:
            own = _own(s, planned, roster)
            found.append(Offer(planned, own, _records(s, own) if own else 0))
    return found


def join(s: Session, inspection_id: str, *, beside_own: bool = False) -> Inspection:
    """Take part in an inspection of the roster.

    Args:
        s: a writing session.
        inspection_id: its id there.
        beside_own: the person was asked, and knows of the one begun here.

    Raises:
        RefusedError: the roster does not name it; or one of the same force and dates was begun
            here, and nobody was asked.
        MethodologyError: the roster's methodology is not known here.
    """
    roster = roster_in(s.connection())
    offer = next((one for one in offers(s) if one.planned.id == inspection_id), None)
    if roster is None or offer is None:
        raise RefusedError(
            "The roster names no such inspection, or it is here already. Nothing was changed."
        )
    if offer.own and not beside_own:
        raise RefusedError(f"{offer.question} Nothing was changed until you say so.")
    made = _made(offer.planned, roster)
    s.add(made)
    s.flush()
    own = s.get(Inspection, offer.own) if offer.own and not offer.records else None
    if own is not None:
        with because(s, "the team's inspection takes its place"):
            s.delete(own)
    return made


def join_all(s: Session) -> tuple[list[Inspection], list[Offer]]:
    """Join every inspection of the roster of which none was begun here; returns the others too."""
    joined, asked = [], []
    for one in offers(s):
        if one.own:
            asked.append(one)
        else:
            joined.append(join(s, one.planned.id))
    return joined, asked


def _made(planned: Planned, roster: Roster) -> Inspection:
    """What every laptop of the team makes alike, so that nothing of it is in conflict."""
    pinned = load(roster.methodology or versions()[-1])
    return Inspection.make(
        id=planned.id,
        force=planned.force,
        methodology=pinned.version,
        starts=planned.starts,
        ends=planned.ends,
        marking=pinned.marking,
    )


def _own(s: Session, planned: Planned, roster: Roster) -> str:
    alike = _made(planned, roster)
    named = {one.id for one in roster.inspections}
    for one in kept_here(s):
        if one.id not in named and same_one(one, alike):
            return one.id
    return ""


def _records(s: Session, inspection_id: str) -> int:
    """How many records belong to an inspection."""
    number = 0
    for kind in CLASSES:
        table = SQLModel.metadata.tables[str(kind.__tablename__)]
        if "inspection_id" in table.c:
            query = select(table.c.id).where(table.c.inspection_id == inspection_id)
            number += len(s.connection().execute(query).all())
    return number
