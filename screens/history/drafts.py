"""Unsaved text: what was typed and never committed, offered back with its age."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList

from fieldkit.wording.dates import ago
from screens.history.search import open_record
from screens.kit.dialogs import Tell
from screens.kit.draft_fields import NEW
from screens.kit.drawing.rows import between, cut, lines, muted, strong, wrapped
from screens.kit.drawing.scroll_panel import ScrollPanel
from screens.kit.drawing.signs import glyph, sign
from screens.kit.list_page import PanelListPage
from screens.kit.text import plain
from storage.feed import drafts
from storage.feed.drafts import Draft
from storage.ops.text import many


class DraftsPage(PanelListPage[Draft]):
    """Lists the drafts that wait, then those discarded since the last export, and one whole."""

    PAGE = "drafts"
    CSS = """
    DraftsPage #side { height: 11; }
    DraftsPage #text { height: 1fr; }
    """
    LEGEND = "kept on this laptop alone"
    EMPTY = "Nothing is unsaved."
    EMPTY_FACT = "Text that is typed and not finished is listed here after a crash too."

    def side(self) -> Iterable[Widget]:
        """Yield the text under the cursor."""
        yield ScrollPanel("Text", id="text")

    async def load(self) -> None:
        """Read the list; the cursor begins on its first line."""
        waiting = await self.vault.read(drafts.listed)
        aside = await self.vault.read(drafts.listed, discarded=True)
        lines = [*waiting, *aside]
        self.show(lines, next((one.id for one in lines), ""))

    def _figure(self) -> Content:
        aside = sum(one.discarded is not None for one in self._lines)
        shown = many(len(self._lines) - aside, "text")
        return muted(f"{shown} · {aside} discarded" if aside else shown)

    def _row(self, draft: Draft, width: int, *, chosen: bool) -> Content:
        mark = muted(glyph("not applicable")) if draft.discarded else sign("typing")
        age = muted(("discarded " if draft.discarded else "") + ago(draft.saved))
        head = between(Content.assemble(mark, " ", strong(plain(draft.label))), age, width)
        return lines([head, cut(plain(f"  {draft.first_line}"), width)])

    def _draw_side(self, draft: Draft | None) -> None:
        panel = self.query_one("#text", ScrollPanel)
        if draft is None:
            panel.show("", title="Text", figure="")
        else:
            panel.show(
                lambda width: lines(wrapped(plain(draft.text), width)),
                title=plain(draft.label),
                figure=many(len(draft.text.split()), "word"),
            )

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what cannot be done with the text under the cursor."""
        draft, idle = self.current, super().idle_actions
        if draft is None:
            return idle
        return idle | {"discard" if draft.discarded else "take_back"}

    @on(OptionList.OptionSelected)
    async def action_open(self) -> None:
        """Go to where it was typed, or show it where that place is a form."""
        draft = self.current
        if draft is None:
            return
        kind, _, record = draft.place.partition("/")
        if kind.startswith(NEW) and not draft.discarded:
            await self.fieldkit.go(
                "entry", kind=kind.removeprefix(NEW), record=record, writing=True
            )
        elif kind.startswith("new-") or not record or draft.discarded:
            text = f"{draft.text}\n\nIt is in its form again when you open it: {draft.label}."
            await self.app.push_screen(Tell(draft.label, text))
        else:
            await open_record(self.fieldkit, kind, record, draft.label, writing=True)

    async def action_discard(self) -> None:
        """Put it aside."""
        if self.current is not None and self.current.discarded:
            self.fieldkit.say("This text is put aside already; b takes it back.")
        elif self.current is not None:
            await self.vault.write(drafts.discard, self.current.id)
            self.fieldkit.say("Put aside. It stays listed until the next export.")
            await self.load()

    async def action_take_back(self) -> None:
        """Take a discarded text back."""
        if self.current is not None and self.current.discarded:
            if await self.vault.write(drafts.take_back, self.current.id):
                self.fieldkit.say("Brought back. What was in the same field is put aside instead.")
            await self.load()
        elif self.current is not None:
            self.fieldkit.say("This text waits already; enter goes to where it was typed.")
