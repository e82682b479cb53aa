"""Asks for the passphrase again before something leaves readable, or is taken away for good.

A laptop that was left unlocked for a moment is enough for none of these steps. Which steps there
are is a setting (:mod:`fieldkit.vault.settings`).
"""

from __future__ import annotations

import asyncio
from typing import Literal

from fieldkit.vault.settings import read_settings
from screens.kit.shell import Shell
from screens.vault.credentials import KeysDialog

AskedBefore = Literal["erase", "export with key", "hand over"]
"""The steps before which the setting can ask."""


async def is_you(app: Shell, step: AskedBefore) -> bool:
    """Ask for the passphrase where the settings say so; whether to go on. Runs in a worker.

    Never in the practice inspection, whose passphrase is nobody's.
    """
    if app.practice:
        return True
    settings = await asyncio.to_thread(read_settings)
    if step not in settings.ask_passphrase:
        return True
    return bool(await app.push_screen_wait(AskPassphrase()))


class AskPassphrase(KeysDialog):
    """Asks for the present passphrase, and for nothing else."""

    TITLE_LINE = "Is it you?"

    def asked(self) -> str:
        """Return the question."""
        return (
            "Your passphrase, before this is done. Nothing has left or changed yet; esc leaves it "
            "at that."
        )

    async def proved(self) -> None:
        """Close with a yes."""
        self.dismiss(True)
