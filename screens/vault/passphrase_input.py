"""The field for passphrases and recovery codes: nothing is copied out of it."""

from __future__ import annotations

from textual.widgets import Input

NUMBERS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
"""The groups of a recovery code, of which one is asked for."""


class PassphraseInput(Input):
    """Takes a passphrase; nothing is copied out of it, also not what is hidden by dots."""

    ALLOW_SELECT = False

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Copy nothing."""
