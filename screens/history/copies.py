"""Readable files that left this vault; the person says where each went."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList

from fieldkit.history.open_copies import OpenCopy, open_copies, say_deleted, say_given
from screens.kit.ask import ask_and_commit
from screens.kit.drawing.keys import ways
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import between, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign
from screens.kit.list_page import PanelListPage
from screens.kit.page import Named
from screens.kit.text import plain
from storage.ops.text import many

FOLLOWS = (
    ("enter", "Given", "to whom, and how"),
    ("d", "Deleted", "once it is gone from where it was written"),
)


class CopiesPage(PanelListPage[OpenCopy]):
    """Lists the open copies, the latest first, and shows where the one under the cursor lies."""

    PAGE = "copies"
    CSS = """
    CopiesPage #side { height: 11; }
    CopiesPage #copy { height: 1fr; }
    CopiesPage #follows { height: 4; }
    """
    LEGEND = "anybody can read them"
    EMPTY = "No readable file is open."
    EMPTY_FACT = "A hand-over is listed here from when it is written until you say where it went."

    def side(self) -> Iterable[Widget]:
        """Yield the file under the cursor, and what can be said of it."""
        yield Panel("Where it was written", id="copy")
        yield Panel("Where did it go?", id="follows")

    async def load(self) -> None:
        """Read the list."""
        self.show(await self.tried(self.vault.read(open_copies)) or [])

    def _figure(self) -> Content:
        return muted(many(len(self._lines), "file"))

    def _row(self, entry: OpenCopy, width: int, *, chosen: bool) -> Content:
        head = Content.assemble(sign("soon"), " ", strong(plain(entry.what)))
        return between(head, muted(entry.at), width)

    def _draw_side(self, entry: OpenCopy | None) -> None:
        panel, follows = self.query_one("#copy", Panel), self.query_one("#follows", Panel)
        if entry is None:
            panel.show("")
            follows.show("")
            return
        where = entry.path or "Where it was written is not known."
        panel.show(
            lambda width: lines(
                wrapped(plain(f"For the {entry.recipient}"), width, most=2),
                wrapped(muted(plain(where)), width),
            )
        )
        follows.show(lambda width: ways(FOLLOWS, width))

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
