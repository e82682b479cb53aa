"""fieldkit with something at f1 that never ends: ``python -m tests.journeys.busy [arguments]``.

What it is stands in the environment, so that the program that begins after a lock has it too. A
file is made once it has begun.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

BUSY, READY = "FIELDKIT_TEST_BUSY", "FIELDKIT_TEST_READY"
ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) "
    "SELECT count(*) FROM n"
)
UNDONE = "Undone Constabulary"


def ready() -> None:
    Path(os.environ[READY]).touch()


async def loops(app: Any) -> None:
    """A page that goes round and round."""
    ready()
    while True:
        pass


async def sleeps(app: Any) -> None:
    """A page that waits for something else than the loop."""
    ready()
    while True:
        time.sleep(60)


async def waits(app: Any) -> None:
    """A page that never comes to an end of what a key asked for."""
    ready()
    await asyncio.Event().wait()


def merges(app: Any) -> None:
    """A job behind a bar, long in the middle of its transaction."""
    _behind_a_bar(app, _write_for_ever)


def reads(app: Any) -> None:
    """A reading on the clerk's thread that goes round and round."""

    def job(_: object) -> None:
        def read(session: Any) -> None:
            ready()
            while True:
                pass

        app.vault.read_now(read)

    _behind_a_bar_of(app, job)


def _write_for_ever(session: Any) -> None:
    from storage.records import Inspection

    session.add(Inspection.make(force=UNDONE, methodology="2018"))
    session.flush()
    ready()
    session.connection().exec_driver_sql(ENDLESS).fetchall()


def _behind_a_bar(app: Any, job: Callable[[Any], None]) -> None:
    _behind_a_bar_of(app, lambda _: app.vault.write_now(job))


def _behind_a_bar_of(app: Any, job: Callable[[Any], None]) -> None:
    from screens.kit.progress import with_bar

    app.run_worker(with_bar(app, job, "Busy"))


ALL: dict[str, Callable[[Any], Any]] = {
    one.__name__: one for one in (loops, sleeps, waits, merges, reads)
}


def main() -> int:
    """Run fieldkit, at whose f1 something never ends."""
    from fieldkit.cli import main as fieldkit
    from screens.app import FieldkitApp

    setattr(FieldkitApp, "action_help", ALL[os.environ[BUSY]])  # noqa: B010
    return fieldkit()


if __name__ == "__main__":
    sys.exit(main())
