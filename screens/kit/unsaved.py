"""Text being typed: kept in the vault at most a second after its first unsaved key.

A throttle, not a debounce: steady typing is saved while it goes on. The text becomes an op when
the inspector moves on; until then it is a draft (:mod:`storage.feed.drafts`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from textual.app import App
from textual.timer import Timer
from textual.widget import Widget

from storage.errors import FieldkitError
from storage.ops.clock import wall_ms, wall_text

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.vault.vault import Vault

SAVE_AFTER = 0.3
"""Seconds from the first unsaved key to the saving; with the commit well under the second."""
RETRY_AFTER = 2.0
"""Seconds until a saving that the disk refused is tried again."""
MAX_SETTLING = 1.0
"""Seconds a field is given to take in what was typed into it."""


Texts = dict[tuple[str, str], tuple[str, str | None]]
"""By place and field: what a person calls the place, and the text; none where it is as before."""
T = TypeVar("T")


class Typing:
    """Holds what is typed in any field and not yet in the vault.

    Args:
        app: runs the timer.
        vault: returns the vault that is unlocked, if any.
        refused: is told what a saving was refused for.
    """

    def __init__(
        self, app: App[Any], vault: Callable[[], Vault | None], refused: Callable[[str], None]
    ) -> None:
        self._app, self._vault, self._refused = app, vault, refused
        self._unsaved: Texts = {}
        self._on_the_way: Texts = {}
        """Being saved or committed; the vault may be locked before that is done."""
        self._timer: Timer | None = None
        self._was_refused = False
        self.saved_at = ""
        """When a draft was last saved, ISO 8601; empty before the first."""

    def keep(self, place: str, field: str, label: str, text: str, original: str) -> None:
        """Note what a field now holds; it is saved within :data:`SAVE_AFTER`."""
        self._unsaved[(place, field)] = (label, None if text == original else text)
        if self._timer is None:
            self._timer = self._app.set_timer(SAVE_AFTER, self._save_in_time)

    @property
    def state(self) -> str:
        """Return ``typing``, ``not saved`` where the disk refuses, or nothing for all kept."""
        if self._was_refused:
            return "not saved"
        return "typing" if self._unsaved or self._on_the_way else ""

    def forget(self, place: str, field: str) -> None:
        """Drop what is pending of a field whose text is being committed."""
        self._unsaved.pop((place, field), None)
        self._on_the_way.pop((place, field), None)

    async def commit(
        self, widget: DraftField, text: str, job: Callable[..., T], *args: object
    ) -> T:
        """Run a writing job that makes a field's text an op and drops its draft; return its result.

        A lock that comes before the job is done keeps the text as a draft. Raises what the vault
        raises; the text is kept then.
        """
        key = (widget.place, widget.field)
        vault = self._vault()
        if vault is None:
            raise FieldkitError("The vault is locked. What was typed is kept. Unlock it first.")
        self.forget(*key)
        self._on_the_way[key] = (widget.label, text)
        done = vault.write_later(job, *args)
        # On the clerk's own thread, before it does anything else.
        done.add_done_callback(lambda _: self._on_the_way.pop(key, None))
        try:
            return await asyncio.shield(asyncio.wrap_future(done))
        except FieldkitError:
            self.keep(*key, widget.label, text, widget.original)
            raise

    def write_all(self, session: Session) -> None:
        """Write everything that is typed and not in the vault yet, at a lock; for any thread."""
        _save(session, self.pending())

    def pending(self) -> Texts:
        """Return everything that is typed and not known to be in the vault, for any thread."""
        texts = self._on_the_way | self._unsaved
        field: object = self._app.focused
        if isinstance(field, DraftField) and field.place and field.typed != field.original:
            # A page that hangs has not heard yet what its field took in.
            texts[(field.place, field.field)] = (field.label, field.typed)
        return texts

    def saved(self) -> None:
        """Hold nothing any more, for all of it was written at a lock."""
        self._unsaved, self._on_the_way = {}, {}

    def take_back(self, texts: Texts) -> None:
        """Hold texts that an earlier run could not write; they are saved with what comes next."""
        self._unsaved = texts | self._unsaved

    async def _save_in_time(self) -> None:
        """Save; where the disk refuses, say so and try again soon: nothing typed is let go."""
        try:
            await self.save()
        except FieldkitError as refusal:
            if not self._was_refused:
                self._refused(f"{refusal} What you typed is kept, and saving is tried again.")
            self._was_refused = True
            if self._unsaved and self._timer is None:
                self._timer = self._app.set_timer(RETRY_AFTER, self._save_in_time)
        else:
            self._was_refused = False

    async def save(self) -> None:
        """Make everything typed durable now; raises what the vault raises, the text still held."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        vault = self._vault()
        if self._unsaved and vault is not None:
            taken, self._unsaved = self._unsaved, {}
            self._on_the_way |= taken
            try:
                await vault.write(_save, taken)
                self.saved_at = wall_text(wall_ms())
            except BaseException:
                self._unsaved = taken | self._unsaved
                raise
            finally:
                for key in taken:
                    self._on_the_way.pop(key, None)


def _save(session: Session, taken: Texts) -> None:
    # Imported late: the unlock page imports no store.
    from storage.feed import drafts

    for (place, field), (label, text) in taken.items():
        if text is None:
            drafts.committed(session, place, field)
        else:
            drafts.save(session, place, field, label, text)


class DraftField:
    """Says of a field whose text is kept while typed where its draft lies."""

    place: str
    field: str
    label: str
    original: str

    @property
    def typed(self) -> str:
        """Return the text that stands in the field."""
        raise NotImplementedError


async def settled(widget: Widget) -> None:
    """Wait until a field has taken in what was typed into it.

    Keys that work in fields too are acted on by the app at once, while the letters typed just
    before them may still wait in the field's own queue (a paste, a fast hand, a script).
    """
    for _ in range(2):
        done = asyncio.Event()
        if not widget.is_running or not widget.call_later(done.set):
            return
        # A field whose app is ending may never come to it, and nothing may wait for ever then.
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), MAX_SETTLING)


def error_words(error: Exception) -> str:
    """Return a refusal's own sentence, of any other error its name: its values are evidence."""
    return str(error) if isinstance(error, FieldkitError | OSError) else type(error).__name__
