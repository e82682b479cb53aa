"""What is written stays written: files and folders synced, moved and removed on every system.

A virus scanner or an indexer that has a file open keeps Windows from moving or removing it for a
moment; each step here is then tried again. Under Windows a folder cannot be synced: NTFS writes its
names into a journal of its own.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from io import BufferedRandom, BufferedWriter
from pathlib import Path

RETRY_SECONDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5)
"""Waits between attempts while another program holds a file: about 2.5 s in all."""

_HELD_ON_WINDOWS = (5, 32, 33)
"""Access denied, sharing violation, lock violation (Windows' system error codes)."""


def sync(file: BufferedWriter | BufferedRandom) -> None:
    """Make durable what was written to an open file; raises ``OSError``."""
    file.flush()
    _sync(file.fileno())


def sync_file(path: Path) -> None:
    """Make a file durable that another program's library wrote; raises ``OSError``."""
    # Windows refuses to sync what was opened for reading only.
    with path.open("r+b") as file:
        sync(file)


def sync_folder(folder: Path, *, must: bool = False) -> None:
    """Make the names in a folder durable; raises ``OSError`` where the disk does not do it.

    One may be allowed to go through a folder and not to look into it; then nothing is done, unless
    it ``must`` be.
    """
    if os.name != "posix":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:
        if must:
            raise
        return
    try:
        _sync(descriptor)
    except OSError as error:
        # Some network file systems cannot sync a folder and say so.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def move(source: Path, target: Path) -> None:
    """Give a file the name of another, which it replaces; raises ``OSError``."""
    _patiently(lambda: source.replace(target))


def move_folder(source: Path, target: Path) -> None:
    """Give a folder a name that is free; raises ``OSError``."""
    _patiently(lambda: source.rename(target))


def publish(temporary: Path, path: Path) -> None:
    """Give a file a name that must be free.

    Raises ``FileExistsError`` where something has that name, and ``OSError``.
    """
    if sys.platform != "win32":
        try:
            # Fails where something took the name meanwhile; renaming would replace it.
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:
            # Sticks with FAT or exFAT have no hard links.
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        else:
            # It has its name now: a disk that refuses to remove the other is no reason to say no.
            remove(temporary)
            return
    # Under Windows this refuses a name that is taken.
    _patiently(lambda: temporary.rename(path))


def delete(path: Path, *, missing_ok: bool = False) -> None:
    """Remove a file; raises ``OSError``."""
    _patiently(lambda: path.unlink(missing_ok=missing_ok))


def delete_folder(folder: Path) -> None:
    """Remove an empty folder; raises ``OSError``."""
    _patiently(folder.rmdir)


def delete_tree(folder: Path) -> None:
    """Remove a folder with all that is in it; raises ``OSError``, the rest then still there."""
    _patiently(lambda: shutil.rmtree(folder))


def remove(*paths: Path) -> None:
    """Take files away as far as the system lets us; for what is left over after a failure."""
    for path in paths:
        with suppress(OSError):
            delete(path, missing_ok=True)


def remove_tree(folder: Path) -> None:
    """Take a folder away as far as the system lets us; for what is left over after a failure."""
    if folder.exists():
        with suppress(OSError):
            delete_tree(folder)
            return
        shutil.rmtree(folder, ignore_errors=True)


def _sync(descriptor: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        # fsync there stops at the drive's own cache (fsync(2) of macOS); not every file system
        # knows the other.
        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def _patiently(step: Callable[[], object]) -> None:
    """Do a step, again and again while another program holds the file under Windows."""
    for wait in (*RETRY_SECONDS, None):
        try:
            step()
        except OSError as error:
            if wait is None or getattr(error, "winerror", None) not in _HELD_ON_WINDOWS:
                raise
            time.sleep(wait)
        else:
            return
