"""Restores a backup to where fieldkit looks for its vault; what lay there is set aside."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fieldkit.vault.backups import usual_place
from storage.crypto.keyslots.keyfile import KeyFile
from storage.database.cipher import refuse_if_open
from storage.durable import move_folder, remove_tree, sync_folder
from storage.vault.backup.errors import RestoreRefusedError
from storage.vault.backup.generations import Backup, backups_in, default_place
from storage.vault.backup.restore import Restored, restore
from storage.vault.folder import DATABASE, exists
from storage.vault.leftovers import BEFORE, RESTORED

LOOKED_DEEP = 2
"""How deep below a stick or a folder backups are looked for."""
MOST_FOLDERS = 200
"""Folders of one place that are looked into."""


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


def backups_known(folder: Path, places: Iterable[Path]) -> list[Backup]:
    """Return the backups that lie where they are usually made, and in other places.

    Nothing is opened: what is told of each is its folder, when it was made and its size.

    Args:
        folder: where the vault is or would be.
        places: sticks and folders to look in besides.
    """
    looked = dict.fromkeys([default_place(folder), usual_place(folder), *places])
    found: dict[Path, Backup] = {}
    for place in looked:
        for inner in [place, *_below(place, LOOKED_DEEP)]:
            for one in backups_in(inner):
                found.setdefault(one.path, one)
    return sorted(found.values(), key=lambda one: one.at, reverse=True)


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
    """Return the folders of a place, and theirs; those that cannot be read are passed over."""
    folders: list[Path] = []
    with suppress(OSError):
        for one in sorted(place.iterdir())[:MOST_FOLDERS]:
            with suppress(OSError):
                if one.is_dir() and not one.is_symlink() and not one.name.startswith("."):
                    folders.append(one)
                    if deep > 1:
                        folders += _below(one, deep - 1)
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
