"""The computer: its clock, its memory, and who may look into it."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from fieldkit.vault.doctor.finding import Finding
from fieldkit.wording.dates import moment_words
from storage.ops.clock import MAX_CLOCK_SKEW_MS, wall_text
from storage.ops.text import size

EARLIEST_MS = 1_767_225_600_000
"""2026-01-01: no clock that is right shows a time before this program was written."""
_LATEST_YEARS = 15
"""A clock this far after that is believed as little."""
MEMORY_FACTS = Path("/proc/meminfo")
SWAPS = Path("/proc/swaps")
"""What Linux tells of its memory: proc_meminfo(5), proc_swaps(5)."""


def look_at_clock(written_ms: Iterable[int], now_ms: int | None = None) -> Finding:
    """Compare the clock with when files of the vault were written, milliseconds since 1970."""
    now = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    shown = moment_words(wall_text(max(now, 0)))
    way = "Set date, time and time zone right; what was written keeps its times."
    if not EARLIEST_MS <= now < EARLIEST_MS + _LATEST_YEARS * 365 * 86_400_000:
        return Finding("clock", "mend", f"it shows {shown}, which cannot be", way)
    latest = max(written_ms, default=0)
    if latest > now + MAX_CLOCK_SKEW_MS:
        text = f"it shows {shown}, and a file of the vault was written later ({_at(latest)})"
        return Finding("clock", "mend", text, way)
    return Finding("clock", "ok", shown)


def _at(ms: int) -> str:
    return moment_words(wall_text(ms))


def look_at_memory(needed: int) -> Iterator[Finding]:
    """Look at memory: whether there is what an unlocking takes, and what may be seen of it.

    Args:
        needed: bytes that deriving the key takes; 0 where there is no vault yet.
    """
    available = _available()
    if available is None:
        yield Finding("memory", "ok", "how much is free is not told on this system")
    elif available < needed:
        text = f"{size(available)} are free, and unlocking takes {size(needed)}"
        yield Finding("memory", "mend", text, "Close other programs, or restart the computer.")
    else:
        yield Finding("memory", "ok", f"{size(available)} are free")
    yield _kept_back()


def _available() -> int | None:
    with suppress(OSError, ValueError):
        if match := re.search(r"^MemAvailable:\s+(\d+) kB", MEMORY_FACTS.read_text("ascii"), re.M):
            return int(match[1]) * 1024
    return None


def _kept_back() -> Finding:
    """Say what of an open vault's memory may reach a disk or another program."""
    if sys.platform == "win32":
        text = (
            "Windows lets programs of the same account look into an open vault's memory, and may "
            "write it to its page file, hibernation file and crash reports"
        )
        return Finding("memory lock", "beware", text, "Turn on BitLocker or device encryption.")
    elif os.geteuid() == 0:
        text = "fieldkit runs as the administrator (root), so all of its account is everybody's"
        return Finding("memory lock", "beware", text, "Work under an account of your own.")
    elif swapped := _swap():
        text = f"memory is not locked, and may be written to swap ({', '.join(swapped)})"
        way = "Turn on the system's disk encryption, swap and hibernation with it."
        return Finding("memory lock", "beware", text, way)
    else:
        return Finding("memory lock", "ok", "no core dumps, and no swap that this system tells of")


def _swap() -> list[str]:
    """Return the files and disks that memory is written to; compressed memory is none."""
    try:
        lines = SWAPS.read_text("utf-8", errors="replace").splitlines()[1:]
    except OSError:
        return []
    places = [line.split()[0] for line in lines if line.split()]
    return [place for place in places if not place.startswith("/dev/zram")]
