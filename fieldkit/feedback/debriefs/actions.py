"""What goes on from one debrief to the next: actions promised, and referrals not closed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.casework.referrals import ReferralLine
from fieldkit.casework.referrals import lines as referral_lines
from fieldkit.service import now
from fieldkit.wording.format import with_facts
from storage.records import Debrief, DebriefPoint
from storage.records.debrief import debriefs
from storage.records.lookup import records_in


@dataclass(frozen=True, slots=True)
class ActionLine:
    """Holds an immediate action that the force promised.

    Attributes:
        debrief_point_id: the point as told, to which it was promised.
        held_on: the day of that debrief, ``YYYY-MM-DD``.
        wording: the words agreed of that point.
        action: what the force does.
        owner: the role that does it; empty where none was named.
        due: by when, ``YYYY-MM-DD``; empty where no day was named.
        done: when it was done, ``YYYY-MM-DD``; empty while it is not known to be done.
    """

    debrief_point_id: str
    held_on: str
    wording: str
    action: str
    owner: str
    due: str
    done: str = ""

    @property
    def words(self) -> str:
        """Return the action with who does it, by when, and when it was done."""
        return action_words(self.action, self.owner, self.due, self.done)


def action_words(action: str, owner: str, due: str, done: str = "", promised: str = "") -> str:
    """Return an action with what is known of it; the days are ``YYYY-MM-DD`` or empty."""
    return with_facts(
        action,
        owner,
        f"by {due}" if due else "",
        f"done {done}" if done else "",
        f"promised {promised}" if promised else "",
    )


def actions(
    s: Session, inspection_id: str, before: Debrief | None, *, done: bool = False
) -> tuple[ActionLine, ...]:
    """Return what is promised and not done: in every debrief, or in those held before one.

    With ``done`` also what is done: it is the force's credit and stays with what it promised.
    """
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
            done=debrief.action_done,
        )
        for debrief in records_in(s, DebriefPoint, inspection_id)
        if debrief.action and (done or not debrief.action_done) and debrief.debrief_id in days
    ]
    return tuple(sorted(waiting, key=lambda one: (one.held_on, one.due, one.debrief_point_id)))


def open_referrals(s: Session, inspection_id: str) -> tuple[ReferralLine, ...]:
    """Return the referrals that are not closed, with their clocks as they stand now."""
    return tuple(one for one in referral_lines(s, inspection_id, now()) if one.state != "closed")
