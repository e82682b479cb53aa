"""The ways by which a process tells unasked what it holds: each is closed at the start."""

from __future__ import annotations

import os
import sys

DEVELOPER_VARIABLES = (
    "TEXTUAL",
    "TEXTUAL_DEBUG",
    "TEXTUAL_DEVTOOLS_HOST",
    "TEXTUAL_DEVTOOLS_PORT",
    "TEXTUAL_DRIVER",
    "TEXTUAL_LOG",
    "TEXTUAL_PRESS",
    "TEXTUAL_SCREENSHOT",
    "TEXTUAL_SCREENSHOT_FILENAME",
    "TEXTUAL_SCREENSHOT_LOCATION",
    "TEXTUAL_SHOW_RETURN",
)
"""The variables by which Textual 8.2.8 lets developers write screenshots and logs, send both to a
console over the network, press keys and load other drivers (``textual.constants``)."""


def harden_process() -> None:
    """Let a crash leave no memory on a disk, and Textual heed no developer's variable.

    To be called before Textual is imported, which reads its variables then.
    """
    for name in DEVELOPER_VARIABLES:
        os.environ.pop(name, None)
    if sys.platform != "win32":
        try:
            import resource
        except ImportError:  # not in every Python
            return
        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        # Under Linux a limit of 1 byte also keeps the core from a program that collects them, as
        # systemd-coredump does, which a limit of 0 would not (fs/coredump.c).
        limit = 1 if sys.platform == "linux" and hard != 0 else 0
        resource.setrlimit(resource.RLIMIT_CORE, (limit, hard))
