"""Something that takes a while, with a bar.

Two ways to wait: :func:`with_bar` lets escape go on working while it is finished, and
:class:`Waiting` takes no key until it is over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from textual import work
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import ProgressBar, Static

from screens.kit.dialogs import box_css
from screens.kit.keys import BACKGROUND
from screens.kit.shell import Shell
from screens.kit.text import line, plain
from storage.errors import FieldkitError
from storage.progress import Progress

LARGE = 300
"""Rows from which taking in takes long enough to be said."""


OFTEN = 0.2
"""Seconds from one look at the progress to the next."""


@dataclass
class RowProgress:
    """How many rows of all are written; set by the writing thread, read by the screen."""

    rows: int
    done: int = 0

    def at(self, done: int) -> None:
        """So many are written."""
        self.done = done


class TakingIn(ModalScreen[None]):
    """Says how far it is, and takes no key: nothing may be typed while the vault is busy."""

    DEFAULT_CSS = box_css("TakingIn", "")

    def __init__(self, name: str, progress: RowProgress) -> None:
        super().__init__()
        self._name, self._progress = name, progress

    def compose(self) -> Iterable[Widget]:
        """One line of counts, one of comfort."""
        with Vertical(id="box") as box:
            box.border_title = plain(f"Taking in {self._name}")
            yield Static("", id="how-far", markup=False)
            yield Static(
                "Until the last row is written nothing of it is kept.", id="keys", markup=False
            )

    def on_mount(self) -> None:
        """Look now and then."""
        self._look()
        self.set_interval(OFTEN, self._look)

    def _look(self) -> None:
        done, rows = self._progress.done, self._progress.rows
        self.query_one("#how-far", Static).update(plain(f"{done:,} of {rows:,} rows written"))


R = TypeVar("R")
T = TypeVar("T")
SAID = 60
"""Columns of what is being done; the name of a bundle is longer than the box."""


class Busy(ModalScreen[R]):
    """What is being done, and how far it has come.

    Args:
        said: what is being done, before anything was told.
        title: of the box.
        keys: its last line: what a key does, or why none does anything.
    """

    DEFAULT_CSS = box_css("Busy", "Busy ProgressBar { margin: 1 0; }")

    class Moved(Message):
        """So much is done; sent from the thread that does it."""

        def __init__(self, what: str, done: int, total: int) -> None:
            super().__init__()
            self.what, self.done, self.total = what, done, total

    def __init__(self, said: str = "", title: str = "", keys: str = "") -> None:
        super().__init__()
        self._said, self._title, self._keys = said, title, keys

    def compose(self) -> Iterable[Widget]:
        """What is being done, the bar, and what a key does."""
        with Vertical(id="box") as box:
            if self._title:
                box.border_title = plain(self._title)
            yield Static(plain(self._said), id="what", markup=False)
            yield ProgressBar(show_eta=False)
            if self._keys:
                yield Static(self._keys, id="keys", markup=False)

    def tell(self, what: str, done: int, total: int) -> None:
        """Move the bar; for any thread."""
        self.post_message(self.Moved(what, done, total))

    def on_busy_moved(self, event: Moved) -> None:
        """Say what is being done, and move the bar."""
        self.query_one("#what", Static).update(plain(line(f"{event.what} …", SAID)))
        self.query_one(ProgressBar).update(total=event.total or None, progress=event.done)


class Waiting(Busy[T | FieldkitError]):
    """Does a job while nothing can be typed; closes by itself with what came of it.

    For what keeps the vault busy: everything typed is saved before, and no key reaches a field
    until it is over.

    Args:
        said: what is being done, before the job told anything.
        job: run on a thread; given the progress to report to. Its refusal is what came of it.
    """

    def __init__(self, said: str, job: Callable[[Progress], T]) -> None:
        super().__init__(said)
        self._job = job

    def on_mount(self) -> None:
        """Begin."""
        self._work()

    @work(group=BACKGROUND)
    async def _work(self) -> None:
        try:
            made = await asyncio.to_thread(self._job, self.tell)
        except FieldkitError as refusal:
            self.dismiss(refusal)
        else:
            self.dismiss(made)


class Working(Busy[None]):
    """Shows how far a job has come; escape leaves the job to itself."""

    BINDINGS = [Binding("escape", "behind")]

    def __init__(self, title: str) -> None:
        super().__init__(title=title, keys="esc  go on working; it is finished behind and told")
        self._over = False

    def on_mount(self) -> None:
        """A quick job may be over before the bar is there."""
        if self._over:
            self.dismiss()

    def finish(self) -> None:
        """The job is done: close, where it still stands."""
        self._over = True
        if self.is_current:
            self.dismiss()

    def action_behind(self) -> None:
        """Leave the job to itself."""
        if self.is_current:
            self.dismiss()


async def with_bar(app: Shell, title: str, job: Callable[[Progress], T]) -> T:
    """Run a job on a thread behind a bar and return what came of it; from a worker only.

    The job is told no end by escape: this returns, or raises, when the job is done.
    """
    bar = Working(title)
    task = asyncio.create_task(asyncio.to_thread(job, bar.tell))
    task.add_done_callback(lambda _: bar.finish())
    await app.push_screen_wait(bar)
    return await task
