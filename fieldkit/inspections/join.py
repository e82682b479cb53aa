"""Joining a team's inspection: its id comes with the roster, so that all laptops mean the same.

Where one of the same force and dates was begun already, the person is asked before there are two.
The team's takes the place of an empty one only if it was begun here and nobody else ever had it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.inspections.corrected import corrections, held_back, not_understood
from fieldkit.inspections.inspections import TEAMS, YOURS, same_one, whose_of
from fieldkit.methodology import load, versions
from fieldkit.service import RefusedError
from fieldkit.wording.dates import span_words
from storage.conflicts.resolve import NoConflictError, conflicted_record, resolve
from storage.errors import FieldkitError
from storage.feed.journal import because
from storage.history.deleted import records_left
from storage.history.delivery import erased_inspections
from storage.history.origin import never_left, origin_of
from storage.ops.text import many
from storage.records import Inspection
from storage.records.inspection import PHASES, inspections
from storage.records.inspection import inspections as kept_here
from storage.trust.current import former_roster, people, roster_in
from storage.trust.roster import PlannedInspection, Roster
from storage.vault.vault import Vault

_REASON = "as the team's roster has it"


@dataclass(frozen=True)
class Begun:
    """An inspection that somebody began for the same force and dates as the team's.

    Attributes:
        id: its id.
        who: who began it; empty where it was begun on this laptop.
        records: how many records are in it here.
        unseen: it was begun here, and nothing of it has left this laptop.
    """

    id: str
    who: str
    records: int
    unseen: bool

    @property
    def replaced(self) -> bool:
        """Say whether the team's may take its place: nothing is in it, here or elsewhere."""
        return self.unseen and not self.records

    @property
    def words(self) -> str:
        """Return whose it is and how much is in it, as the end of a sentence."""
        whose = f"{self.who} has begun one" if self.who else "you have begun one of your own"
        if self.records:
            return f"{whose} for it, with {many(self.records, 'record')}"
        if self.replaced:
            return "you have begun an empty one of your own for it"
        seen = "" if self.unseen else ", which may be on other laptops too"
        return f"{whose} for it{seen}"


@dataclass(frozen=True)
class Offer:
    """An inspection of the roster that is not here yet.

    Attributes:
        planned: as the roster has it.
        begun: those of the same force and dates that are here already.
    """

    planned: PlannedInspection
    begun: tuple[Begun, ...] = ()

    @property
    def fact(self) -> str:
        """Say what is planned, and what is here already, in a sentence."""
        planned = self.planned
        dates = span_words(planned.starts, planned.ends) or "dates not set"
        words = ", and ".join(each.words for each in self.begun)
        return f"Your team has an inspection of {planned.force} ({dates})" + (
            f", and {words}." if words else "."
        )

    @property
    def question(self) -> str:
        """Return what the person is asked where one has been begun already."""
        staying = [one for one in self.begun if not one.replaced]
        if not staying:
            return f"{self.fact} Join the team's, in its place?"
        place = ", in the place of your empty one" if len(staying) < len(self.begun) else ""
        whose = " and ".join(f"{one.who}'s" if one.who else "yours" for one in staying)
        return (
            f"{self.fact} Join the team's{place}? {whose[0].upper()}{whose[1:]} "
            f"{'stays' if len(staying) == 1 else 'stay'} beside it; what is in it is not carried "
            "over, and is not seen in the team's."
        )


def offers(s: Session) -> list[Offer]:
    """Return the inspections of the roster that are not here yet, as far as their plans are known.

    A plan of a later fieldkit, by criteria that are not known here, keeps no other from being
    joined; :func:`fieldkit.inspections.corrected.held_back` names it.
    """
    roster = roster_in(s.connection())
    if roster is None:
        return []
    offers = []
    for planned in roster.inspections:
        if s.get(Inspection, planned.id) is None and not not_understood(planned):
            offers.append(Offer(planned, _begun(s, planned, roster)))
    return offers


def join(s: Session, inspection_id: str, *, beside_own: bool = False) -> Inspection:
    """Take part in an inspection of the roster.

    Args:
        s: a writing session.
        inspection_id: its id there.
        beside_own: the person was asked, and knows of those that are here.

    Raises:
        RefusedError: the roster does not name it; or one of the same force and dates is here,
            and nobody was asked.
        MethodologyError: the roster's methodology is not known here.
    """
    roster = roster_in(s.connection())
    offer = next((one for one in offers(s) if one.planned.id == inspection_id), None)
    if roster is None or offer is None:
        raise RefusedError(
            "The roster names no such inspection that this fieldkit could join, or it is here "
            "already. Nothing was changed."
        )
    if offer.begun and not beside_own:
        raise RefusedError(f"{offer.question} Nothing was changed until you say so.")
    inspection = _made(offer.planned, roster)
    s.add(inspection)
    s.flush()
    # Anybody else who has it may have written in it, which nothing here would show.
    for begun in offer.begun:
        own = s.get(Inspection, begun.id) if begun.replaced else None
        if own is not None:
            with because(s, "the team's inspection takes its place"):
                s.delete(own)
    return inspection


def join_all(s: Session) -> tuple[list[Inspection], list[Offer]]:
    """Join every inspection of the roster with none of its dates here; returns the others too.

    Those that are here already take their force and dates from the roster, where central has
    corrected them, so that nobody has to decide what central has said.
    """
    _correct(s)
    joined, asked = [], []
    for one in offers(s):
        if one.begun:
            asked.append(one)
        else:
            joined.append(join(s, one.planned.id))
    return joined, asked


def _correct(s: Session) -> None:
    """Take over what central has changed in its plan: that counts, and ends conflicts about it."""
    connection = s.connection()
    roster, former = roster_in(connection), former_roster(connection)
    if roster is None or former is None:
        return
    before = {one.id: one for one in former.inspections}
    for planned in roster.inspections:
        inspection = s.get(Inspection, planned.id)
        if inspection is None or before.get(planned.id, planned) == planned:
            continue
        if not_understood(planned):
            continue
        planned_values = corrections(s, planned, inspection)
        known = _in_conflict(s, planned.id)
        other = {
            name: one for name, one in planned_values.items() if getattr(inspection, name) != one
        }
        reason = f"{_REASON}: {planned.reason}" if planned.reason else _REASON
        with because(s, reason):
            inspection.change(**{name: one for name, one in other.items() if name not in known})
        settled = {name: one for name, one in planned_values.items() if name in known}
        if settled:
            resolve(s, Inspection.KIND, planned.id, settled, reason)


def _in_conflict(s: Session, inspection_id: str) -> tuple[str, ...]:
    try:
        return conflicted_record(s, Inspection.KIND, inspection_id).fields
    except NoConflictError:
        return ()


@dataclass(frozen=True)
class Known:
    """Which version of the roster, and which inspections, were here before something came in."""

    version: int
    inspections: frozenset[str]


def known(s: Session) -> Known:
    """Return what is here now."""
    roster = roster_in(s.connection())
    return Known(roster.version if roster else 0, frozenset(one.id for one in kept_here(s)))


def after_coming(vault: Vault, before: Known) -> list[str]:
    """Join what a roster that has just come in names; says what is here now, in sentences.

    Not to be called on the clerk's own thread.
    """
    after = vault.read_now(known)
    if after == before:
        return []
    asked: list[Offer] = []
    sentences = []
    if after.version != before.version:
        try:
            _, asked = vault.write_now(join_all)
        except FieldkitError as error:
            # The roster and whatever came with it stand all the same.
            sentences.append(f"The team's inspections could not be joined. {error}")
    sentences += vault.read_now(_arrived, before)
    sentences += vault.read_now(held_back)
    sentences += [
        f"{one.fact} You have not joined the team's: press i, then a, to do so; or take the roster "
        "in with “fieldkit enrol ROSTER --join”."
        for one in asked
    ]
    return sentences


def _arrived(s: Session, before: Known) -> list[str]:
    roster = roster_in(s.connection())
    here = {one.id for one in kept_here(s)}
    if roster is None or here == before.inspections:
        return []
    joined = [one for one in roster.inspections if one.id in here - before.inspections]
    sentences = [f"The team's inspection of {one.force} is on this laptop now." for one in joined]
    return sentences + doubles(s)


def _made(planned: PlannedInspection, roster: Roster) -> Inspection:
    """Make an inspection as every laptop of the team does, so that nothing of it is in conflict."""
    # Pinned is what an earlier fieldkit would pin; another one of the plan stands beside it.
    pinned = load(roster.methodology or versions()[-1])
    planned_by = load(planned.methodology).version if planned.methodology else pinned.version
    return Inspection.make(
        id=planned.id,
        force=planned.force,
        methodology=pinned.version,
        methodology_corrected="" if planned_by == pinned.version else planned_by,
        starts=planned.starts,
        ends=planned.ends,
        phase=planned.phase or PHASES[0],
        follows=planned.follows,
        marking=planned.marking or pinned.marking,
    )


def _begun(s: Session, planned: PlannedInspection, roster: Roster) -> tuple[Begun, ...]:
    alike = _made(planned, roster)
    named = {one.id for one in roster.inspections}
    connection = s.connection()
    persons = people(connection)
    others = []
    for inspection in kept_here(s):
        if inspection.id not in named and same_one(inspection, alike):
            begun = origin_of(connection, Inspection.KIND, inspection.id)
            unseen = begun.is_own and never_left(s, Inspection.KIND, inspection.id)
            who = "" if begun.is_own else persons.get(begun.who, "a colleague")
            others.append(
                Begun(inspection.id, who, records_left(connection, inspection.id), unseen)
            )
    return tuple(others)


def doubles(s: Session) -> list[str]:
    """Say that two inspections in fieldwork are of one force and dates, and what to do."""
    erased = erased_inspections(s.connection())
    in_fieldwork = [
        one for one in inspections(s) if one.state == "fieldwork" and one.id not in erased
    ]
    whose = whose_of(s)
    sentences = []
    while in_fieldwork:
        first = in_fieldwork.pop(0)
        alike = [first, *(one for one in in_fieldwork if same_one(one, first))]
        in_fieldwork = [one for one in in_fieldwork if one not in alike]
        if len(alike) < 2:
            continue
        named = [(whose(one.id), f"{_owned(whose(one.id))} ({one.id[:8]})") for one in alike]
        work = "Agree which of them all of you work in"
        if any(by == TEAMS for by, _ in named):
            work = "Work in the team's"
        sentences.append(
            f"There are {len(alike)} inspections of {first.force} for the same dates: "
            f"{' and '.join(words for _, words in named)}. {work}: nothing is lost, but nothing "
            "moves from one to the other by itself. What belongs in it has to be entered there "
            "again."
        )
    return sentences


def _owned(by: str) -> str:
    return by if by in (TEAMS, YOURS) else f"{by}'s" if by else "one of somebody else's"
