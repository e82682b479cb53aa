"""Which inspection a visit, a review or a re-inspection follows."""

from __future__ import annotations

import uuid

from sqlmodel import Session

from fieldkit.service import NotThereError, RefusedError
from storage.ops.forces import is_same_force
from storage.ops.short_dates import read_typed_day
from storage.records.inspection import PHASES, Inspection, inspections

SHORTEST_PREFIX = 4
"""Characters of an id from which it may stand for the whole."""


def followed(s: Session, force: str, phase: str, written: str, starts: str = "") -> str:
    """Return the id of the inspection that a visit, a review or a re-inspection follows.

    Args:
        s: a session.
        force: whose.
        phase: what follows; what follows nothing is an inspection.
        written: the id of the one that is followed, the beginning of it, or the force's name; a
            whole id may be of one that is not kept here yet. Where it is empty or the force's
            name, the latest of that force that is kept here; empty where there is none.
        starts: the first day of what follows; one that begins later is not followed.

    Raises:
        RefusedError: an inspection follows none, or the one named is of another force.
        NotThereError: none that is meant is kept here.
    """
    wanted = written.strip()
    if phase == PHASES[0]:
        if wanted:
            raise RefusedError(
                "An inspection follows none. Nothing was changed; say that it is a visit, a review "
                "or a re-inspection, or leave out which it follows."
            )
        return ""
    known = inspections(s)
    of_force = [one for one in known if is_same_force(one.force, force)]
    if not wanted or is_same_force(wanted, force):
        day = read_typed_day(starts)[0] or "9"
        before = [one for one in of_force if one.starts <= day]
        return before[0].id if before else ""
    if is_id(wanted) and all(one.id != wanted for one in known):
        return wanted
    text = wanted.lower()
    named = [one for one in known if len(text) >= SHORTEST_PREFIX and one.id.startswith(text)]
    if len(named) != 1:
        choices = ", ".join(f"{one.id[:8]} ({_called(one)})" for one in of_force) or "none"
        raise NotThereError(
            f"No single inspection of {force} is called “{wanted}” here: {choices}. Nothing was "
            "changed. Name one by its id; where it is not kept here, by the whole of it."
        )
    if named[0] not in of_force:
        raise RefusedError(
            f"The inspection {named[0].id[:8]} is of {named[0].force}, so a {phase} of {force} "
            "cannot follow it. Nothing was changed; name one of the same force."
        )
    return named[0].id


def _called(one: Inspection) -> str:
    return f"{one.phase}, {one.starts}" if one.starts else one.phase


def is_id(text: str) -> bool:
    """Say whether a text is the whole id of an inspection."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
