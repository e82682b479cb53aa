"""How far a long job has come, for whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Hears what is being done, how much of it is done, and of how much, on the thread that does it."""


def silent(_what: str, _done: int, _total: int) -> None:
    """Say nothing: the progress of a job for which nobody waits."""


def labelled(progress: Progress, what: str) -> Progress:
    """Return a progress that says ``what`` in place of a job's own word for what it does."""
    return lambda _, done, total: progress(what, done, total)
