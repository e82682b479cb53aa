"""A real terminal for tests: tmux with a private socket, its keys and its screen."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import termios
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
PATIENCE = 300.0
"""Seconds after which a text on the screen is given up; shared cores can be very slow."""
GLANCE = 0.05
"""Seconds between two looks at the screen."""
FIELDKIT = (sys.executable, "-m", "fieldkit")

needs_tmux = pytest.mark.skipif(
    shutil.which("tmux") is None, reason="tmux is not installed: no real terminal to drive"
)


class Terminal:
    """fieldkit, or a program that starts it, in a tmux pane of a given size."""

    def __init__(
        self,
        folder: Path,
        arguments: list[str],
        size: tuple[int, int] = (80, 24),
        program: Sequence[str] = FIELDKIT,
        more: Mapping[str, str] | None = None,
    ) -> None:
        self._socket = f"fieldkit-{uuid.uuid4().hex[:8]}"
        command = shlex.join([*program, *arguments])
        environment = {
            "FIELDKIT_HOME": str(folder / "home"),
            "HOME": str(folder),
            "PYTHONPATH": str(REPO),
            "TERM": "xterm-256color",
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            **(more or {}),
        }
        exports = " ".join(f"{name}={shlex.quote(value)}" for name, value in environment.items())
        self._tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", str(size[0]), "-y", str(size[1]),
            f"cd {shlex.quote(str(REPO))} && exec env {exports} {command}",
        )  # fmt: skip
        self._tmux("set-option", "-g", "history-limit", "5000")

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-L", self._socket, *arguments], capture_output=True, text=True, check=True
        )
        return done.stdout

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Write a text at once."""
        self._tmux("send-keys", "-l", "--", text)

    def screen(self) -> str:
        """What stands on the screen."""
        return self._tmux("capture-pane", "-p")

    def scrollback(self) -> str:
        """The screen and everything the terminal keeps above it."""
        return self._tmux("capture-pane", "-p", "-S", "-")

    def wait_for(self, text: str) -> str:
        """Look until the text stands on the screen; fails with the screen where it never does."""
        until = time.monotonic() + PATIENCE
        shown = ""
        while time.monotonic() < until:
            try:
                shown = self.screen()
            except subprocess.CalledProcessError:
                pytest.fail(f"the terminal has closed; last seen:\n{shown}")
            if text in shown:
                return shown
            time.sleep(GLANCE)
        pytest.fail(f"“{text}” never came; the screen shows:\n{shown}")

    def wait_until_silent(self) -> None:
        """Wait until the terminal no longer shows by itself what is typed."""
        until = time.monotonic() + PATIENCE
        with Path(self._tmux("display-message", "-p", "#{pane_tty}").strip()).open("rb") as tty:
            while termios.tcgetattr(tty)[3] & termios.ECHO:
                if time.monotonic() > until:
                    pytest.fail("the terminal goes on showing what is typed")
                time.sleep(GLANCE / 10)

    def pid(self) -> int:
        """The process of fieldkit."""
        return int(self._tmux("display-message", "-p", "#{pane_pid}"))

    def kill(self) -> None:
        """Kill fieldkit without warning."""
        os.kill(self.pid(), signal.SIGKILL)

    def wait_for_end(self) -> None:
        """Wait until fieldkit has ended."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            gone = subprocess.run(
                ["tmux", "-L", self._socket, "list-sessions"], capture_output=True, check=False
            )
            if gone.returncode:
                return
            time.sleep(GLANCE)
        pytest.fail(f"fieldkit did not end:\n{self.screen()}")

    def close(self) -> None:
        """End whatever is left."""
        subprocess.run(
            ["tmux", "-L", self._socket, "kill-server"], capture_output=True, check=False
        )

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
