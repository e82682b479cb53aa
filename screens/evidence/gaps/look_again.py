"""Look again: what is worth a second look before the force hears it, and what settles it."""

from __future__ import annotations

from textual import on, work
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.evidence.gaps.lints import Lint, lints
from screens.evidence.points import ask_keep_thin
from screens.kit.list_page import ListPage
from screens.kit.page import Named
from screens.kit.text import plain
from storage.ops.text import many
from storage.records import Document, Interview, Observation, Point

ENTRIES = (Interview.KIND, Observation.KIND, Document.KIND)


class LookAgainPage(ListPage[Lint]):
    """Shows the prompts; each leads to where it is settled, and none of them is for the force."""

    PAGE = "look_again"
    EMPTY = "There is nothing that is worth a second look."
    MARGIN = 3

    async def load(self) -> None:
        """Read what is worth a second look."""
        self.show(await self.vault.read(lints, self.inspection_id))

    def _heading(self) -> str:
        return f"Look again · {many(len(self._lines), 'thing')}; none of it is for the force"

    def _drawn(self, lint: Lint, width: int) -> Content:
        room = width - 4
        lines = [*plain(f"▲ {lint.words}", "bold").wrap(room)]
        lines += [
            Content.assemble("  ", each)
            for each in plain(f"To settle it: {lint.settle}.", "dim").wrap(room)
        ]
        return Content("\n").join(lines)

    def _subject(self, lint: Lint) -> Named | None:
        return (lint.kind, lint.id, lint.words) if lint.kind in (Point.KIND, *ENTRIES) else None

    @on(OptionList.OptionSelected)
    async def action_open(self) -> None:
        """Go to where it is settled."""
        lint = self.current
        if lint is None:
            return
        if lint.kind == Point.KIND:
            await self.fieldkit.go("points", point=lint.id)
        elif lint.kind == "case":
            await self.fieldkit.go("case", case_id=lint.id)
        elif lint.kind in (*ENTRIES, "inspection"):
            await self.fieldkit.go("entry", kind=lint.kind, record=lint.id)
        else:
            await self.fieldkit.go(lint.page)

    @work
    async def action_keep_thin(self) -> None:
        """Write why a point is kept although its basis is thin."""
        lint = self.current
        if lint is None or lint.rule != "one_source":
            self.fieldkit.say("Only a point whose basis is thin needs a reason for being kept.")
            return
        called = lint.words.partition(" rests ")[0].lower()
        if await ask_keep_thin(self.fieldkit, lint.id, called):
            await self.load()
