"""The reminder that no backup was made today."""

from __future__ import annotations

from datetime import UTC, datetime

from fieldkit.wordings import local
from storage.backup.making import LastBackup


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
