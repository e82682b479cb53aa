"""The steps of a file that is being taken in, as they are shown while nothing else can be done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from screens.kit.progress import ProgressDialog
from screens.kit.shell import Shell
from storage.ops.text import many
from storage.progress import Progress

LARGE = 300
"""Rows from which taking in takes long enough to be said."""
KEPT = "Cut short, it is taken in wholly or not at all; you are told which when you unlock."


@asynccontextmanager
async def steps_shown(app: Shell, file_name: str, rows: int, first: str) -> AsyncIterator[Progress]:
    """Show the steps of a large file while it is taken in; give what hears how far the writing is.

    Args:
        app: shows them.
        file_name: of the file.
        rows: how many it has.
        first: what is done before the first row is written.
    """
    writing = f"Writing {many(rows, 'row')}"
    bar = ProgressDialog(first, f"Taking in {file_name}", KEPT, to_come=(writing,))

    def wrote(_: str, done: int, total: int) -> None:
        bar.progress(writing, rows * done // max(total, 1), rows)

    if rows > LARGE:
        await app.push_screen(bar)
    try:
        yield wrote
    finally:
        bar.finish()
