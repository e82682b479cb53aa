"""What the system may show of this process while it holds keys."""

from __future__ import annotations

import sys
from contextlib import suppress

_PR_SET_DUMPABLE = 4
"""prctl(2) under Linux."""


def close_to_others() -> None:
    """From now on the process leaves no core dump, and no other of its user's may look into it.

    As far as the system allows; called whenever a vault is opened. Without it, a crash would write
    the keys to a disk, and any program of the same user could read them out of the memory.
    """
    if sys.platform == "win32":
        return
    import resource

    with suppress(OSError, ValueError):
        soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        # Under Linux a limit of 1 byte also keeps the core from a program that collects them
        # (fieldkit/cli/outlets.py); what is lower already stays.
        if soft not in (0, 1):
            resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
