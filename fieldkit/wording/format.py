"""Times and counts in words, as a person reads them on a page."""

from __future__ import annotations

from datetime import UTC, datetime

_DAY = len("2026-07-28")


def local(moment: str) -> str:
    """An ISO time as the clock on the wall shows it here, ``2026-07-28 09:14``.

    A day without a time stays a day. What is no moment, or none that a clock here could show, as
    a colleague's bundle may hold, is given as it stands.
    """
    try:
        read = datetime.fromisoformat(moment)
        if len(moment) <= _DAY:
            return moment
        return (read if read.tzinfo is None else read.astimezone()).strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return moment


def clock_time(moment: str) -> str:
    """The hour and minute alone, where the day stands beside it; what has none as it stands."""
    told = local(moment)
    return told[_DAY + 1 :] if told != moment else told


def span(seconds: float) -> str:
    """A length of time: "3 h 20 min", "2 days", "40 s"."""
    whole = max(int(seconds), 0)
    days, hours, minutes = whole // 86400, whole % 86400 // 3600, whole % 3600 // 60
    if days:
        return f"{days} day{'s' * (days != 1)}"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{whole} s"


def ago(moment: str, now: datetime | None = None) -> str:
    """How long ago an ISO time was: "3 h 20 min ago"."""
    then = datetime.fromisoformat(moment)
    return f"{span(((now or datetime.now(UTC)) - then).total_seconds())} ago"


def many(count: int, noun: str, plural: str = "") -> str:
    """A count with its noun: "1 case", "97 cases"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def size(number: int) -> str:
    """Return bytes in words a person uses."""
    if number < 1024 * 1024:
        return f"{number / 1024:.0f} KiB"
    return f"{number / (1024 * 1024):.1f} MiB"


def line(text: str, most: int = 60) -> str:
    """A text on one line, as a person may see it whole; longer ones are cut with an ellipsis."""
    flat = " ".join(text[: most * 4].split())
    return flat if len(flat) <= most and len(text) <= most * 4 else flat[: most - 1] + "…"
