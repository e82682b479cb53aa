"""The exchange at half past four: one key takes in what came and writes what others lack."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from sqlmodel import Session
from textual import work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from fieldkit.exchange import last_exchange
from fieldkit.exchange.exchange import exchange, missing_lines
from fieldkit.exchange.exchange_report import Exchanged, exchange_lines
from fieldkit.inspections.reminders import warnings
from screens.exchange.export import NOT_ENROLLED, NOT_YET
from screens.kit import folder_picker
from screens.kit.page import Page
from screens.kit.progress import with_bar
from screens.kit.text import facts, plain
from storage.ops.text import many
from storage.trust.current import roster_in

PURPOSE = "exchange"
BEFORE = """\
enter takes in every new bundle, receipt and roster in the folder, and then
writes bundles for your colleagues' laptops and for central.

When the stick has gone round twice, all laptops agree. Nobody else's files
are touched."""


class ExchangePage(Page):
    """Shows the folder, what came, from whom, what is in conflict and what is missing."""

    PAGE = "exchange"
    DEFAULT_CSS = """
    ExchangePage #facts { height: auto; padding: 1 2 0 2; }
    ExchangePage VerticalScroll { height: 1fr; padding: 1 2 0 2; scrollbar-size-vertical: 1; }
    ExchangePage #what { height: auto; }
    ExchangePage #hint { background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._folder: Path | None = None
        self._done: Exchanged | None = None
        self._team = ""
        self._before: list[str] = []
        self._warnings: list[str] = []
        self._last = ""
        self._gone = ""

    def body(self) -> Iterable[Widget]:
        """Lay out the folder, what was done or will be, and the keys."""
        yield Static("Exchange", id="title", markup=False)
        yield Static("", id="facts", markup=False)
        with VerticalScroll():
            yield Static("", id="what", markup=False)
        yield Static("", id="hint", markup=False)

    async def load(self) -> None:
        """Read what is missing, and find the folder used last."""
        if self._folder is None:
            begin = await folder_picker.to_begin_with(self.vault, PURPOSE)
            if self._folder is None:  # else one was chosen in the meantime
                self._folder, self._gone = begin.folder, begin.said
        self._team, self._before, self._warnings = await self.vault.read(_look)
        self._last = await asyncio.to_thread(last_exchange.last_line, self.vault)
        self._draw()
        self.query_one(VerticalScroll).focus()

    def _draw(self) -> None:
        known, done = self.query_one("#facts", Static), self.query_one("#what", Static)
        known.display = bool(self._team)
        if not self._team:
            done.update(NOT_ENROLLED)
            self.set_text("#hint", "esc  back     ctrl+q  leave fieldkit")
            return
        known.update(facts([("Team", self._team), *folder_picker.rows(self._folder)], 9))
        done.update(self._content())
        hint = "enter  exchange     f  another folder"
        if self._done is not None:
            hint = "enter  once more     k  conflicts     f  another folder"
        self.set_text("#hint", hint)

    def _content(self) -> Content:
        notices = [self._gone] if self._gone else []
        parts = [plain(f"! {one}", "bold") for one in [*notices, *self._warnings]]
        if self._done is None:
            parts.append(plain(BEFORE))
            if self._last:
                parts += [Content(""), plain(self._last)]
            if self._before:
                parts += [Content(""), Content.styled("Missing here", "bold")]
                parts += [plain(f"  {one}") for one in self._before]
            return Content("\n").join(parts)
        for head, lines in exchange_lines(self._done):
            parts.append(Content.styled(head, "bold"))
            parts += [plain(f"  {one}") for one in lines]
        if self._done.left_alone:
            parts.append(Content.styled(self._done.left_alone, "dim"))
        return Content("\n").join(parts)

    @work
    async def action_exchange(self) -> None:
        """Take in what is new, then write what others lack."""
        if not self._team:
            self.fieldkit.say(NOT_YET, error=True)
            return
        if self._folder is None:
            await self._choose()
            return
        await self.fieldkit.typing.save()
        vault, folder = self.vault, self._folder
        # At the beginning: the app may lock before the end, and the folder is still the one.
        await folder_picker.remember(vault, PURPOSE, folder)
        exchanged = await self.tried(
            with_bar(
                self.fieldkit,
                lambda progress: exchange(vault, folder, progress=progress),
                "Looking through the folder",
            )
        )
        if exchanged is None:
            await self.load()
            return
        self._done = exchanged
        await asyncio.to_thread(last_exchange.told, vault)
        if exchanged.failed:
            self.fieldkit.say(exchanged.failed, error=True)
        await self.load()
        await self.fieldkit.refresh_frame()

    @work
    async def action_folder(self) -> None:
        """Choose the folder."""
        await self._choose()

    async def _choose(self) -> None:
        if not self._team:
            self.fieldkit.say(NOT_YET, error=True)
            return
        offered = [self._folder, *folder_picker.sticks(), folder_picker.downloads()]
        folder = await folder_picker.choose(
            self.fieldkit, "Where is it exchanged?", offered, self._folder
        )
        if folder is not None:
            self._folder, self._done, self._gone = folder, None, ""
            self._draw()


def _look(s: Session) -> tuple[str, list[str], list[str]]:
    roster = roster_in(s.connection())
    if roster is None:
        return "", [], []
    team = f"{roster.org}, {many(len(roster.devices), 'laptop')}"
    return team, [one.text for one in missing_lines(s)], warnings(s)
