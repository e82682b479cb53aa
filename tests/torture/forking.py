"""Forks once the threads of a vault that was locked have ended, down to the system's own part.

A thread that Python counts no longer may still hold a lock of OpenSSL's, which the child would wait
for for ever. Where there is no ``/proc``, nobody can tell, and it is forked at once.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

_TASKS = Path("/proc/self/task")
PATIENCE = 30.0
"""Seconds that a thread has to end."""


def _unknown() -> int:
    """Return how many threads of this process Python does not know."""
    return len(list(_TASKS.iterdir())) - threading.active_count() if _TASKS.exists() else 0


_AT_FIRST = _unknown()
"""Those of whatever runs the tests, as this is imported before any of them."""


def fork() -> int:
    """Fork once no thread is ending; raises ``AssertionError`` where one does not end."""
    until = time.monotonic() + PATIENCE
    while _unknown() > _AT_FIRST:
        assert time.monotonic() < until, "a thread of this process does not end"
        time.sleep(0.001)
    return os.fork()
