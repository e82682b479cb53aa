"""Restores a backup to where fieldkit looks for its vault; what lay there is set aside."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fieldkit.vault.backups import usual_place
from storage.crypto.keyslots.keyfile import KeyFile
from storage.database.cipher import refuse_if_open
from storage.durable import move_folder, remove_tree, sync_folder
from storage.errors import FieldkitError
from storage.vault.backup.errors import RestoreRefusedError
from storage.vault.backup.generations import Backup, backups_in, default_place
from storage.vault.backup.restore import Restored, restore
from storage.vault.folder import DATABASE, KEYS, exists
from storage.vault.leftovers import BEFORE, RESTORED, clear_half_made

LOOKED_DEEP = 2
"""How deep below a stick or a folder backups are looked for."""
MOST_FOLDERS = 500
"""Folders of one place, with those below it, that are looked into."""


@dataclass(frozen=True)
class RestoredHere:
    """Says what was restored, and where what lay there before is now.

    Attributes:
        restored: the new vault.
        aside: the folder of the vault that was there; None where there was none.
    """

    restored: Restored
    aside: Path | None

    @property
    def words(self) -> str:
        """Say where the vault before is; empty where there was none."""
        if self.aside is None:
            return ""
        return (
            f"The vault that was here is in {self.aside}, as it was. Use one of the two from now "
            "on; both open with the passphrase of their time."
        )


@dataclass(frozen=True)
class BackupsFound:
    """Holds the backups that were found, of this vault and of others.

    Attributes:
        backups: this vault's own first, each vault's latest first.
        vault_id: of the vault that lies where fieldkit looks for it; empty where there is none.
        beyond: places with more folders than were looked into.
    """

    backups: list[Backup]
    vault_id: str = ""
    beyond: tuple[Path, ...] = ()

    def whose(self, backup: Backup) -> str:
        """Say of which vault a backup is, where that is not plain; else nothing.

        Where there is no vault, it matters only between backups of several.
        """
        if self.vault_id:
            return "" if backup.vault_id == self.vault_id else "of another vault"
        several = len({one.vault_id for one in self.backups}) > 1
        return f"of vault {backup.vault_id[:8]}" if several else ""

    @property
    def limit(self) -> str:
        """Say which places were looked into only in part; empty where all were."""
        if not self.beyond:
            return ""
        return f"only {MOST_FOLDERS} folders of {' and '.join(map(str, self.beyond))} were searched"


def backups_known(folder: Path, places: Iterable[Path]) -> BackupsFound:
    """Return the backups that lie where they are usually made, and in other places.

    Nothing is opened: what is told of each is its folder, its vault, when it was made and its size.

    Args:
        folder: where the vault is or would be.
        places: sticks and folders to look in besides.
    """
    looked = dict.fromkeys([default_place(folder), usual_place(folder), *places])
    found: dict[Path, Backup] = {}
    beyond: list[Path] = []
    for place in looked:
        below = _below(place, LOOKED_DEEP)
        if len(below) > MOST_FOLDERS:
            beyond.append(place)
        for inner in [place, *below[:MOST_FOLDERS]]:
            for one in backups_in(inner):
                found.setdefault(one.path, one)
    own = vault_id_of(folder)
    backups = sorted(found.values(), key=lambda one: one.at, reverse=True)
    backups.sort(key=lambda one: one.vault_id != own)
    return BackupsFound(backups, own, tuple(beyond))


def vault_id_of(folder: Path) -> str:
    """Return the id of the vault or backup in a folder; empty where none can be read."""
    with suppress(FieldkitError, OSError):
        return KeyFile.load(folder / KEYS).vault_id
    return ""


def cut_short(folder: Path) -> str:
    """Say where vaults lie that a restore, cut short by a power cut, left beside an empty place."""
    found: list[Path] = []
    with suppress(OSError):
        if not exists(folder):
            found = [
                one
                for mark in (BEFORE, RESTORED)
                for one in sorted(folder.parent.glob(f"{glob.escape(folder.name)}{mark}*"))
                if one.is_dir() and exists(one)
            ]
    if not found:
        return ""
    listed = " and ".join(map(str, found))
    return (
        f"There was a vault here: {listed}. Where a restore was cut short, give the one you want "
        f"its name {folder.name} again, and open fieldkit anew; nothing of it is lost."
    )


def _below(place: Path, deep: int) -> list[Path]:
    """Return the folders of a place, then theirs; one more than are looked into at most.

    Those that cannot be read are passed over. What lies higher comes first.
    """
    folders: list[Path] = []
    level = [place]
    for _ in range(deep):
        inner: list[Path] = []
        for parent in level:
            with suppress(OSError), os.scandir(parent) as entries:
                for entry in entries:
                    with suppress(OSError):
                        if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
                            inner.append(Path(entry.path))
                    if len(folders) + len(inner) > MOST_FOLDERS:
                        return folders + sorted(inner)
        level = sorted(inner)
        folders += level
    return folders


def restore_here(
    backup: Path, folder: Path, unlock: Callable[[KeyFile], bytearray]
) -> RestoredHere:
    """Make a vault of a backup in the folder where fieldkit looks for it.

    It is made and verified beside that folder first. A vault that lies there is then given another
    name; nothing of it is changed or removed.

    Args:
        backup: the backup's folder.
        folder: where the vault is to be.
        unlock: gives the vault key; it opens with what opened the vault when it was backed up.

    Raises:
        RestoreRefusedError and what :func:`storage.vault.backup.restore.restore` raises; the folder
        is then as it was.
    """
    folder = folder.absolute()
    if not exists(folder):
        clear_half_made(folder)
        return RestoredHere(restore(backup, folder, unlock), None)
    refuse_if_open(folder / DATABASE)
    stamp = f"{datetime.now():%Y-%m-%d-%H%M%S}"
    beside = folder.with_name(f"{folder.name}{RESTORED}{stamp}")
    aside = folder.with_name(f"{folder.name}{BEFORE}{stamp}")
    restored = restore(backup, beside, unlock, others=[folder])
    try:
        refuse_if_open(folder / DATABASE)
        move_folder(folder, aside)
        try:
            move_folder(beside, folder)
        except OSError as error:
            _move_back(aside, folder, beside, error)
            raise
        with suppress(OSError):  # both are in place; the disk writes the names in its own time
            sync_folder(folder.parent)
    except OSError as error:
        remove_tree(beside)
        raise RestoreRefusedError(
            f"The vault in {folder} could not be set aside ({error.strerror or error}). Nothing "
            "was changed, and the backup is as it was. Close what has files of it open, and try "
            "again."
        ) from error
    except RestoreRefusedError:
        raise
    except BaseException:
        remove_tree(beside)
        raise
    return RestoredHere(restored, aside)


def _move_back(aside: Path, folder: Path, beside: Path, error: OSError) -> None:
    """Give the vault that was set aside its name again; where that fails, name both vaults."""
    try:
        move_folder(aside, folder)
    except OSError:
        raise RestoreRefusedError(
            f"The restored vault could not be moved to {folder} ({error.strerror or error}). "
            f"Nothing is lost: the vault that was there is in {aside}, and the restored one in "
            f"{beside}. Give the one that you want to use the name {folder.name}."
        ) from error
