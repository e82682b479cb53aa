"""Tells what lies in a vault's folder without opening or importing what opens it."""

from __future__ import annotations

import os
from pathlib import Path

from storage.database.sealed_pages import PLAIN
from storage.errors import FieldkitError
from storage.files import open_named

KEYS = "vault.keys"
DATABASE = "vault.db"
MAKING = "vault.making"
"""Holds the id of a vault while that is made; the last step of making one takes it away."""
_MAX_ID_BYTES, _MAX_KEYS_BYTES = 64, 1024 * 1024
_KEY_FILES = (KEYS, f"{KEYS}.bak")
_DATABASE_FILES = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-journal")


class ClosedFolderError(FieldkitError):
    """The folder may not be looked into."""


def exists(folder: Path) -> bool:
    """Say whether there is a vault, or a part of one, in the folder.

    What is left of a vault that was never wholly made is none (:func:`is_half_made`). Raises
    :class:`ClosedFolderError` where nobody lets us see.
    """
    try:
        return bool(parts_in(folder)) and not is_half_made(folder)
    except PermissionError as error:
        raise ClosedFolderError(
            f"The folder {folder} may not be looked into ({error.strerror}), so whether a vault "
            "is there is not known. Nothing was changed. Check whose folder it is and that you may "
            "open it, then try again."
        ) from error


def parts_in(folder: Path) -> list[str]:
    """Return the names of a vault's files that lie in a folder."""
    return [part for part in (*_DATABASE_FILES, *_KEY_FILES) if (folder / part).exists()]


def is_half_made(folder: Path) -> bool:
    """Say whether the making of a vault was cut short there, so that nobody ever used it.

    Only of the files that were made then: whoever puts another vault there has a vault.
    """
    try:
        with open_named(folder / MAKING) as file:
            vault_id = file.read(_MAX_ID_BYTES)
        parts = parts_in(folder)
        keys = [folder / one for one in _KEY_FILES if one in parts]
        if not keys:  # these come first and go last
            return not parts
        return bool(vault_id) and all(vault_id in _beginning(one) for one in keys)
    except OSError:
        return False


def _beginning(path: Path) -> bytes:
    with open_named(path) as file:
        return file.read(_MAX_KEYS_BYTES)


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
