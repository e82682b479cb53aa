"""Text being typed: kept in the vault at most a second after its first unsaved key.

A throttle, not a debounce: steady typing is saved while it goes on. The text becomes an op when
the inspector moves on; until then it is a draft (:mod:`storage.feed.drafts`).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import events
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, TextArea

from screens.kit.text import clean
from storage.errors import FieldkitError

if TYPE_CHECKING:
    from sqlmodel import Session

    from screens.app import FieldkitApp
    from storage.vault.vault import Vault


NEW = "new-note-in-"
"""How the place of a new note's draft begins; the kind of record it stands in follows."""


THROTTLE = 0.3
"""Seconds from the first unsaved key to the saving; with the commit well under the second."""


AGAIN = 2.0
"""Seconds until a saving that the disk refused is tried again."""

LONGEST_SETTLING = 1.0
"""Seconds a field is given to take in what was typed into it."""


class Typing:
    """What is typed in any field and not yet in the vault."""

    def __init__(self, app: FieldkitApp) -> None:
        self._app = app
        self._unsaved: dict[tuple[str, str], tuple[str, str | None]] = {}
        self._timer: Timer | None = None
        self._told = False

    def keep(self, place: str, field: str, label: str, text: str, original: str) -> None:
        """Note what a field now holds; it is saved within :data:`THROTTLE`."""
        self._unsaved[(place, field)] = (label, None if text == original else text)
        if self._timer is None:
            self._timer = self._app.set_timer(THROTTLE, self._in_time)

    def forget(self, place: str, field: str) -> None:
        """The text of a field is being committed; what is pending of it is moot."""
        self._unsaved.pop((place, field), None)

    async def _in_time(self) -> None:
        """Save; where the disk refuses, say so and try again soon: nothing typed is let go."""
        try:
            await self.save()
        except FieldkitError as refusal:
            if not self._told:
                self._app.say(f"{refusal} What you typed waits and is tried again.", error=True)
            self._told = True
            if self._unsaved and self._timer is None:
                self._timer = self._app.set_timer(AGAIN, self._in_time)
        else:
            self._told = False

    async def save(self) -> None:
        """Make everything typed durable now; raises what the vault raises, the text still held."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._unsaved and self._app.unlocked:
            taken, self._unsaved = self._unsaved, {}
            try:
                await self._app.vault.write(_save, taken)
            except BaseException:
                self._unsaved = taken | self._unsaved
                raise

    def save_blocking(self, vault: Vault) -> None:
        """Make everything typed durable, from another thread than the app's own."""
        if self._unsaved:
            taken, self._unsaved = self._unsaved, {}
            vault.write_now(_save, taken)


def _save(session: Session, taken: dict[tuple[str, str], tuple[str, str | None]]) -> None:
    from storage.feed import drafts

    for (place, field), (label, text) in taken.items():
        if text is None:
            drafts.committed(session, place, field)
        else:
            drafts.save(session, place, field, label, text)


class DraftArea(TextArea):
    """Several lines of text that are kept while they are typed."""

    def __init__(
        self, place: str, field: str, label: str, original: str = "", **kwargs: str
    ) -> None:
        shown = clean(original)
        super().__init__(shown, soft_wrap=True, tab_behavior="focus", id=kwargs.get("id"))
        self.place, self.field, self.label, self.original = place, field, label, shown

    def show(self, place: str, field: str, label: str, original: str, draft: str | None) -> None:
        """Turn to another place; ``draft`` is what was typed there and never committed."""
        self.place, self.field, self.label, self.original = place, field, label, clean(original)
        wanted = self.original if draft is None else clean(draft)
        if self.text != wanted:
            with self.prevent(TextArea.Changed):
                self.load_text(wanted)

    @property
    def unsaved(self) -> bool:
        """What stands here is not what is committed."""
        return self.text != self.original

    async def _on_paste(self, event: events.Paste) -> None:
        event.text = pasted(event.text)

    def _on_text_area_changed(self, event: TextArea.Changed) -> None:
        keeper(self).keep(self.place, self.field, self.label, self.text, self.original)


class DraftInput(Input):
    """One line of text that is kept while it is typed."""

    def __init__(
        self, place: str, field: str, label: str, original: str = "", *, hint: str = ""
    ) -> None:
        shown = clean(original)
        # A field that is come to with its text selected loses it to the next letter.
        super().__init__(
            shown, placeholder=hint, compact=True, select_on_focus=False, id=f"field-{field}"
        )
        self.place, self.field, self.label, self.original = place, field, label, shown
        self._given = original

    @property
    def result(self) -> str:
        """What is to be committed: the text as it was given where nobody changed it."""
        return self._given if self.value == self.original else self.value.strip()

    def _on_paste(self, event: events.Paste) -> None:
        event.text = pasted(event.text)

    def _on_input_changed(self, event: Input.Changed) -> None:
        if self.place:
            keeper(self).keep(self.place, self.field, self.label, self.value, self.original)


def pasted(text: str) -> str:
    """A pasted text without control and direction marks, which a field would show as they are."""
    return clean(text.replace("\r\n", "\n").replace("\r", "\n"))


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
            await asyncio.wait_for(done.wait(), LONGEST_SETTLING)


def keeper(widget: Input | TextArea) -> Typing:
    """The app's keeper of what is typed."""
    from screens.app import FieldkitApp

    app = widget.app
    assert isinstance(app, FieldkitApp)
    return app.typing


async def saved(app: FieldkitApp, *, settle: bool = True) -> str:
    """Save what is being typed; a sentence where that did not work.

    With ``settle`` the letters that the field with the focus has not taken in yet come first; the
    field must be there to answer.
    """
    try:
        if settle and isinstance(app.focused, DraftArea | DraftInput):
            await settled(app.focused)
        await app.typing.save()
    except Exception as error:
        return (
            f"What you typed last could not be saved ({_words(error)}). It is kept in memory: "
            "unlock again without closing fieldkit, and it is saved then."
        )
    return ""


def _words(error: Exception) -> str:
    """A refusal's own sentence; of any other error only what it is, for its values are evidence."""
    from storage.errors import FieldkitError

    return str(error) if isinstance(error, FieldkitError | OSError) else type(error).__name__
