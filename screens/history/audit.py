"""The audit trail: section 62's six operations, by whom, when, on which laptop, and why."""

from __future__ import annotations

from textual import on, work
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.history import audit
from fieldkit.history.audit import AuditLine
from fieldkit.wording.format import line
from screens.kit.dialogs import Choice, Pick, Tell
from screens.kit.list_page import ListPage
from screens.kit.page import Named
from screens.kit.text import plain
from storage.ops.text import many


class AuditPage(ListPage[AuditLine]):
    """Shows the latest of what was done, a page of it at a time."""

    PAGE = "audit"
    EMPTY = "Nothing of this operation is on record. Press o to choose another."
    PADDED = False

    def __init__(self) -> None:
        super().__init__()
        self._operation = ""
        self._first = 0
        self._more = False

    async def load(self) -> None:
        """Read the page of lines that is shown."""
        trail = await self.vault.read(
            audit.trail, operation=self._operation, first=self._first, most=audit.PAGE
        )
        self._more = trail.more
        self.show(trail.lines)

    def _heading(self) -> str:
        shown = many(len(self._lines), "entry", "entries")
        if self._first or self._more:
            shown = f"{self._first + 1} to {self._first + len(self._lines)}, the latest first"
        return f"Audit trail · {self._operation or 'all operations'} · {shown}"

    def _drawn(self, entry: AuditLine, width: int) -> Content:
        return plain(line(entry.text, width))

    def _record(self, entry: AuditLine) -> Named:
        return entry.kind, entry.record, entry.label

    @work
    async def action_operation(self) -> None:
        """Choose one of the six operations, or all."""
        choices = [Choice("", "all operations")]
        choices += [Choice(one.name, one.name, one.help) for one in audit.operations()]
        answer = await self.app.push_screen_wait(Pick("Which operation?", choices, self._operation))
        if answer is not None:
            self._operation, self._first = answer, 0
            await self.tried(self.load())

    async def action_earlier(self) -> None:
        """Show the lines before these in time."""
        if self._more:
            self._first += audit.PAGE
            await self.tried(self.load())

    async def action_later(self) -> None:
        """Show the lines after these in time."""
        if self._first:
            self._first = max(self._first - audit.PAGE, 0)
            await self.tried(self.load())

    @on(OptionList.OptionSelected)
    def action_whole(self) -> None:
        """Read a line whole."""
        if self.current is not None:
            self.app.push_screen(Tell("Audit trail", self.current.whole))
