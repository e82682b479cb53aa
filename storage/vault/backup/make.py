"""Makes a backup: copies in slices, reads back, gives a name, and only then prunes older ones."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from storage.crypto.keyslots.kdf import database_key
from storage.database.cipher import open_cipher
from storage.database.errors import DiskError
from storage.database.facts import Fact
from storage.database.sealed_pages import copy_pages, damaged_pages, lies_as_copied
from storage.durable import move_folder, remove_tree, sync_file, sync_folder
from storage.files import FileRefusedError, make_folder, owner_only, remove_empty, write_new
from storage.ops.clock import wall_ms, wall_text
from storage.progress import Progress, silent
from storage.vault.anchors import anchor
from storage.vault.backup.copy import copy, not_written, stopped, unsound
from storage.vault.backup.errors import BackupError
from storage.vault.backup.generations import (
    Backup,
    backups_in,
    default_place,
    folder_name,
    prune,
    sweep,
)
from storage.vault.backup.verify import verify
from storage.vault.epochs import COPIED, CopyMark
from storage.vault.folder import DATABASE, KEYS
from storage.vault.snapshot import Snapshot
from storage.vault.store import Store
from storage.vault.vault import Vault

_READING = 40
"""Of the copying, how much is reading the vault's own pages, in hundredths."""
_COPYING, _VERIFYING = 60, 40
"""Shares of the whole, in hundredths, as progress says them."""


@dataclass(frozen=True)
class Made:
    """Describes a backup just made and verified.

    Attributes:
        backup: where it is, and of when.
        ops: how many entries it holds.
        drafts: how many texts that wait.
        kept: how many generations lie in its place now.
        removed: older generations that went.
    """

    backup: Backup
    ops: int
    drafts: int
    kept: int
    removed: tuple[Path, ...]


@dataclass(frozen=True)
class LastBackup:
    """Holds what is remembered of the latest backup.

    Attributes:
        at: when, ISO 8601 in UTC.
        path: its folder; it may be on a disk that is not connected now.
        size: of its database, in bytes.
        ops: how many entries it holds.
    """

    at: str
    path: Path
    size: int
    ops: int

    def encode(self) -> bytes:
        """Return it as the bytes that :meth:`read` reads."""
        value = {"at": self.at, "path": str(self.path), "bytes": self.size, "ops": self.ops}
        return json.dumps(value).encode()

    @classmethod
    def read(cls, data: bytes) -> LastBackup:
        """Read one."""
        value = json.loads(data)
        size, ops = int(value["bytes"]), int(value.get("ops", 0))
        return cls(str(value["at"]), Path(str(value["path"])), size, ops)


LAST = Fact("backup/last", LastBackup.encode, LastBackup.read)
"""The latest backup: when, where, and how large."""


def back_up(vault: Vault, place: Path | None = None, progress: Progress = silent) -> Made:
    """Make a verified backup of an unlocked vault; not to be called on the clerk's own thread.

    Typing goes on meanwhile. The backup opens with the passphrase and the recovery code of this
    moment; changing them later does not change it.

    Args:
        vault: unlocked.
        place: the folder in which the backup gets a folder of its own; beside the vault by default.
        progress: hears how much is done, of a hundred.

    Raises a :class:`BackupError`: the vault and every earlier backup are then as they were.
    """
    place = default_place(vault.folder) if place is None else place
    at = wall_text(wall_ms())
    vault_id = vault.keys.vault_id
    name = folder_name(vault_id, at)
    with vault.alone, _making(place, name, vault_id) as making:
        counts = _write(vault, making, at, progress)
        final = _free(place, name)
        move_folder(making, final)
        sync_folder(place, must=True)
    backup = next(other for other in backups_in(place, vault_id) if other.path == final)
    removed = prune(place, backup)
    same = [other for other in backups_in(place, vault_id) if other.epoch == backup.epoch]
    done = Made(backup, counts[0], counts[1], len(same), tuple(removed))
    vault.set_fact_now(LAST, LastBackup(at, final, backup.size, counts[0]))
    return done


@contextmanager
def _making(place: Path, name: str, vault_id: str) -> Iterator[Path]:
    """Return a folder for what is not whole yet; where it fails, all that was made goes again."""
    making = place / f".{name}-{secrets.token_hex(3)}.tmp"
    folders: list[Path] = []
    try:
        folders = make_folder(place)
        sweep(place, vault_id)
        making.mkdir(mode=0o700)
        yield making
    except BaseException as error:
        remove_tree(making)
        remove_empty(folders)
        if isinstance(error, OSError):
            raise not_written(place, str(error.strerror or error)) from error
        if isinstance(error, FileRefusedError):
            raise not_written(place, str(error.__cause__ or error)) from error
        raise


def _write(vault: Vault, making: Path, at: str, progress: Progress) -> tuple[int, int]:
    """Copy, mark, verify, and put the key file beside; the number of ops and of drafts."""
    database = making / DATABASE

    hexkey = vault.with_key(lambda _, key: database_key(key))
    snapshot = copied_from(vault, database, hexkey, _share(progress, 0, _COPYING))
    connection = open_cipher(database, hexkey)
    try:
        Store(connection).set_fact(COPIED, CopyMark(at=at))
    except DiskError as trouble:
        raise not_written(making.parent, "its disk is full or failing") from trouble
    finally:
        connection.close()
    verify(database, hexkey, snapshot)
    sync_file(database)
    progress("backup", _COPYING + _VERIFYING, 100)
    anchor(vault, snapshot)
    keys = vault.with_key(lambda file, _: file.path.read_bytes())
    write_new(making / KEYS, keys)
    sync_folder(making, must=True)
    return snapshot.ops, snapshot.drafts


def copied_from(vault: Vault, target: Path, hexkey: str, progress: Progress) -> Snapshot:
    """Copy an unlocked vault's database while it is used; not on the clerk's own thread.

    Every page of its file is authenticated first, off the clerk. Raises ``UnsoundVaultError`` and,
    where the vault is locked meanwhile, ``BackupStoppedError``.
    """
    file = vault.upkeep_now(_bytes_of)
    try:
        damaged = damaged_pages(file, hexkey, _share(progress, 0, _READING))
    except ValueError:
        # Locking closes the file that is read here.
        if not (vault.locked and file.closed):
            raise
        raise stopped() from None
    if damaged:
        raise unsound(damaged)
    return vault.upkeep_now(
        lambda store: copy(
            store.connection,
            target,
            hexkey,
            between=vault.give_way,
            stop=lambda: vault.locked,
            progress=_share(progress, _READING, 100 - _READING),
        )
    )


def copied_as_it_lies(vault: Vault, target: Path, hexkey: str, progress: Progress) -> bool:
    """Copy the bytes of an unlocked vault's database file; not on the clerk's own thread.

    The clerk merges the log and writes on into it; nothing else holds it up. Returns whether the
    copy is what lay there between two of the clerk's jobs, every page of it authentic. Raises
    ``OSError`` and, where the vault is locked meanwhile, ``BackupStoppedError``.
    """
    file = vault.upkeep_now(_bytes_of)
    try:
        with open(target, "x+b", opener=owner_only) as copied:
            whole = copy_pages(file, copied, hexkey, progress)
            # Between two jobs of its the clerk is writing no page.
            vault.upkeep_now(lambda _: None)
            return whole and lies_as_copied(file, copied)
    except ValueError:
        if not (vault.locked and file.closed):
            raise
        raise stopped() from None


def _share(progress: Progress, first: int, size: int) -> Progress:
    """Return the progress of a part of the job: ``size`` hundredths of the whole from ``first``."""
    return lambda what, done, total: progress(what, first + size * done // max(total, 1), 100)


def _bytes_of(store: Store) -> FileIO:
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    file: FileIO = store.connection.bytes_of_file()
    return file


def _free(place: Path, name: str) -> Path:
    """Return a name nobody has, where two backups are made in one second."""
    if not (place / name).exists():
        return place / name
    for number in range(2, 100):
        if not (place / f"{name}-{number}").exists():
            return place / f"{name}-{number}"
    raise BackupError(
        f"There are a hundred backups of this second in {place} already. Nothing was changed. "
        "Check the computer's clock."
    )
