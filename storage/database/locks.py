"""Says whether another process holds a database, before anything is derived or opened.

An unlocking takes about a second; that somebody's other window has the vault open is known at once.
SQLite locks bytes from 0x40000000 on (https://sqlite.org/lockingv3.html, ``os.h``: PENDING_BYTE);
asking who holds them takes no lock and changes nothing. Where the system cannot be asked in this
way, as under Windows, the opening itself finds out.
"""

from __future__ import annotations

import os
import struct
import sys
import time
from pathlib import Path

_LOCKED_FROM, _LOCKED = 0x40000000, 512
"""The bytes that SQLite locks: PENDING, RESERVED and the 510 of SHARED."""
_WAIT, _LOOK_EVERY = 0.5, 0.05
"""Seconds to wait for a program that is just ending, and between two looks."""


def is_open_elsewhere(path: Path) -> bool:
    """Say whether another process holds the database; wait half a second for it to let go.

    Never call it for a file that this process has open: closing any descriptor of a file drops the
    process's own locks on it.
    """
    until = time.monotonic() + _WAIT
    while _held(path):
        if time.monotonic() >= until:
            return True
        time.sleep(_LOOK_EVERY)
    return False


def _held(path: Path) -> bool:
    if sys.platform == "win32":
        return False
    # The fields of struct flock stand in another order there (fcntl(2) of each system).
    form = {"linux": "hhqqi", "darwin": "qqihh"}.get(sys.platform)
    if form is None or struct.calcsize("P") != 8:
        return False
    try:
        import fcntl
    except ImportError:  # not in every Python
        return False

    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False  # the opening will say why
    try:
        fields = [fcntl.F_WRLCK, os.SEEK_SET, _LOCKED_FROM, _LOCKED, 0]
        answer = struct.unpack(form, fcntl.fcntl(descriptor, fcntl.F_GETLK, _ordered(form, fields)))
        return bool(answer[0 if sys.platform == "linux" else 3] != fcntl.F_UNLCK)
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _ordered(form: str, fields: list[int]) -> bytes:
    kind, whence, start, length, process = fields
    if form.startswith("hh"):
        return struct.pack(form, kind, whence, start, length, process)
    return struct.pack(form, start, length, process, kind, whence)
