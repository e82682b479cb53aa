"""What must never leave the screen: nothing is copied out, and a crash shows no values."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Any, ClassVar

from textual.app import App
from textual.binding import Binding

from screens.kit.text import clean


class Guarded(App[None]):
    """An app that shows texts as they are, keeps copies to itself and ends without a word of them.

    What may be asked for by name is the app's own; Textual's Screenshot is not among it.
    """

    BINDINGS: ClassVar[list[Any]] = [Binding("ctrl+c", "no_copy", show=False)]

    def say(self, text: str, *, error: bool = False) -> None:
        """Show a sentence for a while; never as markup. A refusal replaces what was said before."""
        if error:
            self.clear_notifications()
        self.notify(
            clean(text),
            severity="error" if error else "information",
            timeout=8 if error else 3,
            markup=False,
        )

    def action_no_copy(self) -> None:
        """Say how to leave; copying out of the vault is not offered."""
        self.say("Press ctrl+q to quit. What you typed is kept.")

    def copy_to_clipboard(self, text: str) -> None:
        """Keep copied text inside the app; the terminal's clipboard is outside the vault."""
        self._clipboard = text

    def write_to_terminal(self, sequence: str) -> None:
        """Send the terminal a control sequence."""
        if self._driver is not None:
            self._driver.write(sequence)

    def _fatal_error(self) -> None:
        """End after an unexpected error without showing what was on the desk.

        Textual's own crash screen prints local variables, which here are passphrases and evidence;
        there is no public switch (Textual 8.2.8, pinned; tests/screens/test_traps.py).
        """
        kind, _, trace = sys.exc_info()
        place = traceback.extract_tb(trace)[-1] if trace else None
        where = (
            f"{Path(place.filename).name}:{place.lineno} in {place.name}" if place else "unknown"
        )
        self.panic(
            "fieldkit met an error of its own and had to stop. Everything committed is safe, and "
            "what was being typed is offered back after the next unlocking.\n"
            f"For whoever mends it: {kind.__name__ if kind else 'error'} at {where}."
        )
