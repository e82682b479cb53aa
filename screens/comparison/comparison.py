"""The comparison: three tables, agreement, differences worst first, and what is left over."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from textual import on, work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static

from fieldkit.casework.reveals import reveal_all
from fieldkit.comparison import earlier
from fieldkit.comparison.beside import beside
from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.disparities import Disparity
from screens.casework.ask_query import moderate, put_query
from screens.comparison import agreement, panes
from screens.comparison.crosstab import CrossTab
from screens.comparison.differences import NOTHING, Differences, Rationales
from screens.comparison.grid import joined, text
from screens.comparison.reading import Seen, read
from screens.evidence.make_point import point_from
from screens.kit.dialogs import Choice, Confirm, Pick
from screens.kit.drawing.chips import Grades, strip
from screens.kit.drawing.laid_out import stands
from screens.kit.drawing.panel import Bordered
from screens.kit.page import Named, Page
from screens.kit.text import texts
from storage.ops.text import many
from storage.records.judgment import OVERALL, judgment_id

PANES: tuple[tuple[str, str], ...] = (
    ("Cross-tab", "Cross-tab"),
    ("Ours alone", "Alone"),
    ("Types", "Types"),
    ("Criteria", "Criteria"),
    ("Differences", "Differences"),
    ("Agreement", "Agreement"),
    ("In parts", "Parts"),
    ("Then and now", "Then"),
    ("Unmatched and problems", "Left"),
)
"""What each table is called, and in few letters."""
CROSS_TAB, DIFFERENCES, AGREEMENT, IN_PARTS, THEN_AND_NOW = 0, 4, 5, 6, 7
WIDE = 100


class Pane(Bordered, VerticalScroll):
    """Holds a table that may be longer than the page."""


class ComparisonPage(Page):
    """Shows our grades beside the force's."""

    PAGE = "comparison"
    CSS_PATH = "comparison.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._seen: Seen | None = None
        self._pane = 0
        self._previous = ""

    def body(self) -> Iterable[Widget]:
        """Yield the names of the tables, what is not shown yet, and the tables."""
        yield from texts("names", "said")
        yield CrossTab(id="crossed")
        with Pane(id="pane"):
            yield Static("", id="table", markup=False)
        yield Differences()

    async def load(self) -> None:
        """Compare."""
        known = await self.vault.read_in_steps(read, self.inspection_id, self._previous)
        seen = await asyncio.to_thread(known.seen)
        if stands(self):
            self._seen = seen
            self._draw()

    @property
    def _found(self) -> list[Disparity]:
        """Return the differences: of the overall grades, then of the criteria."""
        if self._seen is None:
            return []
        comparison = self._seen.comparison
        return [*comparison.disparities, *comparison.criterion_disparities]

    def _draw(self) -> None:
        assert self._seen is not None
        seen, comparison = self._seen, self._seen.comparison
        full = self.app.size.width >= WIDE
        self.set_text(
            "#names",
            strip([pair[0 if full else 1] for pair in PANES], self._pane, self.app.size.width),
        )
        self.set_text("#said", seen.said)
        self.query_one("#said").display = bool(seen.said)
        crossed, pane = self.query_one(CrossTab), self.query_one(Pane)
        differing = self.query_one(Differences)
        at_list = self._pane == DIFFERENCES and bool(self._found)
        at_cross_tab = self._pane == CROSS_TAB
        crossed.display = at_cross_tab
        differing.display = at_list
        pane.display = not (at_cross_tab or at_list)
        table = comparison.self_assessed
        hidden = bool(table.not_revealed) and not any(table.force)
        if at_cross_tab:
            crossed.show(comparison, seen.scale, hidden)
            crossed.focus()
        elif at_list:
            differing.show(self._found, seen.scale, table.total, seen.queried)
            differing.listed.focus()
        else:
            pane.edges(title=PANES[self._pane][0])
            self.set_text("#table", self._table(comparison, Grades(seen.scale), hidden))
            pane.focus()
        idle = [] if seen.ready else ["reveal_all"]
        idle += [] if at_list else ["open", "point", "query", "moderate", "open_case"]
        at_earlier = self._pane == THEN_AND_NOW
        self.offer(without=idle, first=["earlier"] if at_earlier else [])

    def _table(self, made: Comparison, grades: Grades, hidden: bool) -> Content:
        """Return the table that is chosen; while grades are hidden no nought is shown as a fact."""
        width = self.columns(6)
        if self._pane == DIFFERENCES:
            early = self._seen is not None and (
                self._seen.ready or (self._seen.early and not any(made.self_assessed.force))
            )
            once = f"Differences are listed {panes.once_shown(made)}"
            return joined(text(once if early else NOTHING, width))
        if hidden and self._pane in (AGREEMENT, IN_PARTS):
            return joined(text(f"Agreement is measured {panes.once_shown(made)}", width))
        draw = {
            1: panes.ours_alone,
            2: panes.types,
            3: panes.criteria,
            AGREEMENT: agreement.agreement,
            IN_PARTS: agreement.parts,
            THEN_AND_NOW: agreement.then_and_now,
            8: panes.left_over,
        }[self._pane]
        return draw(made, grades, width)

    @on(OptionList.OptionHighlighted, "#differences")
    async def _tell_difference(self) -> None:
        """Show both sides of the difference that the cursor came to."""
        difference, seen = self._difference, self._seen
        if difference is None or seen is None:
            return
        known = await self.vault.read(beside, difference)
        types = {one.label: one for one in seen.comparison.types.rows}
        of_type = types.get(difference.types[0]) if difference.types else None
        self.query_one(Differences).tell(difference, known, seen.scale, of_type)

    def action_next_table(self, by: int) -> None:
        """Go to the next table, or to the one before."""
        self._go_to((self._pane + by) % len(PANES))

    def action_differences(self) -> None:
        """Go straight to the differences."""
        self._go_to(DIFFERENCES)

    def _go_to(self, pane: int) -> None:
        self._pane = pane
        if self._seen is not None:
            self._draw()
            self.query_one("#pane").scroll_home(animate=False)

    @work
    async def action_earlier(self) -> None:
        """Choose the inspection that stands beside this one."""
        known = await self.vault.read(earlier.others, self.inspection_id)
        if not known:
            self.fieldkit.say("No other inspection is kept here. One comes by “home, i”.")
            return
        choices = [Choice(one.id, one.force, earlier.called(one)) for one in known]
        chosen = await self.app.push_screen_wait(Pick("Which earlier inspection?", choices))
        if chosen is not None:
            self._previous = chosen
            await self.load()
            self._go_to(THEN_AND_NOW)

    @work
    async def action_reveal_all(self) -> None:
        """Reveal every matched case whose overall grade of ours is committed."""
        if self._seen is None:
            return
        if not self._seen.ready:
            self.fieldkit.say(self._seen.nothing_to_reveal)
            return
        asked = Confirm(
            f"Show the force's grades of {many(self._seen.ready, 'case')}?\n\nIt is recorded for "
            "each, with our overall grade as it stands now. From then on our overall grade of such "
            "a case changes only with a reason.",
            yes="show them",
            no="not yet",
        )
        if await self.app.push_screen_wait(asked):
            await self.tried(self.vault.write(reveal_all, self.inspection_id))
            await self.load()
            await self.fieldkit.refresh_frame()

    # --- one difference ---

    @property
    def _difference(self) -> Disparity | None:
        differing = self.query_one(Differences)
        return self._found[differing.at] if differing.display and self._found else None

    def _asked(self, key: str) -> Disparity | None:
        """Return the difference a key is pressed on; where there is none, say how to get there."""
        if self._difference is None:
            self.fieldkit.say(f"Go to a difference first (d), then press {key}.")
        return self._difference

    @property
    def subject(self) -> Named | None:
        """Return the case of the difference the cursor is on."""
        difference = self._difference
        return ("case", difference.case_id, difference.reference) if difference else None

    @on(OptionList.OptionSelected, "#differences")
    @work
    async def action_open(self) -> None:
        """See both rationales side by side; elsewhere go to the differences."""
        if self._difference is None:
            self.action_differences()
            return
        differing = self.query_one(Differences)
        shown = Rationales(self._found, differing.at)
        wanted = await self.app.push_screen_wait(shown)
        differing.go_to(shown.at)
        if wanted:
            await self.run_action(f"screen.{wanted}")

    @work
    async def action_point(self) -> None:
        """Make a point that rests on our judgment of the difference."""
        if (difference := self._asked("p")) is None:
            return
        key = difference.criterion or OVERALL
        label = f"{difference.reference}, {difference.criterion or 'overall'}"
        await point_from(
            self.fieldkit, "judgment", judgment_id(difference.case_id, key), label, key
        )

    @work
    async def action_query(self) -> None:
        """Put a question to the auditor of our judgment."""
        if (difference := self._asked("q")) is None:
            return
        called = f"{difference.reference}, {difference.criterion or 'overall'}"
        await put_query(self.fieldkit, difference.case_id, difference.criterion or OVERALL, called)
        await self.load()

    @work
    async def action_moderate(self) -> None:
        """Record that we changed our grade after discussion, with the reason."""
        difference = self._difference
        if difference is None or self._seen is None or difference.criterion:
            self.fieldkit.say("Go to a difference of an overall grade first (d), then press g.")
            return
        choices = [Choice(word, word) for word in self._seen.scale.labels]
        title = f"{difference.reference}: our grade after discussion"
        grade = await self.app.push_screen_wait(Pick(title, choices, difference.ours))
        if grade is None or grade == difference.ours:
            return
        await moderate(self.fieldkit, difference.case_id, difference.reference, grade)
        await self.load()

    async def action_open_case(self) -> None:
        """Open the case of the difference."""
        if (difference := self._asked("o")) is None:
            return
        order = list(dict.fromkeys(each.case_id for each in self._found))
        await self.fieldkit.go("case", case_id=difference.case_id, order=order)
