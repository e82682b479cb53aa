"""Exporting while a person waits: a bar, and nothing else can be typed."""

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

from fieldkit.exporting import ExportSummary, export
from screens.dialogs import box_css
from screens.keys import BACKGROUND
from storage.errors import FieldkitError
from storage.vault import Vault


class Exporting(ModalScreen[ExportSummary | FieldkitError]):
    """Writes the bundle and reads it back; closes by itself with what came of it.

    Args:
        vault: unlocked.
        folder: where the bundle goes.
        with_key: the key goes too.
    """

    DEFAULT_CSS = box_css("Exporting", "Exporting ProgressBar { margin: 1 0; }")

    class Moved(Message):
        """So much of the work is done; sent from the thread that does it."""

        def __init__(self, done: int, total: int) -> None:
            super().__init__()
            self.done, self.total = done, total

    def __init__(self, vault: Vault, folder: Path, *, with_key: bool) -> None:
        super().__init__()
        self._vault, self._folder, self._with_key = vault, folder, with_key

    def compose(self) -> Iterable[Widget]:
        """What is being done, and the bar."""
        with Vertical(id="box"):
            yield Static("Writing the bundle, then reading it back …", id="what", markup=False)
            yield ProgressBar(show_eta=False)

    def on_mount(self) -> None:
        """Begin."""
        self._work()

    def on_exporting_moved(self, event: Moved) -> None:
        """Move the bar: half is writing, half is reading back."""
        self.query_one(ProgressBar).update(total=event.total, progress=event.done)
        if event.done * 2 > event.total:
            self.query_one("#what", Static).update("Reading the bundle back …")

    @work(group=BACKGROUND)
    async def _work(self) -> None:
        def progress(done: int, total: int) -> None:
            self.post_message(self.Moved(done, total))

        try:
            left = await asyncio.to_thread(
                export, self._vault, self._folder, with_key=self._with_key, progress=progress
            )
        except FieldkitError as refusal:
            self.dismiss(refusal)
        else:
            self.dismiss(left)
