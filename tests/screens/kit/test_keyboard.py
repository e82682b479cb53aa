"""Keys in order: what a key waits for, and what it does not wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.widgets import TextArea

from screens.kit import keyboard
from screens.kit.keyboard import Keys


async def test_a_page_that_drops_the_question_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keyboard, "LONGEST", 600.0)
    asked: list[Any] = []
    ask = MessagePump.call_later

    def drop_the_first(node: Any, callback: Callable[..., Any], *more: Any) -> bool:
        asked.append(node)
        # Textual drops what it is asked to call while no page is shown.
        return asked.count(node) == 1 or ask(node, callback, *more)

    came: list[str] = []
    app: App[None] = App()

    async def send(event: events.Key | events.Paste) -> None:
        came.append(str(event))

    async with app.run_test():
        monkeypatch.setattr(MessagePump, "call_later", drop_the_first)
        keys = Keys(app, send, lambda: None)
        keys.put(events.Key("a", "a"))
        await asyncio.wait_for(keys.idle(), 60)
    assert len(came) == 1 and asked.count(app) > 1


async def test_a_key_is_sent_at_once_unless_letters_are_on_their_way() -> None:
    app: App[None] = App()
    way: list[str] = []

    async def send(event: events.Key | events.Paste) -> None:
        way.append(str(getattr(event, "key", "")))

    class Watched(Keys):
        async def _walked(self, target: Any) -> None:
            way.append("walked")
            await super()._walked(target)

    async with app.run_test() as pilot:
        field = TextArea()
        await app.screen.mount(field)
        field.focus()
        await pilot.pause()
        keys = Watched(app, send, lambda: None)
        for key in ("a", "b", "escape", "down"):
            keys.put(events.Key(key, key if len(key) == 1 else None))
            await asyncio.wait_for(keys.idle(), 60)
        assert way[:4] == ["a", "b", "walked", "escape"]
        down = way.index("down")
        assert way[4:down] == way[down + 1 :] and set(way[4:down]) == {"walked"}
