"""The memory of another process, as whoever may look into it finds it (proc(5), Linux)."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

AT_ONCE = 16 * 1024 * 1024


def forms(text: str) -> list[bytes]:
    """The forms in which Python and C keep a text."""
    return [text.encode(), text.encode("utf-16-le"), text.encode("utf-32-le")]


def found_in(pid: int, wanted: Iterable[bytes]) -> set[bytes]:
    """Which of several sequences of bytes stand anywhere in the memory of a process.

    Raises ``PermissionError`` where the process is closed to others.
    """
    sought = set(wanted)
    overlap = max(map(len, sought))
    found: set[bytes] = set()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            place, modes, *rest = line.split(maxsplit=5)
            if not modes.startswith("r") or rest[-1].startswith("[v"):
                continue
            start, end = (int(one, 16) for one in place.split("-"))
            with suppress(OSError, ValueError, OverflowError):
                while start < end:
                    memory.seek(start)
                    data = memory.read(min(AT_ONCE, end - start))
                    if not data:
                        break
                    found |= {one for one in sought - found if one in data}
                    # Where the readable part ends within a mapping, the reads become short: no
                    # more of what was read is read again than leaves something new.
                    again = start + len(data) < end and len(data) > overlap
                    start += len(data) - (overlap if again else 0)
    return found
