"""Keys in order: what a key waits for, and what it does not wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
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

    async def send(event: events.Key | events.Paste) -> bool:
        came.append(str(event))
        return False

    async with app.run_test():
        monkeypatch.setattr(MessagePump, "call_later", drop_the_first)
        keys = Keys(app, send, lambda: None)
        keys.put(events.Key("a", "a"))
        await asyncio.wait_for(keys.idle(), 60)
    assert len(came) == 1 and asked.count(app) > 1


async def test_a_key_is_sent_at_once_unless_letters_are_on_their_way() -> None:
    app: App[None] = App()
    way: list[str] = []

    async def send(event: events.Key | events.Paste) -> bool:
        way.append(str(getattr(event, "key", "")))
        return False

    class Watched(Keys):
        async def _walked(self, target: Any, end: Any = None) -> None:
            way.append("walked")
            await super()._walked(target, end)

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


class Told(Message):
    """Tells the page that a key was done."""


class Taking(Widget, can_focus=True):
    """Does one key at once, and fails at another."""

    async def take_key(self, key: str) -> bool:
        if key == "f":
            raise NoMatches("a part that is gone")
        if key == "t":
            self.post_message(Told())
        return key == "t"


class ToldPage(Screen[None]):
    """Notes what it was told, and by which keys."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[str] = []

    def compose(self) -> Iterable[Widget]:
        with Vertical():
            yield Taking()

    def on_told(self) -> None:
        self.came.append("told")

    def on_key(self, event: events.Key) -> None:
        self.came.append(event.key)


async def test_what_a_key_told_its_page_comes_before_the_next_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app: App[None] = App()
    errors: list[Exception] = []
    async with app.run_test() as pilot:
        page = ToldPage()
        await app.push_screen(page)
        page.query_one(Taking).focus()
        await pilot.pause()
        monkeypatch.setattr(app, "_handle_exception", errors.append)

        async def send(event: events.Key | events.Paste) -> bool:
            assert isinstance(event, events.Key)
            if await keyboard.taken(app, event.key):
                return True
            page.query_one(Taking).post_message(event)
            return False

        keys = Keys(app, send, lambda: page.came.append("done"))
        for key in "tutf":
            keys.put(events.Key(key, key))
        await asyncio.wait_for(keys.idle(), 60)
        assert page.came == ["told", "done", "u", "done", "told", "done", "done"]
        assert [type(one) for one in errors] == [NoMatches]
