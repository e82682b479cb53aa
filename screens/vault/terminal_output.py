"""The terminal beneath the app: silenced, blanked, and handed on to the program that comes next."""

from __future__ import annotations

import os
import queue
import sys
from contextlib import suppress
from threading import Thread
from typing import Any

from textual import events
from textual.driver import Driver
from textual.message import Message

from fieldkit.vault import echo
from fieldkit.vault.terminal_modes import LEAVE, modes_of
from screens.kit.keyboard import LOCK_KEY
from screens.kit.shell import Shell

CLEAR = "\x1b[2J\x1b[3J\x1b[H"
"""Clear the screen and, where the terminal knows how, what it keeps above it."""
WRITING = 0.1
"""Seconds given to a terminal to take what is written to it."""


class Nowhere:
    """Takes the place of Textual's writing thread when nothing more is to be written."""

    def write(self, text: str) -> None:
        """Write nothing."""

    def flush(self) -> None:
        """Write nothing."""

    def isatty(self) -> bool:
        """Say yes, for it takes a terminal's place."""
        return True

    def stop(self) -> None:
        """Stop nothing, for nothing runs."""


class LockKey(Driver):
    """Is a driver that sees the key that locks on the thread that reads keys.

    The app may be busy for as long as it likes; this thread is not.
    """

    _app: Shell
    _on_other_screen = False
    """The question for the passphrase stands on the other screen; the page is drawn over it."""

    def write(self, data: str) -> None:
        """Write to the terminal; going to the other screen, where we are there, would blank it."""
        if self._on_other_screen and data == echo.OTHER_SCREEN:
            self._on_other_screen = False
            return
        super().write(data)  # type: ignore[safe-super]

    def start_application_mode(self) -> None:
        """Take over a terminal, which the process before may have left as it used it."""
        if self._app.follows_lock:
            write_to(self, LEAVE)
        self._on_other_screen = echo.take_over()
        super().start_application_mode()  # type: ignore[safe-super]
        if before := self._app.terminal_before:
            # To be set again at the end; what Textual found is as silent as the app.
            self.attrs_before = modes_of(before)

    def process_message(self, message: Message) -> None:
        """Lock at the key for it; pass on everything else."""
        if isinstance(message, events.Key | events.MouseEvent | events.Paste):
            self._app.touched()
        locks = isinstance(message, events.Key) and message.key == LOCK_KEY
        if not (locks and self._app.lock_at_once()):
            super().process_message(message)


def with_lock_key(driver: type[Driver]) -> type[Driver]:
    """Return a driver of the same terminals that knows the key that locks."""
    return type("LockKeyDriver", (LockKey, driver), {})


def silence(driver: Any) -> None:
    """Have the app write nothing more, also what it has handed over already, and read no key.

    What is typed from now on is for the program that comes next.
    """
    if hasattr(driver, "exit_event"):
        driver.exit_event.set()
    writer = getattr(driver, "_writer_thread", None)
    driver._writer_thread = Nowhere()
    if isinstance(writer, Thread):
        drain(writer)
        waiting: Any = writer
        with suppress(queue.Full):
            waiting._queue.put_nowait(None)
        writer.join(WRITING)


def drain(writer: Any) -> None:
    """Throw away what waits to be written, so that nobody waits for room."""
    waiting = getattr(writer, "_queue", None)
    if isinstance(waiting, queue.Queue):
        with suppress(queue.Empty):
            while True:
                waiting.get_nowait()


def write_to(driver: Any, text: str) -> None:
    """Write to the terminal past the app, for a tenth of a second at most."""
    if (file := getattr(driver, "_file", None)) is None:
        return

    def write() -> None:
        with suppress(OSError, ValueError):
            if sys.platform == "win32":
                file.write(text)
                file.flush()
            else:
                # Its own buffer may be held by a thread that a stopped terminal keeps waiting.
                os.write(file.fileno(), text.encode())

    writing = Thread(target=write, name="terminal-write", daemon=True)
    writing.start()
    writing.join(WRITING)
