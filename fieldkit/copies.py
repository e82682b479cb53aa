"""Copies of a vault that lie outside it: its backups, by name and time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from storage.backup.generations import default_place, found_in
from storage.backup.making import LAST, LastBackup, read_last
from storage.folder import KEYS
from storage.keyslots import KeyFile
from storage.leftovers import unfinished
from storage.vault import Vault


def backups_of(vault: Vault) -> list[tuple[str, str]]:
    """As :func:`backups`, of an unlocked vault, which remembers where its last one went."""
    last = read_last(vault.facts_now().get(LAST))
    return backups(vault.folder, vault.keys.vault_id, last)


def backups(
    folder: Path, vault_id: str | None = None, last: LastBackup | None = None
) -> list[tuple[str, str]]:
    """The path and the time (ISO 8601 in UTC) of each backup in the places a vault's are known in.

    What an interrupted backup or restoring left is among them.

    Args:
        folder: the vault's own.
        vault_id: whose; read from its key file where it is not given, any vault's where empty.
        last: the last one, where the vault remembers it; its disk may not be connected now.
    """
    whose = vault_id if vault_id is not None else KeyFile.load(folder / KEYS).vault_id
    places = list(dict.fromkeys([default_place(folder), *([last.path.parent] if last else ())]))
    found = [(str(one.path), one.at) for place in places for one in found_in(place, whose or None)]
    if last is not None and not _there(last.path.parent):
        found.append((f"{last.path} (its place is not there now)", last.at))
    left = unfinished(folder, places, whose) if whose else []
    return [*found, *((f"{one} (unfinished)", _changed(one)) for one in left)]


def _there(place: Path) -> bool:
    try:
        return place.is_dir()
    except OSError:  # a disk that answers no more
        return False


def _changed(path: Path) -> str:
    try:
        moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        moment = datetime.now(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
