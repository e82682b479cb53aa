"""Lets Textual's Pilot wait until an app has nothing left to do, however long that takes.

Textual's own wait looks at the clock and at the time of the processor until both say that the
process is idle: 20 ms at least, twice for each key, and on a crowded machine sometimes too early.
Here the loop itself is asked whether anything is ready to run.

A page is drawn when it has come to rest, and not also for each step on the way there: drawing is
two fifths of what a page costs, and in a test nobody sees it. What is drawn then is all that
changed since, so that what cannot be drawn fails its test as before. ``make torture`` draws each
step, as Textual does.

The apps of all tests share what Textual makes of style sheets: reading them takes longer than most
of what a test does with its page.
"""

from __future__ import annotations

import asyncio
from typing import Any
from weakref import WeakSet

import textual.app
import textual.pilot
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.app import App, ScreenError
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot
from textual.screen import Screen

from screens.app import FieldkitApp

ROUNDS = 100_000
"""Turns of the loop after which a page that never comes to rest is taken as it is."""

_waits = 0
"""How many waits are under way; each keeps a turn of the loop for itself."""
_undrawn: WeakSet[Compositor] = WeakSet()
"""What composes the pages that changed since they were drawn."""
_press, _pause, _page_answers = Pilot.press, Pilot.pause, Pilot._wait_for_screen
_render_update = Compositor.render_update
_parse_rules = Stylesheet._parse_rules
_parsed: dict[object, Any] = {}
"""What Textual made of each style sheet in each set of colours; nothing changes it."""


def let_pilot_wait(*, draw_every_step: bool) -> None:
    """Put the waits of this module in the place of Textual's, for all tests of a process."""
    changed: Any = Pilot
    changed.press, changed.pause, changed._wait_for_screen = press, pause, answered
    for module in (textual.app, textual.pilot):
        vars(module)["wait_for_idle"] = loop_is_quiet
    sheet: Any = Stylesheet
    sheet._parse_rules = parsed_once
    if not draw_every_step:
        composing: Any = Compositor
        composing.render_update = drawn_later


def parsed_once(sheet: Stylesheet, *source: Any, **more: Any) -> Any:
    """Read a style sheet, unless an app before this one has."""
    key = (source, frozenset(more.items()), frozenset(sheet._variables.items()))
    if key not in _parsed:
        _parsed[key] = _parse_rules(sheet, *source, **more)
    return _parsed[key]


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
    """Wait until the loop is quiet, each page has called back what it put off, and it is drawn.

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
            if draw(app):
                continue
            return
        for screen in putting_off:
            screen._on_timer_update()


def drawn_later(
    compositor: Compositor,
    full: bool = False,
    screen_stack: list[Screen[Any]] | None = None,
    simplify: bool = False,
) -> Any:
    """Draw a picture of all at once, as for a snapshot; what changed is drawn at rest."""
    if full:
        return _render_update(compositor, full, screen_stack, simplify)
    visible_screen_stack.set([] if screen_stack is None else screen_stack)
    _undrawn.add(compositor)
    return None


def draw(app: App[Any]) -> bool:
    """Draw what changed on the page of an app since it was drawn; say whether anything had."""
    pages = _pages(app)
    if not pages or pages[-1]._compositor not in _undrawn or app._batch_count:
        return False
    compositor = pages[-1]._compositor
    _undrawn.discard(compositor)
    try:
        _render_update(compositor, screen_stack=app._background_screens)
    except Exception as error:
        app._handle_exception(error)
    return True


def _puts_off(screen: Screen[Any]) -> bool:
    tick = getattr(screen, "_Screen__update_timer", None)
    return tick is not None and tick._active.is_set()


def _pages(app: App[Any]) -> list[Screen[Any]]:
    try:
        return app.screen_stack
    except ScreenError:  # the app has ended, or has not begun
        return []
