"""What central has corrected in its plan of an inspection, as this laptop takes it over."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.methodology import load, load_known, versions
from storage.errors import FieldkitError
from storage.records import Inspection
from storage.records.inspection import PHASES
from storage.records.judgment import GRADED, assessments, marks
from storage.trust.current import roster_in
from storage.trust.roster import PlannedInspection


def corrections(s: Session, planned: PlannedInspection, inspection: Inspection) -> dict[str, str]:
    """Return what the plan says of an inspection; what it leaves open is as it is here.

    Another methodology is taken over only where nothing is judged yet: grades are on its scale. In
    place of one that nobody knows here it is taken over all the same.
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
    unknown = load_known(inspection.version) is None
    if planned.methodology and (unknown or not is_judged(s, inspection.id)):
        pinned = planned.methodology == inspection.methodology
        values["methodology_corrected"] = "" if pinned else planned.methodology
    return values


def not_understood(planned: PlannedInspection) -> str:
    """Say in a sentence why this fieldkit cannot take a plan over; empty where it can.

    Central may have a later one, with other criteria and phases.
    """
    try:
        if planned.methodology:
            load(planned.methodology)
        Inspection.make(
            force=planned.force,
            methodology=planned.methodology or versions()[-1],
            starts=planned.starts,
            ends=planned.ends,
            phase=planned.phase or PHASES[0],
            follows=planned.follows,
            marking=planned.marking,
        )
    except FieldkitError as refusal:
        return str(refusal)
    return ""


def is_judged(s: Session, inspection_id: str) -> bool:
    """Say whether anything of an inspection is graded, so that its methodology has to stay."""
    on_force = assessments(s, inspection_id).values()
    return any(one.state == GRADED for one in marks(s, inspection_id)) or any(
        one.state == GRADED for one in on_force
    )


def plans_not_understood(s: Session) -> list[str]:
    """Say of each plan of the roster that this fieldkit cannot take over why that is."""
    roster = roster_in(s.connection())
    reasons = [(one, not_understood(one)) for one in roster.inspections] if roster else []
    return [
        f"The roster's plan of the inspection of {planned.force} is not taken over. {reason} "
        "Install the fieldkit that central has, or tell central's administrator."
        for planned, reason in reasons
        if reason
    ]


def held_back(s: Session) -> list[str]:
    """Say which plans of the roster, or which methodology of one, could not be taken over."""
    roster = roster_in(s.connection())
    here = [(one, s.get(Inspection, one.id)) for one in roster.inspections] if roster else []
    return plans_not_understood(s) + [
        f"The roster says that the inspection of {planned.force} is by the criteria of "
        f"{planned.methodology}, and cases here are graded by those of {inspection.version}. It "
        "stays by these, and nothing was changed. Tell central's administrator."
        for planned, inspection in here
        if inspection is not None
        and planned.methodology
        and planned.methodology != inspection.version
        and not not_understood(planned)
    ]
