"""Keys pressed at random, as fast as the app takes them: every page, dialog and size.

Whoever presses them knows only the line of keys and the alphabet; nothing is waited for that a
person would not wait for. Each key and where it was pressed is noted, so that a walk that ends in
an error says how it came to it.
"""

from __future__ import annotations

import random

from textual.widgets import Input, TextArea

from screens.kit.commands import registry
from screens.kit.page import Page
from tests.screens.driving import locked
from tests.torture.hands import Hands

SIZES = ((80, 24), (100, 30), (120, 36), (200, 50))
DIALOG = ("enter", "escape", "escape", "tab", "down", "up", "1", "2", "y", "n", "space", "ctrl+s")
MOVES = ("down", "down", "up", "pagedown", "home", "end", "left", "right", "tab")
EVERYWHERE = ("f1", "f2", "f3", "f4", "f5", "ctrl+p", "ctrl+z", "ctrl+y", "f9")
WORDS = "She was seen alone +by the officer #inv two days on, at 14:20; not @DI Jones told 3 times "
ENDING = ("leave", "lock", "erase", "passphrase", "change_passphrase", "renew_code", "code")
"""Actions that end the app, or change what unlocks the vault."""


class Wandering:
    """Presses keys at random.

    Args:
        hands: which press them.
        chance: makes the same walk again; of its own, or shared with the hands.
    """

    def __init__(self, hands: Hands, chance: random.Random) -> None:
        self._hands, self._chance = hands, chance

    async def live(self, keys: int) -> None:
        """Press that many keys more, and go home; ``AssertionError`` where the app is gone."""
        self._hands.at_random, end = True, self._hands.pressed + keys
        while self._hands.pressed < end:
            await self._step()
        self._hands.at_random = False
        if not self._hands.app.unlocked:
            await self._hands.unlock()
        await self._hands.go_home()

    async def _step(self) -> None:
        chance, hands, app = self._chance, self._hands, self._hands.app
        screen = app.screen
        if not app.unlocked:
            await hands.unlock()
        elif chance.random() < 0.004:
            hands.trail.append("lock")
            await locked(hands.pilot)
        elif chance.random() < 0.02:
            size = chance.choice(SIZES)
            hands.trail.append(f"resize {size}")
            await hands.pilot.resize_terminal(*size)
        elif app.covered:
            # A cover takes no other key: without this most of a day would pass below one.
            await hands.press(chance.choice(("f9", "f9", "1", "enter")))
        elif isinstance(screen.focused, Input | TextArea) and chance.random() < 0.8:
            await self._write()
        elif chance.random() < 0.06:
            places = [one.key for one in registry()["home"].commands]
            await hands.press("f5", chance.choice(places))
        elif isinstance(screen, Page):
            await hands.press(self._of_page(screen.PAGE))
        else:
            await hands.press(chance.choice(DIALOG))

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
        await self._hands.type(WORDS[start : start + self._chance.randrange(3, 12)])
        last = ("escape", "escape", "ctrl+s", "enter", "tab", "f6")
        await self._hands.press(self._chance.choice(last))
