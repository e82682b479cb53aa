"""The order in which debriefs were held: by their days, unless a clock that was set back says so.

A person names the day of a debrief, or the laptop's clock does. What was written in sight of what
is said by the stamps of the ops, which never go back; so any two laptops that hold the same ops
find the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from fieldkit.service import today
from storage.feed.read import ops_of
from storage.ops.clock import is_set_back
from storage.records import Debrief
from storage.records.debrief import debriefs


@dataclass(frozen=True, slots=True)
class _Begun:
    debrief: Debrief
    stamp: str
    by_wrong_clock: bool


def in_order(s: Session, inspection_id: str) -> list[Debrief]:
    """Return the debriefs of an inspection, the earliest first.

    By day, a daily one before the hot one. One that was begun by a clock set back, on the day that
    clock showed, comes after all that were begun before it.
    """
    held = debriefs(s, inspection_id)
    if len(held) < 2:
        return held
    begun = [_begun(s, debrief) for debrief in held]

    def place(one: _Begun) -> tuple[str, bool, str, bool, str]:
        day, moved = one.debrief.held_on, False
        if one.by_wrong_clock:
            before = [each.debrief.held_on for each in begun if each.stamp < one.stamp]
            moved = max(before, default="") > day
            day = max([day, *before])
        stamp = one.stamp if moved else ""
        return day, moved, stamp, one.debrief.sort == "hot", one.debrief.id

    return [one.debrief for one in sorted(begun, key=place)]


def find_debrief(s: Session, inspection_id: str, sort: str, held_on: str = "") -> Debrief | None:
    """Return the debrief of that sort and day, however the day is typed; None before it is begun.

    ``held_on`` is today if empty.
    """
    # Its id is made of the day as it is kept.
    named = Debrief.make(inspection_id=inspection_id, sort=sort, held_on=held_on or today())
    return s.get(Debrief, named.id)


def _begun(s: Session, debrief: Debrief) -> _Begun:
    """Say when a debrief was begun, and whether its day is that of a clock set back."""
    known = ops_of(s.connection(), Debrief.KIND, debrief.id)
    if not known:
        return _Begun(debrief, "", by_wrong_clock=False)
    first = min(known, key=lambda op: op.order)
    wrong = is_set_back(first.wall, first.hlc) and _is_day_of(debrief.held_on, first.wall)
    return _Begun(debrief, first.hlc, wrong)


def _is_day_of(day: str, wall: str) -> bool:
    """Say whether a moment of UTC is on that day, wherever the laptop stood."""
    try:
        return abs(date.fromisoformat(day) - date.fromisoformat(wall[:10])) <= timedelta(days=1)
    except ValueError:
        return False
