"""Lets Textual's Pilot wait until an app has nothing left to do, however long that takes.

Textual's own wait looks at the clock and at the time of the processor until both say that the
process is idle: 20 ms at least, twice for each key, and on a crowded machine sometimes too early.
Here the loop itself is asked whether anything is ready to run.
"""

from __future__ import annotations

import asyncio
from typing import Any

import textual.app
import textual.pilot
from textual.app import App, ScreenError
from textual.pilot import Pilot
from textual.screen import Screen

from screens.app import FieldkitApp

ROUNDS = 100_000
"""Turns of the loop after which a page that never comes to rest is taken as it is."""

_waits = 0
"""How many waits are under way; each keeps a turn of the loop for itself."""
_press, _pause, _page_answers = Pilot.press, Pilot.pause, Pilot._wait_for_screen


def let_pilot_wait() -> None:
    """Put the waits of this module in the place of Textual's, for all tests of a process."""
    changed: Any = Pilot
    changed.press, changed.pause, changed._wait_for_screen = press, pause, answered
    for module in (textual.app, textual.pilot):
        vars(module)["wait_for_idle"] = loop_is_quiet


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys, and wait until each has done what it does."""
    await _press(pilot, *keys)
    await _keys_are_done(pilot)
    await app_is_quiet(pilot.app)


async def pause(pilot: Pilot[Any], delay: float | None = None) -> None:
    """Wait until nothing is left to do; with a delay, that number of seconds."""
    await _keys_are_done(pilot)
    await _pause(pilot, delay)
    await app_is_quiet(pilot.app)


async def answered(pilot: Pilot[Any], timeout: float = 600.0) -> bool:
    """Let Pilot wait until the page answers or the app has ended.

    On a crowded machine a page may need more than Pilot's 30 s. Widgets that are taken away while
    Pilot waits for them never answer, nor do those of an app that ends: they drop what waits in
    their queues. So the page is asked again now and then, as it is by then.
    """
    async with asyncio.timeout(timeout):
        while True:
            waiting = asyncio.create_task(_page_answers(pilot, timeout))
            # Within a snapshot the app runs in no task of its own.
            app = getattr(pilot.app, "_task", None) or waiting
            await asyncio.wait({waiting, app}, timeout=2, return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                return waiting.result()
            waiting.cancel()
            if app.done():
                return False


async def _keys_are_done(pilot: Pilot[Any]) -> None:
    if isinstance(pilot.app, FieldkitApp):
        await pilot.app.keys.idle()


async def loop_is_quiet(min_sleep: float = 0, max_sleep: float = 0) -> None:
    """Wait until no task, callback or timer that is due is left in the running loop.

    Takes, and does not need, the seconds that Textual's ``wait_for_idle`` is given. Work of other
    threads is waited for by those who know of it.
    """
    global _waits
    loop: Any = asyncio.get_running_loop()
    _waits += 1
    try:
        for _ in range(ROUNDS):
            await asyncio.sleep(0)
            if len(loop._ready) < _waits:
                return
    finally:
        _waits -= 1


async def app_is_quiet(app: App[Any]) -> None:
    """Wait until the loop is quiet and each page has drawn and called back what it put off.

    A page puts both off to its next tick, 60 of which pass in a second, and the app a change of
    its size for half as long; here they come at once.
    """
    for _ in range(ROUNDS):
        await loop_is_quiet()
        if app._resize_timer is not None:
            app._check_resize()
            continue
        putting_off = [screen for screen in _pages(app) if _puts_off(screen)]
        if not putting_off:
            return
        for screen in putting_off:
            screen._on_timer_update()


def _puts_off(screen: Screen[Any]) -> bool:
    tick = getattr(screen, "_Screen__update_timer", None)
    return tick is not None and tick._active.is_set()


def _pages(app: App[Any]) -> list[Screen[Any]]:
    try:
        return app.screen_stack
    except ScreenError:  # the app has ended, or has not begun
        return []
