"""Search: a word in everything noted, and the way to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlmodel import Session
from textual import on, work
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from fieldkit.history import search
from fieldkit.history.last_opened import last_opened
from fieldkit.history.search import SearchHit
from fieldkit.history.search_filters import Filters
from fieldkit.history.search_signs import Beside, beside, case_scale
from screens.kit.drawing import signs
from screens.kit.drawing.chips import Grades, lit, tabs
from screens.kit.drawing.keys import key_and_label
from screens.kit.drawing.panel import Bordered, Panel
from screens.kit.drawing.panel_list import PanelList
from screens.kit.drawing.rows import between, cut, lines, muted, strong, wrapped
from screens.kit.drawing.signs import glyph
from screens.kit.page import Page
from screens.kit.shell import Shell
from storage.feed.search import LIMIT
from storage.records.registry import plural

ALL = ""
FILTERS = "#4  +  fri  by:me  kind:note  since:monday"
"""How filters are typed."""
NEAR_END = 8
"""Rows before the end of a screen at which the others are found, so that nobody waits there."""
BESIDE = 34
"""Columns at most for who wrote something and when."""


class Words(Bordered, Input):
    """Takes the words, in a panel."""


@dataclass(frozen=True)
class Found:
    """Holds a record that was found, and what stands beside it."""

    hit: SearchHit
    beside: Beside


class SearchPage(Page):
    """Shows a field, what holds its words by kinds, and in a wide terminal the whole record."""

    PAGE = "search"
    DEFAULT_CSS = """
    SearchPage #words { height: 3; }
    SearchPage PanelList.panel { padding: 0; scrollbar-gutter: stable; }
    SearchPage #kinds { height: 1; padding: 0 1; }
    SearchPage #hits { width: 7fr; height: 1fr; }
    SearchPage #whole { width: 5fr; height: 1fr; }
    SearchPage Horizontal { height: 1fr; }
    SearchPage.-narrow #whole { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Found] = []
        self._filters = Filters()
        self._near: tuple[str, ...] = ()
        self._counts: Counter[str] = Counter()
        self._more = False
        self._kind = ALL
        self._grades: Grades | None = None

    def body(self) -> Iterable[Widget]:
        """Yield the field, the kinds, the list and the record under the cursor."""
        words = Words(placeholder="a word, or the beginning of one", id="words")
        words.edges(title="Search")
        yield words
        yield Static("", id="kinds", markup=False)
        with Horizontal():
            hits = PanelList(id="hits", markup=False)
            hits.edges(title="Found")
            yield hits
            yield Panel("", id="whole", legend="enter opens")

    async def load(self) -> None:
        """Start in the field, and look again where words stand in it."""
        if self._grades is None:
            self._grades = Grades(await self.vault.read(case_scale, self.inspection_id))
        self.query_one(Input).focus()
        self._look(self.query_one(Input).value)

    @on(Input.Changed, "#words")
    def _typed(self, event: Input.Changed) -> None:
        self._look(event.value)

    @work(exclusive=True)
    async def _look(self, words: str) -> None:
        """Find a screen of them, then how many there are; a newer question replaces an older."""
        await self._find(words, search.SCREEN)
        self._kind = ALL
        self._draw()
        if self._more:
            self._counts = await self.vault.read(search.kinds_found, self.inspection_id, words)
            self._tell()

    @work(exclusive=True)
    async def _go_on(self, kind: str) -> None:
        """Find the others as well; the cursor stays where it is unless another kind is shown."""
        await self._find(self.query_one(Input).value, LIMIT)
        at = self.query_one(PanelList).highlighted if kind == self._kind else None
        self._kind = kind
        self._draw(at or 0)

    async def _find(self, words: str, most: int) -> None:
        self._all, answer = await self.vault.read(_found, self.inspection_id, words, most)
        self._filters, self._near = answer.filters, answer.near
        self._more = answer.more and most < LIMIT
        self._counts = Counter(one.hit.kind for one in self._all)

    @property
    def _kinds(self) -> list[tuple[str, int]]:
        return [(ALL, self._counts.total()), *self._counts.most_common()]

    @property
    def _shown(self) -> list[Found]:
        return [one for one in self._all if self._kind in (ALL, one.hit.kind)]

    def _draw(self, at: int = 0) -> None:
        listed, shown = self.query_one(PanelList), self._shown
        near = [] if self._all else [Option(_near(one)) for one in self._near]
        listed.set_options([Option(self._drawn(one, listed.room)) for one in shown] or near)
        if shown or near:
            listed.highlighted = at
            if not at:
                listed.scroll_home(animate=False)
        self._tell()
        self._show_whole()

    def _tell(self) -> None:
        """Tell how many were found, of which kinds, and by which filters."""
        listed, shown, count = self.query_one(PanelList), self._shown, self._counts.total()
        counted = count < LIMIT and not (self._more and count == search.SCREEN)
        many = str(count) if counted else f"{count} or more"
        typed = bool(self.query_one(Input).value.strip())
        order = "best first" if self._filters.words.strip() else "latest first"
        figure = f"{many} found, {order}" if count else "nothing found"
        self.query_one(Words).edges(
            figure=figure if typed else "", legend=" · ".join(self._filters.shown)
        )
        title = "Found" if typed or not count else "Opened last"
        listed.edges(title=title, figure=f"{len(shown)} of {many}" if self._kind else "")
        self.set_text("#kinds", self._tabs(typed))
        self.fieldkit.draw_keys()

    def _tabs(self, typed: bool) -> Content | str:
        width = self.columns(2)
        if self._filters.refused:
            return cut(Content.assemble(signs.sign("soon"), " ", self._filters.refused[0]), width)
        if not typed:
            return cut(f"Everything noted is searched. Filters: {FILTERS}", width)
        if not self._all and self._near:
            return "Nothing holds these words. Near words that stand somewhere; enter takes one:"
        if not self._all:
            return "Nothing holds these words. Try the beginning of a word."
        names = [(_name(kind), count) for kind, count in self._kinds]
        at = [kind for kind, _ in self._kinds].index(self._kind)
        shown = tabs(names, at, width)
        hint = Content.assemble(key_and_label("tab", "kinds"), muted(f"   or typed: {FILTERS}"))
        return between(shown, hint, width) if shown.cell_length + len(hint) < width else shown

    def on_panel_list_resized(self) -> None:
        """Draw the rows to the new width."""
        self.draw_anew()

    def _drawn(self, found: Found, width: int) -> Content:
        head = Content.assemble(self._sign(found.beside), " ", strong(found.hit.label))
        whose = cut(muted(found.beside.whose), BESIDE)
        return lines(
            [
                between(head, whose, width),
                Content.assemble("    ", _excerpt(found.hit.excerpt, width - 4)),
            ]
        )

    def _sign(self, beside: Beside) -> Content:
        if beside.answer and self._grades is not None:
            return self._grades.chip(beside.answer)
        if beside.sign in signs.names():
            return Content.assemble(" ", signs.sign(beside.sign), " ")
        return Content("   ")

    def on_option_list_option_highlighted(self) -> None:
        """Show the whole record under the cursor; near the end of a screen, find the others."""
        self._show_whole()
        at = self.query_one(PanelList).highlighted or 0
        if self._more and at >= search.SCREEN - NEAR_END:
            self._more = False  # they are on their way
            self._go_on(self._kind)

    def _show_whole(self) -> None:
        panel, found = self.query_one("#whole", Panel), self.current
        if found is None:
            panel.show("", title="", legend="")
            return
        text, whose = found.beside.text, found.beside.whose
        marked = {part.casefold() for part in _MARKED.findall(found.hit.excerpt)}

        def drawn(width: int) -> Content:
            spans = [
                match.span()
                for part in marked
                for match in re.finditer(re.escape(part), text, re.IGNORECASE)
            ]
            whole = wrapped(lit(text, spans), width)
            return lines(wrapped(muted(whose), width), [Content("")], whole)

        panel.show(drawn, title=found.hit.label, legend="enter opens")

    @property
    def has_row(self) -> bool:
        """Say whether anything was found."""
        return self.current is not None

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what has nothing to do now: going through kinds where there is one at most."""
        idle = super().idle_actions
        several = len(self._kinds) > 2 and self.query_one(Input).value.strip()
        idle |= set() if several else {"kinds"}
        return idle | {"to_list"} if self.query_one(PanelList).has_focus else idle

    @property
    def current(self) -> Found | None:
        """Return what the cursor is on."""
        number, shown = self.query_one(PanelList).highlighted, self._shown
        return shown[number] if number is not None and number < len(shown) else None

    def action_kinds(self) -> None:
        """Show the next kind of what was found."""
        if "kinds" in self.idle_actions:
            self.fieldkit.say("All that was found is of one kind." if self._all else "Type a word.")
            return
        kinds = [kind for kind, _ in self._kinds]
        kind = kinds[(kinds.index(self._kind) + 1) % len(kinds)]
        if self._more:
            self._go_on(kind)
        else:
            self._kind = kind
            self._draw()

    @on(Input.Submitted)
    async def action_open(self) -> None:
        """Open what the cursor is on."""
        if (found := self.current) is not None:
            await open_record(self.fieldkit, found.hit.kind, found.hit.id, found.hit.label)
        elif self._near and not self._all:
            self._take_near()

    def _take_near(self) -> None:
        """Put a near word in the place of the last one, and look for it."""
        field, at = self.query_one(Input), self.query_one(PanelList).highlighted or 0
        *_, last = self._filters.words.split()
        before, _, after = field.value.rpartition(last)
        field.value = f"{before}{self._near[at]}{after}"
        field.focus()
        field.cursor_position = len(field.value)

    @on(OptionList.OptionSelected)
    async def _selected(self) -> None:
        await self.action_open()

    def action_to_list(self) -> None:
        """Go from the field to the list."""
        self.query_one(PanelList).focus()

    def action_back(self) -> None:
        """Go back."""
        self.dismiss()


_MARKED = re.compile("«([^»]*)»")


def _found(s: Session, inspection: str, typed: str, most: int) -> tuple[list[Found], search.Answer]:
    answer = search.answer(s, inspection, typed, most)
    if not typed.strip():
        answer = replace(answer, hits=last_opened(s, inspection))
    each = zip(answer.hits, beside(s, answer.hits), strict=True)
    return [Found(hit, one) for hit, one in each], answer


def _near(word: str) -> Content:
    return Content.assemble("    ", strong(word))


def _name(kind: str) -> str:
    name = plural(kind) if kind else "all"
    return name[0].upper() + name[1:]


def _excerpt(excerpt: str, width: int) -> Content:
    """Return the words around the first that was found, which stays in sight, with all lit."""
    text, spans = "", []
    for number, part in enumerate(re.split("[«»]", excerpt)):
        if number % 2:
            spans.append((len(text), len(text) + len(part)))
        text += part
    shown = lit(text, spans)
    if spans and spans[0][1] > width - 2:
        first = max(spans[0][1] - width * 2 // 3, 0)
        shown = Content.assemble(glyph("cut"), shown[first:])
    return cut(shown, width)


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
