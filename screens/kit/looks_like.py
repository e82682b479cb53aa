"""Says of what was just kept that somebody could be known by it; it hinders nobody."""

from __future__ import annotations

from screens.kit.shell import Shell
from storage.records import Record

HERE, THERE = "x takes them out.", "In the history (h), x takes them out."


async def say_what_it_looks_like(app: Shell, kept: object) -> None:
    """Say of a record that was kept which identifiers its words seem to hold, if any."""
    if not isinstance(kept, Record) or not app.unlocked:
        return
    # What looks through texts is not needed before the first of them is kept.
    from fieldkit.evidence.identifiers import is_searched, looks_like_in

    if not is_searched(type(kept)):
        return
    sentence = await app.vault.read(looks_like_in, kept.KIND, kept.id)
    if sentence:
        app.say(f"{sentence} {HERE if hasattr(app.screen, 'action_redact') else THERE}")
