"""Makes repeated wrong passphrases slow down.

The derivation of the key already takes about a second; this makes guessing at somebody else's
keyboard tiresome too. Nothing about it is written down: a thief with a copy of the disk is not held
up by it, and whoever restarts the program waits for its start instead.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from storage.ops.text import many

FREE_TRIES = 2
"""Wrong tries that cost no wait: anybody mistypes once."""
MAX_WAIT_SECONDS = 60
"""Of the longest wait; from one second on it doubles with each wrong try."""


class UnlockDelay:
    """Says how long to wait after how many wrong tries. The clock can be given, for tests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong = 0
        self._until = clock()

    def count_wrong(self) -> int:
        """Count a wrong try; return how many seconds to wait before the next, which may be 0."""
        self._wrong += 1
        wait = (
            min(2 ** (self._wrong - FREE_TRIES - 1), MAX_WAIT_SECONDS)
            if self._wrong > FREE_TRIES
            else 0
        )
        self._until = self._clock() + wait
        return wait

    @property
    def seconds_left(self) -> int:
        """Whole seconds left to wait; 0 when the next try may be made."""
        return max(0, math.ceil(self._until - self._clock()))

    @property
    def sentence(self) -> str:
        """Return what to say while there is something left to wait; empty otherwise."""
        left = self.seconds_left
        if not left:
            return ""
        seconds = many(left, "second")
        return (
            f"After {self._wrong} wrong tries there is a wait: {seconds} more. You may type "
            "meanwhile; nothing is lost."
        )

    @property
    def not_tried(self) -> str:
        """Return what to say to whoever asks for the next try during the wait; empty after it."""
        left = self.seconds_left
        if not left:
            return ""
        return (
            f"Not tried yet: after {self._wrong} wrong tries there is a wait. What you typed is "
            f"tried in {many(left, 'second')}."
        )

    def reset(self) -> None:
        """Begin anew, once a passphrase was right."""
        self._wrong, self._until = 0, self._clock()
