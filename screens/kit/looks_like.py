"""Says of what was just kept that somebody could be known by it; it hinders nobody."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual.app import App

from storage.errors import FieldkitError

if TYPE_CHECKING:
    from fieldkit.evidence.kept_texts import Marked
    from storage.vault.vault import Vault

HERE, THERE = "x takes them out.", "In the history (h), x takes them out."


def look_through(app: App[Any], vault: Vault, say: Callable[[str], None]) -> None:
    """Have every text that is kept in a vault from now on looked through, by whatever page.

    That is done by the clerk when the text is on disk, so it holds up no key.

    Args:
        app: shows the pages.
        vault: where texts are kept.
        say: is told, in the app's own time, what they look like.
    """

    def look() -> None:
        # What looks through texts is not needed before the first of them is kept.
        from fieldkit.evidence.kept_texts import mark_kept

        with suppress(FieldkitError):  # a lock came first
            looked = vault.read_later(lambda s: mark_kept(s, vault.author.take_kept()))
            looked.add_done_callback(tell)

    def tell(looked: Future[Marked]) -> None:
        if looked.cancelled() or looked.exception() is not None:
            return
        marked = looked.result()
        if marked.sentence:
            app.call_later(_tell, app, marked.sentence, say)
        elif marked.reason:
            app.call_later(say, marked.reason)

    vault.author.when_kept = look


def _tell(app: App[Any], sentence: str, say: Callable[[str], None]) -> None:
    pages = [screen for screen in app.screen_stack if not screen.is_modal]
    here = bool(pages) and hasattr(pages[-1], "action_redact")
    say(f"{sentence} {HERE if here else THERE}")
