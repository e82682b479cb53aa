"""What a covered screen keeps hidden: work that ends meanwhile shows and closes nothing before.

Textual shows what is pushed on top, and closes what is on top; below a cover both wait for it.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from textual.await_complete import AwaitComplete

from screens.kit.drawing.drawn_part import PartScreen
from screens.kit.drawing.looks import Looks

T = TypeVar("T")


class Covering(Looks):
    """Has pages and dialogs that come while the screen is covered wait for the cover to go."""

    def __init__(self) -> None:
        super().__init__()
        self._behind: list[Callable[[], object]] = []

    @property
    def covered(self) -> bool:
        """Say whether a cover hides whatever there is."""
        return bool(self.screen_stack) and getattr(self.screen, "COVERS", False)

    def when_uncovered(self, deed: Callable[[], object]) -> None:
        """Change what is shown: at once, or when the cover is gone."""
        if self.covered:
            # As if by whoever asks for it now: Textual finds page and worker in the context.
            context = contextvars.copy_context()
            self._behind.append(lambda: context.run(deed))
        else:
            deed()

    def uncovered(self) -> None:
        """Do what waited for the cover to go."""
        waiting, self._behind = self._behind, []
        for deed in waiting:
            self.when_uncovered(deed)

    def drop_waiting(self) -> None:
        """Forget what waited for the cover to go, as where the vault is locked."""
        self._behind = []

    def push_screen(
        self,
        screen: Any,
        callback: Any = None,
        wait_for_dismiss: bool = False,
        *,
        mode: str | None = None,
    ) -> Any:
        """Show a page or dialog above the others; over a covered screen it waits for the cover."""
        push: Callable[..., Any] = super().push_screen
        if not self.covered:
            return push(screen, callback, wait_for_dismiss, mode=mode)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def later() -> None:
            if not answer.cancelled():
                shown = push(screen, callback, wait_for_dismiss, mode=mode)
                if isinstance(shown, asyncio.Future):
                    shown.add_done_callback(lambda done: _pass_on(done, answer))

        self.when_uncovered(later)
        return answer if wait_for_dismiss else AwaitComplete()


def _pass_on(done: asyncio.Future[Any], answer: asyncio.Future[Any]) -> None:
    if not answer.done():
        answer.cancel() if done.cancelled() else answer.set_result(done.result())


class Coverable(PartScreen[T]):
    """Is a page or dialog that, below a cover, closes when that is gone."""

    COVERS: ClassVar[bool] = False

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close, and give the answer to whoever waits for it."""
        app = self.app
        if not isinstance(app, Covering) or not app.covered:
            return super().dismiss(result)
        close = super().dismiss
        app.when_uncovered(lambda: close(result))
        return AwaitComplete()
