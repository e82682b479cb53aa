"""Makes a vault of a backup, in a folder of its own, verified before and after.

The backup is only read. What was restored begins a new epoch with its first write, so that it and
the vault it was made from, should that still be in use, never write two ops of one id.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from storage.crypto.keyslots.document import Anchor
from storage.crypto.keyslots.kdf import database_key, zero
from storage.crypto.keyslots.keyfile import KeyFile
from storage.database.cipher import companions, findings, open_cipher
from storage.database.errors import DiskError, translate_errors
from storage.durable import delete_folder, move_folder, remove_tree, sync_file, sync_folder
from storage.errors import FieldkitError
from storage.feed.chain import check_chains
from storage.files import FileRefusedError, make_folder, open_named, sha256, write_new
from storage.ops.op import FeedId
from storage.trust.identity import SIGNING, device_id, public_bytes
from storage.vault.backup.errors import RestoreRefusedError, UnsoundBackupError
from storage.vault.backup.generations import backups_in
from storage.vault.backup.verify import verify
from storage.vault.epochs import COPIED, CopyMark
from storage.vault.folder import DATABASE, KEYS, exists
from storage.vault.snapshot import Snapshot, snapshot_of
from storage.vault.store import Store


@dataclass(frozen=True)
class Restored:
    """Says what was restored.

    Attributes:
        folder: the new vault.
        at: when the backup was made, ISO 8601 in UTC; empty where it does not say.
        ops: how many entries it holds.
        drafts: how many texts that wait.
        missing: for each own feed known to have come further, the ops from and to which are not
            in it.
        known_by: what told of them: a later backup, or the key file of the vault itself.
    """

    folder: Path
    at: str
    ops: int
    drafts: int
    missing: dict[FeedId, tuple[int, int]]
    known_by: tuple[Path, ...]


def restore(
    backup: Path,
    folder: Path,
    unlock: Callable[[KeyFile], bytearray],
    *,
    others: Iterable[Path] = (),
) -> Restored:
    """Make a vault of a backup, in a folder that is new or empty.

    Args:
        backup: its folder.
        folder: where the vault is to be.
        unlock: gives the vault key of the backup's key file; it opens with what opened the vault
            when the backup was made.
        others: folders whose key files may know how far the vault had come since: the vault's own,
            and later backups. Those of another vault are passed over.

    Raises:
        RestoreRefusedError: the folder is not free, or the backup is not whole.
        What ``unlock`` and ``open_cipher`` raise; nothing was made then.
    """
    folder = folder.absolute()
    _refuse_taken(folder, backup)
    keys = KeyFile.load(backup / KEYS)
    vault_key = unlock(keys)
    making = folder.with_name(f".{folder.name}-{secrets.token_hex(3)}.tmp")
    try:
        hexkey = database_key(vault_key)
        try:
            make_folder(making)
            _copy_all(backup, making)
        except (OSError, FileRefusedError) as error:
            reason = getattr(error, "strerror", None) or error.__cause__ or error
            raise RestoreRefusedError(
                f"The backup could not be copied to {folder.parent} ({reason}). "
                "Nothing was restored and the backup is as it was. Check that both disks are "
                "connected and that there is room."
            ) from error
        snapshot, at, device = _prove(making / DATABASE, hexkey, keys)
        verify(making / DATABASE, hexkey, snapshot)
        sync_file(making / DATABASE)
        sync_folder(making, must=True)
        _publish(making, folder)
        missing, known_by = _missing(snapshot, device, keys, vault_key, backup, others)
    except BaseException:
        remove_tree(making)
        raise
    finally:
        zero(vault_key)
    return Restored(folder, at, snapshot.ops, snapshot.drafts, missing, known_by)


def _refuse_taken(folder: Path, backup: Path) -> None:
    if exists(folder):
        raise RestoreRefusedError(
            f"There is a vault in {folder}. A backup is restored into a new folder only, so "
            "nothing was changed. Name a folder that does not exist yet."
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RestoreRefusedError(
            f"{folder} is not empty. A backup is restored into a new folder only, so nothing was "
            "changed. Name a folder that does not exist yet."
        )
    if folder.is_relative_to(backup.absolute()):
        raise RestoreRefusedError(
            f"{folder} lies within the backup itself. Nothing was changed. Name another folder."
        )


def _copy_all(backup: Path, making: Path) -> None:
    """Copy the database, its log where somebody worked in the backup, and the key file."""
    database = backup / DATABASE
    for source in (database, *companions(database), backup / KEYS):
        if source.name.endswith("-shm") or not source.exists():
            continue
        target = making / source.name
        with open_named(source) as file:
            write_new(target, file)
        if sha256(target) != sha256(source):
            raise OSError(None, "what was written cannot be read back")


def _prove(database: Path, hexkey: str, keys: KeyFile) -> tuple[Snapshot, str, str]:
    """Check all of a copied database and mark it as a copy; what it holds, of when, and whose."""
    connection = open_cipher(database, hexkey)
    try:
        with translate_errors():
            wrong = findings(connection, whole=True)
            store = Store(connection)
            store.check_version()
            if not wrong:
                with store.engine.connect() as over:
                    wrong = check_chains(over)[1]
            if wrong:
                raise _not_whole(wrong[0])
            snapshot = snapshot_of(connection)
            facts = store.facts()
            if snapshot.vault_id != keys.vault_id:
                raise _not_whole("its two files belong to different vaults")
            mark = COPIED.of(facts)
            if mark is None:
                store.set_fact(COPIED, CopyMark())
    except DiskError as error:
        raise _not_whole("it cannot be read") from error
    finally:
        connection.close()
    return snapshot, mark.at if mark else "", device_id(public_bytes(SIGNING.needed(facts)))


def _not_whole(reason: str) -> UnsoundBackupError:
    return UnsoundBackupError(
        f"The backup is not whole ({reason}), so nothing was restored from it and it is as it was. "
        "Take another one of those that are listed (“fieldkit vault backup --list”)."
    )


def _publish(making: Path, folder: Path) -> None:
    try:
        if folder.exists():
            delete_folder(folder)
        move_folder(making, folder)
        sync_folder(folder.parent, must=True)
    except OSError as error:
        raise RestoreRefusedError(
            f"The vault could not be given its folder {folder} ({error.strerror or error}). "
            "Nothing was restored and the backup is as it was. Name another folder."
        ) from error


def _missing(
    snapshot: Snapshot,
    device: str,
    keys: KeyFile,
    vault_key: bytearray,
    backup: Path,
    others: Iterable[Path],
) -> tuple[dict[FeedId, tuple[int, int]], tuple[Path, ...]]:
    """Return what was once there and is not here, by every key file of the vault that is found.

    Only a key file made with the same vault key is believed.
    """
    beside = [other.path for other in backups_in(backup.parent, keys.vault_id)]
    reach: dict[FeedId, int] = {}
    known_by: list[Path] = []
    for place in dict.fromkeys([*others, *beside, backup]):
        for name, anchor in _believed(place / KEYS, keys.vault_id, vault_key).items():
            feed = FeedId.parse(name)
            held = snapshot.feeds.get(feed, (0, b""))[0]
            if feed.device == device and anchor.seq > max(held, reach.get(feed, 0)):
                reach[feed] = anchor.seq
                known_by.append(place)
    missing = {
        feed: (snapshot.feeds.get(feed, (0, b""))[0] + 1, seq)
        for feed, seq in sorted(reach.items())
    }
    return missing, tuple(dict.fromkeys(known_by))


def _believed(path: Path, vault_id: str, vault_key: bytearray) -> dict[str, Anchor]:
    try:
        keys = KeyFile.load(path)
        if keys.vault_id == vault_id and keys.is_made_with(vault_key):
            return keys.anchors
    except FieldkitError:
        pass
    return {}
