"""What waits from one debrief to the next: actions promised, and referrals that are not closed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.casework.referrals import ReferralLine
from fieldkit.casework.referrals import lines as referral_lines
from fieldkit.service import now
from storage.records import Debrief, DebriefPoint
from storage.records.debrief import debriefs
from storage.records.lookup import records_in


@dataclass(frozen=True, slots=True)
class ActionLine:
    """Holds an immediate action that the force promised and that is not known to be done."""

    debrief_point_id: str
    held_on: str
    wording: str
    action: str
    owner: str
    due: str


def actions(s: Session, inspection_id: str, before: Debrief | None) -> tuple[ActionLine, ...]:
    """Return what is promised and not done: in every debrief, or in those held before one."""
    days = {
        debrief.id: debrief.held_on
        for debrief in debriefs(s, inspection_id)
        if before is None or (debrief.id != before.id and debrief.held_on <= before.held_on)
    }
    waiting = [
        ActionLine(
            debrief_point_id=debrief.id,
            held_on=days[debrief.debrief_id],
            wording=debrief.agreed_wording,
            action=debrief.action,
            owner=debrief.action_owner,
            due=debrief.action_due,
        )
        for debrief in records_in(s, DebriefPoint, inspection_id)
        if debrief.action and not debrief.action_done and debrief.debrief_id in days
    ]
    return tuple(sorted(waiting, key=lambda one: (one.held_on, one.due, one.debrief_point_id)))


def open_referrals(s: Session, inspection_id: str) -> tuple[ReferralLine, ...]:
    """Return the referrals that are not closed, with their clocks as they stand now."""
    return tuple(one for one in referral_lines(s, inspection_id, now()) if one.state != "closed")
