"""The exchange at half past four: one key takes in what came and writes what others lack."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session
from textual import work
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widget import Widget

from fieldkit.exchange import last_exchange
from fieldkit.exchange.exchange import exchange, missing_lines
from fieldkit.exchange.exchange_report import Exchanged
from fieldkit.exchange.receipts import Receipts, receipts
from fieldkit.exchange.team import TeamSeen, team_seen
from fieldkit.inspections.reminders import warnings
from screens.exchange import panels
from screens.kit.dialogs import Tell
from screens.kit.drawing.keys import key
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import lines
from screens.kit.drawing.scroll_panel import ScrollPanel
from screens.kit.drawing.signs import sign
from screens.kit.folder_picker import OWN_DISK, UsedFolder
from screens.kit.page import Page
from screens.kit.progress import with_bar

PURPOSE = "exchange"
MOST_EXPORTS = 4
"""Exports that the page names; its key shows all."""
EDGE = 22
"""Columns of the panel's upper edge that its title takes."""


@dataclass(frozen=True)
class Read:
    """Holds what the page read from the vault."""

    team: TeamSeen | None
    missing: tuple[str, ...]
    warnings: tuple[str, ...]
    receipts: Receipts | None = None


class ExchangePage(Page):
    """Shows the folder, what came, from whom, who has what, and what leaves."""

    PAGE = "exchange"
    CSS_PATH = "exchange.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-roomy")]

    def __init__(self) -> None:
        super().__init__()
        self._folder = UsedFolder(PURPOSE, "Where is it exchanged?")
        self._done: Exchanged | None = None
        self._read = Read(None, (), ())
        self._last = ""

    def body(self) -> Iterable[Widget]:
        """Yield the panels, empty; they are filled when the vault has answered."""
        with Container(id="columns"):
            with Vertical(id="left"):
                yield ScrollPanel("Exchange", id="exchange")
                yield Panel("Who has what", id="team")
                yield Panel("How it goes on", id="goes-on")
            with Vertical(id="right"):
                yield Panel("Leaves for central", id="leaves")
                yield Panel("Received by central", id="received", key="r")
                yield Panel("After this exchange", id="after")
                yield Panel("Clocks and roster", id="safe")

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what has nothing to do before this laptop has joined a team."""
        return frozenset() if self._read.team else frozenset({"exchange", "folder", "receipts"})

    async def load(self) -> None:
        """Read who has what, and find the folder used last."""
        await self._folder.begin(self.vault)
        self._read = await self.vault.read(_look)
        self._last = await asyncio.to_thread(last_exchange.last_line, self.vault)
        self._draw()
        self.query_one(ScrollPanel).focus()

    def _draw(self) -> None:
        team, done = self._read.team, self._done
        self.set_class(team is None, "-alone")
        self.set_class(done is not None, "-done")
        self.offer()
        main = self.query_one(ScrollPanel)
        if team is None:
            main.show(lambda width: panels.no_team(width, main.size.height), figure="", legend="")
            return
        seen = team.after(done.new_of) if done else team
        wide = self.app.size.width >= 100
        # Clocks and roster have a panel of their own on a wide page.
        said = [one for one in (self._folder.said,) if one] + list(self._read.warnings)
        room = max(main.outer_size.width - EDGE, 20)
        main.show(
            lambda width: self._main(seen, said, width, wide),
            title="Exchanged" if done else "Exchange",
            figure=self._folder.words(room),
            legend=OWN_DISK if self._folder.own_disk else "",
        )
        self._show(
            "team",
            lambda width: panels.who_has_what(seen, width, exchanged=done is not None),
            panels.behind(seen),
        )
        self._show("goes-on", lambda width: panels.goes_on(seen, width))
        self._show(
            "leaves",
            lambda width: lines(
                panels.leaves(seen.leaving, width, listed=wide),
                panels.stays(width),
            ),
            Content.assemble("goes with ", key("e")),
        )
        if (receipts := self._read.receipts) is not None:
            waits = receipts.outstanding
            self._show(
                "received",
                lambda width: panels.received(receipts, width, MOST_EXPORTS),
                sign("exported", f"{waits} waiting") if waits else "",
            )
        self._show("after", lambda width: panels.conflicts(done, width))
        self._show("safe", lambda width: panels.safe(seen, width))

    def _main(self, seen: TeamSeen, said: list[str], width: int, wide: bool) -> Content:
        if self._done is not None:
            return panels.after(self._done, said, width, whole=not wide)
        return panels.before(
            None if wide else self._read.receipts, said, self._last, self._read.missing, width
        )

    def _show(self, name: str, drawing: panels.Drawn, figure: Content | str = "") -> None:
        self.query_one(f"#{name}", Panel).show(drawing, figure=figure)

    @work
    async def action_exchange(self) -> None:
        """Take in what is new, then write what others lack."""
        if self._read.team is None:
            await self.fieldkit.go("join")
            return
        folder = self._folder.path
        if folder is None:
            await self._choose()
            return
        await self.fieldkit.typing.save()
        vault = self.vault
        # At the beginning: the app may lock before the end, and the folder is still the one.
        await self._folder.keep(vault)
        exchanged = await self.tried(
            with_bar(
                self.fieldkit,
                lambda progress: exchange(vault, folder, progress=progress),
                "Looking through the folder",
                title="Exchange",
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
        self.query_one(ScrollPanel).scroll_home(animate=False)
        await self.fieldkit.refresh_frame()

    def action_receipts(self) -> None:
        """Show every export, whether central has received it, and what it has not confirmed."""
        if (seen := self._read.receipts) is not None:
            width = self.app.size.width * 9 // 10 - 6
            self.app.push_screen(Tell("Received by central", panels.received(seen, width)))

    @work
    async def action_folder(self) -> None:
        """Choose the folder."""
        await self._choose()

    async def _choose(self) -> None:
        if self._read.team is None:
            await self.fieldkit.go("join")
        elif await self._folder.choose(self.fieldkit):
            self._done = None
            self._draw()


def _look(s: Session) -> Read:
    seen = team_seen(s)
    if seen is None:
        return Read(None, (), ())
    missing = tuple(one.text for one in missing_lines(s))
    return Read(seen, missing, tuple(warnings(s)), receipts(s))
