"""The register of recommendations: what was asked of a force, by when, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlmodel import Session
from textual import on, work
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList

from fieldkit.followup.register import ORDERS, RegisterLine, Wanted
from fieldkit.followup.show import Shown, show_recommendation, shown_rows
from screens.evidence.mark_outcome import MarksOutcomes
from screens.followup import asking, ties, write_out
from screens.followup import register_panels as panels
from screens.followup.register_rows import (
    counts,
    group,
    half_year,
    register_row,
    strip,
)
from screens.followup.register_seen import VIEWS, Register, is_in, read_register
from screens.kit.dialogs import Choice, Pick, Tell
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.panel_list import PanelList
from screens.kit.drawing.rows import lines, muted
from screens.kit.list_page import PanelListPage
from screens.kit.page import Named
from screens.kit.text import indented, plain
from storage.records import Recommendation

ORDER_WORDS = {
    "due": "by the day it is due",
    "number": "by number",
    "criterion": "by criterion",
    "status": "by status",
}


class RecommendationsPage(PanelListPage[RegisterLine], MarksOutcomes):
    """Shows the register, and what belongs to the recommendation under the cursor.

    Args:
        recommendation: the one to stand on.
        point: a point that one is to be made from at once.
    """

    PAGE = "recommendations"
    CSS_PATH = "register.tcss"
    EMPTY = "No recommendation yet."
    EMPTY_KEYS = (
        ("a", "make one from points"),
        ("d", "the dates, and the publication they hang on"),
    )
    EMPTY_FACT = "A recommendation rests on points, and says how the force's context was weighed."

    def __init__(self, recommendation: str = "", point: str = "") -> None:
        super().__init__()
        self._stand_on = recommendation
        self._from_point = point
        self._seen: Register | None = None
        self._shown: Shown | None = None
        self._wanted = Wanted()
        self._view = VIEWS[0]
        self._everywhere = False

    def body(self) -> Iterable[Widget]:
        """Yield the register over the half year, and beside or below it the panels."""
        with Container(id="columns"):
            with Vertical(id="left"):
                yield PanelList(id=self.PAGE, markup=False)
                yield Panel("The half year after publication", id="time")
            with Vertical(id="side"):
                yield from self.side()

    def side(self) -> Iterable[Panel]:
        """Yield the panels of the recommendation under the cursor."""
        yield Panel(id="about")
        yield Panel("What was said of it", id="said")
        yield Panel("Evidence of progress", id="progress")

    async def load(self) -> None:
        """Read the register, and make a recommendation of a point where that was asked for."""
        seen = self._seen = await self.vault.read(
            read_register, self.inspection_id, self._wanted, everywhere=self._everywhere
        )
        self._shown = None
        self.show([one for one in seen.lines if is_in(one, self._view)])
        if self._from_point:
            point, self._from_point = self._from_point, ""
            self._make(point)

    # --- drawing ---

    def _figure(self) -> Content:
        return counts(self._lines)

    def _row(self, entry: RegisterLine, width: int, *, chosen: bool) -> Content:
        assert self._seen is not None
        force = entry.force if self._everywhere else ""
        return register_row(
            entry, self._seen.present, width, force=force, chosen=chosen, wide=self.wide
        )

    def _above(self, entry: RegisterLine, before: RegisterLine | None) -> Content | None:
        """Return the dates over the first one, and what heads each group."""
        seen, order, width = self._seen, self._wanted.order, self.listed.room
        assert seen is not None
        named = group(entry, order)
        head = [muted(f" {named}")] if before is None or group(before, order) != named else []
        if before is None and not self._everywhere:
            dates = strip(seen.due, seen.inspection.published, seen.present, width)
            return lines(dates, *head)
        return lines(head) if head else None

    def _draw(self) -> None:
        """Draw the list, what it is narrowed down to, and the panels."""
        super()._draw()
        seen = self._seen
        if seen is None:
            return
        area = (
            seen.methodology.criterion(self._wanted.criterion) if self._wanted.criterion else None
        )
        parts = [
            "all forces" if self._everywhere else "",
            f"{self._view}: {len(self._lines)} of {len(seen.lines)}"
            if self._view != VIEWS[0]
            else "",
            area.label if area is not None else "",
            ORDER_WORDS[self._wanted.order],
        ]
        self.listed.edges(legend=muted(" · ".join(filter(None, parts))))
        self.query_one("#time", Panel).show(
            lambda width: half_year(seen.due, seen.inspection.published, seen.present, width)
        )

    async def look(self, entry: RegisterLine | None) -> None:
        """Read all that belongs to a recommendation; that it was opened is put on record."""
        self._shown = await self.vault.read(show_recommendation, entry.id) if entry else None

    def _draw_side(self, entry: RegisterLine | None) -> None:
        about, said, progress = (
            self.query_one(f"#{name}", Panel) for name in ("about", "said", "progress")
        )
        seen = self._seen
        if entry is None or seen is None:
            about.show("", title="", figure="")
            said.show("", figure="")
            progress.show("", figure="")
            return
        shown = self._shown if self._shown is not None and self._shown.line.id == entry.id else None
        again = seen.looks.get(entry.id, ())
        if self.wide:
            about.show(
                lambda width: panels.facts(entry, shown, again, seen.present, width),
                title=panels.title(entry),
                figure=panels.late_words(entry),
            )
        else:
            about.show(
                lambda width: panels.short(entry, shown, again, width),
                title=f"{entry.called}  behind it: {panels.behind(entry, shown)}",
                figure=panels.late_words(entry),
            )
        if shown is not None:
            said.show(
                lambda width: panels.said_rows(shown, width), figure=f"{len(panels.said(shown))}"
            )
            progress.show(
                lambda width: panels.tied(shown, width), figure=panels.progress_figure(shown)
            )

    def _subject(self, one: RegisterLine) -> Named:
        return Recommendation.KIND, one.id, panels.title(one).lower()

    def _record(self, one: RegisterLine) -> Named:
        return Recommendation.KIND, one.id, panels.title(one)

    # --- looking ---

    @on(OptionList.OptionSelected)
    async def action_open(self) -> None:
        """Show a recommendation with all that belongs to it."""
        entry = self.current
        if entry is None:
            return
        shown = await self.tried(self.vault.read(show_recommendation, entry.id))
        if shown is not None:
            width = self.app.size.width * 9 // 10 - 6
            parts: list[Content] = []
            for label, text in shown_rows(shown, ids=False):
                if text.strip() and label != "recommendation":
                    parts.append(plain(label[:1].upper() + label[1:], "bold"))
                    parts += indented(text.split("\n"), width, by=2)
            title = f"{panels.title(entry)} · {entry.force}"
            await self.app.push_screen(Tell(title, Content("\n").join(parts)))

    async def action_view(self) -> None:
        """Go on to the next view: all, open, late, complete, ended, drafts."""
        self._view = VIEWS[(VIEWS.index(self._view) + 1) % len(VIEWS)]
        if self._seen is not None:
            self.show([one for one in self._seen.lines if is_in(one, self._view)], from_top=True)

    async def action_sort(self) -> None:
        """Sort by the next of day, number, criterion and status."""
        order = ORDERS[(ORDERS.index(self._wanted.order) + 1) % len(ORDERS)]
        self._wanted = replace(self._wanted, order=order)
        await self.load()

    async def action_everywhere(self) -> None:
        """Show the recommendations of all forces, or of this one again."""
        self._everywhere = not self._everywhere
        await self.load()

    @work
    async def action_criterion(self) -> None:
        """Choose the criterion that the register is narrowed down to."""
        if self._seen is None:
            return
        areas = [Choice(one.key, one.label) for one in self._seen.methodology.areas]
        choices = [Choice("", "every criterion"), *areas]
        asked = Pick("Which criterion?", choices, self._wanted.criterion)
        chosen = await self.app.push_screen_wait(asked)
        if chosen is not None:
            self._wanted = replace(self._wanted, criterion=chosen)
            await self.load()

    async def action_context(self) -> None:
        """Go to how the force's context was weighed."""
        entry = self.current
        await self.fieldkit.go("context", recommendation=entry.id if entry is not None else "")

    # --- making and changing ---

    @work
    async def action_add(self) -> None:
        """Choose points, and make a recommendation of them."""
        points = await asking.choose_points(self.fieldkit)
        if points is not None:
            self._stand_on = await asking.make(self.fieldkit, points)
            await self.load()

    @work
    async def _make(self, point: str) -> None:
        self._stand_on = await asking.make(self.fieldkit, [point])
        await self.load()

    @work
    async def action_edit(self) -> None:
        """Change the wording, the deadline, the owner and what else it says."""
        if (entry := self.current) is not None:
            await asking.edit(self.fieldkit, entry)
            await self.load()

    @work
    async def action_status(self) -> None:
        """Record how far it has come, since when, and why."""
        if (entry := self.current) is not None and self._seen is not None:
            others = [one for one in self._seen.lines if one.force == entry.force]
            await asking.status(self.fieldkit, entry, others)
            await self.load()

    @work
    async def action_comment(self) -> None:
        """Write what the force, or one of us, said of it."""
        if (entry := self.current) is not None:
            await asking.comment_on(self.fieldkit, entry)
            await self.load()

    @work
    async def action_number(self) -> None:
        """Give a number: to what was made since publication, or another one to this."""
        if (entry := self.current) is not None:
            await asking.number(self.fieldkit, entry)
            await self.load()

    @work
    async def action_evidence(self) -> None:
        """Choose evidence of progress, and say what it shows."""
        if (entry := self.current) is not None:
            await ties.evidence_of_progress(self.fieldkit, entry)
            await self.load()

    @work
    async def action_practice(self) -> None:
        """Choose notable practice that shows how it is done."""
        if (entry := self.current) is not None:
            await ties.practice(self.fieldkit, entry)
            await self.load()

    @work
    async def action_rest(self) -> None:
        """Rest it on a further point."""
        if (entry := self.current) is not None:
            await ties.further_point(self.fieldkit, entry)
            await self.load()

    @work
    async def action_take_away(self) -> None:
        """Take away a point, evidence, practice or context of it, or the draft itself."""
        if (entry := self.current) is not None:
            await ties.take_away(self.fieldkit, entry)
            await self.load()

    @work
    async def action_write(self) -> None:
        """Write the register to a file."""
        if not self._lines:
            self.fieldkit.say("No recommendation is listed, so there is nothing to write.")
            return
        inspection, wanted, view = self.inspection_id, self._wanted, self._view
        everywhere = self._everywhere

        def read(s: Session) -> list[RegisterLine]:
            found = read_register(s, inspection, wanted, everywhere=everywhere).lines
            return [one for one in found if is_in(one, view)]

        await write_out.register_file(self.fieldkit, read)
