"""The steps of a file that is being taken in, as they are shown while nothing else can be done."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from screens.kit.progress import ProgressDialog
from screens.kit.shell import Shell
from storage.ops.text import many

LARGE = 300
"""Rows from which taking in takes long enough to be said."""
KEPT = "Until the last row is written nothing of it is kept."
SAVING = "Saving all of it at once"


@asynccontextmanager
async def steps_shown(
    app: Shell, file_name: str, rows: int, first: str
) -> AsyncIterator[Callable[[int], None]]:
    """Show the steps of a large file while it is taken in; give what says how many rows are done.

    Args:
        app: shows them.
        file_name: of the file.
        rows: how many it has.
        first: what is done before the first row is written.
    """
    writing = f"Writing {many(rows, 'row')}"
    bar = ProgressDialog(first, f"Taking in {file_name}", KEPT, to_come=(writing, SAVING))

    def wrote(done: int) -> None:
        bar.progress(*((writing, done, rows) if done < rows else (SAVING, 0, 0)))

    if rows > LARGE:
        await app.push_screen(bar)
    try:
        yield wrote
    finally:
        bar.finish()
