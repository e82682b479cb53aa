"""A laptop's hybrid logical clock gives each op a stamp.

That is twelve hexadecimal digits of milliseconds since 1970, a dash and a counter of four, so
that stamps sort as text. It only decides which of two parallel writes is *shown* first; what
replaces what is said by an op's ``base``. Source: Kulkarni et al., "Logical Physical Clocks"
(2014); the clamp is fieldkit's own, so that one wrong clock cannot drag the team's forward.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_STAMP = re.compile(r"([0-9a-f]{12})-([0-9a-f]{4})")

MAX_CLOCK_SKEW_MS = 15 * 60 * 1000
"""A colleague's stamp further ahead of this laptop's wall clock than this is never adopted."""


def wall_ms() -> int:
    """Return milliseconds since 1970 by this laptop's wall clock; 0 where it says it is before."""
    return max(0, time.time_ns() // 1_000_000)


@lru_cache(maxsize=8)  # of many ops written in one millisecond
def wall_text(ms: int) -> str:
    """Return ISO 8601 in UTC with milliseconds, the form every op carries."""
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def is_set_back(wall: str, hlc: str) -> bool:
    """Say whether a wall time is not what the stamp beside it allows.

    A stamp is never before what its laptop's clock ever showed, so a wall time far from it was
    given by a clock that was set back, or by somebody who wants it to seem so.
    """
    try:
        ms, _ = read_stamp(hlc)
        told = datetime.fromisoformat(wall).timestamp() * 1000
    except (ValueError, OverflowError, OSError):
        return bool(wall)
    return abs(ms - told) > MAX_CLOCK_SKEW_MS


def days_after(moment: str, days: int) -> str:
    """Return the moment so many days after another, as :func:`wall_text` writes it."""
    then = datetime.fromisoformat(moment) + timedelta(days=days)
    return wall_text(int(then.timestamp() * 1000))


def utc_text(moment: datetime) -> str:
    """Return a moment of UTC as ISO 8601 to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp(ms: int, count: int) -> str:
    """Return the text form of a clock reading."""
    return f"{ms:012x}-{count:04x}"


def is_stamp(text: str) -> bool:
    """Say whether a text has the form of a stamp."""
    return _STAMP.fullmatch(text) is not None


def read_stamp(text: str) -> tuple[int, int]:
    """Return milliseconds and counter of a stamp; raises ``ValueError`` where it is none."""
    match = _STAMP.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return int(match[1], 16), int(match[2], 16)


class Clock:
    """Gives stamps that never go back, whatever the wall clock does.

    ``last`` is the highest stamp given or adopted, in its text form; it is kept with the vault.
    """

    def __init__(self, last: str = "", wall: Callable[[], int] = wall_ms) -> None:
        self._ms, self._count = read_stamp(last) if last else (0, 0)
        self.wall = wall

    @property
    def last(self) -> str:
        """Return the highest stamp so far."""
        return stamp(self._ms, self._count)

    def tick(self) -> tuple[str, int]:
        """Return a new stamp and the wall time in milliseconds it was taken at."""
        # No stamp is before 1970, which a clock without a battery may say it is.
        now = max(0, self.wall())
        if now > self._ms:
            self._ms, self._count = now, 0
        elif self._count < 0xFFFF:
            self._count += 1
        else:
            self._ms, self._count = self._ms + 1, 0
        return self.last, now

    def meet(self, other: str) -> bool:
        """Adopt a colleague's stamp; ``False`` where it is too far ahead and was left alone."""
        ms, count = read_stamp(other)
        if ms > self.wall() + MAX_CLOCK_SKEW_MS:
            return False
        self._ms, self._count = max((self._ms, self._count), (ms, count))
        return True
