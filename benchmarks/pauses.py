"""The longest step of each page: opened, gone through, sorted and filtered, where lists are long.

While a step goes on no key is taken and nothing is drawn. What counts is the processor time of the
loop's thread, which other work on the computer hardly changes, without a search for garbage, which
may come at any time and is measured while somebody types.
"""

from __future__ import annotations

import asyncio
import gc
import time
from asyncio.events import Handle
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from textual.pilot import Pilot
from textual.screen import ModalScreen

from benchmarks.told import tell
from benchmarks.vaults import Made
from screens.app import FieldkitApp
from screens.pages import PAGES
from storage.vault.vault import Vault

MOST = 0.05
"""Seconds of one step at most."""
MOVES = ("down", "down", "pagedown", "end", "pageup", "home")
NARROWED: Mapping[str, Sequence[str]] = {
    "cases": ("s", "S", "v", "v", "v", "v", "v", "v", "slash", *"wst-1"),
    "points": ("s", *"log", "escape"),
    "debrief": ("a", "escape"),
    "referrals": ("a", *"wst-1", "escape"),
    "recommendations": ("s", "S", "c", "escape"),
    "search": (*"sergeant", "tab", "down", "pagedown", "end"),
}
"""The keys that sort, narrow and choose, of the pages that have any."""
GIVE_UP = 60.0
"""Seconds after which a page that is still at work is left as it is."""


@dataclass(frozen=True)
class Pause:
    """Holds the longest step of one page, in seconds.

    Attributes:
        first: of its first opening, in which its modules are imported.
        opening: of an opening later.
        moving: of a key that moves in it, sorts, narrows or chooses.
    """

    page: str
    first: float
    opening: float
    moving: float

    @property
    def longest(self) -> float:
        """Return the longest of them."""
        return max(self.first, self.opening, self.moving)


@contextmanager
def steps_alone() -> Iterator[list[float]]:
    """Note the processor time of each step of the loop, without searches for garbage in it."""
    taken: list[float] = []
    searched, began_search = [0.0], [0.0]
    handles: Any = Handle
    usual = handles._run

    def note(phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            began_search[0] = time.thread_time()
        else:
            searched[0] += time.thread_time() - began_search[0]

    def run(handle: Handle) -> None:
        before, began = searched[0], time.thread_time()
        usual(handle)
        taken.append(time.thread_time() - began - (searched[0] - before))

    handles._run = run
    gc.callbacks.append(note)
    try:
        yield taken
    finally:
        gc.callbacks.remove(note)
        handles._run = usual


def measure_pauses(made: Made) -> list[Pause]:
    """Tell the force what belongs to so many points, and measure and print every page."""
    with made.open() as vault:
        tell(vault, made.inspection)
        found = asyncio.run(pauses(vault, made))
    print(table(found), flush=True)
    return found


async def pauses(vault: Vault, made: Made) -> list[Pause]:
    """Open every page twice, go through it with keys, and return what took longest."""
    app = FieldkitApp(vault.folder, inspection=made.inspection, vault=vault)
    found = []
    with steps_alone() as taken:
        async with app.run_test(size=(120, 36)) as pilot:
            await rest(app, pilot)
            for name in PAGES:
                opened = []
                moved = []
                for _ in range(2):
                    opened.append(await _step(app, pilot, taken, app.go(name, **_of(name, made))))
                    await _closed(app, pilot)
                    for key in (*MOVES, *NARROWED.get(name, ())):
                        moved.append(await _step(app, pilot, taken, pilot.press(key)))
                    await _back(app, pilot)
                found.append(Pause(name, opened[0], opened[1], max(moved)))
    return found


async def rest(app: FieldkitApp, pilot: Pilot[Any]) -> None:
    """Wait until keys and workers have done what they do; a dialog may wait for its answer."""
    with suppress(TimeoutError):
        async with asyncio.timeout(GIVE_UP):
            await pilot.pause()
            while True:
                await app.keys.idle()
                await pilot.pause()
                asking = app.keys.asking
                if all(one.is_finished or one in asking for one in app.workers):
                    return
                await asyncio.sleep(0.01)


async def _step(
    app: FieldkitApp, pilot: Pilot[Any], taken: list[float], doing: Awaitable[object]
) -> float:
    taken.clear()
    await doing
    await rest(app, pilot)
    return max(taken, default=0.0)


async def _closed(app: FieldkitApp, pilot: Pilot[Any]) -> None:
    """Close what a page asks as it opens, such as for a file."""
    while isinstance(app.screen, ModalScreen):
        await pilot.press("escape")
        await rest(app, pilot)


async def _back(app: FieldkitApp, pilot: Pilot[Any]) -> None:
    await _closed(app, pilot)
    while len(app.screen_stack) > 2:
        await app.pop_screen()
        await rest(app, pilot)


def _of(page: str, made: Made) -> dict[str, Any]:
    """Return what a page of one record is opened with."""
    records: dict[str, dict[str, Any]] = {
        "case": {"case_id": made.case},
        "entry": {"kind": "interview", "record": made.entry},
        "history": {"kind": "case", "record": made.case, "title": "WST-001"},
    }
    return records.get(page, {})


def table(found: Sequence[Pause]) -> str:
    """Return what was measured as it is printed, the longest first."""
    head = f"{'the longest step of a page':<28} {'first':>9} {'opening':>9} {'a key':>9}  within?"
    rows = [head]
    for one in sorted(found, key=lambda pause: -pause.longest):
        figures = (one.first, one.opening, one.moving)
        within = "yes" if one.longest <= MOST else "NO"
        rows.append(
            f"{one.page:<28} {' '.join(f'{each * 1000:>6.0f} ms' for each in figures)}  {within}"
        )
    return "\n".join(rows)
