"""Unsaved text: what was typed and never committed, offered back with its age."""

from __future__ import annotations

from textual import on
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.wording.dates import ago
from fieldkit.wording.format import line
from screens.history.search import open_record
from screens.kit.dialogs import Tell
from screens.kit.draft_fields import NEW
from screens.kit.list_page import ListPage
from screens.kit.text import plain
from storage.feed import drafts
from storage.feed.drafts import Draft

EMPTY = "Nothing is unsaved. Text that is typed and not finished is listed here after a crash too."


class DraftsPage(ListPage[Draft]):
    """Lists the drafts that wait, then those discarded since the last export."""

    PAGE = "drafts"
    EMPTY = EMPTY
    PADDED = False

    async def load(self) -> None:
        """Read the list; the cursor begins on its first line."""
        waiting = await self.vault.read(drafts.listed)
        aside = await self.vault.read(drafts.listed, discarded=True)
        lines = [*waiting, *aside]
        self.show(lines, next((one.id for one in lines), ""))

    def _heading(self) -> str:
        return "Unsaved text"

    def _drawn(self, draft: Draft, width: int) -> Content:
        state = "discarded " if draft.discarded else ""
        head = f"{line(draft.label, width - 28)} · {state}{ago(draft.saved)}"
        return Content.assemble(
            plain(head, "bold"), "\n", plain("  " + line(draft.first_line, width))
        )

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
        if self.current is not None and not self.current.discarded:
            await self.vault.write(drafts.discard, self.current.id)
            self.fieldkit.say("Put aside. It stays listed until the next export.")
            await self.load()

    async def action_take_back(self) -> None:
        """Take a discarded text back."""
        if self.current is not None and self.current.discarded:
            if await self.vault.write(drafts.take_back, self.current.id):
                self.fieldkit.say("Brought back. What was in the same field is put aside instead.")
            await self.load()
