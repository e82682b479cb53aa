"""Is the clerk: the one thread that opens, uses and closes the one connection to a store.

Jobs queue in order. A write is never cancelled, whatever becomes of the screen that asked for it;
it is joined at lock and exit.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar

from storage.errors import FieldkitError

P = ParamSpec("P")
T = TypeVar("T")


class ClosedError(FieldkitError):
    """The vault was locked before the job was asked for."""


def closed() -> ClosedError:
    """Return the error for what is asked of a vault that is locked."""
    return ClosedError(
        "The vault is locked. Nothing was changed, and what was typed before is kept. Unlock it "
        "and try again."
    )


def _pass_on(done: Future[T], waiting: asyncio.Future[T]) -> None:
    """Give what came of a job to whoever still waits for it; of a cancelled job that it was."""
    if waiting.done():
        return
    if done.cancelled():
        waiting.cancel()
    elif (error := done.exception()) is not None:
        waiting.set_exception(error)
    else:
        waiting.set_result(done.result())


class Clerk:
    """Does jobs from a queue on one thread."""

    def __init__(self) -> None:
        self._thread = 0
        self._waiting: deque[Callable[[], None]] = deque()
        self._turn = threading.Lock()
        self._pool = ThreadPoolExecutor(
            1, thread_name_prefix="clerk", initializer=self._remember_thread
        )

    def _remember_thread(self) -> None:
        self._thread = threading.get_ident()

    def submit(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a job; its future may be waited for or left alone.

        Raises :class:`ClosedError` once the vault is locked.
        """
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(job(*args, **kwargs))
            except BaseException as error:
                future.set_exception(error)

        with self._turn:
            try:
                self._pool.submit(self._next)
            except RuntimeError:
                raise closed() from None
            self._waiting.append(run)
        return future

    def _next(self) -> bool:
        """Do the job that has waited longest; ``False`` where :meth:`give_way` has done it."""
        with self._turn:
            run = self._waiting.popleft() if self._waiting else None
        if run is not None:
            run()
        return run is not None

    def give_way(self, until: Callable[[], bool]) -> None:
        """Do what others have queued within a long job, in order, until ``until`` says stop.

        The long job must hold no transaction and be ready to find anything changed.
        """
        while not until() and self._next():
            pass

    async def run(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Queue a job and await it; giving up the waiting does not cancel the job."""
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[T] = loop.create_future()

        def tell(done: Future[T]) -> None:
            with suppress(RuntimeError):  # the loop has ended, and nobody waits
                loop.call_soon_threadsafe(_pass_on, done, waiting)

        self.submit(job, *args, **kwargs).add_done_callback(tell)
        return await waiting

    def wait(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Queue a job and block until it is done; for the command line and for tests.

        Raises ``RuntimeError`` within a job: the clerk would wait for itself for ever.
        """
        if threading.get_ident() == self._thread:
            raise RuntimeError("a job of the clerk waits for the clerk")
        return self.submit(job, *args, **kwargs).result()

    def close(self, *, wait: bool = True) -> None:
        """Take no more jobs; do what is queued, then end the thread.

        With ``wait`` it has ended on return.
        """
        self._pool.shutdown(wait=wait)
