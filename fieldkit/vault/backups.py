"""Backups and checks in words, the same on every page and on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fieldkit.wording.format import local, many
from storage.crypto.keyslots import KeyFile
from storage.vault.backup.generations import Backup, default_place, found_in
from storage.vault.backup.make import LAST, LastBackup, Made, read_last
from storage.vault.backup.make import LAST as LAST_BACKUP
from storage.vault.backup.restore import Restored
from storage.vault.check import LAST as LAST_CHECK
from storage.vault.check import Checkup
from storage.vault.epochs import EpochChange
from storage.vault.folder import KEYS
from storage.vault.leftovers import unfinished
from storage.vault.vault import Vault

WHAT_IT_IS = (
    "It is encrypted as the vault is, and opens with the passphrase and the recovery code of this "
    "moment, also after you change them."
)


def size(number: int) -> str:
    """Bytes in words a person uses."""
    if number < 1024 * 1024:
        return f"{number / 1024:.0f} KiB"
    return f"{number / (1024 * 1024):.1f} MiB"


def made_text(made: Made) -> str:
    """What was backed up, where, and what it is."""
    lines = [
        f"Backup made and read back: {made.backup.path}",
        f"{many(made.ops, 'entry', 'entries')}, "
        f"{many(made.drafts, 'unfinished text')}, {size(made.backup.size)}. {WHAT_IT_IS}",
    ]
    if made.kept > 1:
        lines.append(f"{made.kept} backups lie there now.")
    if made.removed:
        lines.append(f"{many(len(made.removed), 'older one')} went: the last three are kept.")
    return "\n".join(lines)


def restored_text(found: Restored) -> str:
    """What was restored, what is known to be missing, and how to go on."""
    when = f" of {local(found.at)}" if found.at else ""
    lines = [
        f"Restored the backup{when} to {found.folder}: "
        f"{many(found.ops, 'entry', 'entries')}, {many(found.drafts, 'unfinished text')}, "
        "all verified. The backup is as it was.",
    ]
    for feed, (first, last) in found.missing.items():
        n = last - first + 1
        lines.append(
            f"Not in it: {many(n, 'later entry', 'later entries')} of this laptop "
            f"({feed.kind} {first} to {last}). If they were exported, central can "
            "send them back; a later backup has them too."
        )
    if not found.missing:
        lines.append("Nothing is known here of later entries that it lacks.")
    lines.append(
        "With its first entry it begins anew beside the old vault, so whatever both have written "
        "can be sent to central. Use one of the two from now on."
    )
    return "\n".join(lines)


def epoch_change_text(change: EpochChange) -> str:
    """Why a vault goes on in another epoch, for a person who has just unlocked it."""
    behind = sum(change.missing.values())
    lacks = f" It lacks {many(behind, 'later entry', 'later entries')}." if behind else ""
    if change.set_back:
        return (
            "This vault was restored or rolled back: its database is older than what its key file "
            f"remembers.{lacks} Nothing was changed. If you did not put an older copy in place "
            "yourself, lock the vault, copy its folder aside, and tell whoever administers "
            "central. If you did, go on: what you write begins anew and gets in nobody's way, and "
            "central can send back what it has."
        )
    when = f" of {local(change.at)}" if change.at else ""
    return (
        f"This vault was restored from a backup{when}.{lacks} With the first entry it begins anew "
        "beside the vault it was made from. What that vault had exported since, central can send "
        "back."
    )


PARTS = {
    "pages": "pages of the database",
    "chain": "chain of the entries",
    "tables": "tables against a replay of the entries",
    "search": "search index against the tables",
    "drafts": "unfinished texts",
    "keys": "key file and its copy",
    "anchors": "how far the vault had come",
}
SHOWN = 20
"""Findings of one part that are shown; the number says how many there are."""


def checked_text(found: Checkup) -> str:
    """What a check found, part by part, and what to do next."""
    lines = [
        f"{many(found.ops, 'entry', 'entries')} in {many(found.feeds, 'feed')} looked at, each one."
    ]
    for part, several in found.parts.items():
        if not several:
            lines.append(f"{PARTS[part]}: sound")
            continue
        lines.append(f"{PARTS[part]}: {len(several)} found")
        lines += [f"  {one}" for one in several[:SHOWN]]
        if len(several) > SHOWN:
            lines.append(f"  and {len(several) - SHOWN} more")
    if found.advice:
        lines += ["", "What to do next", *(f"- {one}" for one in found.advice)]
    return "\n".join(lines)


@dataclass(frozen=True)
class Kept:
    """What a vault remembers of its own safekeeping.

    Attributes:
        backup: the latest backup, if there ever was one.
        checked_at: when it was last checked wholly, ISO 8601 in UTC; empty where never.
        findings: how many things were found then.
    """

    backup: LastBackup | None
    checked_at: str
    findings: int


def kept(facts: dict[str, bytes]) -> Kept:
    """What a vault's own facts say of backups and checks."""
    at, findings = "", 0
    try:
        told = json.loads(facts.get(LAST_CHECK, b"{}"))
        at, findings = str(told.get("at", "")), int(told.get("findings", 0))
    except (ValueError, TypeError, AttributeError):
        pass
    return Kept(read_last(facts.get(LAST_BACKUP)), at, findings)


def backup_line(last: LastBackup | None) -> str:
    """The latest backup in a line; empty where there was none."""
    return f"{local(last.at)}, read back whole, {size(last.size)}" if last else ""


def check_line(found: Kept) -> str:
    """The last whole check in a line."""
    if not found.checked_at:
        return "never checked wholly"
    said = "sound" if not found.findings else f"{found.findings} found"
    return f"{local(found.checked_at)}: {said}"


def as_data(backups: Iterable[Backup]) -> list[dict[str, object]]:
    """Backups as JSON."""
    return [
        {"path": str(one.path), "vault_id": one.vault_id, "at": one.at, "bytes": one.size}
        for one in backups
    ]


def newest_place(last: LastBackup | None, default: Path) -> Path:
    """Where the next backup goes unless somebody says otherwise: where the last one went."""
    return last.path.parent if last is not None and last.path.parent.is_dir() else default


def made_today(last: LastBackup | None, now: datetime | None = None) -> bool:
    """Whether a backup was made since midnight, by this laptop's own time."""
    if last is None:
        return False
    try:
        made = datetime.fromisoformat(last.at).astimezone()
    except ValueError:
        return False
    return made.date() == (now or datetime.now(UTC)).astimezone().date()


def reminder(last: LastBackup | None, now: datetime | None = None) -> str:
    """What to say where none was made today; empty where one was."""
    if last is None:
        return "none yet"
    return "" if made_today(last, now) else f"none today; the last was {local(last.at)}"


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
