"""Points: what is concluded, how strong its basis is, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from textual import on, work
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from fieldkit.evidence import points
from fieldkit.evidence.gaps.lints import Lint
from fieldkit.evidence.points import PointLine
from fieldkit.evidence.trace import trace_point
from fieldkit.feedback.debriefs.debrief import include_point, open_debrief
from fieldkit.wording.format import line
from screens.evidence.make_point import ask_keep_thin, ask_point
from screens.evidence.mark_outcome import MarksOutcomes
from screens.evidence.point_rows import (
    counts,
    look_again,
    point_height,
    point_row,
    rests_figure,
    strength_word,
    tree,
    where_it_goes,
    words_of,
    would_be_strong,
)
from screens.evidence.point_seen import EvidenceTree, PointSeen, read_point, read_points
from screens.evidence.trace import RELATIONS, PickEvidence, link_choice, trace_content
from screens.kit.ask import ask, ask_and_commit, commit
from screens.kit.dialogs import Pick, Tell
from screens.kit.drawing.keys import key_and_label
from screens.kit.drawing.laid_out import once_laid_out
from screens.kit.drawing.notices import empty
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.panel_list import Late, PanelList
from screens.kit.drawing.rows import muted
from screens.kit.list_page import ListPage
from screens.kit.page import Named
from storage.trust.current import people

EMPTY = "No point yet."
EMPTY_KEYS = (
    ("a", "add a point"),
    ("p", "on a note or on a judgment: a point that rests on it"),
)
EMPTY_FACT = "A point says what was found, in one or two sentences, and rests on evidence."
WIDE = 100
"""Columns from which the page shows two columns of panels."""


class PointsPage(ListPage[PointLine], MarksOutcomes):
    """Shows the points of the inspection, and what the one under the cursor rests on.

    Args:
        point: the one to stand on.
    """

    PAGE = "points"
    CSS_PATH = "points.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-roomy")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-short"), (30, "-tall")]

    def __init__(self, point: str | None = None) -> None:
        super().__init__()
        self._stand_on = point or ""
        self._again: list[Lint] = []
        self._again_of: dict[str, list[str]] = {}
        self._criteria: dict[str, str] = {}
        self._seen: PointSeen | None = None
        self._chosen = 0
        self._drawn_for: list[int] = []

    def body(self) -> Iterable[Widget]:
        """Yield the points, and beside or below them what belongs to the one under the cursor."""
        with Container(id="columns"):
            with Container(id="left"):
                yield PanelList(id="points", markup=False)
                yield Panel("Look again", id="again")
            with Container(id="right"):
                yield EvidenceTree(id="evidence", markup=False)
                yield Panel("What would make it strong", id="strong")
                yield Panel("Where it goes", id="where")

    def on_mount(self) -> None:
        """Draw the borders at once; they are filled when the vault has answered."""
        self.query_one("#points", PanelList).edges(title="Points")
        self.query_one(EvidenceTree).edges(title="What it rests on")

    async def load(self) -> None:
        """Read the points, what of each is worth a second look, and the one under the cursor."""
        lines, self._again, self._criteria = await self.vault.read(read_points, self.inspection_id)
        self._again_of = words_of(self._again)
        self.show(lines)
        await self._follow()

    # --- drawing ---

    @property
    def _wide(self) -> bool:
        return self.app.size.width >= WIDE

    def _draw(self) -> None:
        """Draw the list, and what is shown of the point under the cursor."""
        self._drawn_for = self._columns_now()
        listed = self.query_one("#points", PanelList)
        stand_on = self._stand_on or getattr(self.current, "id", "")
        ids = [one.id for one in self._lines]
        at = ids.index(stand_on) if stand_on in ids else min(listed.highlighted or 0, len(ids) - 1)
        rows = [Option(self._late(one)) for one in self._lines]
        if ids:
            rows[at] = Option(self._row(self._lines[at], True))
        with self.prevent(OptionList.OptionHighlighted):
            listed.set_options([each for row in rows for each in (row, *[None] * self._wide)])
            if not ids:
                block = empty(EMPTY, EMPTY_KEYS, EMPTY_FACT, listed.room)
                listed.set_options([Option(block, disabled=True)])
            listed.highlighted = at if ids else None
        self._chosen = at
        listed.edges(figure=counts(self._lines) if ids else "")
        again = self.query_one("#again", Panel)
        again.show(
            lambda width: look_again(self._again, width, again.room[1]),
            figure=f"{len(self._again)}",
        )
        self._draw_seen()

    @on(PanelList.Resized)
    def _resized(self) -> None:
        """Draw to the columns that there are now; both lists tell of theirs, often at once."""
        if self._lines and self._columns_now() != self._drawn_for:
            self._draw()

    def _columns_now(self) -> list[int]:
        return [self._wide, *(one.room for one in self.query(PanelList))]

    def _late(self, point: PointLine) -> Late:
        width = self.query_one("#points", PanelList).room
        criterion = self._criteria.get(point.criterion, "")
        height = point_height(point, criterion, width, wide=self._wide)
        return Late(partial(self._row, point, False), height)

    def _row(self, point: PointLine, chosen: bool) -> Content:
        again = self._again_of.get(point.id, ())
        width = self.query_one("#points", PanelList).room
        criterion = self._criteria.get(point.criterion, "")
        return point_row(point, criterion, again, width, chosen=chosen, wide=self._wide)

    def _draw_seen(self) -> None:
        """Draw what belongs to the point under the cursor."""
        seen, evidence = self._seen, self.query_one(EvidenceTree)
        strong_panel, where = self.query_one("#strong", Panel), self.query_one("#where", Panel)
        if seen is None:
            evidence.set_options([])
            evidence.edges(title="What it rests on", figure="", legend="")
            strong_panel.show("", figure="")
            where.show("")
            return
        trace = seen.trace
        rows = tree(seen, evidence.room, wide=self._wide)
        if not rows:
            words = Content.assemble(muted("Nothing yet.  "), key_and_label("s", "add support"))
            rows = [Option(words, disabled=True)]
        evidence.set_options(rows)
        evidence.edges(title=f"Point {trace.number} rests on", figure=rests_figure(trace))
        once_laid_out(evidence, evidence.count_below)
        strong_panel.show(
            lambda width: would_be_strong(trace, width),
            figure=strength_word(trace.meter.strength),
        )
        where.show(lambda width: where_it_goes(seen, width))

    @on(OptionList.OptionHighlighted, "#points")
    def _moved(self) -> None:
        """Show all words of the row under the cursor, and what it rests on."""
        listed, at = self.query_one("#points", PanelList), self._chosen
        now_at = listed.highlighted
        if now_at is None or now_at == at or now_at >= len(self._lines):
            return
        self._chosen = now_at
        for number in (at, now_at):
            if number < len(self._lines):
                row = self._row(self._lines[number], number == now_at)
                listed.replace_option_prompt_at_index(number, row)
        listed.scroll_to_highlight()
        self._read_seen()

    @work(exclusive=True, group="seen")
    async def _read_seen(self) -> None:
        await self._follow()

    async def _follow(self) -> None:
        """Read what the point under the cursor rests on; of a burst of moves only the last."""
        point = self.current
        self._seen = await self.tried(self.vault.read(read_point, point.id)) if point else None
        if point == self.current:
            self._draw_seen()

    def _subject(self, point: PointLine) -> Named:
        return "point", point.id, f"point {point.number}"

    def _record(self, point: PointLine) -> Named:
        return "point", point.id, f"Point {point.number}"

    @work
    async def action_add(self) -> None:
        """Ask for a new point."""
        point = await ask_point(self.fieldkit, "A new point", f"new-point/{self.inspection_id}")
        if point is not None:
            self._stand_on = point.id
            await self.load()

    @work
    async def action_edit(self) -> None:
        """Change wording, sort or criterion."""
        point = self.current
        if point is not None:
            called, place = f"Point {point.number}", f"point/{point.id}"
            await ask_point(self.fieldkit, called, place, change=point)
            await self.load()

    @work
    async def action_support(self) -> None:
        """Choose evidence and say how it bears on the point."""
        point = self.current
        if point is None:
            return
        choice = await self.app.push_screen_wait(PickEvidence(point.number, self.inspection_id))
        if choice is None:
            return
        title = f"{line(choice.label, 40)}: how does it bear on point {point.number}?"
        relation = await self.app.push_screen_wait(Pick(title, RELATIONS, "supports"))
        if relation is None:
            return
        place, why = f"support/{point.id}/{choice.id}", ""
        if relation == "contradicts":
            hint = "How was it weighed? Leave it empty to answer later; it then counts as open."
            title = "It contradicts the point"
            asked = await ask(self.fieldkit, title, place, "why", needed=False, hint=hint)
            if asked is None:
                return
            why = asked
        await commit(
            self.fieldkit,
            place,
            ["why"],
            lambda s: points.support(s, point.id, choice.kind, choice.id, relation, why),
        )
        await self.load()

    @on(OptionList.OptionSelected, "#evidence")
    async def _open_source(self, event: OptionList.OptionSelected) -> None:
        """Open the case, the interview or whatever the chosen evidence comes from."""
        links = self._seen.trace.links if self._seen is not None else ()
        link = next((one for one in links if one.support.id == event.option_id), None)
        if link is None or link.evidence is None:
            self.fieldkit.say("Deleted since. Press enter on the point to read what it said.")
            return
        kind, record = link.evidence.root
        if kind == "assessment":
            await self.fieldkit.go("assessments")
        elif kind == "case":
            criterion = link.evidence.criteria[0] if link.evidence.kind == "judgment" else ""
            await self.fieldkit.go("case", case_id=record, key=criterion)
        else:
            await self.fieldkit.go("entry", kind=kind, record=record)

    async def action_raise_today(self) -> None:
        """Put the point on the list of today's debrief."""
        point, inspection = self.current, self.inspection_id
        if point is None:
            return
        done = await self.tried(
            self.vault.write(
                lambda s: include_point(s, open_debrief(s, inspection, "daily").id, point.id)
            )
        )
        if done is not None:
            self.fieldkit.say(f"Point {point.number} is on the list of today's debrief.")
            await self.load()

    @on(OptionList.OptionSelected, "#points")
    async def action_trace(self) -> None:
        """Show what the point rests on."""
        point = self.current
        if point is None:
            return
        trace = await self.tried(self.vault.read(trace_point, point.id))
        if trace is not None:
            names = await self.vault.read(lambda s: people(s.connection()))
            text = trace_content(trace, names, self.app.size.width * 9 // 10 - 6)
            await self.app.push_screen(Tell(f"Point {point.number}", text))

    @work
    async def action_unsupport(self) -> None:
        """Choose a piece of evidence and take it away from the point."""
        point = self.current
        trace = await self.tried(self.vault.read(trace_point, point.id)) if point else None
        if point is None or trace is None:
            return
        if not trace.links:
            self.fieldkit.say("The point rests on nothing yet; press s to choose its evidence.")
            return
        choices = [link_choice(each) for each in trace.links]
        title = f"Take away from point {point.number}; both stay as they are"
        chosen = await self.app.push_screen_wait(Pick(title, choices))
        if chosen is not None:
            await commit(self.fieldkit, "", [], lambda s: points.unsupport(s, chosen))
            await self.load()

    @work
    async def action_keep_thin(self) -> None:
        """Write why the point is kept although its basis is thin."""
        point = self.current
        if point is None:
            return
        if point.strength != "thin":
            self.fieldkit.say("Only a point whose basis is thin needs a reason for being kept.")
        elif await ask_keep_thin(self.fieldkit, point.id, f"point {point.number}"):
            await self.load()

    async def action_recommend(self) -> None:
        """Make a recommendation that rests on the point."""
        if (point := self.current) is not None:
            await self.fieldkit.go("recommendations", point=point.id)

    @work
    async def action_withdraw(self) -> None:
        """Withdraw the point with a reason."""
        if (point := self.current) is None:
            return
        await ask_and_commit(
            self.fieldkit,
            f"Why is point {point.number} withdrawn?",
            f"withdraw/{point.id}",
            "reason",
            lambda s, reason: points.withdraw_point(s, point.id, reason),
        )
        await self.load()
