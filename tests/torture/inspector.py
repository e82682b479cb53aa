"""An inspector at work: tasks that are lists of keys, with words typed at length between them.

The lists lie in ``tasks/`` and are written as those of ``tests/journeys``. Words in braces are made
up anew for each task, out of the words that the vault's own notes are made of.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.invented import Inventor
from tests.journeys.keys import Step, read
from tests.screens.driving import told
from tests.torture.hands import Hands
from tests.torture.site import Site

TASKS = Path(__file__).with_name("tasks")
PATIENCE = 60.0
"""Seconds after which a task goes astray for want of what it waits for."""
ROLES = ("detective sergeant", "social worker", "head of custody", "school nurse", "call handler")
PLACES = ("control room", "custody suite", "strategy meeting", "missing from home policy")
RARE = ("alder", "birch", "cedar")


class Inspector:
    """Does an inspector's tasks in an open app.

    Args:
        hands: which press the keys.
        site: the files around the laptop.
        seed: makes the same words again.
    """

    def __init__(self, hands: Hands, site: Site, seed: int) -> None:
        self._hands, self._site = hands, site
        self._invent, self._chance = Inventor(seed), random.Random(seed)
        self.done: Counter[str] = Counter()
        """How often each task came to its end."""
        self.astray: list[str] = []
        """Of each task that did not: what it waited for, and what stood there."""

    async def do(self, task: str) -> None:
        """Do a task from beginning to end; what lies in its way is told, and left for home."""
        self._hands.trail.append(f"task {task}")
        for step in self._steps(task):
            if step.does == "see":
                if not await self._seen(step.text):
                    stood = told(self._hands.app)[:900]
                    self.astray.append(f"{task}: no “{step.text}”, but {stood}")
                    await self._hands.go_home()
                    return
            elif step.does == "type":
                await self._hands.type(step.text)
            else:
                await self._hands.press(*step.keys)
        self.done[task] += 1

    def _steps(self, task: str) -> list[Step]:
        """Return the steps of a task, each word in braces made up anew wherever it stands."""
        number, site = self.done[task], self._site
        words: dict[str, str | Callable[[], str]] = {
            "case": f"DAY-{number + 1:03}",
            "sentence": lambda: self._invent.sentence(10, 18),
            "long": lambda: self._invent.sentence(20, 32),
            "longer": lambda: self._invent.sentence(32, 44),
            "grade": lambda: self._invent.one("1", "2", "2", "3"),
            "criterion": lambda: self._invent.one("2", "3", "4", "5"),
            "role": f"{self._invent.one(*ROLES)} {number}",
            "place": f"{self._invent.one(*PLACES)} {number}",
            "rare": self._invent.one(*RARE),
            "workbook": lambda: site.arrived(site.workbook(number)),
            "list": lambda: site.arrived(site.case_list(number)),
            "stick": str(site.stick),
            "colleague": str(site.colleague(number)),
        }
        path = TASKS / f"{task}.keys"
        marked = read(path, **{name: f"\0{name}\0" for name in words})
        return [Step(one.does, _filled(one.text, words)) for one in marked]

    async def _seen(self, text: str) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                while text not in told(self._hands.app):
                    await self._hands.pilot.pause(0.02)
        except TimeoutError:
            return False
        return True


def _filled(text: str, words: dict[str, str | Callable[[], str]]) -> str:
    parts = text.split("\0")
    for at in range(1, len(parts), 2):
        word = words[parts[at]]
        parts[at] = word if isinstance(word, str) else word()
    return "".join(parts)
