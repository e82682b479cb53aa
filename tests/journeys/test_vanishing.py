"""A terminal that vanishes takes fieldkit with it: the text is saved, the vault is closed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from storage.feed import drafts
from storage.vault.folder import DATABASE
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE

pytest.importorskip("pty", reason="no pseudo-terminals on this system")

from tests.journeys.pseudo import PATIENCE, Pseudo

TYPED = "quasarino umbrella"


def begin(terminal: Pseudo) -> None:
    """Unlock, open the first case and type into its first rationale."""
    terminal.wait_for("Passphrase")
    terminal.type(f"{PASSPHRASE}\r")
    terminal.wait_for("Waiting for you")
    terminal.type("c")
    terminal.wait_for("WST-001")
    terminal.type("\r")
    terminal.wait_for("Initial contact")
    terminal.type("\r")
    terminal.type(TYPED)
    terminal.wait_for(TYPED[-3:])


HANGUPS = ["ignored", "sent"] if os.environ.get("FIELDKIT_TORTURE") else ["ignored"]
"""Ignored is the hard one: nothing tells the app."""
SIGNALS = [signal.SIGTERM, signal.SIGHUP] if os.environ.get("FIELDKIT_TORTURE") else [signal.SIGHUP]


@pytest.mark.parametrize("hangup", HANGUPS)
def test_the_terminal_is_closed(
    vault: Vault, cases: dict[str, str], tmp_path: Path, hangup: str
) -> None:
    vault.lock()
    with Pseudo(
        tmp_path, ["--vault", str(vault.folder)], ignore_hangup=hangup == "ignored"
    ) as terminal:
        begin(terminal)
        terminal.vanish()
        assert terminal.process.wait(timeout=PATIENCE) == 0
    kept(vault.folder)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_asks_to_end(
    vault: Vault, cases: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    vault.lock()
    with Pseudo(tmp_path, ["--vault", str(vault.folder)]) as terminal:
        begin(terminal)
        os.kill(terminal.process.pid, number)
        assert terminal.process.wait(timeout=PATIENCE) == 0
    kept(vault.folder)


def kept(folder: Path) -> None:
    """The vault was closed properly, and the text is there."""
    assert not (folder / f"{DATABASE}-wal").exists()
    with open_vault(folder, PASSPHRASE) as after:
        assert [one.text for one in after.read_now(drafts.listed)] == [TYPED]
