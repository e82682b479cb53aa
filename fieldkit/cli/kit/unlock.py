"""Unlocking on the command line: a person may try again, and repeated wrong tries slow down."""

from __future__ import annotations

import time
from collections.abc import Callable

from fieldkit.cli.kit.terminal import Terminal
from fieldkit.vault.unlock_delay import UnlockDelay
from storage.crypto.keyslots.errors import MistypedCode, WrongPassphrase, WrongRecoveryCode
from storage.ops.text import many
from storage.vault.credentials import code_unconfirmed
from storage.vault.location import loud, open_to_others
from storage.vault.vault import EARLIER_KEYS, Vault

MAX_TRIES = 6
"""How often a person is asked before the command gives up."""


def ask_and_unlock(
    terminal: Terminal,
    ask: Callable[[], str],
    opener: Callable[[str], Vault],
    *,
    person: bool,
    pause: Callable[[float], None] = time.sleep,
) -> Vault:
    """Ask for what opens the vault, and open it.

    Args:
        terminal: where it is said.
        ask: gives the passphrase or the code.
        opener: opens the vault with it, or raises its refusal.
        person: somebody is at a terminal and may try again; otherwise there is one try.
        pause: waits that many seconds.
    """
    unlock_delay = UnlockDelay()
    for remaining in range(MAX_TRIES - 1, -1, -1):
        typed = ask()
        try:
            vault = opener(typed)
        except (MistypedCode, WrongPassphrase, WrongRecoveryCode) as refusal:
            if not person or not remaining:
                raise
            terminal.say(str(refusal))
            wait = 0 if isinstance(refusal, MistypedCode) else unlock_delay.count_wrong()
            if wait:
                seconds = many(wait, "second")
                terminal.say(f"After repeated wrong tries there is a wait of {seconds}.")
                pause(wait)
        else:
            if person:
                say_warnings(terminal, vault)
            elif others := open_to_others(vault.folder):
                terminal.say(others.text)
            return vault
    raise AssertionError("the last try either opened the vault or raised its refusal")


def say_warnings(terminal: Terminal, vault: Vault) -> None:
    """Say what a person hears at each unlocking: a bad folder, a recovery code nobody has shown."""
    if vault.earlier_keys:
        terminal.say(EARLIER_KEYS)
    for sentence in loud(vault.folder):
        terminal.say(sentence)
    if code_unconfirmed(vault):
        terminal.say(
            "The recovery code of this vault was never typed back, so it may not be on paper. "
            "“fieldkit vault code” makes a new one."
        )
