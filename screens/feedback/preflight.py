"""Before it leaves: what keeps the written feedback back, and what is only worth a look."""

from __future__ import annotations

from textual import on
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.feedback.handover.preflight import Check, check
from fieldkit.wording.format import line
from screens.kit.list_page import ListPage
from screens.kit.text import plain


class PreflightPage(ListPage[Check]):
    """Shows the steps before it leaves, each with its sign and its key."""

    PAGE = "preflight"
    MARGIN = 3

    async def load(self) -> None:
        """Look everything over anew: what was settled on another page is in order now."""
        self.show(await self.vault.read(check, self.inspection_id))

    def _heading(self) -> str:
        stopped = sum(one.sign == "!" for one in self._lines)
        worth = sum(one.sign == "▲" for one in self._lines)
        back = f"{stopped} keep{'s' * (stopped == 1)} it back" if stopped else "nothing stops it"
        return f"Before it leaves · {back} · {worth} worth a look"

    def _hint(self) -> str:
        return "! settle it first   ▲ worth a look   ✓ in order   w  the text as it reads"

    def _drawn(self, row: Check, width: int) -> Content:
        end = f"  {row.key}" if row.count else ""
        room = width - 2 - len(end)
        first = line(f"{row.sign} {row.words}", room)
        style = {"!": "bold reverse", "▲": "bold"}.get(row.sign, "dim")
        lines = [Content.assemble(plain(f"{first:<{room}}", style), (end, "dim"))]
        if row.names:
            lines.append(plain(f"  {line('; '.join(row.names), width - 4)}", "dim"))
        return Content("\n").join(lines)

    @on(OptionList.OptionSelected)
    async def action_open(self) -> None:
        """Go to where it is settled."""
        if self.current is not None and self.current.count:
            await self.fieldkit.go(self.current.page)
