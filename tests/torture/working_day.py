"""A day of keys pressed at random, as fast as the app takes them: every page, dialog and size.

Whoever presses them knows only the line of keys and the alphabet; nothing is waited for that a
person would not wait for. Each key and where it was pressed is noted, so that a day that ends in
an error says how it came to it.

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
from typing import Any

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from screens.app import FieldkitApp
from screens.kit.commands import registry
from screens.kit.page import Page
from tests.pilot import app_is_quiet
from tests.screens.driving import locked, settled

SIZES = ((80, 24), (100, 30), (120, 36), (200, 50))
DIALOG = ("enter", "escape", "escape", "tab", "down", "up", "1", "2", "y", "n", "space", "ctrl+s")
MOVES = ("down", "down", "up", "pagedown", "home", "end", "left", "right", "tab")
EVERYWHERE = ("f1", "f2", "f3", "f4", "f5", "ctrl+p", "ctrl+z", "ctrl+y", "f9")
WORDS = "She was seen alone +by the officer #inv two days on, at 14:20; not @DI Jones told 3 times "
ENDING = ("leave", "lock", "erase", "passphrase", "change_passphrase", "renew_code", "code")
"""Actions that end the app, or change what unlocks the vault."""
WAIT = 60.0
"""Seconds after which a key that was not answered is an error of the app's."""


class WorkingDay:
    """Presses keys in an open app.

    Args:
        app: unlocked, on a vault that may be spoilt.
        pilot: of it.
        passphrase: unlocks the vault after a lock.
        seed: makes the same day again.
    """

    def __init__(self, app: FieldkitApp, pilot: Pilot[Any], passphrase: str, seed: int = 1) -> None:
        self._app, self._pilot, self._passphrase = app, pilot, passphrase
        self._chance = random.Random(seed)
        self.pressed = 0
        """How many keys were pressed."""
        self.took: list[float] = []
        """Seconds from each key that was waited for to the screen that answers it."""
        self.rested: list[float] = []
        """Seconds from the same keys until the loop has nothing to do, with what comes later."""
        self.pages: set[str] = set()
        self.trail: deque[str] = deque(maxlen=25)
        """The keys pressed last, each with the page or dialog that got it."""

    async def live(self, keys: int) -> None:
        """Press that many keys; raises ``AssertionError`` where the app is gone."""
        while self.pressed < keys:
            await self._step()
            assert self._app.is_running and self._app._exception is None, list(self.trail)
        for _ in range(12):
            # A cover takes no other key, and a dialog below it would wait for ever.
            await self._press("f9" if self._app.covered else "escape")
        await settled(self._pilot)

    async def _step(self) -> None:
        chance, screen = self._chance, self._app.screen
        if not self._app.unlocked:
            await self._unlock()
        elif chance.random() < 0.004:
            self.trail.append("lock")
            await locked(self._pilot)
        elif chance.random() < 0.02:
            size = chance.choice(SIZES)
            self.trail.append(f"resize {size}")
            await self._pilot.resize_terminal(*size)
        elif self._app.covered:
            # A cover takes no other key: without this most of a day would pass below one.
            await self._press(chance.choice(("f9", "f9", "1", "enter")))
        elif isinstance(screen.focused, Input | TextArea) and chance.random() < 0.8:
            await self._write()
        elif chance.random() < 0.06:
            await self._press("f5", chance.choice([one.key for one in registry()["home"].commands]))
        elif isinstance(screen, Page):
            self.pages.add(screen.PAGE)
            await self._press(self._of_page(screen.PAGE))
        else:
            await self._press(chance.choice(DIALOG))

    def _of_page(self, page: str) -> str:
        chance = self._chance
        if chance.random() < 0.35:
            return chance.choice(MOVES)
        if chance.random() < 0.15:
            return chance.choice(EVERYWHERE)
        keys = [
            one.key.split(",")[0]
            for one in registry()[page].commands
            if one.key and one.action.partition("(")[0] not in ENDING
        ]
        return chance.choice([*keys, "1", "2", "3"])

    async def _write(self) -> None:
        start = self._chance.randrange(len(WORDS) - 12)
        for letter in WORDS[start : start + self._chance.randrange(3, 12)]:
            await self._press(_named(letter))
        await self._press(self._chance.choice(("escape", "escape", "ctrl+s", "enter", "tab", "f6")))

    async def _press(self, *keys: str) -> None:
        for key in keys:
            self.trail.append(f"{type(self._app.screen).__name__} {key}")
            self.pressed += 1
            character = key if len(key) == 1 else {"space": " "}.get(key)
            begun = time.perf_counter()
            self._app.post_message(events.Key(key, character))
            # Two keys in a row come at once, as from fast hands.
            if self._chance.random() >= 0.8:
                continue
            try:
                async with asyncio.timeout(WAIT):
                    await self._answered()
                    self.took.append(time.perf_counter() - begun)
                    await self._pilot.pause()
                    self.rested.append(time.perf_counter() - begun)
            except TimeoutError:
                raise AssertionError(f"no answer to {list(self.trail)}") from None

    async def _answered(self) -> None:
        """Wait until the app took the key, did what it does and drew it."""
        taken = asyncio.Event()
        if self._app.call_later(taken.set):
            await taken.wait()
        await self._app.keys.idle()
        await app_is_quiet(self._app)

    async def _unlock(self) -> None:
        for _ in range(200):
            fields = self._app.screen.query(Input)
            if fields:
                break
            await self._pilot.pause(0.02)
        self.trail.append("unlock")
        fields.first().value = self._passphrase
        self._app.post_message(events.Key("enter", None))
        async with asyncio.timeout(WAIT):
            while not self._app.unlocked:
                await self._pilot.pause(0.02)


def _named(letter: str) -> str:
    names = {" ": "space", "+": "plus", "#": "number_sign", "@": "at", ",": "comma"}
    names |= {":": "colon", ";": "semicolon"}
    return names.get(letter, letter)
