"""The inspections of one force that are kept here, and the recommendations made in them."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.methodology import load_known
from fieldkit.service import NotThereError, existing
from storage.ops.forces import comparable_force, is_same_force
from storage.records import Inspection, Recommendation
from storage.records.inspection import inspections
from storage.records.lookup import records_naming


def inspections_of_force(s: Session, force: str) -> list[Inspection]:
    """Return the inspections of a force that are kept here, the earliest first.

    Which names are one force's says :func:`storage.ops.forces.comparable_force`.
    """
    return [one for one in reversed(inspections(s)) if is_same_force(one.force, force)]


def readable(s: Session) -> list[Inspection]:
    """Return the inspections kept here, the latest first, whose methodology is known here."""
    return [one for one in inspections(s) if load_known(one.judged_by) is not None]


def force_named(s: Session, written: str) -> str:
    """Return the name of the force that is meant, in whole or by a part that no other has.

    Raises `NotThereError`.
    """
    # Of several names of a force the latest inspection's is shown.
    known = {comparable_force(one.force): one.force for one in reversed(inspections(s))}
    wanted = comparable_force(written)
    names = [name for name in known if name == wanted] or [name for name in known if wanted in name]
    if wanted and len(names) == 1:
        return known[names[0]]
    raise NotThereError(
        f"No single force is called “{written}” here: {', '.join(sorted(known.values())) or 'none'}"
        ". Nothing was changed. Name one of them."
    )


def recommendations_of_force(s: Session, inspection_id: str) -> list[Recommendation]:
    """Return the recommendations of all inspections of the force of one, by their numbers.

    Raises `NotThereError` where there is no such inspection.
    """
    known = inspections_of_force(s, existing(s, Inspection, inspection_id).force)
    recommended = records_naming(s, Recommendation, "inspection_id", (one.id for one in known))
    return sorted(recommended, key=lambda one: (not one.numbered_on, one.number, one.id))
