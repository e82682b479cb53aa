"""Unsaved text: what was typed and never committed, offered back with its age."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from fieldkit.wording.format import ago, line
from screens.history.search import open_record
from screens.kit.dialogs import Tell
from screens.kit.draft_fields import NEW
from screens.kit.page import Page
from screens.kit.text import plain
from storage.feed import drafts
from storage.feed.drafts import Draft

EMPTY = "Nothing is unsaved. Text that is typed and not finished is listed here after a crash too."


class DraftsPage(Page):
    """The drafts that wait, then those that were discarded since the last export."""

    PAGE = "drafts"

    def __init__(self) -> None:
        super().__init__()
        self._drafts: list[Draft] = []

    def body(self) -> Iterable[Widget]:
        """The list."""
        yield Static("Unsaved text", id="title", markup=False)
        yield OptionList(id="drafts", markup=False)
        yield Static("", id="hint", markup=False)

    async def load(self) -> None:
        """Read the list."""
        waiting = await self.vault.read(drafts.listed)
        aside = await self.vault.read(drafts.listed, discarded=True)
        self._drafts = [*waiting, *aside]
        listed = self.query_one(OptionList)
        listed.set_options([Option(self._drawn(one)) for one in self._drafts])
        listed.display = bool(self._drafts)
        self.set_text("#hint", "" if self._drafts else EMPTY)
        if self._drafts:
            listed.highlighted = 0
            listed.focus()

    def _drawn(self, one: Draft) -> Content:
        width = self.columns()
        state = "discarded " if one.discarded else ""
        head = f"{line(one.label, width - 28)} · {state}{ago(one.saved)}"
        return Content.assemble(
            plain(head, "bold"), "\n", plain("  " + line(one.first_line, width))
        )

    @property
    def _current(self) -> Draft | None:
        number = self.query_one(OptionList).highlighted
        return self._drafts[number] if number is not None and self._drafts else None

    @on(OptionList.OptionSelected)
    async def action_open(self) -> None:
        """Go to where it was typed, or show it where that place is a form."""
        one = self._current
        if one is None:
            return
        kind, _, record = one.place.partition("/")
        if kind.startswith(NEW) and not one.discarded:
            await self.fieldkit.go("entry", kind=kind.removeprefix(NEW), record=record)
        elif kind.startswith("new-") or not record or one.discarded:
            text = f"{one.text}\n\nIt stands in its form again when that is opened: {one.label}."
            await self.app.push_screen(Tell(one.label, text))
        else:
            await open_record(self.fieldkit, kind, record, one.label)

    async def action_discard(self) -> None:
        """Put it aside."""
        if self._current is not None and not self._current.discarded:
            await self.vault.write(drafts.discard, self._current.id)
            self.fieldkit.say("Put aside. It stays listed until the next export.")
            await self.load()

    async def action_take_back(self) -> None:
        """Take a discarded text back."""
        if self._current is not None and self._current.discarded:
            if await self.vault.write(drafts.take_back, self._current.id):
                self.fieldkit.say("Taken back. What waited in the same field is put aside instead.")
            await self.load()
