"""Tells what lies in a vault's folder without opening or importing what opens it."""

from __future__ import annotations

import os
from pathlib import Path

from storage.database.sealed_pages import PLAIN
from storage.errors import FieldkitError
from storage.files import open_named

KEYS = "vault.keys"
DATABASE = "vault.db"


class ClosedFolderError(FieldkitError):
    """The folder may not be looked into."""


def exists(folder: Path) -> bool:
    """Say whether there is a vault, or a part of one, in the folder.

    Raises :class:`ClosedFolderError` where nobody lets us see.
    """
    parts = (KEYS, DATABASE, f"{KEYS}.bak", f"{DATABASE}-wal", f"{DATABASE}-journal")
    try:
        return any((folder / part).exists() for part in parts)
    except PermissionError as error:
        raise ClosedFolderError(
            f"The folder {folder} may not be looked into ({error.strerror}), so whether a vault "
            "is there is not known. Nothing was changed. Check whose folder it is and that you may "
            "open it, then try again."
        ) from error


def closed_folders(folder: Path) -> list[Path]:
    """Return the folder and those below it that may not be looked into, where it is so."""
    folders: list[Path] = []

    def closed(error: OSError) -> None:
        folders.append(Path(error.filename))

    for _ in os.walk(folder, onerror=closed):
        pass
    return sorted(folders)


def look(folder: Path) -> tuple[int | None, str]:
    """Return the size of a vault's database, where there is one, and what can be seen of it.

    Only for a process that has not opened it; whether it is whole, only its key tells.
    """
    database = folder / DATABASE
    if not database.exists():
        return None, "missing"
    if not database.is_file():
        return None, "not a file, so not a vault's database"
    try:
        with open_named(database) as file:
            head = file.read(len(PLAIN))
        size = database.stat().st_size
    except OSError as error:
        return None, f"cannot be read ({error.strerror or error})"
    if head == PLAIN:
        return size, "not encrypted: anyone can read it, and it is not a vault's"
    return size, "encrypted" if size else "empty, so not a vault's database"
