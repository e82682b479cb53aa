"""What central has corrected in its plan of an inspection, as this laptop takes it over."""

from __future__ import annotations

from sqlmodel import Session

from storage.records import Inspection
from storage.records.judgment import GRADED, assessments, marks
from storage.trust.current import roster_in
from storage.trust.roster import PlannedInspection


def corrections(s: Session, planned: PlannedInspection, inspection: Inspection) -> dict[str, str]:
    """Return what the plan says of an inspection; what it leaves open is as it is here.

    Another methodology is taken over only where nothing is judged yet: grades are on its scale.
    """
    said = {
        "force": planned.force,
        "starts": planned.starts,
        "ends": planned.ends,
        "marking": planned.marking,
        "phase": planned.phase,
    }
    values = {name: value for name, value in said.items() if value}
    if planned.phase:
        values["follows"] = planned.follows
    if planned.methodology and not is_judged(s, inspection.id):
        pinned = planned.methodology == inspection.methodology
        values["methodology_corrected"] = "" if pinned else planned.methodology
    return values


def is_judged(s: Session, inspection_id: str) -> bool:
    """Say whether anything of an inspection is graded, so that its methodology has to stay."""
    on_force = assessments(s, inspection_id).values()
    return any(one.state == GRADED for one in marks(s, inspection_id)) or any(
        one.state == GRADED for one in on_force
    )


def held_back(s: Session) -> list[str]:
    """Say of which inspections the methodology that the roster names could not be taken over."""
    roster = roster_in(s.connection())
    here = [(one, s.get(Inspection, one.id)) for one in roster.inspections] if roster else []
    return [
        f"The roster says that the inspection of {planned.force} is by the criteria of "
        f"{planned.methodology}, and cases here are graded by those of {inspection.version}. It "
        "stays by these, and nothing was changed. Tell central's administrator."
        for planned, inspection in here
        if inspection is not None
        and planned.methodology
        and planned.methodology != inspection.version
    ]
