"""Driving the app in tests: open it on a vault, wait for its work, read its lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlmodel import Session
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from screens.app import FieldkitApp
from screens.vault.passphrase_input import PassphraseInput
from storage.feed.replay import differences
from storage.vault.vault import Vault

T = TypeVar("T")
SMALL, LARGE = (80, 24), (120, 36)
PATIENCE = 90.0
"""Seconds after which a test gives up waiting; shared cores can be very slow."""


@asynccontextmanager
async def opened(
    vault: Vault, inspection: str = "", size: tuple[int, int] = SMALL
) -> AsyncIterator[tuple[FieldkitApp, Pilot[None]]]:
    """The app, unlocked; at the end the tables equal a replay of the ops."""
    app = FieldkitApp(vault.folder, inspection=inspection, vault=vault)
    async with app.run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        yield app, pilot
        await settled(pilot)
        if app.unlocked:
            await app.typing.save()
            assert await app.vault.read(lambda s: differences(s.connection())) == []


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until nothing is left to do; a dialog over a worker never comes to that."""
    await pilot.pause()
    complete = asyncio.ensure_future(pilot.app.workers.wait_for_complete())
    await asyncio.wait({complete}, timeout=PATIENCE)
    assert complete.done(), f"a worker did not end; the screen shows:\n{page(pilot.app)}"
    await complete
    await pilot.pause()
    await until(pilot, lambda: _all_read(pilot.app))


def _all_read(app: App[Any]) -> bool:
    """Say whether no message waits for the app, its pages or their widgets.

    A page gives way after each of its messages, so that others may wait while nothing runs.
    """
    return all(
        node.message_queue_size == 0
        for screen in app.screen_stack
        for node in (app, screen, *screen.query("*"))
    )


async def until(pilot: Pilot[Any], true: Callable[[], bool]) -> None:
    """Wait until something is true, such as a dialog that a worker opens and waits for."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not true():
                await pilot.pause(0.02)
    except TimeoutError:
        shown = page(pilot.app)
        raise AssertionError(f"it never came to that; the screen shows:\n{shown}") from None


async def locked(pilot: Pilot[Any]) -> None:
    """Press the key that locks, from wherever the app is.

    ``Pilot.press`` would wait for widgets that locking takes away to answer.
    """
    app = pilot.app
    assert isinstance(app, FieldkitApp)
    app.post_message(events.Key("ctrl+l", None))
    while app.unlocked:
        await asyncio.wait_for(app.keys.idle(), PATIENCE)
        await pilot.pause()
    await settled(pilot)


async def typed(pilot: Pilot[Any], text: str) -> None:
    """Put a text into the passphrase field at once, and press enter."""
    pilot.app.screen.query_one(PassphraseInput).value = text
    await pilot.press("enter")


def lines(app: App[Any]) -> list[str]:
    """What stands on the screen, line by line."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def page(app: App[Any]) -> str:
    """The screen as one text."""
    return "\n".join(lines(app))


def words(app: App[Any], panel: str) -> str:
    """What a panel of the page says, on one line: beside others its lines are broken on screen."""
    widget = app.screen.query_one(panel)
    text = widget if isinstance(widget, Static) else widget.query_one(Static)
    return " ".join(str(text.content).split())


def told(app: App[Any]) -> str:
    """The words on the screen in one line, without the borders that they stand in."""
    return " ".join(page(app).translate(str.maketrans("│╭╮╰╯─", "      ")).split())


def ops(vault: Vault) -> list[tuple[Any, ...]]:
    """Record kind and verb of every op, in the order of this laptop's main feed."""

    def read(session: Session) -> list[tuple[Any, ...]]:
        rows = session.connection().exec_driver_sql(
            "SELECT record_kind, verb FROM op WHERE kind = 'main' ORDER BY epoch, seq"
        )
        return [tuple(row) for row in rows]

    return vault.read_now(read)


def waiting_texts(vault: Vault) -> list[str]:
    """The texts of the drafts that wait."""
    from storage.feed import drafts

    return [one.text for one in vault.read_now(drafts.listed)]


def reader(vault: Vault) -> Callable[[Callable[[Session], T]], T]:
    """Read something of a vault, as in ``reader(vault)(lambda s: ...)``."""
    return vault.read_now
