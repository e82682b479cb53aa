"""Look again: what is worth a second look before the force hears it, and what settles it."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList

from fieldkit.evidence.gaps.lints import Lint, lints
from screens.evidence.make_point import ask_keep_thin
from screens.kit.drawing.keys import key_and_label
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import cut, drawn, lines, strong, wrapped
from screens.kit.drawing.signs import sign
from screens.kit.list_page import PanelListPage
from screens.kit.page import Named
from storage.records import Document, Interview, Observation, Point

ENTRIES = (Interview.KIND, Observation.KIND, Document.KIND)
THIN = "one_source"
"""The rule that a point of a thin basis is kept by, with a reason."""


class LookAgainPage(PanelListPage[Lint]):
    """Shows the prompts; each leads to where it is settled, and none of them is for the force."""

    PAGE = "look_again"
    CSS = """
    LookAgainPage #side { height: 7; }
    LookAgainPage #settle { height: 1fr; }
    LookAgainPage.-wide PanelList.panel { width: 2fr; }
    LookAgainPage.-wide #side { width: 1fr; }
    """
    LEGEND = "none of it is for the force"
    ROW_LINES = 1
    EMPTY = "Nothing is worth a second look."
    EMPTY_FACT = "What may need one is listed here before the force hears of it."

    def side(self) -> Iterable[Widget]:
        """Yield what settles the prompt under the cursor."""
        yield Panel("To settle it", id="settle")

    async def load(self) -> None:
        """Read what is worth a second look."""
        self.show(await self.vault.read(lints, self.inspection_id))

    def _figure(self) -> Content:
        return strong(f"{len(self._lines)}")

    def _row(self, entry: Lint, width: int, *, chosen: bool) -> Content:
        words = drawn(entry.words)
        if not chosen:
            return cut(Content.assemble(sign("soon"), " ", words), width)
        first, *more = wrapped(strong(words), width - 2)
        return lines(Content.assemble(sign("soon"), " ", first), [one.pad_left(2) for one in more])

    def _draw_side(self, entry: Lint | None) -> None:
        panel = self.query_one("#settle", Panel)
        if entry is None:
            panel.show("")
            return
        settle = entry.settle[:1].upper() + entry.settle[1:]
        ways = [key_and_label("enter", "go there")]
        ways += [key_and_label("k", "keep the point, with a reason")] * (entry.rule == THIN)
        panel.show(
            lambda width: lines(wrapped(f"{settle}.", width), "", [cut(one, width) for one in ways])
        )

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what cannot be done with the prompt under the cursor."""
        thin = self.current is None or self.current.rule == THIN
        return super().idle_actions | (frozenset() if thin else frozenset(("keep_thin",)))

    def _subject(self, lint: Lint) -> Named | None:
        return (lint.kind, lint.id, lint.words) if lint.kind in (Point.KIND, *ENTRIES) else None

    @on(OptionList.OptionSelected)
    async def action_open(self) -> None:
        """Go to where it is settled."""
        lint = self.current
        if lint is None:
            return
        if lint.kind == Point.KIND:
            await self.fieldkit.go("points", point=lint.id)
        elif lint.kind == "case":
            await self.fieldkit.go("case", case_id=lint.id)
        elif lint.kind in (*ENTRIES, "inspection"):
            await self.fieldkit.go("entry", kind=lint.kind, record=lint.id)
        else:
            await self.fieldkit.go(lint.page)

    @work
    async def action_keep_thin(self) -> None:
        """Write why a point is kept although its basis is thin."""
        lint = self.current
        if lint is None or lint.rule != THIN:
            self.fieldkit.say("Only a point whose basis is thin needs a reason for being kept.")
            return
        called = lint.words.partition(" rests ")[0].lower()
        if await ask_keep_thin(self.fieldkit, lint.id, called):
            await self.load()
