"""What lies in a vault's folder, told without opening or importing what opens it."""

from __future__ import annotations

from pathlib import Path

from storage.errors import FieldkitError

KEYS = "vault.keys"
DATABASE = "vault.db"


class ClosedFolderError(FieldkitError):
    """The folder may not be looked into."""


def exists(folder: Path) -> bool:
    """Whether there is a vault, or a part of one, in the folder.

    Raises :class:`ClosedFolderError` where nobody lets us see.
    """
    parts = (KEYS, DATABASE, f"{KEYS}.bak", f"{DATABASE}-wal", f"{DATABASE}-journal")
    try:
        return any((folder / one).exists() for one in parts)
    except PermissionError as error:
        raise ClosedFolderError(
            f"The folder {folder} may not be looked into ({error.strerror}), so whether a vault "
            "is there is not known. Nothing was changed. Check whose folder it is and that you may "
            "open it, then try again."
        ) from error
