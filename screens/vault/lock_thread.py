"""The thread that locks: it waits for nothing that the app or the clerk may be doing.

A page may hang, a merge may run for a minute. The screen is blank at once; what is being typed is
written, on the clerk's thread or past it; then another process begins in this one's place, which
has none of its memory. Whatever has not been done by then ends as by a power cut: transactions
undo it, files that were not finished are swept away by the next job of their kind.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

from fieldkit.vault.after_lock import AfterLock
from fieldkit.vault.terminal_modes import PLAIN, give_back_console, modes_before, restore
from screens.kit.shell import Shell
from screens.vault.lock import GRACE, LOOKS_EVERY, PATIENCE, SETTLING, settle
from screens.vault.relocked import packed
from screens.vault.terminal_output import CLEAR, silence, write_to

LONGEST = 0.4
"""Seconds that saving may take; the next process begins then, whatever the disk does."""
QUICK_SWITCH = 0.0005
"""Seconds after which a thread that loops gives way to this one; Python has ten times as many."""

BeginAnew = Callable[[AfterLock], NoReturn]


class LockThread:
    """Locks on a thread of its own when it is asked to, and when nobody is there.

    Args:
        app: the app, running.
        due: says whether to lock unasked, for nobody is at the keyboard.
        known: what the next process is to know of what the app was doing.
        begin_anew: begins that process.
    """

    def __init__(
        self,
        app: Shell,
        due: Callable[[], bool],
        known: Callable[[], AfterLock],
        begin_anew: BeginAnew,
    ) -> None:
        self._app, self._due, self._known, self._begin_anew = app, due, known, begin_anew
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()  # Textual finds the running app in it
        self._asked, self._over = threading.Event(), False
        self._sealed = b""
        self._broken_off = False
        self._staged = ""

    def start(self) -> None:
        """Wait from now on to be asked."""
        threading.Thread(target=self._run, name="lock", daemon=True).start()

    def ask(self) -> None:
        """Lock now; for any thread."""
        self._asked.set()

    def stop(self) -> None:
        """Lock no more, for the app has ended; where it is locking, wait for what comes next."""
        if self._asked.is_set() and not self._over:
            threading.Event().wait()
        self._over = True
        self._asked.set()

    def _run(self) -> None:
        while not self._asked.wait(LOOKS_EVERY):
            # Asked of in any case, for a sleep is told by what passed since it was asked last.
            if self._due() and self._app.holds_secrets:
                self._asked.set()
        if self._over:
            return
        modes = modes_before(self._app._driver)
        try:
            self._lock()
        except BaseException as error:  # its values may be evidence, and nobody is left to end it
            restore(modes)
            print(
                "The vault is locked and fieldkit has ended: it could not begin anew "
                f"({type(error).__name__}). What was typed is kept. Start fieldkit again.",
                file=sys.__stderr__,
            )
        finally:
            os._exit(1)

    def _lock(self) -> NoReturn:
        sys.setswitchinterval(QUICK_SWITCH)
        driver = self._app._driver
        silence(driver)
        write_to(driver, CLEAR)
        after = replace(self._known(), terminal=modes_before(driver))
        saving = threading.Thread(target=self._save, name="lock-save", daemon=True)
        saving.start()
        saving.join(LONGEST)
        if (reader := sys.modules.get("fieldkit.workbook.load.calamine")) is not None:
            reader.end_readers()
        # The other screen and the silence of the keyboard stay, so that nothing is seen of what
        # is typed before the next process reads it.
        write_to(driver, CLEAR + PLAIN)
        give_back_console(driver)
        self._begin_anew(
            replace(after, sealed=self._sealed, broken_off=self._broken_off, staged=self._staged)
        )

    def _save(self) -> None:
        vault = self._app.open_vault
        if vault is None:
            return
        self._settle()
        if texts := self._app.typing.pending():
            self._sealed = vault.seal_text(packed(texts))
        if vault.stop(self._app.typing.write_all, GRACE, PATIENCE):
            self._sealed = b""
        self._broken_off, self._staged = vault.broken_off, vault.staged

    def _settle(self) -> None:
        """Let what was typed just before arrive in its field; no page that hangs is waited for."""
        arrived = threading.Event()

        def begin() -> None:
            task = self._loop.create_task(settle(self._app))
            task.add_done_callback(lambda _: arrived.set())
            self._settling = task

        self._loop.call_soon_threadsafe(begin, context=self._context)
        arrived.wait(SETTLING)
