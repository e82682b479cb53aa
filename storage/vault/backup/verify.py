"""Opens a copy of a vault's database and compares it before anybody relies on it."""

from __future__ import annotations

from pathlib import Path

from storage.database.cipher import findings, open_cipher
from storage.database.errors import DatabaseRefusedError, translate_errors
from storage.errors import FieldkitError
from storage.vault.backup.errors import BackupUnsoundError
from storage.vault.snapshot import Snapshot, snapshot_of


def verify(path: Path, hexkey: str, expected: Snapshot) -> None:
    """Reopen a copy; raise :class:`BackupUnsoundError` unless it is whole and holds the same.

    Every page's authentication, the structure, whose vault it is, the number of ops and drafts and
    the head of every feed are looked at. Takes about 25 ms for each MiB, on the caller's thread.
    """
    try:
        connection = open_cipher(path, hexkey)
    except DatabaseRefusedError as error:
        raise _unsound(path, "it does not open") from error
    try:
        with translate_errors():
            problems = findings(connection)
            if not problems:
                problems = differing(snapshot_of(connection), expected)
    except BackupUnsoundError:
        raise
    except FieldkitError as error:
        raise _unsound(path, "it cannot be read back") from error
    finally:
        connection.close()
    if problems:
        raise _unsound(path, problems[0])


def differing(snapshot: Snapshot, expected: Snapshot) -> list[str]:
    """Return what two databases that should hold the same do not have in common."""
    differences = []
    if snapshot.vault_id != expected.vault_id:
        differences.append("it is of another vault")
    if snapshot.ops != expected.ops:
        differences.append(f"it holds {snapshot.ops:,} entries where there were {expected.ops:,}")
    if snapshot.drafts != expected.drafts:
        differences.append(
            f"it holds {snapshot.drafts:,} drafts where there were {expected.drafts:,}"
        )
    differences += [
        f"the feed {feed} ends elsewhere"
        for feed in sorted(snapshot.feeds.keys() | expected.feeds.keys())
        if snapshot.feeds.get(feed) != expected.feeds.get(feed)
    ]
    return differences


def _unsound(path: Path, why: str) -> BackupUnsoundError:
    return BackupUnsoundError(
        f"The backup was written to {path.parent.parent}, but when it was read back it was not "
        f"good: {why}. It was thrown away and earlier backups were kept. Run “fieldkit vault "
        "check”, then make the backup again, to another disk if need be."
    )
