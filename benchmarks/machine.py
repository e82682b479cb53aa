"""On what it was measured: the kind of computer, and whether other work went on. Never its name."""

from __future__ import annotations

import os
import platform
from contextlib import suppress

from sqlcipher3 import dbapi2

from storage.ops.text import size


def machine_words() -> str:
    """Return in words how many processors of which kind, how much memory, and which programs."""
    parts = [f"{os.cpu_count() or 1} processors ({platform.machine() or 'of an unknown kind'})"]
    with suppress(AttributeError, OSError, ValueError):
        parts.append(f"{size(os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE'))} of memory")
    parts.append(platform.system() or "an unknown system")
    parts.append(f"Python {platform.python_version()}")
    parts.append(f"SQLite {dbapi2.sqlite_version} in SQLCipher")
    return ", ".join(parts)


def at_work() -> float | None:
    """Return how many programs wanted a processor in the last minute, where the system says it."""
    with suppress(AttributeError, OSError):
        return os.getloadavg()[0]
    return None
