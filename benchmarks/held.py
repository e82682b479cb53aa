"""What is held to a figure, with no yardstick: pages, long lists, pauses, the lock.

The clerk's and the loop's are processor time of their thread, which other work on the computer
hardly changes; what a person waits for is the time that passes.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.pilot import Pilot

from benchmarks import vaults
from benchmarks.copies import copied
from benchmarks.home import AT_HOME
from benchmarks.pauses import MOST as PAUSE
from benchmarks.pauses import measure_pauses, steps_alone
from benchmarks.row import Bench
from benchmarks.terminal import Terminal, environment, fieldkit
from benchmarks.vaults import PASSPHRASE, Made, Size
from fieldkit.casework.judging import grade
from fieldkit.evidence.notes import add_note
from screens.app import FieldkitApp
from storage.crypto.keyslots.kdf import FLOOR
from storage.vault.vault import Vault

CLERK, OPENS, LETTER = 0.05, 0.3, 0.05
"""Seconds: of the clerk for a page, of a list until it stands, of a letter."""
GLANCE = 0.001
"""Seconds between two looks whether a key is drawn."""
COLLECTION, LOCK = 0.01, 0.5
"""Seconds: of a search for garbage while somebody types; from ctrl+l to the blank page."""
PAGES = (
    *("home", "cases", "points", "fieldwork", "coverage", "look_again"),
    *("comparison", "referrals", "queries"),
)
MANY = Size(ops=130_000, notes=20_000, cases=5_000)
FEWER = Size(ops=2_500, notes=100, cases=100)
HEAD = f"{'held to a figure':<37} {'takes':>10} {'at most':>10}  within?"


@dataclass(frozen=True)
class Held:
    """Holds what something took each time, and what it may take, in seconds.

    Attributes:
        worst: every time counts, and not the median.
    """

    name: str
    most: float
    taken: list[float]
    worst: bool = False

    @property
    def figure(self) -> float:
        """Return what counts of the times: the longest, or the median."""
        return max(self.taken) if self.worst else statistics.median(self.taken)

    @property
    def is_within(self) -> bool:
        """Say whether that is no more than allowed."""
        return self.figure <= self.most


@contextmanager
def collections() -> Iterator[list[float]]:
    """Note how long each search for garbage stops the thread, until the end of the block."""
    taken, began = [0.0], [0.0]

    def note(phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            began[0] = time.thread_time()
        else:
            taken.append(time.thread_time() - began[0])

    gc.callbacks.append(note)
    try:
        yield taken
    finally:
        gc.callbacks.remove(note)


def measure_held(bench: Bench) -> list[Held]:
    """Measure each, and print it."""
    print(HEAD)
    held = [*_in_the_app(bench), *_long_list(bench), _lock(bench)]
    for one in held:
        print(held_line(one), flush=True)
    return held


def held_line(one: Held) -> str:
    """Return what was measured as it is printed."""
    within = "yes" if one.is_within else "NO"
    return f"{one.name:<37} {one.figure * 1000:>7.0f} ms {one.most * 1000:>7.0f} ms  {within}"


async def _rest(app: FieldkitApp, pilot: Pilot[Any]) -> None:
    """Wait until keys and workers have done what they do."""
    await pilot.pause()
    while True:
        await app.keys.idle()
        await pilot.pause()
        if all(one.is_finished for one in app.workers):
            return
        await asyncio.sleep(0.01)


async def answered(app: FieldkitApp) -> None:
    """Wait until the app took a key, did what it does and drew it, as a person sees it.

    A pilot's own waits add 20 ms and more of idleness to each key, which nobody waits for.
    """
    taken = asyncio.Event()
    app.call_later(taken.set)
    await taken.wait()
    await app.keys.idle()
    while True:
        if not _is_drawing(app):
            return
        await asyncio.sleep(GLANCE)


def _is_drawing(app: FieldkitApp) -> bool:
    """Say whether anything waits for its turn, or for the next picture of Textual (8.2.8)."""
    loop: Any = asyncio.get_running_loop()
    page: Any = app.screen
    return bool(loop._ready) or page._update_timer._active.is_set() or bool(app._batch_count)


def _in_the_app(bench: Bench) -> list[Held]:
    """Measure the pages of a team's laptop, and the pauses while somebody types there."""
    made = copied(bench.made, bench.place("held"))
    with made.open() as vault:
        return asyncio.run(_pages(vault, made, bench))


async def _pages(vault: Vault, made: Made, bench: Bench) -> list[Held]:
    def clerk() -> float:
        return vault.read_now(lambda _: time.thread_time())

    held = []
    app = FieldkitApp(vault.folder, inspection=made.inspection, vault=vault)
    async with app.run_test(size=(120, 36)) as pilot:
        await _rest(app, pilot)
        for page in PAGES:
            taken = []
            for turn in range(bench.turns(5) + 1):
                # What was read before may be kept, so something is written between, as on site.
                vault.write_now(grade, made.case, "investigation", ("good", "inadequate")[turn % 2])
                vault.write_now(add_note, "case", made.case, f"A remark, {turn}.")
                await _rest(app, pilot)
                before = clerk()
                await app.go(page)
                await _rest(app, pilot)
                taken.append(clerk() - before)
                app.pop_screen()
                await _rest(app, pilot)
            held.append(Held(f"a change to {page}: the clerk", CLERK, taken[1:]))
        app.garbage.look(60)
        await app.go("entry", kind="case", record=made.case, writing=True)
        await _rest(app, pilot)
        with collections() as pauses:
            for letter in "What the sergeant said of the log, " * bench.turns(10):
                await pilot.press("space" if letter == " " else letter)
        held.append(Held("a search for garbage while typing", COLLECTION, pauses, worst=True))
    return held


def _long_list(bench: Bench) -> list[Held]:
    """Measure the list of cases where it is as long as any."""
    size = FEWER if bench.quick else MANY
    made = vaults.make(bench.place("many") / "vault", size, FLOOR)
    with made.open() as vault:
        held = asyncio.run(_list(vault, made, size, bench))
    longest = [one.longest for one in measure_pauses(made)]
    return [*held, Held("a step of any page, the longest", PAUSE, longest, worst=True)]


async def _list(vault: Vault, made: Made, size: Size, bench: Bench) -> list[Held]:
    opens, letters = [], []
    app = FieldkitApp(vault.folder, inspection=made.inspection, vault=vault)
    async with app.run_test(size=(120, 36)) as pilot:
        await _rest(app, pilot)
        app.garbage.look(60)
        await app.go("cases")  # what is imported for the first list is imported once
        await _rest(app, pilot)
        app.pop_screen()
        await _rest(app, pilot)
        with steps_alone() as taken:
            for _ in range(bench.turns(5)):
                began = time.perf_counter()
                await app.go("cases")
                await _rest(app, pilot)
                opens.append(time.perf_counter() - began)
                await pilot.press("end", "pageup", "home", "s", "v", "slash")
                for letter in "wst-1":
                    began = time.perf_counter()
                    app.post_message(events.Key(letter, letter))
                    await answered(app)
                    letters.append(time.perf_counter() - began)
                    await _rest(app, pilot)
                await pilot.press("escape")
                app.pop_screen()
                await _rest(app, pilot)
    name = f"list of {size.cases:,} cases"
    return [
        Held(f"{name} opens", OPENS, opens),
        Held("a letter in its filter", LETTER, letters),
        Held("a step of its page, the longest", PAUSE, taken, worst=True),
    ]


def _lock(bench: Bench) -> Held:
    """Press ctrl+l at home, and while home is still being read."""
    variables = environment(bench.place("lock"))
    taken = []
    for _ in range(bench.turns(5)):
        with Terminal(fieldkit("--vault", str(bench.made.folder)), variables) as terminal:
            terminal.until("Passphrase")
            terminal.rest()
            terminal.type(PASSPHRASE + "\r")
            terminal.until(AT_HOME)
            pressed = terminal.type("\x0c")
            taken.append(terminal.until("Passphrase") - pressed)
    return Held("ctrl+l to the blank page", LOCK, taken, worst=True)
