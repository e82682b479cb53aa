"""The audit trail: section 62's six operations, by whom, when, on which laptop, and why."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList

from fieldkit.history import audit
from fieldkit.history.audit import AuditLine
from screens.kit.dialogs import Choice, Pick, Tell
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import fit, lines, muted, row, strong, wrapped
from screens.kit.list_page import PanelListPage
from screens.kit.page import Named
from screens.kit.text import plain
from storage.ops.text import many

WHAT = 12
"""Columns of the operation."""
LABEL = 10
"""Columns of the names of what is known of an entry."""


class AuditPage(PanelListPage[AuditLine]):
    """Shows the latest of what was done, a page of it at a time, and one entry whole."""

    PAGE = "audit"
    CSS = """
    AuditPage #side { height: 10; }
    AuditPage #entry { height: 100%; }
    AuditPage.-wide PanelList.panel { width: 8fr; }
    AuditPage.-wide #side { width: 5fr; }
    """
    LEGEND = "names what was written, never what it says"
    EMPTY = "Nothing of this operation is on record."
    EMPTY_KEYS = (("o", "choose another operation"),)

    def __init__(self) -> None:
        super().__init__()
        self._operation = ""
        self._first = 0
        self._more = False

    def side(self) -> Iterable[Widget]:
        """Yield the entry under the cursor."""
        yield Panel("Entry", id="entry")

    async def load(self) -> None:
        """Read the page of lines that is shown."""
        trail = await self.vault.read(
            audit.trail, operation=self._operation, first=self._first, most=audit.PAGE
        )
        self._more = trail.more
        self.show(trail.lines)

    def _figure(self) -> Content:
        shown = many(len(self._lines), "entry", "entries")
        if self._first or self._more:
            shown = f"{self._first + 1}–{self._first + len(self._lines)}, the latest first"
        return muted(f"{self._operation or 'all operations'} · {shown}")

    def _row(self, entry: AuditLine, width: int, *, chosen: bool) -> Content:
        when = max(len(one.at) for one in self._lines)
        head = row([(muted(entry.at), when), (entry.operation, WHAT)], gap=2)
        did = Content.assemble(strong(plain(entry.label)), muted(f"  {entry.did}, {entry.who}"))
        return fit(Content.assemble(head, " ", did), width)

    def _draw_side(self, entry: AuditLine | None) -> None:
        self.query_one("#entry", Panel).show(
            lambda width: Content("") if entry is None else _facts(entry, width)
        )

    def _record(self, entry: AuditLine) -> Named:
        return entry.kind, entry.record, entry.label

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what has nothing to do now: going on where nothing follows."""
        idle = super().idle_actions
        if not self._more:
            idle |= {"earlier"}
        return idle if self._first else idle | {"later"}

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


def _facts(entry: AuditLine, width: int) -> Content:
    """Return what is known of an entry, each fact beside its name."""
    shown: list[Content] = []
    for name, said in entry.facts:
        first, *more = wrapped(plain(said), max(width - LABEL - 1, 8))
        shown.append(Content.assemble(fit(muted(name), LABEL), " ", first))
        shown += [one.pad_left(LABEL + 1) for one in more]
    return lines(shown)
