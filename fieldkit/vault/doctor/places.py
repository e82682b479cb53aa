"""The folders: what kind of place each is, its room, the vault in it, and the age of its backup."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fieldkit.vault.backups import known_backups
from fieldkit.vault.doctor.finding import Finding
from fieldkit.wording.dates import short_moment
from storage.crypto.keyslots.keyfile import KeyFile
from storage.crypto.keyslots.slot import WordSlot
from storage.errors import FieldkitError
from storage.ops.text import many, size
from storage.vault.backup.generations import backups_in
from storage.vault.folder import DATABASE, KEYS, exists, look
from storage.vault.location import warnings

ROOM = 200 * 1024 * 1024
"""Bytes that must be free beside twice the database: a backup and a check make a copy each."""
AMPLE = 1024 * 1024 * 1024
"""Bytes that had better be free."""
BACKUP_DAYS = 7
"""An older backup is to be made anew; one of more than a day is worth knowing."""
LONG_PATH = 200
"""Characters of a folder beyond which names within it may be too long for Windows (260 in all)."""


def look_at_places(
    folder: Path, backups: Iterable[Path] = (), now: datetime | None = None
) -> Iterator[Finding]:
    """Look at the vault's folder and at what lies in it, without unlocking it.

    Args:
        folder: the vault's, which need not be there.
        backups: other places in which backups may lie, such as a disk.
        now: the time, where it is not the clock's.
    """
    yield from _folder(folder)
    yield from _room(folder)
    try:
        there = exists(folder)
    except FieldkitError as error:
        yield Finding("vault", "mend", str(error), "Have the folder given to your account.")
        return
    if not there:
        way = "Begin with “fieldkit”, or with “fieldkit vault create”; or name it with --vault."
        yield Finding("vault", "ok", f"none yet in {folder}", way)
        return
    yield _vault(folder)
    yield _backup(folder, backups, datetime.now(UTC) if now is None else now)


def needed_memory(folder: Path) -> int:
    """Return how many bytes of memory unlocking takes; 0 where that cannot be told."""
    with suppress(FieldkitError, OSError):
        slots = KeyFile.load(folder / KEYS).slots
        return max(
            (one.params.m_kib * 1024 for one in slots if isinstance(one, WordSlot)), default=0
        )
    return 0


def written_ms(folder: Path) -> list[int]:
    """Return when the files of a vault were written last, milliseconds since 1970."""
    times = []
    for name in (KEYS, DATABASE):
        with suppress(OSError):
            times.append((folder / name).stat().st_mtime_ns // 1_000_000)
    return times


def _folder(folder: Path) -> Iterator[Finding]:
    warned = warnings(folder)
    for one in warned:
        # Each text says what to do at its end.
        yield Finding("folder", "mend" if one.loud else "beware", one.text)
    above = _there(folder)
    if not os.access(above, os.W_OK | os.X_OK):
        text = f"{above} may not be written to by this account"
        yield Finding("folder", "mend", text, "Name another folder with --vault.")
    elif len(str(folder)) > LONG_PATH:
        text = f"its path has {len(str(folder))} characters; Windows takes 260 with all names in it"
        yield Finding("folder", "beware", text, "Name a folder nearer the top with --vault.")
    elif not warned:
        yield Finding("folder", "ok", str(folder))


def _there(folder: Path) -> Path:
    """Return the folder, or the nearest above it that is there."""
    return next((each for each in (folder, *folder.parents) if each.is_dir()), folder)


def _room(folder: Path) -> Iterator[Finding]:
    try:
        free = shutil.disk_usage(_there(folder)).free
    except OSError as error:
        yield Finding("free space", "beware", f"not told ({error.strerror or error})")
        return
    database = look(folder)[0] or 0
    needed = ROOM + 2 * database
    text = f"{size(free)} are free"
    way = "Make room: move large files away, or empty the bin."
    if free < needed:
        more = f"{text}; a check and a backup of this vault need {size(needed)}"
        yield Finding("free space", "mend", more, way)
    elif free < AMPLE:
        yield Finding("free space", "beware", text, way)
    else:
        yield Finding("free space", "ok", text)


def _vault(folder: Path) -> Finding:
    way = "Copy the folder aside as it is, then restore a backup: “fieldkit vault backup --list”."
    try:
        KeyFile.load(folder / KEYS)
    except FieldkitError as error:
        return Finding("vault", "mend", str(error), way)
    bytes_, state = look(folder)
    if state != "encrypted":
        return Finding("vault", "mend", f"the database in {folder} is {state}", way)
    return Finding("vault", "ok", f"{folder}, {size(bytes_ or 0)}; “vault check” looks inside")


def _backup(folder: Path, places: Iterable[Path], now: datetime) -> Finding:
    """Tell of the latest backup that can be found without what the vault remembers."""
    where = "beside the vault"
    try:
        vault_id = KeyFile.load(folder / KEYS).vault_id
        found = [
            moment for path, moment in known_backups(folder, vault_id) if "(unfinished)" not in path
        ]
        for place in places:
            found += [one.at for one in backups_in(place, vault_id)]
            where += f" or in {place}"
    except FieldkitError:
        return Finding("backup", "beware", "not looked for, as whose they are is not known")
    way = "Run “fieldkit vault backup”; one on another disk is looked for with --backups DIR."
    if not found:
        return Finding("backup", "mend", f"none {where}", way)
    latest = max(found)
    age = now - datetime.fromisoformat(latest)
    text = f"the latest is of {short_moment(latest)}"
    if age > timedelta(days=BACKUP_DAYS):
        return Finding("backup", "mend", f"{text}, {many(age.days, 'day')} ago", way)
    if age > timedelta(days=1):
        return Finding("backup", "beware", text, way)
    return Finding("backup", "ok", text)
