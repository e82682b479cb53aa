"""Something that takes a while, with a bar; escape goes on working while it is finished."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import ProgressBar, Static

from screens.dialogs import box_css
from screens.plain import plain

if TYPE_CHECKING:
    from screens.app import FieldkitApp

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it, and of how much."""


class Working(ModalScreen[None]):
    """Shows how far a job has come; closes by itself when the job is done."""

    DEFAULT_CSS = box_css("Working", "Working ProgressBar { margin: 1 0; }")
    BINDINGS = [Binding("escape", "behind")]

    class Moved(Message):
        """So much is done; sent from the thread that does it."""

        def __init__(self, what: str, done: int, total: int) -> None:
            super().__init__()
            self.what, self.done, self.total = what, done, total

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._over = False

    def compose(self) -> Iterable[Widget]:
        """What is being done, the bar, and that nobody has to wait."""
        with Vertical(id="box") as box:
            box.border_title = plain(self._title)
            yield Static("", id="what", markup=False)
            yield ProgressBar(show_eta=False)
            yield Static(
                "esc  go on working; it is finished behind and told", id="keys", markup=False
            )

    def on_mount(self) -> None:
        """A quick job may be over before the bar is there."""
        if self._over:
            self.dismiss()

    def on_working_moved(self, event: Moved) -> None:
        """Move the bar."""
        self.query_one("#what", Static).update(plain(f"{event.what} …"))
        self.query_one(ProgressBar).update(total=event.total, progress=event.done)

    def finish(self) -> None:
        """The job is done: close, where it still stands."""
        self._over = True
        if self.is_current:
            self.dismiss()

    def action_behind(self) -> None:
        """Leave the job to itself."""
        if self.is_current:
            self.dismiss()


async def with_bar(app: FieldkitApp, title: str, job: Callable[[Progress], T]) -> T:
    """Run a job on a thread behind a bar and return what came of it; from a worker only.

    The job is told no end by escape: this returns, or raises, when the job is done.
    """
    bar = Working(title)

    def progress(what: str, done: int, total: int) -> None:
        bar.post_message(bar.Moved(what, done, total))

    task = asyncio.create_task(asyncio.to_thread(job, progress))
    task.add_done_callback(lambda _: bar.finish())
    await app.push_screen_wait(bar)
    return await task
