"""What is drawn after the layout is not drawn on a page that was left before it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from textual.app import App
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import WorkerError

from screens.kit.drawing.laid_out import once_laid_out, put, stands
from storage.vault.vault import Vault
from tests.screens.driving import opened, settled


async def test_only_a_page_that_is_there_is_drawn() -> None:
    drawn: list[str] = []
    app: App[None] = App()
    async with app.run_test() as pilot:
        page: Screen[None] = Screen()
        await app.push_screen(page)
        widget = Static("", id="part")
        await page.mount(widget)
        once_laid_out(widget, lambda: drawn.append("there"))
        await pilot.pause()
        assert drawn == ["there"] and stands(widget) and stands(page)

        other: Screen[None] = Screen()
        await app.push_screen(other)
        assert stands(widget), "a page under another one is still there"
        await app.pop_screen()

        once_laid_out(widget, lambda: drawn.append(str(page.query_one("#part"))))
        await app.pop_screen()
        await pilot.pause()
        assert drawn == ["there"] and not stands(page)


async def test_what_is_drawn_late_on_a_page_that_was_left_ends_nothing(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[Exception] = []
    monkeypatch.setattr(App, "_handle_exception", lambda _, error: ended.append(error))
    async with opened(vault, inspection) as (app, pilot):
        for left in (True, False):
            await app.go("search")
            await settled(pilot)
            page, go_on = app.screen, asyncio.Event()

            async def draw(page: Screen[Any] = page, go_on: asyncio.Event = go_on) -> None:
                with suppress(asyncio.CancelledError):
                    await go_on.wait()
                page.query_one("#not-there")

            worker = page.run_worker(draw())
            await pilot.pause()
            if left:
                await app.pop_screen()
            go_on.set()
            with suppress(WorkerError):
                await worker.wait()
            assert bool(ended) is not left, "only an error of a page that is there is one"


async def test_a_worker_of_the_app_that_comes_after_a_lock_ends_nothing(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[Exception] = []
    monkeypatch.setattr(App, "_handle_exception", lambda _, error: ended.append(error))
    async with opened(vault, inspection) as (app, pilot):
        go_on = asyncio.Event()

        async def late() -> None:
            await go_on.wait()
            _ = app.vault

        worker = app.run_worker(late())
        await pilot.pause()
        app._vault = None
        go_on.set()
        with suppress(WorkerError):
            await worker.wait()
        app._vault = vault
        assert ended == []


async def test_a_text_that_stands_there_is_not_drawn_and_one_that_has_room_not_laid_out() -> None:
    asked: list[bool] = []

    class Told(Static):
        DEFAULT_CSS = "Told { width: 10; }"

        def update(self, content: Any = "", *, layout: bool = True) -> None:
            asked.append(layout)
            super().update(content, layout=layout)

    app: App[None] = App()
    async with app.run_test() as pilot:
        widget = Told("")
        await app.screen.mount(widget)
        await pilot.pause()
        for text, layout in (
            ("one", [False]),
            ("one", []),
            ("two", [False]),
            ("two words more", [True]),
            ("two words, other", [False]),
            ("two", [True]),
        ):
            asked.clear()
            put(widget, Content(text))
            await pilot.pause()
            assert asked == layout and widget.render_line(0).text.startswith(text[:3])
        asked.clear()
        put(widget, Content.styled("two", "bold"))
        assert asked == [False]
