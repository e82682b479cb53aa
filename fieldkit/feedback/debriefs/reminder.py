"""Reminds of the day's debrief, at the time that a person's settings say."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from fieldkit.vault.settings import Settings
from fieldkit.wording.dates import span

LATE = timedelta(minutes=30)
"""How long after it should have begun a debrief is still reminded of, as after an unlocking."""


def debrief_reminder(settings: Settings, now: datetime) -> str:
    """Return what to say of the day's debrief now; empty where it is not the time for it.

    Args:
        settings: when the debrief is, and how long before it to remind.
        now: local time.
    """
    if not settings.debrief_at:
        return ""
    due = datetime.combine(now.date(), time.fromisoformat(settings.debrief_at), now.tzinfo)
    if not due - timedelta(minutes=settings.debrief_reminder) <= now <= due + LATE:
        return ""
    left = (due - now).total_seconds()
    when = f"is at {settings.debrief_at}"
    if left < 60:
        return f"The debrief {when}: now." if left > -59 else f"The debrief was at {due:%H:%M}."
    return f"The debrief {when}, in {span(left)}."
