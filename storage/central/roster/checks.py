"""What may be planned: an inspection of a force, on days that there are, once.

A roster is signed and carried to every laptop, so what is wrong in it is said before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from storage.ops.day_words import day_words, span_words
from storage.ops.forces import is_same_force
from storage.ops.text import comparable
from storage.records.inspection import PHASES
from storage.trust.roster import (
    PLANNED_LATER,
    Device,
    PlannedInspection,
    Roster,
    RosterError,
    check_line,
    check_name,
)


def check_planned(inspection: PlannedInspection) -> None:
    """Raise :class:`RosterError` where an inspection cannot be planned so."""
    check_name(inspection.id, "inspection's id")
    for text in (inspection.force, inspection.starts, inspection.ends):
        check_line(text, "inspection's force or date")
    for name in PLANNED_LATER:
        check_line(getattr(inspection, name), f"inspection's {name}")
    wrong = problem(inspection)
    if wrong:
        raise RosterError(
            f"The inspection cannot be planned: {wrong}. Nothing was changed. Give its force, and "
            "its days, such as 6 July 2026."
        )


def problem(inspection: PlannedInspection) -> str:
    """Return what is wrong with a planned inspection, in words; empty where nothing is."""
    if not inspection.force.strip():
        return "no force is named"
    for day in (inspection.starts, inspection.ends):
        if day and not _is_day(day):
            return f"“{day}” is not a day"
    if inspection.starts and inspection.ends and inspection.ends < inspection.starts:
        return (
            f"it ends on {day_words(inspection.ends)}, before it starts on "
            f"{day_words(inspection.starts)}"
        )
    if inspection.phase not in ("", *PHASES):
        return f"“{inspection.phase}” is no phase: there are {', '.join(PHASES)}"
    if inspection.follows and inspection.phase in ("", PHASES[0]):
        return "an inspection follows none; a visit, a review or a re-inspection does"
    if inspection.follows == inspection.id:
        return "it cannot follow itself"
    return ""


def days(inspection: PlannedInspection) -> str:
    """Say when it is, in words."""
    return span_words(inspection.starts, inspection.ends) or "dates not set"


def same_as(
    inspection: PlannedInspection, others: Iterable[PlannedInspection]
) -> PlannedInspection | None:
    """Return another inspection of the same force whose dates overlap with these, if any."""
    return next((other for other in others if _alike(inspection, other)), None)


def _alike(one: PlannedInspection, other: PlannedInspection) -> bool:
    if one.id == other.id or not is_same_force(one.force, other.force):
        return False
    return (one.starts or "0") <= (other.ends or "9") and (other.starts or "0") <= (one.ends or "9")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def check_person(roster: Roster, device: Device, same_person: bool, same_name: bool) -> None:
    """Refuse an entry by which a laptop would write in the name of somebody else.

    Args:
        roster: as it would be without the entry.
        device: the entry.
        same_person: the administrator says that it is a known person's further laptop.
        same_name: the administrator says that another person may have a known person's name.

    Raises:
        RosterError: it changes the person of a known laptop, takes a known person's id without
            leave, or gives that person another name; or gives a new person a name that, to a
            reader, is a known person's.
    """
    known = roster.device(device.id)
    if known is not None:
        if (known.person_id, known.person) != (device.person_id, device.person):
            raise RosterError(
                f"Laptop {known.name} is {known.person}'s, and this request gives it to "
                f"{device.person} (person {device.person_id}). Nothing was changed. A laptop keeps "
                "its person: make a new vault for another person and enrol that."
            )
        return
    others = [one for one in roster.devices if one.person_id == device.person_id]
    if not others:
        if not same_name:
            _refuse_namesake(roster, device)
        return
    if not same_person:
        raise RosterError(
            f"This request has the person id of {others[0].person}, who has laptop "
            f"{others[0].name} already. Nothing was changed. Ask {others[0].person} in person; if "
            "this laptop is theirs as well, enrol it with --same-person."
        )
    if others[0].person != device.person:
        raise RosterError(
            f"This request calls person {device.person_id} {device.person}, and the roster "
            f"{others[0].person}. Nothing was changed. Ask them in person which is right; a person "
            "has one name on the roster."
        )


def _refuse_namesake(roster: Roster, device: Device) -> None:
    """Refuse a second person of one name: pages and histories could not tell them apart."""
    name = comparable(device.person)
    for one in roster.devices:
        if comparable(one.person) == name:
            ended = "" if one.until is None else ", revoked"
            raise RosterError(
                f"This request is of a person called {device.person}, and the roster has "
                f"{one.person} (laptop {one.name}{ended}) with another person id. Nothing was "
                f"changed. Ask {one.person} in person; if this is their new vault, or that of "
                "somebody else of the same name, enrol it with --same-name."
            )
