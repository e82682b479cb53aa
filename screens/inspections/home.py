"""Home: the day's dashboard: what is next, how far the work is, what runs late, what waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import work
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widget import Widget

from fieldkit.inspections import home
from fieldkit.inspections.home import Overview
from fieldkit.methodology.follow_up import activity
from screens.kit.commands import registry
from screens.kit.drawing.keys import key_and_label
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import fit, lines
from screens.kit.frame.ahead import Ahead
from screens.kit.keyboard import BACKGROUND
from screens.kit.page import Page

if TYPE_CHECKING:
    from fieldkit.feedback.today import Today
    from fieldkit.followup.dates.milestones import Late
    from screens.inspections.home_later import Later

WIDE = 100
"""Columns from which three columns of panels stand beside each other."""


class HomePage(Page):
    """Shows the inspection at a glance; each panel's key opens its page.

    Args:
        ahead: what it shows first, where that is being read already.
    """

    PAGE = "home"
    CSS_PATH = "home.tcss"

    def __init__(self, ahead: Ahead[Overview] | None = None) -> None:
        super().__init__()
        self._ahead = ahead
        self._seen: Overview | None = None
        self._today: Today | None = None
        self._late: tuple[Late, ...] = ()
        self._later: Later | None = None

    @property
    def place(self) -> str:
        """Return “Today”, which is what the page shows."""
        return "Today"

    def body(self) -> Iterable[Widget]:
        """Yield the panels, empty; what they show is read when the page comes to the front."""
        yield Panel("Next", id="next", classes="-chosen")
        with Container(id="columns"):
            with Vertical(id="work"):
                yield Panel("Cases", key="c", id="cases")
                yield Panel("By inspector", id="inspectors")
                yield Panel("Audits finished", id="finished")
            with Container(id="beside"):
                with Vertical(id="day"):
                    yield Panel("Today", key="n", id="today")
                    yield Panel("Promised", key="d", id="promised")
                    yield Panel("For the debrief", key="p", id="news")
                    yield Panel("Not looked at yet", key="g", id="gaps")
                with Vertical(id="attention"):
                    yield Panel("Referrals", key="r", id="referrals")
                    yield Panel("Waiting for you", id="waiting")
                    yield Panel("Laptop", key="v", id="laptop")
                    yield Panel("More", key="f5", id="more")

    async def load(self) -> None:
        """Read the figures; what takes longer is read once they stand on the screen."""
        counted = self._seen.look_again if self._seen is not None else 0
        ahead, self._ahead = self._ahead, None
        seen = await (
            self.vault.read(home.home, self.inspection_id, full=False)
            if ahead is None
            else ahead.result()
        )
        self._seen = replace(seen, look_again=counted)
        self._draw()
        self._go_on(first=not self._loaded)

    @work(exclusive=True, group=BACKGROUND)
    async def _go_on(self, *, first: bool) -> None:
        # A worker, as Textual draws nothing of a page before what loads it has ended.
        await self._show_or_say(self._read_rest())
        if first and self.is_current and self.fieldkit.unlocked:
            self.vault.spare_memory()

    async def _read_rest(self) -> None:
        """Read the day, what is worth a look and what a wide page shows, while home is in front."""
        wide = [self._read_wide] if self.app.size.width >= WIDE else []
        for read in (self._read_day, self._read_look_again, *wide):
            if self.is_current:
                await read()
                self._draw()

    async def _read_day(self) -> None:
        # Imported late, as the others: nothing of it is needed before home stands.
        from fieldkit.feedback.today import today_on_site
        from fieldkit.followup.dates.milestones import late

        self._today = await self.vault.read(today_on_site, self.inspection_id)
        self._late = tuple(await self.vault.read(late, self.inspection_id))

    async def _read_look_again(self) -> None:
        from fieldkit.evidence.gaps.lints import lints

        counted = len(await self.vault.read(lints, self.inspection_id))
        if self._seen is not None:
            self._seen = replace(self._seen, look_again=counted)

    async def _read_wide(self) -> None:
        from screens.inspections.home_later import read_later

        if self._seen is not None:
            self._later = await self.vault.read(read_later, self.inspection_id, self._seen.open)

    def _draw(self) -> None:
        """Fill the panels with what was read."""
        from screens.inspections import home_panels as panels

        seen, wide = self._seen, self.app.size.width >= WIDE
        if seen is None:
            return
        self._show("next", lambda width: panels.next_step(seen, width))
        cases = f"{seen.done:,} of {seen.cases:,} done"
        self._show("cases", lambda width: panels.cases(seen, width, inspectors=not wide), cases)
        self._show("inspectors", lambda width: panels.inspectors(seen, width), "done of allocated")
        running = len(seen.referrals)
        self._show(
            "referrals",
            lambda width: panels.referrals(seen, width),
            f"{running} running" if running else "",
        )
        waiting = [*panels.late_after_publication(self._late), *panels.waiting(seen)]
        here = self.query_one("#waiting", Panel)
        self._show(
            "waiting",
            lambda width: panels.rows_of(
                waiting, width, panels.NOTHING_WAITS, here.lines_at_most()
            ),
        )
        self._show(
            "laptop",
            lambda width: panels.laptop(seen, width, wide),
            f"{seen.drafts} unsaved" if seen.drafts and not wide else "",
        )
        self.offer(first=["go('follow_up')"] if activity(seen.phase) else [])
        self._show("more", partial(_more, seen.phase))
        if self._today is not None:
            self._draw_day(self._today)
        if self._later is not None:
            self._draw_later(self._later, seen)

    def _draw_later(self, later: Later, seen: Overview) -> None:
        """Draw what only a wide terminal has room for."""
        from screens.inspections import home_later as panels

        chart = self.query_one("#finished", Panel)
        self._show(
            "finished",
            lambda width: panels.chart(later.finished, width, chart.room[1]),
            panels.left_to_do(later.finished, seen.open),
        )
        number = later.coverage.gaps
        self._show(
            "gaps",
            lambda width: panels.gaps(later.coverage, width),
            f"{number} gap{'s' * (number != 1)}" if number else "",
        )

    def _draw_day(self, day: Today) -> None:
        from screens.inspections import home_panels as panels

        facts = self.fieldkit.facts
        on = f"day {facts.day} of {facts.days}" if facts.day else ""
        self._show("today", lambda width: panels.today(day, width), on)
        late = panels.late(day.promises)
        figure = f"{late} late" if late else ""
        self._show("promised", lambda width: panels.promised(day, width), figure)
        self._show("news", lambda width: panels.news(day, width))

    def _show(self, name: str, drawing: Callable[[int], Content], figure: str = "") -> None:
        self.query_one(f"#{name}", Panel).show(drawing, figure=figure)


def _more(phase: str, width: int) -> Content:
    """Return the pages that have no panel of their own, with their keys.

    What comes after an inspection has its own page, which stands first there.
    """
    known = {one.action: one for one in registry()["home"].commands}
    names = (
        *(("follow_up",) if activity(phase) else ()),
        *("comparison", "self_assessment", "assessments", "export", "exchange"),
        *("handover", "leaving", "recommendations"),
    )
    wide = max(width // 2, 1)
    shown = [known[f"go('{name}')"] for name in names if f"go('{name}')" in known]
    cells = [fit(key_and_label(one.key_word, one.label), wide) for one in shown]
    rows = [Content("").join(cells[at : at + 2]) for at in range(0, len(cells), 2)]
    return lines(rows)
