"""The clerk: the one thread that opens, uses and closes the one connection to a store.

Jobs queue in order. A write is never cancelled, whatever becomes of the screen that asked for it;
it is joined at lock and exit.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from storage.errors import FieldkitError

P = ParamSpec("P")
T = TypeVar("T")


class ClosedError(FieldkitError):
    """The vault was locked before the job was asked for."""


class Clerk:
    """A queue of jobs for one thread."""

    def __init__(self) -> None:
        self._thread = 0
        self._pool = ThreadPoolExecutor(
            1, thread_name_prefix="clerk", initializer=self._remember_thread
        )

    def _remember_thread(self) -> None:
        self._thread = threading.get_ident()

    def submit(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a job; its future may be waited for or left alone.

        Raises :class:`ClosedError` once the vault is locked.
        """
        try:
            return self._pool.submit(job, *args, **kwargs)
        except RuntimeError:
            raise ClosedError(
                "The vault is locked. Nothing was changed, and what was typed before is kept. "
                "Unlock it and try again."
            ) from None

    async def run(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Queue a job and await it; giving up the waiting does not cancel the job."""
        return await asyncio.shield(asyncio.wrap_future(self.submit(job, *args, **kwargs)))

    def wait(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Queue a job and block until it is done; for the command line and for tests.

        Raises ``RuntimeError`` within a job: the clerk would wait for itself for ever.
        """
        if threading.get_ident() == self._thread:
            raise RuntimeError("a job of the clerk waits for the clerk")
        return self.submit(job, *args, **kwargs).result()

    def close(self) -> None:
        """Do what is queued, then end the thread."""
        self._pool.shutdown(wait=True)
