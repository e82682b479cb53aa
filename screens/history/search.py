"""Search: a word in everything noted, and the way to it."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from fieldkit.history import search
from fieldkit.history.search import SearchHit
from fieldkit.wording.format import line
from screens.kit.page import Page
from screens.kit.shell import Shell
from screens.kit.text import plain


class SearchPage(Page):
    """Shows a field and what holds its words."""

    PAGE = "search"
    DEFAULT_CSS = "SearchPage #hits { height: 1fr; } SearchPage #words { margin: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._hits: list[SearchHit] = []

    def body(self) -> Iterable[Widget]:
        """Return the field and the list."""
        yield Static("Search", id="title", markup=False)
        yield Input(placeholder="a word, or the beginning of one", id="words", compact=True)
        yield OptionList(id="hits", markup=False)
        yield Static("", id="hint", markup=False)

    async def load(self) -> None:
        """Start in the field, and look again where words stand in it."""
        self.query_one(Input).focus()
        self._look(self.query_one(Input).value)

    @on(Input.Changed, "#words")
    def _typed(self, event: Input.Changed) -> None:
        self._look(event.value)

    @work(exclusive=True)
    async def _look(self, words: str) -> None:
        """Find; a newer question replaces an older one."""
        self._hits = await self.vault.read(search.search, self.inspection_id, words)
        listed = self.query_one(OptionList)
        listed.set_options([Option(self._drawn(one)) for one in self._hits])
        if self._hits:
            listed.highlighted = 0
        hint = ""
        if words.strip() and not self._hits:
            hint = "Nothing holds these words. Try the beginning of a word."
        elif not words.strip():
            hint = "Everything noted is searched: rationales, notes, points, debriefs, referrals."
        self.set_text("#hint", hint)

    def _drawn(self, hit: SearchHit) -> Content:
        width = self.columns()
        return Content.assemble(
            plain(line(hit.label, width), "bold"), "\n", plain("  " + line(hit.excerpt, width - 2))
        )

    @on(Input.Submitted)
    async def action_open(self) -> None:
        """Open what the cursor is on."""
        number = self.query_one(OptionList).highlighted
        if number is not None and self._hits:
            hit = self._hits[number]
            await open_record(self.fieldkit, hit.kind, hit.id, hit.label)

    @on(OptionList.OptionSelected)
    async def _selected(self) -> None:
        await self.action_open()

    def action_to_list(self) -> None:
        """Go from the field to the list."""
        self.query_one(OptionList).focus()

    def action_back(self) -> None:
        """Go back."""
        self.dismiss()


async def open_record(
    app: Shell, kind: str, record: str, label: str, *, writing: bool = False
) -> None:
    """Go to the page where a record is worked on; where it has none, to its history.

    ``writing`` is for text that was typed there and not kept: the cursor goes into its field.
    """
    place = await app.vault.read(search.place_of, kind, record)
    page, _, where = place.partition("/")
    if page == "case":
        key = await app.vault.read(search.criterion_of, kind, record, where)
        await app.go("case", case_id=where, key=key, writing=writing)
    elif page in ("interview", "observation", "document", "inspection"):
        await app.go("entry", kind=page, record=where, writing=writing)
    elif page == "point":
        await app.go("points", point=where)
    elif page == "debrief":
        await app.go("debrief", debrief=where)
    elif page == "referral":
        await app.go("referrals")
    elif page == "assessment":
        await app.go("assessments", writing=writing)
    else:
        await app.go("history", kind=kind, record=record, title=label)
