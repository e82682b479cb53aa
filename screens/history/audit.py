"""The audit trail: section 62's six operations, by whom, when, on which laptop, and why."""

from __future__ import annotations

from collections.abc import Iterable

from textual import work
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from fieldkit.history import audit
from fieldkit.history.audit import AuditLine
from fieldkit.wording.format import line
from screens.kit.dialogs import Choice, Pick, Tell
from screens.kit.page import Page
from screens.kit.text import plain
from storage.ops.text import many

EMPTY = "Nothing of this operation is on record. Press o to choose another."


class AuditPage(Page):
    """The latest of what was done, a page of it at a time."""

    PAGE = "audit"

    def __init__(self) -> None:
        super().__init__()
        self._operation = ""
        self._first = 0
        self._lines: list[AuditLine] = []
        self._more = False

    def body(self) -> Iterable[Widget]:
        """A title, the lines, and what to do where there are none."""
        yield Static("", id="title", markup=False)
        yield OptionList(id="trail", markup=False)
        yield Static("", id="hint", markup=False)

    async def load(self) -> None:
        """Read the page of lines that is shown."""
        found = await self.vault.read(
            audit.trail, operation=self._operation, first=self._first, most=audit.PAGE
        )
        self._lines, self._more = found.lines, found.more
        width = self.columns()
        listed = self.query_one(OptionList)
        at = listed.highlighted or 0
        listed.set_options([Option(plain(line(one.text, width))) for one in self._lines])
        listed.display = bool(self._lines)
        if self._lines:
            listed.highlighted = min(at, len(self._lines) - 1)
            listed.focus()
        shown = many(len(self._lines), "entry", "entries")
        if self._first or self._more:
            shown = f"{self._first + 1} to {self._first + len(self._lines)}, the latest first"
        title = f"Audit trail · {self._operation or 'all operations'} · {shown}"
        self.set_text("#title", title)
        self.set_text("#hint", "" if self._lines else EMPTY)

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

    def action_whole(self) -> None:
        """Read a line whole."""
        at = self.query_one(OptionList).highlighted
        if at is not None and self._lines:
            self.app.push_screen(Tell("Audit trail", self._lines[at].whole))

    def on_option_list_option_selected(self) -> None:
        """Enter reads the line."""
        self.action_whole()

    async def action_history(self) -> None:
        """Go to the history of the record."""
        at = self.query_one(OptionList).highlighted
        if at is None or not self._lines:
            return
        one = self._lines[at]
        await self.fieldkit.go("history", kind=one.kind, record=one.record, title=one.label)
