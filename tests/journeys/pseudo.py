"""fieldkit on a pseudo-terminal of our own, which can be taken away from under it."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

REPO = Path(__file__).parents[2]
PATIENCE = 300.0
"""Seconds after which anything is given up; shared cores can be very slow."""
GLANCE = 0.05
FIELDKIT = (sys.executable, "-m", "fieldkit")


class Pseudo:
    """A program on a pseudo-terminal; ``shown`` is everything it has written there.

    Args:
        folder: its home.
        arguments: of the program.
        ignore_hangup: SIGHUP is ignored when it starts, as under ``nohup``.
        program: what is started.
        more: what else stands in its environment.
    """

    def __init__(
        self,
        folder: Path,
        arguments: Sequence[str],
        *,
        ignore_hangup: bool = False,
        program: Sequence[str] = FIELDKIT,
        more: Mapping[str, str] | None = None,
    ) -> None:
        self._master, slave = pty.openpty()
        self.modes_before = termios.tcgetattr(self._master)
        """The terminal's modes before the program started, which may change them at once."""
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

        def begin() -> None:
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            # A shell lets what it starts in the background ignore ctrl+c.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            if ignore_hangup:
                signal.signal(signal.SIGHUP, signal.SIG_IGN)

        self.process = subprocess.Popen(
            [*program, *arguments],
            stdin=slave, stdout=slave, stderr=slave, cwd=REPO, preexec_fn=begin,
            env={
                "FIELDKIT_HOME": str(folder / "home"), "HOME": str(folder), "LANG": "C.UTF-8",
                "PATH": os.environ["PATH"], "PYTHONPATH": str(REPO), "TERM": "xterm-256color",
                **(more or {}),
            },
        )  # fmt: skip
        os.close(slave)
        self.shown = ""
        self._open = True
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        import select

        while self._open:
            try:
                if select.select([self._master], [], [], GLANCE)[0]:
                    self.shown += os.read(self._master, 65536).decode("utf-8", "replace")
            except (OSError, ValueError):
                return

    def type(self, text: str) -> None:
        """Write a text, as keys."""
        os.write(self._master, text.encode())

    def wait_for(self, text: str) -> None:
        """Wait until a text has been written to the terminal."""
        self.until(lambda: text in self.shown, f"“{text}” never came")

    def until(self, true: Callable[[], bool], otherwise: str) -> None:
        """Wait until something is true."""
        end = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > end:
                raise AssertionError(f"{otherwise}; it shows:\n{self.shown[-4000:]}")
            time.sleep(GLANCE)

    def local_modes(self) -> int:
        """The terminal's local modes, whether it echoes among them (``termios``)."""
        modes: int = termios.tcgetattr(self._master)[3]
        return modes

    def vanish(self) -> None:
        """Take the terminal away."""
        if self._open:
            self._open = False
            self._reader.join()
            os.close(self._master)

    def __enter__(self) -> Pseudo:
        return self

    def __exit__(self, *_: object) -> None:
        self.vanish()
        self.process.kill()
        self.process.wait()
