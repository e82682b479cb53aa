"""What home reads last, for a wide terminal: audits finished by day, and what nobody looked at."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session
from textual.content import Content

from fieldkit.evidence.gaps.coverage import Coverage, coverage, gap_words
from fieldkit.inspections.finished import Finished, finished
from fieldkit.service import today
from fieldkit.wording.dates import weekday
from screens.kit.drawing.bars import columns
from screens.kit.drawing.rows import cut, lines, muted
from screens.kit.drawing.signs import sign
from storage.ops.text import many

A_DAY, MOST_A_DAY = 7, 12
"""Columns that a day of the chart takes, at least and at most."""
UNDER_BARS = 2
"""Lines of figures and days below the bars."""
LABEL = 17
"""Columns of a criterion's name beside its gaps."""
MOST_GAPS = 3
"""Criteria with a gap that home names; the page of coverage has all."""


@dataclass(frozen=True, slots=True)
class Later:
    """Holds what is read once home stands."""

    finished: Finished
    coverage: Coverage


def read_later(s: Session, inspection_id: str, left: int) -> Later:
    """Return what was finished by day, and what each criterion rests on."""
    return Later(finished(s, inspection_id, left), coverage(s, inspection_id))


def chart(found: Finished, width: int, height: int) -> Content:
    """Return the audits finished on the latest days as columns, today's lit."""
    days = found.days[-max(width // A_DAY, 1) :]
    if not any(number for _, number in days):
        return muted("No case audit was finished in these days.")
    now = today()
    names = ["today" if day == now else weekday(day) for day, _ in days]
    room = max(height - UNDER_BARS, 1) if height else 6
    wide = min(width, len(days) * MOST_A_DAY)
    return lines(columns([number for _, number in days], names, wide, room))


def left_to_do(found: Finished, left: int) -> str:
    """Say how many cases are left, and how many that makes a day: “36 left: 9 a day”."""
    if not left:
        return ""
    return f"{left:,} left: {found.a_day:,} a day" if found.a_day else f"{left:,} left"


def gaps(seen: Coverage, width: int) -> Content:
    """Return the criteria with the most gaps, each with what is missing."""
    if not seen.gaps:
        return Content.assemble(sign("done"), " ", cut("Everything was looked at.", width - 2))
    shown = seen.lacking[:MOST_GAPS]
    rows = [
        cut(
            Content.assemble(
                *(sign("soon"), f" {one.number} ", cut(one.label, LABEL), f": {gap_words(one)}")
            ),
            width,
        )
        for one in shown
    ]
    if more := len(seen.lacking) - len(shown):
        rows.append(muted(f"  and {many(more, 'more criterion', 'more criteria')}"))
    return lines(rows)
