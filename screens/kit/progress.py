"""Something that takes a while, as the list of its steps, and whether it may be left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from textual.widget import Widget
from textual.widgets import Static

from fieldkit.wording.format import line
from screens.kit.dialogs import Dialog
from screens.kit.drawing.notices import Step
from screens.kit.drawing.notices import steps as draw_steps
from screens.kit.shell import Shell
from storage.progress import Progress

T = TypeVar("T")
MAX_WHAT = 60
"""Columns of what is being done; the name of a bundle is longer than the box."""
LOOK_EVERY = 0.25
"""Seconds from one look at the progress to the next."""
MOST_STEPS = 8
"""How many steps are shown; the first ones go."""
LEAVE = "esc  go on working; you are told when it is finished"


@dataclass
class _Timed:
    """Holds a step of the job, and when it began and ended."""

    text: str
    began: float
    ended: float = 0.0


class ProgressDialog(Dialog[None]):
    """Lists the steps of a job; takes no key unless it may be left.

    Args:
        what: is being done, before the job said anything.
        title: of the box.
        keys: its last line: what a key does, or why none does anything.
        may_leave: escape leaves the job to itself.
        to_come: the steps that are known to follow, in order.
    """

    def __init__(
        self,
        what: str = "",
        title: str = "",
        keys: str = "",
        *,
        may_leave: bool = False,
        to_come: Sequence[str] = (),
    ) -> None:
        super().__init__(title, keys)
        self._steps: list[_Timed] = [_Timed(what, monotonic())] if what else []
        self._told: tuple[str, int, int] = (what, 0, 0)
        self._may_leave, self._over = may_leave, False
        self._to_come = list(to_come)

    def body(self) -> Iterable[Widget]:
        """Yield the list of the steps."""
        yield Static("", id="steps", markup=False)

    def on_mount(self) -> None:
        """Look now and then; a quick job may be over before the box is there."""
        self._look()
        self.set_interval(LOOK_EVERY, self._look)

    def progress(self, what: str, done: int, total: int) -> None:
        """Take note of how far it has come; for any thread."""
        self._told = (what, done, total)

    def finish(self) -> None:
        """Close, for the job is done; where another dialog stands above, once that is gone."""
        self._over = True
        if self.is_current:
            self.dismiss()

    def steps_now(self) -> list[Step]:
        """Return the steps that are done, the present one, and those known to follow."""
        what, done, total = self._told
        now = monotonic()
        if what and (not self._steps or self._steps[-1].text != what):
            if self._steps:
                self._steps[-1].ended = now
            if what in self._to_come:  # a step may be over before anyone looked
                at = self._to_come.index(what)
                self._steps += [_Timed(one, now, now) for one in self._to_come[:at]]
                self._to_come = self._to_come[at + 1 :]
            self._steps.append(_Timed(what, now))
        share = done / total if total else None
        shown = [
            Step(
                line(one.text, MAX_WHAT),
                "done" if one.ended else "now",
                share,
                (one.ended or now) - one.began,
            )
            for one in self._steps[-MOST_STEPS:]
        ]
        return shown + [Step(line(one, MAX_WHAT), "to come") for one in self._to_come]

    def _look(self) -> None:
        shown = self.steps_now()
        self.set_text("#steps", draw_steps(shown, max(self.query_one("#steps").size.width, 20)))
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
