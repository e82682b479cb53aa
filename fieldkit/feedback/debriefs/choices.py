"""Which points may be told in a debrief, and in which words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlmodel import Session

from fieldkit.evidence.points import WITHDRAWN, PointLine, point_lines
from fieldkit.feedback.debriefs.chain import Chain, chains
from fieldkit.feedback.debriefs.telling import CARRIED


def point_choices(s: Session, inspection_id: str, sort: str, debrief_id: str) -> list[PointLine]:
    """Return the points that may be told in a debrief, as :func:`choices_of` does."""
    lines, known = point_lines(s, inspection_id), chains(s, inspection_id)
    return choices_of(lines, known, sort, debrief_id)


def choices_of(
    lines: Sequence[PointLine], known: Mapping[str, Chain], sort: str, debrief_id: str
) -> list[PointLine]:
    """Return the points that may be told in a debrief, begun or not, and are not in it yet.

    For a daily debrief those never told and those carried over; for the hot debrief all, those
    agreed or carried first. Each in the words from which it is told.

    Args:
        lines: the points of the inspection.
        known: their chains.
        sort: "daily" or "hot".
        debrief_id: which debrief.
    """
    offered = [
        replace(line, wording=known[line.id].start)
        for line in lines
        if line.state != WITHDRAWN
        and all(one.debrief_id != debrief_id for one in known[line.id].tellings)
    ]
    if sort == "hot":
        return sorted(offered, key=lambda one: not known[one.id].goes_on)
    return [one for one in offered if not known[one.id].told or known[one.id].status == CARRIED]
