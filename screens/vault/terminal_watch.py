"""A terminal that vanishes: its window is closed, its connection cut, its program killed.

Usually the system then sends SIGHUP, which would end the process with half a second of typing
unsaved. Where SIGHUP is ignored, as under ``nohup``, it is worse: Textual reads nothing for ever,
its writing thread dies of the first write, and soon the app waits for ever to hand it another, with
the vault open and no timer running that could lock it (Textual 8.2.8: ``drivers/linux_driver.py``,
``_writer_thread.py``). So a thread of our own looks whether the terminal is still there.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from screens.kit.shell import Shell
from screens.vault.lock import GRACE, PATIENCE
from screens.vault.terminal_output import Nowhere, drain

LOOK_EVERY = 0.5
"""Seconds between two looks."""
WAIT = 20.0
"""Seconds given to the app to save, lock and end by itself; then the thread locks and ends it."""


class TerminalWatch:
    """Watches the terminal of a running app, and ends the app with it.

    Args:
        app: the app.
        there: whether the terminal is still there.
    """

    def __init__(self, app: Shell, there: Callable[[], bool] | None = None) -> None:
        self._app = app
        self._there = there or terminal_there
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()  # Textual finds the running app in it
        self._over = threading.Event()
        self._left = False
        self._before: dict[signal.Signals, Any] = {}

    def start(self) -> None:
        """Watch from now on; signals that ask to end save and lock first."""
        for name in ("SIGHUP", "SIGTERM"):
            number = getattr(signal, name, None)
            # Windows has no SIGHUP, and its loop takes no handlers.
            with suppress(NotImplementedError, RuntimeError, ValueError):
                if number is not None:
                    before = signal.getsignal(number)
                    self._loop.add_signal_handler(number, self._leave)
                    self._before[number] = before
        threading.Thread(target=self._watch, name="terminal-watch", daemon=True).start()

    def stop(self) -> None:
        """Have the signals do again what they did before, for the app has ended."""
        self._over.set()
        for number, before in self._before.items():
            self._loop.remove_signal_handler(number)
            signal.signal(number, before)
        self._before.clear()

    def _leave(self) -> None:
        if not self._left:
            self._left = True
            self._app.call_later(self._app.leave)

    def _watch(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            if not self._there():
                self._vanished()
                return

    def _vanished(self) -> None:
        driver: Any = self._app._driver
        writer = getattr(driver, "_writer_thread", None)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):  # so that what is still to be said fails nobody
            os.dup2(nowhere, stream)
        if driver is not None:
            driver._writer_thread = Nowhere()
            # Its reading thread would go round and round on the end of the file.
            driver.exit_event.set()
        with suppress(RuntimeError):  # the loop has just ended
            self._loop.call_soon_threadsafe(self._leave, context=self._context)
        waited = 0.0
        while waited < WAIT:
            drain(writer)
            if self._over.wait(LOOK_EVERY / 10):
                return
            waited += LOOK_EVERY / 10
        # The app does not answer: nobody is there to see how it ends.
        try:
            if (vault := self._app.open_vault) is not None:
                vault.stop(self._app.typing.write_all, GRACE, PATIENCE)
        finally:
            os._exit(1)


def terminal_there() -> bool:
    """Say whether the terminal that keys come from still answers."""
    if sys.platform == "win32":  # which ends the process with its console
        return True
    try:
        import termios
    except ImportError:
        return True
    try:
        termios.tcgetattr(0)
    except termios.error:
        return False
    return True
