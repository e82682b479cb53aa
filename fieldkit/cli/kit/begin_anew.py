"""Begins the program anew after a lock, in place of the process that held the vault."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from fieldkit.vault.after_lock import AfterLock


def begin_anew(after: AfterLock, words: Sequence[str]) -> NoReturn:
    """Run the same program again with other words; raises ``OSError``, and returns in no case.

    Under Linux and macOS the new program takes the place of this one: the same process, none of
    its memory. Windows cannot do that, so there this process waits for the new one and ends as it
    does; its keys are overwritten, the rest of its memory is its own until then.
    """
    _run(words, after.variables())


def begin_practice() -> NoReturn:
    """Run the practice inspection in place of this process, as ``fieldkit demo`` does."""
    _run(["demo"], {})


def _run(words: Sequence[str], variables: Mapping[str, str]) -> NoReturn:
    command = [*own_command(), *words]
    environment = os.environ | variables
    if sys.platform == "win32":
        os._exit(subprocess.run(command, env=environment, check=False).returncode)
    os.execve(command[0], command, environment)  # noqa: S606 - itself, with no shell


def own_command() -> list[str]:
    """Return how this program was started, without the words after its name."""
    given = len(sys.argv) - 1
    return [sys.executable, *sys.orig_argv[1 : len(sys.orig_argv) - given]]
