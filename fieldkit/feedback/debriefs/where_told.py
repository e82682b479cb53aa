"""At which telling the force's answer to a point is written, where nobody names the debrief."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.feedback.debriefs.debrief import include_point, open_debrief
from fieldkit.feedback.debriefs.order import find_debrief, in_order
from fieldkit.service import RefusedError, today
from fieldkit.wording.dates import day_words
from storage.ops.dates import read_day
from storage.records import DebriefPoint
from storage.records.debrief import debrief_point_id

DAILY = "daily"


def where_told(s: Session, inspection_id: str, point: str, sort: str, day: str) -> DebriefPoint:
    """Return a point where it stands on the list of a debrief, held and closed ones among them.

    Without a day it is where the point was told last, of that sort if one is named and it was told
    in one. A point that stands on no list yet is put on that of the day.
    """
    if day:
        debrief = open_debrief(s, inspection_id, sort or DAILY, day)
        listed = s.get(DebriefPoint, debrief_point_id(debrief.id, point))
        return listed or include_point(s, debrief.id, point)
    places = [
        (debrief.sort == sort, listed)
        for debrief in reversed(in_order(s, inspection_id))
        if (listed := s.get(DebriefPoint, debrief_point_id(debrief.id, point)))
    ]
    if places:
        # The latest debrief stands first among those of its sort.
        return max(places, key=lambda place: place[0])[1]
    return include_point(s, open_debrief(s, inspection_id, sort or DAILY).id, point)


def where_listed(s: Session, inspection_id: str, point: str, sort: str, day: str) -> DebriefPoint:
    """Return a point where it stands on the list of the debrief of that sort and day.

    Raises `RefusedError` where that was not begun, or the point is not on its list.
    """
    debrief = find_debrief(s, inspection_id, sort, day)
    listed = s.get(DebriefPoint, debrief_point_id(debrief.id, point)) if debrief else None
    if listed is None:
        held = day_words(debrief.held_on if debrief else read_day(day)[0] or day or today())
        raise RefusedError(
            f"The point is not on the list of the {sort} debrief of {held}. Nothing was changed; "
            "name the day of the debrief on whose list it is."
        )
    return listed
