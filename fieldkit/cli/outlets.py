"""The ways by which a process tells unasked what it holds: each is closed at the start."""

from __future__ import annotations

import os
import sys

LOOKS = frozenset(
    f"TEXTUAL_{name}"
    for name in (
        "ANIMATIONS",
        "COLOR_SYSTEM",
        "DIM_FACTOR",
        "DISABLE_KITTY_KEY",
        "FILTERS",
        "FPS",
        "SMOOTH_SCROLL",
        "THEME",
    )
)
"""The variables of Textual 8.2.8 that only say how the screen looks. The others are for developers:
they write screenshots and logs, send both to a console over the network, press keys and load other
drivers (``textual.constants``)."""


def close_outlets() -> None:
    """Let a crash leave no memory on a disk, and Textual heed no developer's variable.

    To be called before Textual is imported, which reads its variables then.
    """
    for name in [one for one in os.environ if one.startswith("TEXTUAL")]:
        if name not in LOOKS:
            del os.environ[name]
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    # Under Linux a limit of 1 byte also keeps the core from a program that collects them, as
    # systemd-coredump does, which a limit of 0 would not (fs/coredump.c).
    limit = 1 if sys.platform == "linux" and hard != 0 else 0
    resource.setrlimit(resource.RLIMIT_CORE, (limit, hard))
