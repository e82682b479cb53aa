"""How long a process was ready to run and was not let: what is the machine's and not its own.

Linux counts it for each thread (``/proc/…/schedstat``); elsewhere it is taken for nothing.
"""

from __future__ import annotations

from pathlib import Path

Waited = dict[str, float]
"""The seconds that each thread has waited for a processor since it was begun."""


def waited(pid: int) -> Waited:
    """How long each thread of a process has waited so far; one that ends meanwhile is left out."""
    found = {}
    for one in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            found[one.parent.name] = int(one.read_text().split()[1]) / 1e9
        except (OSError, IndexError):
            continue
    return found


def held_up(pid: int, before: Waited, after: Waited) -> float:
    """How long a key on its way to the disk may have waited: in the first thread and one other.

    A wait that has not ended yet is not counted, so this is rather too little than too much.
    """
    own = {thread: after[thread] - before.get(thread, 0.0) for thread in after}
    first = own.pop(str(pid), 0.0)
    return first + max(own.values(), default=0.0)
