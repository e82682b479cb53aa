"""Erasing an inspection from this laptop: what goes, a typed word, and what stays elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static

from fieldkit.history import erase as erasing
from fieldkit.vault.backups import backups_of
from screens.kit.dialogs import Dialog, Tell
from screens.kit.shell import Shell
from screens.kit.text import plain
from screens.vault.ask_passphrase import is_you
from storage.errors import FieldkitError


class TypeWord(Dialog[str | None]):
    """Asks for a word before something is done that cannot be undone."""

    DEFAULT_CSS = """
    TypeWord #box { width: 90%; }
    TypeWord VerticalScroll { height: auto; max-height: 60vh; }
    """

    def __init__(self, title: str, text: str, word: str) -> None:
        super().__init__(title, f"enter  {word}     esc  leave it")
        self._text, self._word = text, word

    def body(self) -> Iterable[Widget]:
        """Return what is going to be done, and the field for the word."""
        with VerticalScroll():
            yield Static(plain(self._text))
        yield Input(placeholder=f"type {self._word}", compact=True, id="word")

    def on_mount(self) -> None:
        """Start in the field."""
        self.query_one(Input).focus()

    def on_input_submitted(self) -> None:
        """Close with what was typed."""
        self.dismiss(self.query_one(Input).value)


async def erase(app: Shell, inspection: str) -> bool:
    """Ask and erase; ``False`` where it was refused or left. Runs in a worker."""
    vault = app.vault
    try:
        copies = await asyncio.to_thread(backups_of, vault)
        outlook = await vault.read(erasing.erasure_preview, inspection, copies)
        refused = outlook.refused
    except FieldkitError as refusal:
        refused = str(refusal)
    if refused:
        app.push_screen(Tell("Not erased", refused))
        return False
    try:
        question = erasing.erasure_text(outlook, done=False)
        word = await app.push_screen_wait(TypeWord("Erase an inspection", question, erasing.ERASE))
        if word is None or not await is_you(app, "erase"):
            return False
        done = await vault.write(erasing.erase, inspection, word, copies)
    except FieldkitError as refusal:
        app.say(str(refusal), error=True)
        return False
    await app.push_screen_wait(Tell("Erased", erasing.erasure_text(done, done=True)))
    return True
