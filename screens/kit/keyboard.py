"""Keys in order: the next key goes nowhere before the last one has done what it does.

Textual sends each key to whatever has the focus when the key arrives, although the key before may
be about to move the focus or to open a dialog. A quick typist, or a terminal that delivers a burst,
would so type words into a list, where letters are commands. Here keys wait in a queue; a key that
may move the focus is followed through its widget, the page, the app and any dialog before the next
is let go. Letters typed into a text field are not held up. A widget or a page that has ``take_key``
does at once what its keys do.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.worker import Worker

LOCK_KEY = "ctrl+l"
"""The one key that waits for no other (``commands.toml``)."""
ROUNDS = 3
"""Times the way of a key is walked: a message may send another, and that one a third."""
LONGEST = 5.0
"""Seconds a key is held back at most, should something on its way never finish."""
BACKGROUND = "background"
"""The group of workers that no key waits for."""


FIELDS = frozenset({"Input", "TextArea"})
"""Textual's text fields."""


def takes_text(widget: object) -> bool:
    """Say whether something is a text field; the fields are not imported before a page has one."""
    return any(one.__name__ in FIELDS for one in type(widget).__mro__)


def takes_one_line(widget: object) -> bool:
    """Say whether something is a text field of one line."""
    return any(one.__name__ == "Input" for one in type(widget).__mro__)


async def taken(app: App[Any], key: str) -> bool:
    """Let the widget with the focus, or else the page, do at once what a key does there.

    A key's usual way, from widget to widget up to the app, takes longer than what the keys of a
    list do. Says whether it was taken.
    """
    for node in (app.focused, app.screen):
        take = getattr(node, "take_key", None)
        if node is None or take is None:
            continue
        with node._context():  # as Textual runs what a widget does (8.2.8, pinned)
            try:
                if await take(key):
                    return True
            except Exception as error:
                app._handle_exception(error)
                return True
    return False


class Keys:
    """Holds the keys that wait their turn.

    Args:
        app: whose keys they are.
        send: does at once what a key does, or hands it to Textual; says whether it is done.
        done: is called when a key has done what it does.
    """

    def __init__(
        self,
        app: App[Any],
        send: Callable[[events.Key | events.Paste], Awaitable[bool]],
        done: Callable[[], None],
    ) -> None:
        self._app = app
        self.asking: list[Worker[object]] = []
        """What waits for the answer of a dialog, once for each."""
        self._send, self._done = send, done
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._idle = asyncio.Event()
        self._idle.set()
        self._task: asyncio.Task[None] | None = None
        self._lock: asyncio.Task[None] | None = None
        self._letters = False
        """Whether letters were sent that a field may not have taken yet."""

    def put(self, event: events.Key | events.Paste) -> None:
        """Queue a key or a pasted text; the key that locks goes past all others."""
        if isinstance(event, events.Key) and event.key == LOCK_KEY:
            self._lock = asyncio.create_task(self._send_now(event))
            return
        self._waiting.append(event)
        if self._idle.is_set():
            self._idle.clear()
            self._task = asyncio.create_task(self._run())

    async def idle(self) -> None:
        """Wait until every key has done what it does, the one that locks among them."""
        if self._lock is not None:
            await asyncio.wait([self._lock])
        await self.others_done()

    async def others_done(self) -> None:
        """Wait until every key has done what it does, the one that locks apart."""
        await self._idle.wait()

    async def _send_now(self, event: events.Key) -> None:
        try:
            await self._send(event)
        except Exception as error:
            self._app._handle_exception(error)

    async def _run(self) -> None:
        try:
            while self._waiting:
                event = self._waiting.popleft()
                target = self._app.focused or self._app.screen
                letters = takes_text(target) and (
                    isinstance(event, events.Paste) or event.is_printable
                )
                if self._letters and not letters:
                    # Letters on their way to the field come before a key that may leave it.
                    await self._walked(target)
                self._letters = letters
                if await self._send(event):
                    await self._settled(target)
                    self._done()
                elif not letters:
                    await self._followed(target)
                    self._done()
        except Exception as error:  # an error of a page ends the app in its own way, not unseen
            self._app._handle_exception(error)
        finally:
            self._idle.set()

    async def _settled(self, target: DOMNode) -> None:
        """Follow a key that was done at once: what it told its page, and what it began."""
        await self._walked(target, self._app.screen)
        if self._busy() or (self._app.focused or self._app.screen) is not target:
            await self._followed(target)

    async def _followed(self, target: DOMNode) -> None:
        try:
            async with asyncio.timeout(LONGEST):
                for _ in range(ROUNDS):
                    await self._walked(target)
                while working := self._busy():
                    # A glance now and then, for a worker that opens a dialog does not end.
                    await asyncio.wait([one._task for one in working if one._task], timeout=0.005)
                await self._walked(self._app.screen)
        except TimeoutError:
            return

    async def _walked(self, target: DOMNode, end: DOMNode | None = None) -> None:
        """Wait until what was sent on the way of a key, up to its end, has been handled."""
        way: list[MessagePump] = [*target.ancestors_with_self, self._app.screen]
        if end in way:
            del way[way.index(end) + 1 :]
        for node in dict.fromkeys(way):
            done = asyncio.get_running_loop().create_future()
            while not done.done() and node.is_running and node.call_later(_tell, done):
                # A node that is being taken away may never come to it, and one that is asked
                # between two pages drops the question: it is asked anew.
                await asyncio.wait([done], timeout=0.02)

    def _busy(self) -> list[Worker[object]]:
        """Return what a key began and is not done; what waits for an answer is left out."""
        return [
            worker
            for worker in self._app.workers
            if worker.group != BACKGROUND
            and not worker.is_finished
            and not worker.is_cancelled
            and worker not in self.asking
        ]


def _tell(done: asyncio.Future[None]) -> None:
    """Say that a node has come to what it was asked."""
    if not done.done():
        done.set_result(None)
