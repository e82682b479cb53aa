"""A large workbook being taken in: the app waits, and says how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs import box_css
from screens.plain import plain

LARGE = 300
"""Rows from which taking in takes long enough to be said."""
OFTEN = 0.2
"""Seconds from one look at the progress to the next."""


@dataclass
class Progress:
    """How many rows of all are written; set by the writing thread, read by the screen."""

    rows: int
    done: int = 0

    def at(self, done: int) -> None:
        """So many are written."""
        self.done = done


class TakingIn(ModalScreen[None]):
    """Says how far it is, and takes no key: nothing may be typed while the vault is busy."""

    DEFAULT_CSS = box_css("TakingIn", "")

    def __init__(self, name: str, progress: Progress) -> None:
        super().__init__()
        self._name, self._progress = name, progress

    def compose(self) -> Iterable[Widget]:
        """One line of counts, one of comfort."""
        with Vertical(id="box") as box:
            box.border_title = plain(f"Taking in {self._name}")
            yield Static("", id="how-far", markup=False)
            yield Static(
                "Until the last row is written nothing of it is kept.", id="keys", markup=False
            )

    def on_mount(self) -> None:
        """Look now and then."""
        self._look()
        self.set_interval(OFTEN, self._look)

    def _look(self) -> None:
        done, rows = self._progress.done, self._progress.rows
        self.query_one("#how-far", Static).update(plain(f"{done:,} of {rows:,} rows written"))
