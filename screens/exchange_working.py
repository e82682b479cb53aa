"""Exchanging while a person waits: a bar, and nothing else can be typed.

Taking a bundle in is one transaction of some seconds, in which the vault keeps nothing else; so
everything typed is saved before, and no key reaches a field until it is over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from textual import work
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import ProgressBar, Static

from fieldkit.exchanging import Exchanged, exchange
from screens.dialogs import box_css
from screens.keys import BACKGROUND
from screens.plain import line, plain
from storage.errors import FieldkitError
from storage.vault import Vault


class ExchangeWork(ModalScreen[Exchanged | FieldkitError]):
    """Reads, then writes; closes by itself with what came of it."""

    DEFAULT_CSS = box_css("ExchangeWork", "ExchangeWork ProgressBar { margin: 1 0; }")

    class Moved(Message):
        """So much of something is done; sent from the thread that does it."""

        def __init__(self, what: str, done: int, total: int) -> None:
            super().__init__()
            self.what, self.done, self.total = what, done, total

    def __init__(self, vault: Vault, folder: Path) -> None:
        super().__init__()
        self._vault, self._folder = vault, folder

    def compose(self) -> Iterable[Widget]:
        """What is being done, and the bar."""
        with Vertical(id="box"):
            yield Static("Looking through the folder …", id="what", markup=False)
            yield ProgressBar(show_eta=False)

    def on_mount(self) -> None:
        """Begin."""
        self._work()

    def on_exchange_work_moved(self, event: Moved) -> None:
        """Say what is being read or written, and move the bar."""
        self.query_one("#what", Static).update(plain(line(f"{event.what} …", 60)))
        self.query_one(ProgressBar).update(total=event.total or None, progress=event.done)

    @work(group=BACKGROUND)
    async def _work(self) -> None:
        def told(what: str, done: int, total: int) -> None:
            self.post_message(self.Moved(what, done, total))

        try:
            made = await asyncio.to_thread(exchange, self._vault, self._folder, told=told)
        except FieldkitError as refusal:
            self.dismiss(refusal)
        else:
            self.dismiss(made)
