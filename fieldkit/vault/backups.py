"""Backups and checks in words, the same on every page and on the command line."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fieldkit.vault.settings import read_settings
from fieldkit.wording.dates import short_moment
from storage.crypto.keyslots.keyfile import KeyFile
from storage.ops.clock import utc_text
from storage.ops.text import many, size
from storage.vault import check
from storage.vault.backup import make
from storage.vault.backup.generations import backups_in, default_place
from storage.vault.backup.make import LastBackup, Made
from storage.vault.backup.restore import Restored
from storage.vault.check import Checkup
from storage.vault.epochs import EpochChange
from storage.vault.folder import KEYS
from storage.vault.leftovers import set_aside, unfinished
from storage.vault.vault import Vault

WHAT_IT_IS = (
    "It is encrypted as the vault is, and opens with the passphrase and the recovery code of this "
    "moment, also after you change them."
)


def backup_text(result: Made) -> str:
    """Say what was backed up, where, and what it is."""
    lines = [
        f"Backup made and read back: {result.backup.path}",
        f"{many(result.ops, 'entry', 'entries')}, "
        f"{many(result.drafts, 'unfinished text')}, {size(result.backup.size)}. {WHAT_IT_IS}",
    ]
    if result.kept > 1:
        lines.append(f"{result.kept} backups lie there now.")
    if result.removed:
        lines.append(f"{many(len(result.removed), 'older one')} went: the last three are kept.")
    return "\n".join(lines)


def restored_text(restored: Restored) -> str:
    """Say what was restored, what is known to be missing, and how to go on."""
    when = f" of {short_moment(restored.at)}" if restored.at else ""
    lines = [
        f"Restored the backup{when} to {restored.folder}: "
        f"{many(restored.ops, 'entry', 'entries')}, {many(restored.drafts, 'unfinished text')}, "
        "all verified. The backup is as it was."
    ]
    for feed, (first, last) in restored.missing.items():
        entries = many(last - first + 1, "later entry", "later entries")
        lines.append(
            f"Not in it: {entries} of this laptop ({feed.kind} {first} to {last}). If they were "
            "exported, central can send them back; a later backup has them too."
        )
    if not restored.missing:
        lines.append("Nothing is known here of later entries that it lacks.")
    lines.append(
        "With its first entry it begins anew beside the old vault, so whatever both have written "
        "can be sent to central. Use one of the two from now on."
    )
    return "\n".join(lines)


def epoch_change_text(change: EpochChange) -> str:
    """Say why a vault goes on in another epoch, for a person who has just unlocked it."""
    behind = sum(change.missing.values())
    lacks = f" It lacks {many(behind, 'later entry', 'later entries')}." if behind else ""
    if change.set_back:
        return (
            "This vault was restored or rolled back: its database is older than what its key file "
            f"remembers.{lacks} Nothing was changed. If you did not put an older copy in place "
            "yourself, lock the vault, copy its folder aside, and tell whoever administers "
            "central. If you did, go on: what you write stands beside it and disturbs nothing, and "
            "central can send back what it has."
        )
    when = f" of {short_moment(change.at)}" if change.at else ""
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
    "files": "files kept of imports",
    "anchors": "how far the vault had come",
}
MAX_FINDINGS = 20
"""Findings of one part that are shown; the number says how many there are."""


def check_text(checkup: Checkup) -> str:
    """Say what a check found, part by part, and what to do next."""
    lines = [
        f"{many(checkup.ops, 'entry', 'entries')} in {many(checkup.feeds, 'feed')} looked at, "
        "each one."
    ]
    for part, findings in checkup.parts.items():
        number = f"{len(findings)} found" if findings else "sound"
        lines.append(f"{PARTS[part]}: {number}")
        lines += [f"  {finding}" for finding in findings[:MAX_FINDINGS]]
        if len(findings) > MAX_FINDINGS:
            lines.append(f"  and {len(findings) - MAX_FINDINGS} more")
    if checkup.refused:
        lines += ["", "Entries that count for nothing", *(f"- {one}" for one in checkup.refused)]
    if checkup.advice:
        lines += ["", "What to do next", *(f"- {step}" for step in checkup.advice)]
    return "\n".join(lines)


@dataclass(frozen=True)
class Upkeep:
    """Holds what a vault remembers of its last backup and check.

    Attributes:
        backup: the latest backup, if there ever was one.
        checked_at: when it was last checked wholly, ISO 8601 in UTC; empty where never.
        findings: how many things were found then.
    """

    backup: LastBackup | None
    checked_at: str
    findings: int


def upkeep_of(facts: dict[str, bytes]) -> Upkeep:
    """Return what a vault's own facts say of backups and checks."""
    checked = check.LAST.of(facts)
    at, findings = checked or ("", 0)
    return Upkeep(make.LAST.of(facts), at, findings)


def backup_line(last: LastBackup | None) -> str:
    """Return the latest backup in a line; empty where there was none."""
    return f"{short_moment(last.at)}, read back whole, {size(last.size)}" if last else ""


def check_line(upkeep: Upkeep) -> str:
    """Return the last whole check in a line."""
    if not upkeep.checked_at:
        return "never checked wholly"
    number = f"{upkeep.findings} found" if upkeep.findings else "sound"
    return f"{short_moment(upkeep.checked_at)}: {number}"


def usual_place(folder: Path) -> Path:
    """Return where backups of a vault's folder go: by the settings, else beside it."""
    return read_settings().backup_folder or default_place(folder)


def next_place(last: LastBackup | None, default: Path) -> Path:
    """Return where the next backup goes unless somebody says otherwise.

    That is the folder of the settings, else where the last one went, else the default.
    """
    if (chosen := read_settings().backup_folder) is not None:
        return chosen
    return last.path.parent if last is not None and last.path.parent.is_dir() else default


def backup_reminder(last: LastBackup | None) -> str:
    """Return what to say where none was made since midnight here; empty where one was."""
    if last is None:
        return "none yet"
    with suppress(ValueError):
        if (
            datetime.fromisoformat(last.at).astimezone().date()
            == datetime.now().astimezone().date()
        ):
            return ""
    return f"none today; the last was {short_moment(last.at)}"


def backups_of(vault: Vault) -> list[tuple[str, str]]:
    """Return the :func:`known_backups` of an unlocked vault, which knows where its last went."""
    last = vault.fact_now(make.LAST)
    return known_backups(vault.folder, vault.keys.vault_id, last)


def known_backups(
    folder: Path, vault_id: str | None = None, last: LastBackup | None = None
) -> list[tuple[str, str]]:
    """Return path and time (ISO 8601 in UTC) of each backup where a vault's are known to be.

    What an interrupted backup or restoring left is among them, and the vault that was set aside
    when a backup took its place.

    Args:
        folder: the vault's own.
        vault_id: whose; read from its key file where it is not given, any vault's where empty.
        last: the last one, where the vault remembers it; its disk may not be connected now.
    """
    whose = vault_id if vault_id is not None else KeyFile.load(folder / KEYS).vault_id
    places = list(
        dict.fromkeys(
            [default_place(folder), usual_place(folder), *([last.path.parent] if last else ())]
        )
    )
    copies = [
        (str(one.path), one.at) for place in places for one in backups_in(place, whose or None)
    ]
    if last is not None and not _is_folder(last.path.parent):
        copies.append((f"{last.path} (its place is not there now)", last.at))
    leftovers = unfinished(folder, places, whose) if whose else []
    whole = set_aside(folder, whose) if whose else []
    return [
        *copies,
        *((f"{path} (unfinished)", _changed_at(path)) for path in leftovers),
        *((f"{path} (a whole vault, set aside)", _changed_at(path)) for path in whole),
    ]


def _is_folder(place: Path) -> bool:
    try:
        return place.is_dir()
    except OSError:  # a disk that answers no more
        return False


def _changed_at(path: Path) -> str:
    try:
        moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        moment = datetime.now(UTC)
    return utc_text(moment)
