"""In a real terminal: thirty digits at once, and a process killed while a note is typed."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
from sqlmodel import Session

from storage.database.cipher import findings
from storage.feed import drafts
from storage.feed.replay import differences
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.journeys.terminal import Terminal, needs_tmux

pytestmark = needs_tmux
KILLS = 3
"""A few in tmux; tests/torture/test_kills.py does a thousand."""
BEAT = 0.03
"""Seconds between two keys of a quick typist."""
PROMISE = 1.0
"""Seconds after which nothing typed may be lost (promise 1)."""
TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))


def judgment_ops(session: Session) -> int:
    rows = session.connection().exec_driver_sql(
        "SELECT count(*) FROM op WHERE record_kind = 'judgment'"
    )
    return int(rows.scalar_one())


def begin(terminal: Terminal) -> None:
    """Unlock and open the first case."""
    terminal.wait_for("Passphrase")
    terminal.type(PASSPHRASE)
    terminal.press("Enter")
    terminal.wait_for("Next")
    terminal.press("c")
    terminal.wait_for("WST-001")
    terminal.press("Enter")
    terminal.wait_for("Initial contact")


def test_thirty_digits_in_one_write_are_thirty_ops(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    vault.lock()
    with Terminal(tmp_path, ["--vault", str(vault.folder)]) as terminal:
        begin(terminal)
        terminal.type("123" * 10)
        terminal.wait_for("7 of 7")
        terminal.press("C-q")
        terminal.wait_for_end()
    with open_vault(vault.folder, PASSPHRASE) as after:
        assert after.read_now(judgment_ops) == 30


def test_killed_while_typing(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    vault.lock()
    chance = random.Random(2026)
    lost: list[float] = []
    for _ in range(KILLS):
        typed: list[tuple[str, float]] = []
        with Terminal(tmp_path, ["--vault", str(vault.folder)]) as terminal:
            begin(terminal)
            terminal.press("Enter")
            before = ""
            end = time.monotonic() + chance.uniform(1.5, 3.5)
            while time.monotonic() < end:
                letter = chance.choice("abcdefghij klmnop")
                terminal.type(letter)
                typed.append((letter, time.monotonic()))
                time.sleep(BEAT)
            killed = time.monotonic()
            terminal.kill()
        with open_vault(vault.folder, PASSPHRASE) as after:
            found = after.read_now(drafts.listed)
            assert after.read_now(lambda s: differences(s.connection())) == []
            assert after._clerk.wait(lambda: findings(after._store.connection)) == []
            kept = found[-1].text if found else ""
            for one in found:
                after.write_now(drafts.committed, one.place, one.field)
        whole = before + "".join(letter for letter, _ in typed)
        assert whole.startswith(kept)
        lost_since = typed[len(kept)][1] if len(kept) < len(typed) else killed
        lost.append(killed - lost_since)
    if TORTURE:  # in make test others share the machine, and seconds say nothing
        assert max(lost) <= PROMISE, f"text up to {max(lost):.2f} s old was lost"
    print(f"killed {KILLS} times; the oldest text lost was {max(lost):.2f} s old")


@pytest.mark.parametrize("size", [(80, 24)])
def test_the_terminal_shows_nothing_after_the_lock(
    vault: Vault,
    inspection: str,
    cases: dict[str, str],
    tmp_path: Path,
    size: tuple[int, int],
) -> None:
    vault.lock()
    with Terminal(tmp_path, ["--vault", str(vault.folder)], size) as terminal:
        begin(terminal)
        terminal.press("C-l")
        terminal.wait_for("Passphrase")
        kept = terminal.scrollback()
        for word in ("WST-001", "Westshire", "Initial contact"):
            assert word not in kept
        terminal.press("C-q")
        terminal.wait_for_end()
