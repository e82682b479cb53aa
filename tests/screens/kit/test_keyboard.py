"""Keys in order: what a key waits for, and what it does not wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.message_pump import MessagePump

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
