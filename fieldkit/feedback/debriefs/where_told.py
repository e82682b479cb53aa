"""At which telling the force's answer to a point is written, where nobody names the debrief."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.feedback.debriefs.debrief import include_point, open_debrief
from fieldkit.feedback.debriefs.order import in_order
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
