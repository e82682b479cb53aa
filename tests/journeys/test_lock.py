"""The key that locks, in a real terminal: whatever runs, another process begins, with no memory."""

from __future__ import annotations

import os
import sys
import termios
import time
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from storage.feed import drafts
from storage.records.inspection import inspections
from storage.vault.check import check_vault
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.journeys.busy import ALL, BUSY, READY, UNDONE
from tests.journeys.memory import forms, found_in
from tests.journeys.pseudo import PATIENCE, Pseudo

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/mem").exists(), reason="no memory of processes to be read here"
)

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
PROMISE = 1.0
"""Seconds from the key to a process that knows nothing."""
TYPED = "quasarino umbrella"
LOCK, LEAVE, HELP = "\x0c", "\x11", "\x1bOP"
BUSY_PROGRAM = (sys.executable, "-m", "tests.journeys.busy")
IN_TEST = ("loops", "merges")


class Locked:
    """fieldkit in its terminal, unlocked, with a text being typed in the first case."""

    def __init__(self, terminal: Pseudo) -> None:
        self.terminal = terminal
        self._from = 0
        self.wait_for("Passphrase")
        terminal.type(f"{PASSPHRASE}\r")
        self.wait_for("Waiting for you")
        terminal.type("c")
        self.wait_for("WST-001")
        terminal.type("\r")
        self.wait_for("Initial contact")
        terminal.type("\r")
        terminal.type(TYPED)
        self.wait_for(TYPED[-3:])

    def wait_for(self, text: str) -> None:
        """Wait for a text since the last key that locked."""
        self.terminal.until(lambda: text in self.since, f"“{text}” never came")

    @property
    def since(self) -> str:
        """What was shown since the last key that locked."""
        return self.terminal.shown[self._from :]

    def lock(self) -> float:
        """Press the key; the seconds until another process stands in this one's place."""
        self._from = len(self.terminal.shown)
        began = time.monotonic()
        self.terminal.type(LOCK)
        self.terminal.until(self._anew, "no other process began")
        return time.monotonic() - began

    def _anew(self) -> bool:
        try:
            environment = Path(f"/proc/{self.terminal.process.pid}/environ").read_bytes()
        except (PermissionError, ProcessLookupError):
            # Closed to others as long as a vault is open; for a moment nobody's, as it begins anew.
            return False
        return b"FIELDKIT_AFTER_LOCK" in environment


def secrets(key: bytes) -> dict[bytes, str]:
    """What may not be in memory: the passphrase, the key, and words of the screen and the vault."""
    words = (PASSPHRASE, TYPED, "42/10001/26", "Westshire Constabulary", "WST-001", key.hex())
    return {form: word for word in words for form in forms(word)} | {key: "the key"}


def test_nothing_is_left_in_memory(vault: Vault, cases: dict[str, str], tmp_path: Path) -> None:
    key = bytes(vault._key)
    vault.lock()
    with Pseudo(tmp_path, ["--vault", str(vault.folder)]) as terminal:
        before = terminal.local_modes()
        session = Locked(terminal)
        sought = secrets(key)
        pid = terminal.process.pid
        if os.geteuid() == 0:  # nobody else may look in
            there = {sought[one] for one in found_in(pid, sought)}
            assert {PASSPHRASE, TYPED, "the key", "WST-001"} <= there
        took = session.lock()
        assert found_in(pid, sought) == set()
        # What is typed before the page is there is seen by nobody, and not lost.
        terminal.type(f"{PASSPHRASE}\r")
        session.wait_for("Waiting for you")
        assert found_in(pid, [b"FIELDKIT_AFTER_LOCK"]) or os.geteuid() != 0
        shown = session.since
        assert PASSPHRASE not in shown
        # On a busy machine the app's last picture may still be on its way when the key is pressed.
        wiped = "\x1b[2J\x1b[3J\x1b[H"
        assert wiped in shown and TYPED not in shown.split(wiped)[1].split("Waiting for you")[0]
        terminal.type(LEAVE)
        assert terminal.process.wait(timeout=PATIENCE) == 0
        assert terminal.local_modes() == before
        assert before & termios.ECHO and before & termios.ICANON
    print(f"locked within {took:.2f} s")
    if TORTURE:  # in make test others share the machine, and seconds say nothing
        assert took < PROMISE
    with open_vault(vault.folder, PASSPHRASE) as again:
        assert [one.text for one in again.read_now(drafts.listed)] == [TYPED]


CUT_SHORT = """
import mmap, sys
with open(sys.argv[1], "w+b") as file:
    file.write(b"quasarino".ljust(2 * mmap.PAGESIZE))
    file.flush()
    held = mmap.mmap(file.fileno(), 0)
    file.truncate(mmap.PAGESIZE)
print("ready", flush=True)
sys.stdin.read()
"""


def test_memory_that_is_readable_in_part_is_read_to_the_end(tmp_path: Path) -> None:
    command = [sys.executable, "-S", "-c", CUT_SHORT, str(tmp_path / "cut")]
    with Popen(command, stdin=PIPE, stdout=PIPE) as process:
        assert process.stdout and process.stdout.readline() == b"ready\n"
        assert found_in(process.pid, [b"quasarino".ljust(99), b"umbrella, not there"]) == {
            b"quasarino".ljust(99)
        }


@pytest.mark.parametrize("busy", ALL if TORTURE else IN_TEST)
def test_whatever_runs(vault: Vault, cases: dict[str, str], tmp_path: Path, busy: str) -> None:
    key = bytes(vault._key)
    vault.lock()
    ready = tmp_path / "ready"
    more = {BUSY: busy, READY: str(ready)}
    arguments = ["--vault", str(vault.folder)]
    with Pseudo(tmp_path, arguments, program=BUSY_PROGRAM, more=more) as terminal:
        session = Locked(terminal)
        terminal.type(HELP)
        terminal.until(ready.exists, "it never began")
        took = session.lock()
        assert found_in(terminal.process.pid, secrets(key)) == set()
        session.wait_for("Passphrase")
        if busy in ("merges", "reads"):
            session.wait_for("was undone")
        terminal.type(LEAVE)
        assert terminal.process.wait(timeout=PATIENCE) == 0
    print(f"{busy}: locked within {took:.2f} s")
    if TORTURE:  # in make test others share the machine, and seconds say nothing
        assert took < PROMISE
    with open_vault(vault.folder, PASSPHRASE) as again:
        assert check_vault(again).sound
        assert UNDONE not in {one.force for one in again.read_now(inspections)}
        assert [one.text for one in again.read_now(drafts.listed)] == [TYPED]
