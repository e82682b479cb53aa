"""Finds and names the backups that lie in a place, and takes the older ones away."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.crypto.keyslots.keyfile import KeyFile
from storage.durable import delete, delete_tree, move_folder, remove_tree, sync_folder
from storage.errors import FieldkitError
from storage.ops.clock import utc_text
from storage.ops.op import FeedId
from storage.vault.backup.errors import NoBackupError
from storage.vault.folder import DATABASE, KEYS

KEPT = 3
"""Generations kept of one life of a vault."""

STALE_SECONDS = 3600
"""Age from which an unfinished backup is nobody's any more."""

_NAME = re.compile(r"fieldkit-(\d{4}-\d{2}-\d{2}-\d{6})-([0-9a-f]{8})(-\d+)?")


@dataclass(frozen=True)
class Backup:
    """Describes a backup, as far as it can be told without its passphrase.

    Attributes:
        path: its folder; it holds a database and a key file, as a vault does.
        vault_id: whose it is.
        at: when it was made, ISO 8601 in UTC.
        size: of its database, in bytes.
        reach: for each feed of its own laptop, the last op in it.
    """

    path: Path
    vault_id: str
    at: str
    size: int
    reach: dict[FeedId, int]

    @property
    def held(self) -> int:
        """Return how many ops of its own laptop are in it: more in a later one of the same life."""
        return sum(self.reach.values())

    @property
    def epoch(self) -> int:
        """Return which life of the vault it is of."""
        return max((feed.epoch for feed in self.reach), default=1)


def default_place(vault: Path) -> Path:
    """Return where backups of a vault lie unless another place is named: beside its folder."""
    return vault.with_name(f"{vault.name}-backups")


def folder_name(vault_id: str, at: str) -> str:
    """Return a name for a backup made at ``at`` (ISO 8601 in UTC) that every file system takes."""
    stamp = f"{at[:10]}-{at[11:19].replace(':', '')}"
    return f"fieldkit-{stamp}-{vault_id[:8]}"


def backups_in(place: Path, vault_id: str | None = None) -> list[Backup]:
    """Return the backups in a place, of one vault or of all, the newest first of each.

    Which is newer is told by what they hold, and by the time in their names only where they hold
    the same: a clock may have been wrong. Only whole ones have such a name: it is given after the
    backup was read back.
    """
    try:
        names = [
            backup for backup in place.iterdir() if _NAME.fullmatch(backup.name) and backup.is_dir()
        ]
    except OSError:
        return []
    found = [backup for backup in map(_read, names) if backup is not None]
    wanted = [backup for backup in found if vault_id in (None, backup.vault_id)]
    return sorted(
        wanted,
        key=lambda backup: (
            backup.vault_id,
            backup.epoch,
            backup.held,
            backup.at,
            backup.path.name,
        ),
        reverse=True,
    )


def named(text: str, place: Path) -> Path:
    """Return the folder of the backup that a person named by its path or name in a place.

    Raises :class:`NoBackupError`.
    """
    for path in (Path(text).expanduser(), place / text):
        if (path / DATABASE).is_file() and (path / KEYS).is_file():
            return path.absolute()
    raise NoBackupError(
        f"There is no backup {text}. Nothing was changed. “fieldkit vault backup --list” names "
        "those that there are; on another disk, give the path of the backup's own folder."
    )


def prune(place: Path, newest: Backup) -> list[Path]:
    """Take away all but the last few generations of the same life as ``newest``.

    A backup of another life, as before a restore, is left alone: it may hold what this one lacks.
    What cannot be removed stays. Returns what went.
    """
    generations = [
        backup for backup in backups_in(place, newest.vault_id) if backup.epoch == newest.epoch
    ]
    # Of those that hold the same, one dated after the one just made has its date of a wrong clock.
    generations.sort(key=lambda backup: (backup.held, backup.at <= newest.at), reverse=True)
    removed = []
    for backup in generations[KEPT:]:
        if backup.path == newest.path:
            continue
        with suppress(OSError):
            # Its name first: what a power cut leaves of it must not be taken for a backup. Then the
            # key file: without it nothing of the rest can be read.
            renamed = backup.path.with_name(f".{backup.path.name}-old.tmp")
            move_folder(backup.path, renamed)
            sync_folder(place)
            delete(renamed / KEYS)
            delete_tree(renamed)
            removed.append(backup.path)
    return removed


def sweep(place: Path, vault_id: str) -> None:
    """Remove what interrupted backups of a vault left behind."""
    with suppress(OSError):
        for unfinished in place.glob(f".fieldkit-*-{vault_id[:8]}-*.tmp"):
            if time.time() - unfinished.stat().st_mtime > STALE_SECONDS:
                remove_tree(unfinished)


def _read(folder: Path) -> Backup | None:
    matched = _NAME.fullmatch(folder.name)
    if matched is None:
        return None
    try:
        keys = KeyFile.load(folder / KEYS)
        size = (folder / DATABASE).stat().st_size
        moment = datetime.strptime(matched[1], "%Y-%m-%d-%H%M%S").replace(tzinfo=UTC)
    except (FieldkitError, OSError, ValueError):
        return None
    return Backup(
        path=folder,
        vault_id=keys.vault_id,
        at=utc_text(moment),
        size=size,
        reach={FeedId.parse(feed): one.seq for feed, one in keys.anchors.items()},
    )
