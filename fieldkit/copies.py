"""Copies of a vault that lie outside it: its backups, by name and time."""

from __future__ import annotations

from pathlib import Path

from storage.backup.generations import default_place, found_in
from storage.folder import KEYS
from storage.keyslots import KeyFile


def backups(folder: Path, vault_id: str | None = None) -> list[tuple[str, str]]:
    """The path and the time (ISO 8601 in UTC) of each backup in the usual place of a vault.

    Args:
        folder: the vault's own.
        vault_id: whose; read from its key file where it is not given.
    """
    whose = vault_id if vault_id is not None else KeyFile.load(folder / KEYS).vault_id
    return [(str(one.path), one.at) for one in found_in(default_place(folder), whose)]
