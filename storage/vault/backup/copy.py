"""Copies an open database page by page, while the vault goes on being used.

SQLite's own online backup is stepped on the clerk's thread; between two steps the clerk does what
others have queued. A page changed meanwhile by this connection, the only one there is, is written
to the copy again (https://sqlite.org/c3ref/backup_finish.html), so the copy is of the moment it
ends. The copy is encrypted with the vault's own key from its first byte.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from storage.database.errors import CORRUPT, result_code
from storage.durable import remove
from storage.progress import Progress, silent
from storage.vault.backup.errors import (
    BackupNotWrittenError,
    BackupStoppedError,
    UnsoundVaultError,
)
from storage.vault.snapshot import Snapshot, snapshot_of

PAGES = 128
"""Pages of one step: half a MiB, some 8 milliseconds of the clerk's time."""


def copy(
    source: Any,
    target: Path,
    hexkey: str,
    *,
    between: Callable[[], None],
    stop: Callable[[], bool],
    progress: Progress = silent,
) -> Snapshot:
    """Copy an open database to a new file and say what it held then; on the clerk's thread.

    Args:
        source: the vault's connection, in no transaction.
        target: the file to be made, readable by its owner alone.
        hexkey: the key of the copy.
        between: called after each step; may change the source.
        stop: asked before each step; a yes gives the copy up.
        progress: hears the pages.

    Raises:
        BackupNotWrittenError, BackupStoppedError, UnsoundVaultError; the unfinished file is
        removed.
    """
    blank: Any = None

    def step(_: int, remaining: int, total: int) -> None:
        progress("copying", total - remaining, total)
        if remaining:
            if stop():
                raise stopped()
            between()

    try:
        # What is in memory would otherwise hide a page that has gone bad on the disk.
        source.execute("PRAGMA shrink_memory")
        blank = _blank(target, hexkey)
        source.backup(blank, pages=PAGES, progress=step)
        snapshot = snapshot_of(source)
        blank.close()
        blank = None
    except BaseException as error:
        # Until the copy is whole its own folder, in the place it is for, has a hidden name.
        if blank is not None:
            with suppress(dbapi2.Error):
                blank.close()
        remove(target)
        if isinstance(error, dbapi2.Error):
            if result_code(error) in CORRUPT:
                raise unsound() from error
            raise not_written(target.parent.parent, str(error)) from error
        if isinstance(error, OSError):
            raise not_written(target.parent.parent, str(error.strerror or error)) from error
        raise
    return snapshot


def not_written(place: Path, reason: str) -> BackupNotWrittenError:
    """Return the sentence for a place that does not take the backup."""
    return BackupNotWrittenError(
        f"The backup could not be written to {place} ({reason}). The vault is as it was, "
        "and earlier backups were kept. Make room there or name another folder, and try again."
    )


def stopped() -> BackupStoppedError:
    """Return the sentence for a vault that was locked while it was copied."""
    return BackupStoppedError(
        "The vault was locked before its copy was whole, so the copy was removed. "
        "Nothing was lost; unlock the vault and make the backup again."
    )


def unsound(pages: Sequence[int] = ()) -> UnsoundVaultError:
    """Return the sentence for a vault of which pages, where they are known, cannot be read."""
    some = ", ".join(map(str, pages[:10]))
    which = f" (page {some})" if len(pages) == 1 else f" (pages {some})" if pages else ""
    return UnsoundVaultError(
        f"A part of the vault's database{which} cannot be read any more, so no backup of it was "
        "made and every earlier one was kept. Copy the vault's folder aside as it is, run "
        "“fieldkit vault check”, and restore the latest backup into a new folder."
    )


def _blank(target: Path, hexkey: str) -> Any:
    """Return an encrypted connection to a new, empty file; durable only once its file is synced."""
    if re.fullmatch(r"[0-9a-f]{64}", hexkey) is None:
        # A key one digit short would silently be taken as a passphrase.
        raise ValueError("a database key is 64 lower-case hexadecimal digits")
    os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    connection = dbapi2.connect(str(target), isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA key = \"x'{hexkey}'\"")
        for setting in (
            "locking_mode = EXCLUSIVE",
            "temp_store = MEMORY",
            # A copy that breaks off is thrown away, so nothing has to be taken back.
            "journal_mode = OFF",
            "synchronous = OFF",
        ):
            connection.execute(f"PRAGMA {setting}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection
