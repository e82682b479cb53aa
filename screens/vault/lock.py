"""Locking: when it is time for it, and what it does to the app.

Locking saves what is being typed, closes the store, forgets the keys, and clears the screen, the
scrollback where the terminal allows it, and the app's own clipboard. In a terminal another process
begins then (:mod:`screens.vault.lock_thread`).
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from fieldkit.wording.dates import day_and_time
from screens.kit.shell import Shell
from screens.kit.unsaved import DraftField, error_words, settled
from screens.vault.terminal_output import CLEAR
from storage.ops.text import many

if TYPE_CHECKING:
    from storage.vault.vault import Vault

IDLE_SECONDS = 5 * 60
"""Idle time after which the vault locks itself; NCSC's device guidance allows at most 900."""
LONGEST_IDLE = 15 * 60
ASLEEP_SECONDS = 30
"""A wall clock this far ahead of the steady one means that the laptop slept: lock."""
LOOKS_EVERY = 5
"""Seconds between two looks at the clocks."""
IDLE, SLEPT = "nobody was at the keyboard", "the laptop had slept"
ORPHANED = "the program that had started it was closed"
"""Why fieldkit locks unasked."""
SETTLING = 0.1
"""Seconds that keys typed just before the lock have to arrive and do what they do."""
UNSAVED = (
    "What you typed last could not be saved when the vault was locked. It is kept in memory: "
    "unlock again without closing fieldkit, and it is saved then."
)
BROKEN_OFF = (
    "Something was under way when the vault was locked. It was stopped, and what was not finished "
    "of it was undone. Unlock, and do it again."
)
DROPPED = (
    "Something was being taken in when the vault was locked. Nothing of it counts, and nothing "
    "else was changed. Unlock, and take it in again."
)
TO_BE_FINISHED = (
    "Something was being taken in when the vault was locked. All of it is kept in the vault. It is "
    "finished as soon as you unlock."
)
GRACE = 0.1
"""Seconds that the clerk has to do what was asked of it before a job is broken off."""
PATIENCE = 0.1
"""Seconds that a running statement is waited for after that."""


class Stillness:
    """Tells when nobody has been at the keyboard for too long, or the laptop slept meanwhile.

    The clocks and the parent process can be given, for tests.
    """

    def __init__(
        self,
        idle: int = IDLE_SECONDS,
        *,
        steady: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        parent: Callable[[], int] = os.getppid,
    ) -> None:
        self.idle = min(idle, LONGEST_IDLE)
        self._steady, self._wall, self._parent = steady, wall, parent
        self._touched = steady()
        self._seen = (steady(), wall())
        self._child_of = parent()
        self.why = ""

    def touch(self) -> None:
        """Note that somebody is there."""
        self._touched = self._steady()

    @property
    def seconds(self) -> float:
        """Return how many seconds ago somebody was there."""
        return self._steady() - self._touched

    def due(self) -> bool:
        """Say whether to lock: idle too long, asleep since the last look, or orphaned.

        ``why`` says which of them it is; it is empty while there is no reason.
        """
        steady, wall, parent = self._steady(), self._wall(), self._parent()
        passed, passed_on_the_wall = steady - self._seen[0], wall - self._seen[1]
        orphaned = parent != self._child_of
        self._seen, self._child_of = (steady, wall), parent
        # Linux and macOS stop the steady clock during sleep; Windows lets it run on.
        awake = LOOKS_EVERY if sys.platform == "win32" else passed
        slept = passed_on_the_wall - awake > ASLEEP_SECONDS
        idle = steady - self._touched > self.idle
        self.why = SLEPT if slept else ORPHANED if orphaned else IDLE if idle else ""
        return bool(self.why)

    @property
    def locked_words(self) -> str:
        """Say when and why fieldkit locks now, for the page that asks for the passphrase then."""
        when = f"on {day_and_time()}"
        if self.why == IDLE:
            return f"Locked {when} after {many(self.idle // 60, 'minute')} without a key."
        if self.why:
            return f"Locked {when}, as {self.why}."
        return f"You locked it {when}."


async def settle(app: Shell) -> None:
    """Let the keys typed just before the lock do what they do, for a tenth of a second at most."""
    with suppress(TimeoutError):
        async with asyncio.timeout(SETTLING):
            await app.keys.others_done()
            if app.focused is not None and isinstance(app.focused, DraftField):
                await settled(app.focused)


def what_was_cut_short(staged: str, *, broken_off: bool) -> str:
    """Say what the lock did to a long job; empty where there was none.

    Args:
        staged: the state of the one that was staged (:mod:`storage.vault.stage`), if any was.
        broken_off: one was broken off.
    """
    if staged:
        return TO_BE_FINISHED if staged == "ready" else DROPPED
    return BROKEN_OFF if broken_off else ""


async def lock_here(app: Shell, vault: Vault) -> None:
    """Lock and stay in this process; only where there is no terminal, so in tests.

    What could not be saved (a full disk) stays with the app and is saved after the next unlocking;
    the vault is locked all the same.
    """
    await settle(app)
    app.notices = []
    if await asyncio.to_thread(vault.stop, app.typing.write_all, GRACE, PATIENCE):
        app.typing.saved()
    elif app.typing.pending():
        app.notices.append(UNSAVED)
    if cut_short := what_was_cut_short(vault.staged, broken_off=vault.broken_off):
        app.notices.append(cut_short)
    await _leave_pages(app)
    app.refresh()


async def close(app: Shell, vault: Vault) -> None:
    """Finish what is queued, save, lock and clear, before the app ends."""
    await app.save_typing()
    await _leave_pages(app)
    try:
        await asyncio.to_thread(vault.lock)
    except Exception as error:
        # The file is closed and the key forgotten whatever happens (storage.vault); only what
        # would have been written last is missing, and what that is may not be shown.
        app.say(f"The vault is locked, but its last entries may be missing: {error_words(error)}")


async def _leave_pages(app: Shell) -> None:
    app.forget_vault()
    app.clear_notifications()
    await app.close_pages()
    # What waits for the answer of a dialog that is gone would wait for ever.
    app.workers.cancel_node(app)
    app.write_to_terminal(CLEAR)
