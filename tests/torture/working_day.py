"""A working day on site: an inspector's tasks, and between them keys that nobody meant.

A day is rounds of tasks until so many keys are pressed; 20,000 are four rounds or so. A round
begins with what colleagues sent and a look at every page, and ends with the export, a backup and a
lock.
Between them are two case audits, an interview of nine notes, an observation, a document, remarks,
three points with their evidence, what is looked up, compared, allocated, asked of a colleague and
prepared for the debrief, a workbook of the force's, a list of cases, a cover and other sizes of the
terminal, in another order each time. From one page to the next it goes as people go, by ``f5``.

The proportions are those of a week on site. A full inspection audits 70 to 115 cases in one or two
weeks (DOMAIN), by five to eight inspectors: two or three a day for each, as in ``few.keys`` with
words; a day of 20,000 keys has more. Interviews fill the rest; ``few.keys`` has five notes, and who
types along writes nine and more. A debrief is held daily, with three (``three.keys``) to six points
(``debrief.keys``). A rationale or a note is 60 to 270 letters long, as those of the practice
inspection are. So eight keys in ten are letters, as they are for whoever writes, and a page is
opened every forty keys. One key in eight is pressed at random, so that whatever else can be pressed
is, on every page.
"""

from __future__ import annotations

import random
from typing import Any

from textual.pilot import Pilot

from screens.app import FieldkitApp
from screens.kit.commands import registry
from tests.screens.driving import locked, settled
from tests.torture.hands import Hands
from tests.torture.inspector import Inspector
from tests.torture.site import Site
from tests.torture.wandering import SIZES, Wandering

MORNING, EVENING = ("exchange", "pages"), ("export", "backup", "lock")
TASKS = (
    *("audit", "remark", "search", "interview", "point", "search", "look", "observation", "audit"),
    *("point", "remark", "search", "document", "compare", "point", "query", "debrief", "allocate"),
    *("workbook", "case_list", "cover", "sizes"),
)
EVERY, WANDERED = 4, 90
"""After how many tasks keys are pressed at random, and how many keys."""
LOOKING = ("down", "down", "up", "end", "home")
"""What is pressed on a page that is only looked at."""


class WorkingDay:
    """Lives a day in an open app.

    Args:
        app: unlocked, on the vault of a site.
        pilot: of it.
        passphrase: unlocks the vault after a lock.
        site: the files around the laptop.
        seed: makes the same day again.
    """

    def __init__(
        self, app: FieldkitApp, pilot: Pilot[Any], passphrase: str, site: Site, seed: int = 1
    ) -> None:
        self._chance = random.Random(seed)
        self.hands = Hands(app, pilot, passphrase, self._chance)
        self.inspector = Inspector(self.hands, site, seed)
        self._wandering = Wandering(self.hands, self._chance)
        self._left: list[str] = []
        self._tasks = 0
        self.rounds = 0
        """How many rounds were begun."""

    async def live(self, keys: int) -> None:
        """Go on until that many keys are pressed in all; at the end nothing is under way."""
        while self.hands.pressed < keys:
            if not self._left:
                between = self._chance.sample(TASKS, len(TASKS))
                self._left, self.rounds = [*MORNING, *between, *EVENING], self.rounds + 1
            await self._do(self._left.pop(0))
            self._tasks += 1
            if self._tasks % EVERY == 0:
                await self._wandering.live(WANDERED)
        await self.hands.go_home()
        await settled(self.hands.pilot)

    async def _do(self, task: str) -> None:
        own = {"pages": self._pages, "lock": self._lock, "sizes": self._sizes}.get(task)
        await (self.inspector.do(task) if own is None else own())

    async def _pages(self) -> None:
        """Look at every page that the line of places leads to."""
        for one in registry()["home"].commands:
            await self.hands.press("f5", one.key, *LOOKING[: self._chance.randrange(1, 6)])
            await self.hands.leave_dialogs()

    async def _lock(self) -> None:
        self.hands.trail.append("lock")
        await locked(self.hands.pilot)
        await self.hands.unlock()

    async def _sizes(self) -> None:
        """Resize the terminal, and look at a page in each size."""
        for size in self._chance.sample(SIZES, len(SIZES)):
            self.hands.trail.append(f"resize {size}")
            await self.hands.pilot.resize_terminal(*size)
            await self.hands.press("f5", self._chance.choice("cnpdm"), "down")
            await self.hands.leave_dialogs()
