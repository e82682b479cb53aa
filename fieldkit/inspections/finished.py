"""How many case audits were finished on each day, and how many a day are left to do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from fieldkit.evidence.gaps.coverage import days_left
from fieldkit.service import existing, today
from fieldkit.wording.dates import local_day
from storage.database.remembered import recall
from storage.history.first_set import first_set
from storage.ops.clock import wall_ms
from storage.records import Case, Inspection, Judgment
from storage.records.judgment import NO_ANSWERS, NOT_JUDGED, OVERALL, judgment_id, marks_by_case
from storage.records.lookup import rows_kept

SHOWN = 7
"""Days that are counted, today the last of them."""
LOOKED_BACK = 2 * SHOWN
"""Days among which these are found."""
DAY_MS = 24 * 3600 * 1000
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Finished:
    """Holds how many case audits were finished on the latest days.

    Attributes:
        days: each day, ``YYYY-MM-DD``, with how many; today last. A Saturday or Sunday on which
            nobody worked is left out, as are days before the fieldwork.
        a_day: how many a day are left for the working days after today; 0 where nothing is left,
            or no such day.
    """

    days: tuple[tuple[str, int], ...]
    a_day: int


def finished(s: Session, inspection_id: str, left: int) -> Finished:
    """Return what was finished on the latest days; raises `NotThereError`.

    A case is finished when its overall is first entered, as a grade or a state; a later correction
    moves nothing. Withdrawn cases count for nothing.

    Args:
        s: a session.
        inspection_id: of which inspection.
        left: how many cases are not finished.
    """
    inspection = existing(s, Inspection, inspection_id)
    entered = _entered(s, inspection_id)
    now = date.fromisoformat(today())
    since = wall_ms() - (LOOKED_BACK + 1) * DAY_MS
    known = recall(s.connection(), f"first judged, as of {now}", _rests_on)
    if fresh := [one for one in entered if one not in known]:
        walls = first_set(s, Judgment.KIND, "state", NOT_JUDGED, fresh, since)
        # What was judged before then stays so, and no earlier day is counted.
        known |= {one: local_day(walls[one]) if one in walls else "" for one in fresh}
    counts = Counter(map(known.__getitem__, entered))
    days: list[tuple[str, int]] = []
    for back in range(LOOKED_BACK):
        day = now - timedelta(days=back)
        number = counts[str(day)]
        outside = bool(inspection.starts) and str(day) < inspection.starts
        idle = day.weekday() >= _SATURDAY or outside
        if number or not back or not idle:
            days.append((str(day), number))
    coming = len(days_left(inspection) or ())
    return Finished(tuple(reversed(days[:SHOWN])), -(-left // coming) if coming else 0)


def _entered(s: Session, inspection_id: str) -> list[str]:
    """Return the ids of the overall judgments that are entered, of cases that are not withdrawn."""
    by_case = marks_by_case(s, inspection_id)
    return [
        judgment_id(one.id, OVERALL)
        for one in rows_kept(s, Case, inspection_id)
        if not one.withdrawn
        and (said := by_case.get(one.id, NO_ANSWERS).get(OVERALL))
        and said.state != NOT_JUDGED
    ]


def _rests_on(judgment: str, day: str) -> tuple[str]:
    return (judgment,)
