"""The history of any record: who, when, on which laptop, from what to what, and why."""

from __future__ import annotations

from collections.abc import Iterable

from textual import work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from fieldkit.history import record_history
from fieldkit.wording.format import set_in
from fieldkit.wording.labels import label
from screens.history.redact import redact
from screens.kit.page import Page
from screens.kit.text import plain


class HistoryPage(Page):
    """Shows every step of one record, the latest first."""

    PAGE = "history"
    DEFAULT_CSS = (
        "HistoryPage VerticalScroll { padding: 0 1; } HistoryPage #steps { height: auto; }"
    )

    def __init__(self, kind: str, record: str, title: str) -> None:
        super().__init__()
        self._kind, self._record, self._called = kind, record, title

    def body(self) -> Iterable[Widget]:
        """Return a title and the steps."""
        yield Static(plain(f"History · {self._called}"), id="title")
        with VerticalScroll():
            yield Static("", id="steps", markup=False)

    async def load(self) -> None:
        """Read the steps."""
        steps = await self.vault.read(record_history.record_history, self._kind, self._record)
        self.query_one(VerticalScroll).focus()
        if not steps:
            text = Content("Nothing was entered here yet. Press esc to go back.")
        else:
            text = Content("\n").join(self._drawn(one) for one in reversed(steps))
        self.set_text("#steps", text)

    @work
    async def action_redact(self) -> None:
        """Take words out of the record for good."""
        if await redact(self.fieldkit, self._kind, self._record):
            # What it was called may hold the words that are gone now.
            self._called = await self.vault.read(label, self._kind, self._record)
            self.set_text("#title", f"History · {self._called}")
            await self.tried(self.load())

    def _drawn(self, step: record_history.HistoryLine) -> Content:
        parts = [plain(f"{step.at}  {step.who}  {step.did}", "bold")]
        for change in step.changes:
            before = f"{change.before} → " if change.before else ""
            parts.append(plain(set_in(f"    {change.field}: {before}{change.after or '(empty)'}")))
        if step.reason:
            parts.append(plain(set_in(f"    because: {step.reason}")))
        parts.append(plain(f"    on {step.laptop}", "dim"))
        if step.beside:
            parts.append(plain(f"    in parallel with {'; '.join(step.beside)}", "dim"))
        if step.merged:
            parts.append(plain(f"    merged with {'; '.join(step.merged)}", "dim"))
        return Content("\n").join(parts)
