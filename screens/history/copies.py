"""Readable files that left this vault; the person says where each went."""

from __future__ import annotations

import asyncio

from textual import on, work
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.history.open_copies import OpenCopy, open_copies, say_deleted, say_given
from fieldkit.wording.format import line
from screens.kit.ask import ask_and_commit
from screens.kit.list_page import ListPage
from screens.kit.page import Named
from screens.kit.text import plain
from storage.ops.text import many


class CopiesPage(ListPage[OpenCopy]):
    """Lists the open copies, the latest first."""

    PAGE = "copies"
    EMPTY = (
        "No readable file is open. A hand-over is listed here from when it is written until you "
        "say where it went."
    )

    async def load(self) -> None:
        """Read the list."""
        self.show(await self.tried(self.vault.read(open_copies)) or [])

    def _heading(self) -> str:
        return f"Open copies · {many(len(self._lines), 'file')} that anybody can read"

    def _hint(self) -> str:
        return "enter  given to whom     d  deleted here     esc  back"

    def _drawn(self, entry: OpenCopy, width: int) -> Content:
        about = f"  {entry.at}, for the {entry.recipient}"
        where = f"  {entry.path or 'where it was written is not known'}"
        return Content("\n").join(
            (
                plain(line(entry.what, width), "bold"),
                plain(line(about, width)),
                plain(line(where, width), "dim"),
            )
        )

    def _record(self, entry: OpenCopy) -> Named:
        return "disclosure", entry.id, entry.what

    @on(OptionList.OptionSelected)
    @work
    async def action_given(self) -> None:
        """Ask to whom it was given, and record that."""
        copy = self.current
        if copy is None:
            return
        said = await ask_and_commit(
            self.fieldkit,
            "Given to whom, and how?",
            f"copy/{copy.id}",
            "whereabouts",
            lambda s, whom: say_given(s, copy.id, whom),
            hint="by role: the chief constable, by hand",
        )
        await self._done(said)

    @work
    async def action_deleted(self) -> None:
        """Record that it was deleted here, where it is gone."""
        if (copy := self.current) is not None:
            await self._done(await self.tried(asyncio.to_thread(say_deleted, self.vault, copy)))

    async def _done(self, said: str | None) -> None:
        if said is not None:
            self.fieldkit.say(said)
            await self.load()
