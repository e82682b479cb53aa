"""Programs in a terminal of their own, timed from outside as a person would see them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.row import NotMeasuredError

ROOT = Path(__file__).resolve().parents[1]
BARE = Path(__file__).with_name("bare.py")
COLUMNS, LINES = 120, 36
LONGEST_WAIT = 60.0
_ESCAPES = re.compile(
    rb"\x1b(?:\[[0-9;:?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|.)"
)


def fieldkit(*arguments: str) -> list[str]:
    """Return the command line of fieldkit, as its installed script runs it."""
    script = Path(sys.executable).with_name("fieldkit")
    if script.exists():
        return [str(script), *arguments]
    code = "import sys; from fieldkit.cli import main; sys.exit(main())"
    return [sys.executable, "-c", code, *arguments]


def bare(app: str) -> list[str]:
    """Return the command line of one of the bare apps (:mod:`benchmarks.bare`)."""
    return [sys.executable, str(BARE), app]


def environment(home: Path) -> dict[str, str]:
    """Return the variables of every program measured; no folder of the person's is touched."""
    kept = {
        name: os.environ[name] for name in ("PATH", "LANG", "VIRTUAL_ENV") if name in os.environ
    }
    return kept | {
        "HOME": str(home),
        "FIELDKIT_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }


class Terminal:
    """Runs a program in a pseudo-terminal of 120 by 36; a thread stamps what it writes."""

    def __init__(self, command: Sequence[str], variables: Mapping[str, str]) -> None:
        if sys.platform == "win32":
            raise NotMeasuredError("it needs a terminal of the POSIX kind")
        import fcntl
        import pty
        import struct
        import termios

        self._master, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self._changed = threading.Condition()
        self._seen = b""
        self._at = 0.0
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env=dict(variables),
            cwd=variables["HOME"],
            start_new_session=True,
        )
        os.close(inner)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                data = b""
            with self._changed:
                self._seen += data
                self._at = time.perf_counter()
                self._changed.notify_all()
            if not data:
                return

    def type(self, text: str) -> float:
        """Send keys; returns the moment. What was shown before is forgotten."""
        with self._changed:
            self._seen = b""
        moment = time.perf_counter()
        os.write(self._master, text.encode())
        return moment

    def until(self, words: str) -> float:
        """Wait until the program has written some words; returns the moment.

        Raises :class:`NotMeasuredError` where it ends or writes something else for a minute.
        """
        wanted = words.encode()
        last = time.perf_counter() + LONGEST_WAIT
        with self._changed:
            while wanted not in _ESCAPES.sub(b"", self._seen):
                left = last - time.perf_counter()
                if left <= 0 or self.process.poll() is not None:
                    shown = _ESCAPES.sub(b" ", self._seen).decode("utf-8", "replace")
                    raise NotMeasuredError(
                        f"“{words}” was never shown, but: {shown.strip()[-200:]}"
                    )
                self._changed.wait(min(left, 1))
            return self._at

    def rest(self, quiet: float = 0.4, longest: float = 20.0) -> None:
        """Wait until the program has had nothing to do for so many seconds."""
        last = time.perf_counter() + longest
        before, since = self._spent(), time.perf_counter()
        while time.perf_counter() < last:
            time.sleep(0.05)
            spent = self._spent()
            if spent - before > 0.02:
                before, since = spent, time.perf_counter()
            elif time.perf_counter() - since > quiet:
                return

    def _spent(self) -> float:
        """Return the seconds of processor time so far; the clock where the system does not say."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2].split()
        except OSError:
            return time.perf_counter()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> tuple[float, float]:
        """Return the resident memory now and at its peak, in MiB."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            raise NotMeasuredError(
                "the system does not say how much memory a program has"
            ) from None
        found = dict(re.findall(r"^(VmRSS|VmHWM):\s+(\d+) kB", status, re.MULTILINE))
        return int(found["VmRSS"]) / 1024, int(found["VmHWM"]) / 1024

    def close(self) -> None:
        """End the program at once."""
        self.process.kill()
        self.process.wait()
        self._reader.join()
        os.close(self._master)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
