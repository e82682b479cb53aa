"""Gives back to the system the memory that is free for the moment, once home rests.

Opening a vault and reading home for the first time take more than what comes after. SQLite keeps
such memory for itself, and so does the C library of most Linux systems (glibc: ``malloc_trim``);
others give it back unasked or cannot be asked.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any


def give_back(connection: Any) -> None:
    """Give back what SQLite and the C library hold for later; for the connection's own thread."""
    connection.execute("PRAGMA shrink_memory").fetchall()
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):  # another library than glibc
            ctypes.CDLL(None).malloc_trim(0)
