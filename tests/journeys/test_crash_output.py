"""However fieldkit ends, what stood on the screen stays out of every output and file."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual import constants

from fieldkit.casework.cases import add_case
from fieldkit.cli.kit.hardening import DEVELOPER_VARIABLES
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.journeys.canaries import canary, hunt_in
from tests.journeys.crashing import FAULTS, READY, on_the_command_line
from tests.journeys.terminal import FIELDKIT, GLANCE, PATIENCE, REPO, Terminal, needs_tmux

ENDED = "fieldkit ended with"
IN_A_SHELL = (
    "sh",
    "-c",
    f'cd "$0" && ulimit -c "$(ulimit -H -c)" && "$@"; echo "{ENDED} $?"; exec cat',
)
"""Runs a program in a folder, a core file allowed, and lets the terminal stay after it."""
TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
UNSEEN = "unseen"
"""The fault after which the app goes on."""
ENDS = (signal.SIGKILL, signal.SIGHUP, *((signal.SIGTERM, signal.SIGSEGV) if TORTURE else ()))
WORDS = {
    "reference": canary("crash", "reference")[:8],  # as much as a list of cases shows
    "typed": canary("crash", "typed"),
    "text": canary("crash", "text"),
}


@dataclass
class Place:
    """Folders of one run: where it works and everything it may write to."""

    folder: Path
    vault: Path

    def __post_init__(self) -> None:
        for name in ("work", "tmp", "home"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    @property
    def work(self) -> Path:
        """The folder the program is started in."""
        return self.folder / "work"

    @property
    def environment(self) -> dict[str, str]:
        """What it is told of folders, and every way in which Textual could be asked to tell."""
        return {
            "TMPDIR": str(self.folder / "tmp"),
            READY: str(self.folder / "ready"),
            "TEXTUAL": "debug,devtools",
            "TEXTUAL_LOG": str(self.work / "textual.log"),
            "TEXTUAL_SCREENSHOT": "3",
            "TEXTUAL_SCREENSHOT_LOCATION": str(self.work),
        }

    def open(self, program: Sequence[str]) -> Terminal:
        """Start a program in a terminal."""
        shell = (*IN_A_SHELL, str(self.work), *program)
        arguments = ["--vault", str(self.vault)]
        return Terminal(self.folder, arguments, program=shell, more=self.environment)


@pytest.fixture
def place(vault: Vault, inspection: str, tmp_path: Path) -> Place:
    """A locked vault with a case whose reference is a canary."""
    vault.write_now(add_case, inspection, WORDS["reference"])
    vault.lock()
    return Place(tmp_path / "run", vault.folder)


def show_evidence(terminal: Terminal) -> None:
    """Unlock, open the case and type into a rationale, so that canaries stand on the screen."""
    terminal.wait_for("Passphrase")
    terminal.type(PASSPHRASE)
    terminal.press("Enter")
    terminal.wait_for("Next")
    terminal.press("c")
    terminal.wait_for(WORDS["reference"])
    terminal.press("Enter")
    terminal.wait_for("Initial contact")
    terminal.press("Enter")
    terminal.type(WORDS["typed"])
    terminal.wait_for(WORDS["typed"])


def nothing_is_left(place: Place) -> None:
    """No file beside the vault was written, and no canary stands in any byte of any."""
    assert sorted(one.name for one in place.work.iterdir()) == []
    assert sorted((place.folder / "tmp").iterdir()) == []
    assert hunt_in([place.folder, place.vault], {word: word for word in WORDS.values()}) == []


@needs_tmux
@pytest.mark.parametrize("fault", [one for one in FAULTS if TORTURE or one != "in_the_clerk"])
def test_a_crash_in_the_app_tells_nothing(fault: str, place: Place) -> None:
    script = str(REPO / "tests" / "journeys" / "crashing.py")
    with place.open((sys.executable, script, fault)) as terminal:
        show_evidence(terminal)
        terminal.press("F1")
        if fault == UNSEEN:
            until = time.monotonic() + PATIENCE
            while not (place.folder / "ready").exists() and time.monotonic() < until:
                time.sleep(GLANCE)
            terminal.press("C-q")
        terminal.wait_for(ENDED)
        shown = terminal.scrollback()
    if fault == "in_the_interpreter":
        assert f"{ENDED} {128 + signal.SIGABRT}" in shown
    else:
        # What is gone from the screen is gone from what a terminal keeps above it, too.
        assert [name for name, word in WORDS.items() if word in shown] == [], shown
        assert "Traceback" not in shown and "╭" not in shown, shown
        assert ("error of its own" in shown) == (fault != UNSEEN), shown
        assert (f"{ENDED} 1" in shown) == (fault != UNSEEN), shown
    nothing_is_left(place)


@needs_tmux
@pytest.mark.parametrize("how", ENDS)
def test_a_killed_process_leaves_nothing(how: signal.Signals, place: Place) -> None:
    with place.open(FIELDKIT) as terminal:
        show_evidence(terminal)
        (child,) = children(terminal.pid())
        assert core_limit(child) in ("0", "1")
        os.kill(child, how)
        terminal.wait_for(ENDED)
    nothing_is_left(place)


def core_limit(pid: int) -> str:
    """How many bytes of a process's memory the system keeps when it crashes; Linux tells."""
    limits = Path(f"/proc/{pid}/limits")
    if not limits.exists():
        return "0"
    (line,) = (one for one in limits.read_text().splitlines() if "core file size" in one)
    return line.split()[4]


def children(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=True
    )
    return [int(one) for one in found.stdout.split()]


@needs_tmux
@pytest.mark.parametrize("redirect", ["2>", ">"])
def test_the_app_draws_into_no_file(redirect: str, place: Place) -> None:
    """Where an output is no terminal the app does not open, for what it draws would stay there."""
    line = f'exec "$@" {redirect} "$0"'
    out = place.folder / "out"
    with place.open(("sh", "-c", line, str(out), *FIELDKIT)) as terminal:
        terminal.wait_for(ENDED)
        shown = terminal.scrollback() + out.read_text()
    assert "no terminal to open in" in shown.replace("\n", " ")
    assert f"{ENDED} 1" in shown


def test_a_crash_of_a_command_tells_no_value(place: Place) -> None:
    secret = place.folder / "passphrase"
    secret.write_text(PASSPHRASE)
    script = str(REPO / "tests" / "journeys" / "crashing.py")
    out, err = place.folder / "out", place.folder / "err"
    arguments = ["--vault", str(place.vault), "--passphrase-file", str(secret), "cases", "list"]
    with out.open("wb") as stdout, err.open("wb") as stderr:
        done = subprocess.run(
            [sys.executable, script, on_the_command_line.__name__, *arguments],
            stdout=stdout,
            stderr=stderr,
            cwd=place.work,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(REPO),
                "HOME": str(place.folder / "home"),
                "FIELDKIT_HOME": str(place.folder / "home"),
                **place.environment,
            },
        )
    assert done.returncode == 1
    assert "RuntimeError at crashing.py" in err.read_text()
    assert out.read_text() == ""
    nothing_is_left(place)


LOOKS = frozenset(
    "ANIMATIONS COLOR_SYSTEM DIM_FACTOR DISABLE_KITTY_KEY FILTERS FPS SLOW_THRESHOLD SMOOTH_SCROLL "
    "THEME".split()
)
"""What the other variables of Textual say: how the screen looks, and when slowness is told."""


def test_every_variable_of_textual_is_known() -> None:
    source = Path(constants.__file__).read_text("utf-8")
    names = set(re.findall(r"environ\w*\(\s*\"(TEXTUAL\w*)\"", source))
    # This one is read where its features are.
    names.add("TEXTUAL")
    assert names == {*DEVELOPER_VARIABLES, *(f"TEXTUAL_{one}" for one in LOOKS)}
