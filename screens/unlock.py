"""Unlocking: the first page, with few widgets; the store is imported while a person types."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Iterable
from pathlib import Path

from textual import work
from textual.widget import Widget
from textual.widgets import Input, Static

from screens.keys import BACKGROUND
from screens.page import Page
from screens.plain import plain
from storage.errors import FieldkitError

READ_AHEAD = (
    "storage.vault",
    "fieldkit.overview",
    "fieldkit.inspections",
    "screens.home",
)
"""Imported by a thread while the passphrase is typed."""
SLOWEST_SECONDS = 16
"""The longest wait after repeated wrong passphrases; it doubles from half a second."""


def vault_here(folder: Path) -> bool:
    """Whether there is a vault, or a part of one, in the folder; asked without the store."""
    return any((folder / name).exists() for name in ("vault.keys", "vault.keys.bak", "vault.db"))


class PassphraseInput(Input):
    """A passphrase field from which nothing is copied."""

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Copy nothing."""


class UnlockPage(Page):
    """Asks for the passphrase, or for the recovery code."""

    PAGE = "unlock"
    DEFAULT_CSS = """
    UnlockPage #what { padding: 1 2 0 2; height: auto; }
    UnlockPage PassphraseInput { margin: 1 2; width: 60; max-width: 96%; }
    UnlockPage #said { padding: 0 2; height: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._recovery = False
        self._busy = False

    def body(self) -> Iterable[Widget]:
        """A question, a field, and what came of it."""
        yield Static("fieldkit\n\nPassphrase", id="what", markup=False)
        yield PassphraseInput(password=True, id="passphrase")
        yield Static("", id="said", markup=False)

    def on_mount(self) -> None:
        """Start in the field and import the store meanwhile, once the first frame is out."""
        self.query_one(PassphraseInput).focus()
        self.call_after_refresh(self._read_ahead)

    @work(thread=True, group=BACKGROUND)
    def _read_ahead(self) -> None:
        for name in READ_AHEAD:
            importlib.import_module(name)
        importlib.import_module("fieldkit.warming").warm()

    async def on_screen_resume(self) -> None:
        """There is nothing to read before the vault is open."""

    def action_recovery(self) -> None:
        """Turn between passphrase and recovery code."""
        self._recovery = not self._recovery
        asked = "Recovery code (seven groups of five)" if self._recovery else "Passphrase"
        self.query_one("#what", Static).update(f"fieldkit\n\n{asked}")
        field = self.query_one(PassphraseInput)
        field.password = not self._recovery
        field.value = ""
        field.focus()

    @work
    async def action_unlock(self) -> None:
        """Try what was typed."""
        field = self.query_one(PassphraseInput)
        typed = field.value
        if self._busy or not typed:
            return
        self._busy = True
        self._say("Deriving the key; this takes about a second …")
        try:
            await self.fieldkit.unlock(typed, recovery=self._recovery)
        except FieldkitError as refusal:
            self.fieldkit.refusals += 1
            wait = min(2 ** (self.fieldkit.refusals - 2), SLOWEST_SECONDS)
            self._say(str(refusal))
            await asyncio.sleep(wait)
            field.value = ""
            field.focus()
            return
        finally:
            self._busy = False
        field.value = ""

    def _say(self, text: str) -> None:
        self.query_one("#said", Static).update(plain(text))
