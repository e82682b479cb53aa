"""fieldkit with a fault built in, started as a program: ``python crashing.py FAULT [arguments]``.

Each fault holds what a person typed in a local variable and in the error's own words, which is what
must not be told.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.journeys.canaries import canary

READY = "FIELDKIT_TEST_READY"
"""Names the environment variable with a file that is made once a fault has happened unseen."""

_kept: list[object] = []


def _evidence() -> str:
    return canary("crash", "text")


def in_a_handler(app: Any) -> None:
    """An error while a key is answered."""
    typed = _evidence()
    raise RuntimeError(f"no place for {typed}")


def in_a_worker(app: Any) -> None:
    """An error in what runs beside."""

    async def work() -> None:
        typed = _evidence()
        raise RuntimeError(f"no place for {typed}")

    app.run_worker(work())


async def in_the_clerk(app: Any) -> None:
    """An error of the database, which tells the values it was given."""

    def write(session: Any) -> None:
        values = (_evidence(), None)
        session.connection().exec_driver_sql("INSERT INTO note (id, text) VALUES (?, ?)", values)

    await app.vault.write(write)


async def unseen(app: Any) -> None:
    """An error in a thread, which the interpreter tells, and one in a task that nobody awaits,
    which it tells when the program ends.
    """

    def work() -> None:
        raise RuntimeError(_evidence())

    async def work_beside() -> None:
        raise RuntimeError(_evidence())

    one = threading.Thread(target=work)
    one.start()
    one.join()
    task = asyncio.create_task(work_beside())
    _kept.append(task)
    await asyncio.wait([task])
    Path(os.environ[READY]).touch()


def in_the_interpreter(app: Any) -> None:
    """The end of the interpreter itself, which leaves a core where that is allowed."""
    os.abort()


FAULTS: dict[str, Callable[[Any], Any]] = {
    one.__name__: one
    for one in (in_a_handler, in_a_worker, in_the_clerk, unseen, in_the_interpreter)
}


def on_the_command_line(*_: object, **__: object) -> None:
    """An error in a service that a command calls."""
    typed = _evidence()
    raise RuntimeError(f"no place for {typed}")


def run(fault: str, arguments: list[str]) -> int:
    """Run fieldkit with a fault: at f1 in the app, or in the list of cases of the command line."""
    from fieldkit.casework import case_lines
    from fieldkit.cli import main
    from fieldkit.cli.kit import app

    begin = app.open_app

    def built_in(args: Namespace) -> int:
        # Not before the command has begun, for it has to settle things before Textual is imported.
        from screens.app import FieldkitApp

        setattr(FieldkitApp, "action_help", FAULTS[fault])  # noqa: B010
        return begin(args)

    if fault == on_the_command_line.__name__:
        setattr(case_lines, "case_lines", on_the_command_line)  # noqa: B010
    else:
        setattr(app, "open_app", built_in)  # noqa: B010
    return main(arguments)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], sys.argv[2:]))
