"""Something that takes a while, with a bar: how far it has come, and whether it may be left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TypeVar

from textual.widget import Widget
from textual.widgets import ProgressBar, Static

from fieldkit.wording.format import line
from screens.kit.dialogs import Dialog
from screens.kit.shell import Shell
from storage.progress import Progress

T = TypeVar("T")
MAX_WHAT = 60
"""Columns of what is being done; the name of a bundle is longer than the box."""
LOOK_EVERY = 0.1
"""Seconds from one look at the progress to the next."""
LEAVE = "esc  go on working; it is finished behind and told"


class ProgressDialog(Dialog[None]):
    """Says what is being done and how far it has come; takes no key unless it may be left.

    Args:
        what: is being done, before the job said anything.
        title: of the box.
        keys: its last line: what a key does, or why none does anything.
        may_leave: escape leaves the job to itself.
    """

    DEFAULT_CSS = "ProgressDialog ProgressBar { margin: 1 0; }"

    def __init__(
        self, what: str = "", title: str = "", keys: str = "", *, may_leave: bool = False
    ) -> None:
        super().__init__(title, keys)
        self._shown: tuple[str, int, int] = (what, 0, 0)
        self._may_leave, self._over = may_leave, False

    def body(self) -> Iterable[Widget]:
        """Yield what is being done, and the bar."""
        yield Static("", id="what", markup=False)
        yield ProgressBar(show_eta=False)

    def on_mount(self) -> None:
        """Look now and then; a quick job may be over before the box is there."""
        self._look()
        self.set_interval(LOOK_EVERY, self._look)

    def progress(self, what: str, done: int, total: int) -> None:
        """Take note of how far it has come; for any thread."""
        self._shown = (what, done, total)

    def finish(self) -> None:
        """Close, for the job is done; where another dialog stands above, once that is gone."""
        self._over = True
        if self.is_current:
            self.dismiss()

    def _look(self) -> None:
        what, done, total = self._shown
        self.set_text("#what", line(f"{what} …", MAX_WHAT) if what else "")
        self.query_one(ProgressBar).update(total=total or None, progress=done)
        if self._over:
            self.finish()

    async def action_cancel(self) -> None:
        """Leave the job to itself, where it may be left."""
        if self._may_leave and self.is_current:
            self.dismiss()


async def with_bar(
    app: Shell,
    job: Callable[[Progress], T],
    what: str = "",
    *,
    title: str = "",
    may_leave: bool = False,
) -> T:
    """Run a job on a thread behind a bar and return what came of it; from a worker only.

    Where it may not be left, no key reaches a field until it is over: for what keeps the vault
    busy. Leaving does not end the job: this returns, or raises, when the job is done.
    """
    bar = ProgressDialog(what, title, LEAVE if may_leave else "", may_leave=may_leave)
    task = asyncio.create_task(asyncio.to_thread(job, bar.progress))

    def finished(done: asyncio.Task[T]) -> None:
        # Where the vault was locked meanwhile nobody hears a refusal, and none may be logged.
        if not done.cancelled():
            done.exception()
        bar.finish()

    task.add_done_callback(finished)
    await app.push_screen_wait(bar)
    return await task
