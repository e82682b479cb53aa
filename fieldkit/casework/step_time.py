"""The time of a referral's step as a person gives it, where it was not the time of typing."""

from __future__ import annotations

from datetime import UTC, datetime

from fieldkit.service import RefusedError
from fieldkit.wording.dates import moment_words
from storage.ops.short_dates import read_typed_moment

FORM = "write its hour and minute, as in 14:20, with the day before it where that is not today"


def moment_of(typed: str, latest: str) -> str:
    """Return the moment that was typed, ISO 8601 in UTC.

    A time alone is of today, by the clock on the wall.

    Args:
        typed: as a person writes a time.
        latest: the latest moment it can be, ISO 8601 in UTC.

    Raises:
        RefusedError: it is no time, it has a day without a time, or it lies ahead.
    """
    written = typed.strip()
    moment = _read(written)
    if moment is None:
        raise RefusedError(f"“{written}” is not a time. Nothing was changed; {FORM}.")
    if moment > datetime.fromisoformat(latest):
        raise RefusedError(
            f"“{written}” lies ahead: it is {moment_words(latest)} now. Nothing was changed; write "
            "the day before it, where it was not today."
        )
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _read(written: str) -> datetime | None:
    known, _ = read_typed_moment(written)
    if known is None or len(known) <= len("2026-07-06"):
        return None
    try:
        return datetime.fromisoformat(known).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
