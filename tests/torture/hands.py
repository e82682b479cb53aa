"""Hands that press keys as fast as the app takes them, and what each key took.

What a key takes is what an inspector waits for: from the key until what it does stands on the
screen and the app takes the next key. That includes all that the page reads to be shown, and of a
long job the way to its dialog. It leaves out what comes later by itself, such as the day and the
counts on home. Until 30 November 2026 a key was timed until nothing in the loop was ready to run,
which counted some of that, and not what the clerk was still reading; and keys that nobody waits
for, the first of two in a row, counted as answered at once. They are no longer counted.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from screens.app import FieldkitApp
from screens.kit.page import Page
from screens.kit.progress import ProgressDialog
from tests.pilot import app_is_quiet

WAIT = 60.0
"""Seconds after which a key that was not answered is an error of the app's."""
NAMES = {
    " ": "space", "+": "plus", "-": "minus", "=": "equals_sign", "#": "number_sign", "@": "at",
    ",": "comma", ":": "colon", ";": "semicolon", ".": "full_stop", "/": "slash",
}  # fmt: skip
CHARACTERS = {name: letter for letter, name in NAMES.items()}


@dataclass(frozen=True)
class Took:
    """Says what a key took that was waited for.

    Attributes:
        key: by Textual's name.
        where: the page or dialog that got it.
        seconds: until it was answered and drawn.
        rested: until the loop had nothing to do, with what comes later.
        opens: another page stood there afterwards.
        at_random: nobody meant anything by it.
    """

    key: str
    where: str
    seconds: float
    rested: float
    opens: bool
    at_random: bool


class Hands:
    """Presses keys in an open app.

    Args:
        app: unlocked, on a vault that may be spoilt.
        pilot: of it.
        passphrase: unlocks the vault after a lock.
        chance: says which keys follow another at once, as from fast hands: one in five.
    """

    def __init__(
        self, app: FieldkitApp, pilot: Pilot[Any], passphrase: str, chance: random.Random
    ) -> None:
        self.app, self.pilot = app, pilot
        self._passphrase, self._chance = passphrase, chance
        self.at_random = False
        """Whether what is pressed now is meant by nobody."""
        self.pressed = 0
        """How many keys were pressed."""
        self.took: list[Took] = []
        self.pages: set[str] = set()
        """The pages on which a key was pressed."""
        self.trail: deque[str] = deque(maxlen=25)
        """The keys pressed last, each with the page or dialog that got it."""

    async def press(self, *keys: str) -> None:
        """Press keys and wait for four in five; ``AssertionError`` where the app is gone."""
        for key in keys:
            before = self.app.screen
            where = type(before).__name__
            if isinstance(before, Page):
                self.pages.add(before.PAGE)
            self.trail.append(f"{where} {key}")
            self.pressed += 1
            character = key if len(key) == 1 else CHARACTERS.get(key)
            begun = time.perf_counter()
            self.app.post_message(events.Key(key, character))
            if self._chance.random() >= 0.8:
                continue
            try:
                async with asyncio.timeout(WAIT):
                    await self._answered()
                    seconds = time.perf_counter() - begun
                    await self.pilot.pause()
            except TimeoutError:
                raise AssertionError(f"no answer to {list(self.trail)}") from None
            rested = time.perf_counter() - begun
            after = self.app.screen
            opens = isinstance(after, Page) and after is not before
            self.took.append(Took(key, where, seconds, rested, opens, self.at_random))
        assert self.app.is_running and self.app._exception is None, list(self.trail)

    async def type(self, text: str) -> None:
        """Type a text, letter by letter."""
        await self.press(*(NAMES.get(letter, letter) for letter in text))

    async def _answered(self) -> None:
        """Wait until the app took the key, did what it does and drew it."""
        taken = asyncio.Event()
        if self.app.call_later(taken.set):
            await taken.wait()
        await self.app.keys.idle()
        await app_is_quiet(self.app)

    async def go_home(self) -> None:
        """Leave all that is open; what was typed stays as the app keeps it."""
        await self._leave_until(lambda: self.at_home)

    async def leave_dialogs(self) -> None:
        """Leave the dialogs over the page."""
        await self._leave_until(lambda: isinstance(self.app.screen, Page) and not self.app.covered)

    async def _leave_until(self, there: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(2 * WAIT):
                while not there():
                    if isinstance(self.app.screen, ProgressDialog):
                        # Some jobs may not be left; whoever waits for one presses nothing.
                        await self.pilot.pause(0.1)
                    # A cover takes no other key, and a dialog below it would wait for ever.
                    await self.press("f9" if self.app.covered else "escape")
                    await self.pilot.pause()
        except TimeoutError:
            raise AssertionError(f"there is no way home from {list(self.trail)}") from None

    @property
    def at_home(self) -> bool:
        """Say whether home stands there, uncovered."""
        screen = self.app.screen
        return isinstance(screen, Page) and screen.PAGE == "home" and not self.app.covered

    async def unlock(self) -> None:
        """Unlock the vault, whose passphrase is not typed but put there."""
        for _ in range(200):
            fields = self.app.screen.query(Input)
            if fields:
                break
            await self.pilot.pause(0.02)
        self.trail.append("unlock")
        fields.first().value = self._passphrase
        self.app.post_message(events.Key("enter", None))
        async with asyncio.timeout(WAIT):
            while not self.app.unlocked:
                await self.pilot.pause(0.02)
