"""Inspections: beginning one, listing them, and finding the one that is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlmodel import Session

from fieldkit.inspections.followed import followed
from fieldkit.methodology import load
from fieldkit.service import NotThereError, RefusedError, filled
from fieldkit.vault.settings import read_settings
from fieldkit.wording.dates import day_words, span_words
from storage.history.deleted import bring_back_inspection as reopened
from storage.history.deleted import deleted_inspections
from storage.history.delivery import erased_inspections
from storage.history.origin import has_written_in, origin_of
from storage.ops.forces import comparable_force, is_same_force
from storage.ops.text import many
from storage.records import Inspection
from storage.records.case import case_counts, progress
from storage.records.inspection import STATES, inspections
from storage.trust.current import people, roster_in
from storage.trust.identity import PERSON

SHORTEST_PREFIX = 4
"""Characters of an id from which it may stand for the whole."""

TEAMS, YOURS = "the team's", "yours"
"""Whose an inspection is, where it is not a colleague's."""


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """An inspection as a list shows it.

    ``cases`` counts those that were not withdrawn, ``done`` those of them that are judged overall;
    ``sent`` is "erased" where its records were erased from this laptop, else empty. ``by`` is whose
    it is: "the team's", "yours", or its beginner's name. ``deleted`` is how many records of it are
    here although it was deleted, which ``deleted_by`` did.
    """

    id: str
    force: str
    phase: str
    state: str
    starts: str
    ends: str
    methodology: str
    marking: str
    cases: int
    sent: str = ""
    by: str = ""
    done: int = 0
    deleted: int = 0
    deleted_by: str = ""

    @property
    def loss(self) -> str:
        """Say that it was deleted with records in it; empty where it was not."""
        if not self.deleted:
            return ""
        return (
            f"The inspection of {self.force} ({self.dates}) was deleted by "
            f"{self.deleted_by or 'somebody'}, while {many(self.deleted, 'record')} of it "
            f"{'is' if self.deleted == 1 else 'are'} here. Nothing of that is lost."
        )

    @property
    def lost(self) -> str:
        """Return :attr:`loss`, and what to do."""
        if not self.deleted:
            return ""
        return (
            f"{self.loss} Bring the inspection back to open it again: on the page of inspections "
            f"(i), or with “fieldkit inspection bring-back {self.short}”."
        )

    @property
    def gone(self) -> str:
        """Return why there is nothing here to open, in words; empty where there is."""
        if self.sent != "erased" or self.cases:
            return ""
        return (
            f"The inspection of {self.force} was erased from this laptop, after central had "
            "confirmed all of it, so nothing of it is here to open. Central keeps it: ask the "
            "office to export it for a laptop that it was never erased from."
        )

    @property
    def short(self) -> str:
        """Return the beginning of the id, long enough for a person to name it by."""
        return self.id[:8]

    @property
    def dates(self) -> str:
        """Return the dates in words."""
        return span_words(self.starts, self.ends) or "dates not set"


class SecondInspectionError(RefusedError):
    """Says that there is an inspection of that force and those dates; a second may be meant."""


def create(
    s: Session,
    *,
    force: str,
    methodology: str,
    starts: str = "",
    ends: str = "",
    phase: str = "inspection",
    follows: str = "",
    marking: str | None = None,
    language: str = "en",
    joining: bool = False,
) -> Inspection:
    """Begin an inspection by a methodology that stays pinned to it.

    A team shares one inspection, whose id comes with its roster; so a second one of the same force
    and dates is refused unless ``joining`` says that this is known. ``follows`` names the
    inspection that a visit, a review or a re-inspection follows, as :func:`followed` reads it.

    Raises:
        SecondInspectionError: there is one already.
        RefusedError: the force is missing, or the dates are the wrong way.
        MethodologyError: the methodology is not known.
        InvalidError: a date or the phase is not one.
    """
    force = filled(force, "The name of the force")
    pinned = load(methodology)
    inspection = Inspection.make(
        force=force,
        methodology=pinned.version,
        starts=starts,
        ends=ends,
        phase=phase,
        follows=followed(s, force, phase, follows, starts),
        marking=filled(
            read_settings().marking or pinned.marking if marking is None else marking, "The marking"
        ),
        language=language,
    )
    if inspection.starts and inspection.ends and inspection.ends < inspection.starts:
        raise RefusedError(
            f"The inspection would end on {day_words(inspection.ends)}, before it starts on "
            f"{day_words(inspection.starts)}. Nothing was changed; correct the dates."
        )
    if not joining:
        for other in inspections(s):
            if same_one(other, inspection):
                raise SecondInspectionError(
                    f"There is an inspection of {other.force} for these dates already "
                    f"({_line(other, 0).dates}). Nothing was changed. Work in that one; "
                    "“--joining” begins a second one beside it."
                )
    s.add(inspection)
    s.flush()
    return inspection


def same_one(one: Inspection, other: Inspection) -> bool:
    """Say whether two inspections are of the same force and of dates that overlap."""
    if not is_same_force(one.force, other.force):
        return False
    if not (one.starts or one.ends) and one.state != "fieldwork":
        return False
    return (one.starts or "0") <= (other.ends or "9") and (other.starts or "0") <= (one.ends or "9")


def _line(
    one: Inspection, cases: int, sent: str = "", by: str = "", done: int = 0
) -> InspectionLine:
    return InspectionLine(
        id=one.id,
        force=one.force,
        phase=one.phase,
        state=one.state,
        starts=one.starts,
        ends=one.ends,
        methodology=one.version,
        marking=one.marking,
        cases=cases,
        sent=sent,
        by=by,
        done=done,
    )


def listing(s: Session) -> list[InspectionLine]:
    """Return every inspection kept here, the latest first; then those deleted with records."""
    erased, whose = erased_inspections(s.connection()), whose_of(s)
    lines = []
    for one in inspections(s):
        done, cases = progress(s, one.id)
        sent = "erased" if one.id in erased else ""
        lines.append(_line(one, cases, sent, whose(one.id), done))
    return lines + lost(s)


def lost(s: Session) -> list[InspectionLine]:
    """Return the inspections that were deleted while records of them are here."""
    deleted = deleted_inspections(s)
    if not deleted:
        return []
    counts, whose, persons = case_counts(s), whose_of(s), people(s.connection())
    return [
        replace(
            _line(one.inspection, counts.get(one.inspection.id, 0), "", whose(one.inspection.id)),
            deleted=one.records,
            deleted_by=persons.get(one.who, ""),
        )
        for one in deleted
    ]


def bring_back(s: Session, wanted: str) -> Inspection:
    """Open a deleted inspection again, named by its id or the beginning of it.

    Raises:
        NotThereError: none that was deleted with records in it is meant, or more than one.
    """
    known, text = lost(s), wanted.strip().lower()
    named = [one for one in known if len(text) >= SHORTEST_PREFIX and one.id.startswith(text)]
    if len(named) != 1:
        choices = ", ".join(f"{one.short} ({one.force})" for one in known) or "there is none"
        raise NotThereError(
            f"No single inspection that was deleted with records in it is called “{wanted}”: "
            f"{choices}. Nothing was changed."
        )
    return reopened(s, named[0].id)


def whose_of(s: Session) -> Callable[[str], str]:
    """Return what tells whose an inspection is: the team's, one's own, or a colleague's by name."""
    connection = s.connection()
    roster, persons = roster_in(connection), people(connection)
    planned = {one.id for one in roster.inspections} if roster else set()

    def whose(inspection_id: str) -> str:
        if inspection_id in planned:
            return TEAMS
        begun = origin_of(connection, Inspection.KIND, inspection_id)
        return YOURS if begun.is_own else persons.get(begun.who, "")

    return whose


def the_open_one(s: Session, wanted: str | None = None) -> Inspection:
    """Return the inspection that is meant: by id, beginning of id or force; else the only one open.

    One that a colleague began, that the roster does not have and that nobody here wrote in, is
    meant only where it is named, or where there is no other: it makes nothing doubtful.

    Raises:
        NotThereError: none is meant, or more than one; the message names the choices.
    """
    known = inspections(s)
    if not known:
        if deleted := lost(s):
            raise NotThereError(deleted[0].lost)
        raise NotThereError(
            "There is no inspection here yet. Nothing was changed. Begin one with “fieldkit "
            "inspection new”, or enrol to receive your team's."
        )
    if wanted is None or not wanted.strip():
        erased = erased_inspections(s.connection())
        kept = [one for one in known if one.id not in erased]
        ours = _worked_in(s, kept)
        return _only(_earliest(ours or kept), known)
    text = wanted.strip()
    named = [one for one in known if one.id == text]
    if not named and len(text) >= SHORTEST_PREFIX:
        named = [one for one in known if one.id.startswith(text.lower())]
    if not named:
        name = comparable_force(text)
        named = [one for one in known if is_same_force(one.force, text)] or [
            one for one in known if name and f" {name} " in f" {comparable_force(one.force)} "
        ]
    if len(named) > 1:
        named = _earliest(named)
        named = _worked_in(s, named) or named
    if len(named) == 1:
        return named[0]
    how_many = "More than one inspection is" if named else "No inspection is"
    raise NotThereError(
        f"{how_many} called “{text}”. Nothing was changed. Name one by its id: "
        f"{_choices(named or known)}."
    )


def _worked_in(s: Session, several: list[Inspection]) -> list[Inspection]:
    """Return those that are the team's or one's own, or that the vault's person wrote in."""
    connection = s.connection()
    roster, own = roster_in(connection), PERSON.within(connection)
    planned = {one.id for one in roster.inspections} if roster else set()

    def is_ours(inspection: Inspection) -> bool:
        begun = origin_of(connection, Inspection.KIND, inspection.id)
        mine = begun.is_own or (own is not None and begun.who == own.id)
        return inspection.id in planned or mine or has_written_in(s, inspection.id)

    return [one for one in several if is_ours(one)]


def _earliest(several: list[Inspection]) -> list[Inspection]:
    """Return those that are in fieldwork; where none is, those that have come least far since."""
    states = {one.state for one in several}
    first = next((state for state in STATES if state in states), "")
    return [one for one in several if one.state == first]


def _only(meant: list[Inspection], known: list[Inspection]) -> Inspection:
    if len(meant) == 1:
        return meant[0]
    which = (
        f"More than one inspection that you work in is “{meant[0].state}”"
        if meant
        else ("No inspection that you work in is kept here")
    )
    raise NotThereError(
        f"{which}, so it must be said which is meant. Nothing was changed. Name one by its id: "
        f"{_choices(meant or known)}."
    )


def _choices(several: list[Inspection]) -> str:
    return ", ".join(f"{one.id[:8]} ({one.force}, {one.state})" for one in several)
