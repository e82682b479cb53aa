"""How many decrypted pages a connection keeps in memory, in KiB.

With too few the same pages are decrypted again and again; those kept are gone from the memory when
the vault is locked (SQLCipher wipes what it frees).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

USUAL = 3000
"""From the opening on. SQLCipher would keep 8000, which is hardly quicker."""
SEARCHING = 16_000
"""From the first search on: the records of a hundred hits lie all over the file, and with less
each search takes twice the time."""
READING_ALL = 64_000
"""While all of a copy is read and replayed."""


def keep(run: Callable[[str], Any], kib: int) -> None:
    """Let the connection whose ``execute`` this is keep as many from now on."""
    run(f"PRAGMA cache_size = -{kib}")
