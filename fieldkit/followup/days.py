"""Days of the follow-up: limits counted from a day, days that a person gives, and today.

Every limit of the methodology and every deadline of a recommendation is counted by one function,
:meth:`fieldkit.methodology.terms.Timing.due`.
"""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from fieldkit.methodology.terms import Timing
from fieldkit.service import RefusedError, latest_moment, now
from fieldkit.wording.dates import day_words, local_day
from storage.ops.short_dates import read_typed_day


def present_day(s: Session) -> str:
    """Return today, or the later day that this laptop's clock is known to have shown.

    A clock that was set back makes nothing that is late on time again.
    """
    return local_day(latest_moment(s, now()))


def due_day(limit: Timing, from_day: str) -> str:
    """Return the last day of a limit, ``YYYY-MM-DD``.

    Empty where the day it hangs on is not known, or the calendar ends before the limit.
    """
    return limit.due_day(from_day)


def days_between(first: str, last: str) -> int:
    """Return the days from one day to another, below 0 where the last came first."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def read_day_of(written: str, what: str) -> str:
    """Return a day that a person typed as ``YYYY-MM-DD``; raises `RefusedError` for none."""
    day, why = read_typed_day(written)
    if day is None and not written.strip():
        raise RefusedError(
            f"{what} needs a day such as 22/11/2026. Nothing was changed; write the day."
        )
    if day is None:
        raise RefusedError(
            f"{what} needs a day such as 22/11/2026, and “{written}” is none: {why}. Nothing was "
            "changed; write the day again."
        )
    return day


def past_day(s: Session, written: str, what: str) -> str:
    """Return the day of something that happened; today where none is given.

    Raises `RefusedError` for what is no day, and for one that is still to come.
    """
    present = present_day(s)
    if not written.strip():
        return present
    day = read_day_of(written, what)
    if day > present:
        raise RefusedError(
            f"{what} on {day_words(day)} is still to come. Nothing was changed; record it once it "
            "has happened."
        )
    return day
