"""What the frame of every page says: marking, force, what must not be missed, what is not sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from fieldkit.casework.referrals import ReferralLine, lines
from fieldkit.history.conflicts import waiting
from fieldkit.service import author, existing, now, today
from fieldkit.wording.dates import span, working_days
from storage.history.delivery import unsent
from storage.ops.clock import read_stamp, wall_ms, wall_text
from storage.ops.forces import short_force
from storage.records import Inspection
from storage.records.inspection import inspections

_OWED = frozenset(("raised", "told", "not satisfied", "escalated"))
"""States of a referral in which the force has not said that it knows, or has not done enough."""
MARKINGS = ("OFFICIAL", "OFFICIAL-SENSITIVE", "SECRET", "TOP SECRET")
"""Lowest first (Government Security Classifications)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Holds what stands in the first and in the last line of every page.

    Attributes:
        marking: the protective marking of what is shown.
        force: the force in short.
        alarms: what must not be missed: the name of a sign, empty for none, and words.
        unsent: how many records have not left this laptop, keys apart.
        saved: when something was last kept here, ISO 8601; empty where nothing was.
        day, days: which day of the fieldwork it is, of how many working days; 0 outside it.
        phase: whether it is an inspection, a visit, a review or a re-inspection.
    """

    marking: str
    force: str
    alarms: tuple[tuple[str, str], ...]
    unsent: int
    saved: str
    day: int
    days: int
    phase: str


def frame(s: Session, inspection_id: str) -> Frame:
    """Return what the frame says, without reading what only home says.

    Raises `NotThereError` where there is no such inspection.
    """
    inspection = existing(s, Inspection, inspection_id)
    running = [one for one in lines(s, inspection_id, now()) if one.running]
    conflicts = waiting(s, inspection_id).here
    alarms = [alarm(max(running, key=lambda one: one.pressing))] if running else []
    if conflicts:
        alarms.append(("two answers", f"{conflicts:,}"))
    stamp = author(s).clock.last
    saved = wall_text(min(read_stamp(stamp)[0], wall_ms())) if stamp else ""
    day, days = fieldwork_day(inspection.starts, inspection.ends, today())
    return Frame(
        marking=inspection.marking,
        force=short_force(inspection.force),
        alarms=tuple(alarms),
        unsent=sum(unsent(s.connection(), device=author(s).device).values()),
        saved=saved,
        day=day,
        days=days,
        phase=inspection.phase,
    )


def alarm(referral: ReferralLine) -> tuple[str, str]:
    """Return a running referral as an alarm: “067 told 3 h 12”, with the sign of what is owed.

    No limit for its clock is published; the sign says that the force still owes something.
    """
    number = referral.reference.rpartition("-")[2] or referral.reference
    words = f"{number} {referral.state} {span(referral.minutes * 60)}"
    return ("soon" if referral.state in _OWED else ""), words


def fieldwork_day(starts: str, ends: str, on: str) -> tuple[int, int]:
    """Return which working day of the fieldwork a day is, and of how many; 0 and 0 outside it.

    Args:
        starts: the first day, ``YYYY-MM-DD``, or empty.
        ends: the last day, or empty.
        on: the day that is asked about.
    """
    try:
        first, last, day = (date.fromisoformat(one) for one in (starts, ends, on))
    except ValueError:
        return 0, 0
    if not first <= day <= last or (last - first).days > 366:
        return 0, 0
    return len(working_days(first, day)), len(working_days(first, last))


def marking_of_all(s: Session) -> str:
    """Return the highest marking of all inspections here, as their list needs; empty for none.

    One that is not known counts as the highest.
    """

    def height(marking: str) -> int:
        return MARKINGS.index(marking) if marking in MARKINGS else len(MARKINGS)

    return max((one.marking for one in inspections(s)), key=height, default="")
