"""The list of cases: what is judged, by whom, and what is open."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlmodel import Session
from textual import on, work
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from fieldkit import methodology
from fieldkit.casework.case_lines import CaseLine, case_lines
from fieldkit.casework.overview.case_order import VIEWS, Order, initials, text_of
from fieldkit.casework.overview.preview import CasePreview, case_preview
from fieldkit.methodology import Methodology
from screens.casework.table import case_short
from screens.casework.table.case_changes import CaseChanges
from screens.casework.table.case_columns import CaseColumns, legend
from screens.kit.drawing.bars import bar
from screens.kit.drawing.chips import Grades, chosen, tabs
from screens.kit.drawing.keys import key
from screens.kit.drawing.notices import empty
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.row_list import BorderedBox, RowList
from screens.kit.drawing.rows import cut
from screens.kit.keyboard import BACKGROUND
from screens.kit.page import Named
from storage.ops.text import many
from storage.records.inspection import inspection
from storage.trust.identity import Person

BAR = 10
"""Columns of the bar of progress in the panel's edge."""
Read = tuple[list[CaseLine], dict[str, str], dict[str, str], dict[str, int]]
"""The cases, the words of each by its id, what stands for each name, and how many a view holds."""


def _read(s: Session, inspection_id: str, me: frozenset[str]) -> Read:
    """Read the cases and all that is worked out of every one, away from the thread that draws."""
    cases = case_lines(s, inspection_id)
    texts = {one.id: text_of(one) for one in cases}
    counts = {title: sum(fits(one, me) for one in cases) for _, title, fits in VIEWS}
    return cases, texts, initials(one.auditor for one in cases), counts


class Views(Static):
    """Shows the views of the list on one line, drawn to its own width."""

    _draw: Callable[[int], Content] | None = None

    def show(self, draw: Callable[[int], Content]) -> None:
        """Show what is drawn in so many columns, now and on each change of size."""
        self._draw = draw
        self.on_resize()

    def on_resize(self) -> None:
        """Draw to the width that there is now."""
        if self._draw is not None and self.content_size.width:
            self.update(self._draw(self.content_size.width))


class CasesPage(CaseChanges):
    """Shows the cases of the inspection."""

    PAGE = "cases"
    CSS_PATH = "cases.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._view = 0
        self._order = Order()
        self._words: Methodology | None = None
        self._person: Person | None = None
        self._texts: dict[str, str] = {}
        self._short: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._columns: CaseColumns | None = None
        self._done = (0, 0)
        self._preview: tuple[str, CasePreview] | None = None

    def body(self) -> Iterable[Widget]:
        """Yield the list in its panel, and the case under the cursor in short."""
        with Horizontal():
            with BorderedBox(id="panel") as box:
                box.panel_title = "Cases"
                box.panel_legend = legend()
                yield Views("", id="views", markup=False)
                yield Input(placeholder="words to filter by", id="filter", compact=True)
                yield RowList(id="cases")
                yield Static("", id="empty", markup=False)
            yield Panel(id="preview")

    # --- reading and drawing ---

    async def load(self) -> None:
        """Read the list."""
        if self._words is None:
            inspected = await self.vault.read(inspection, self.inspection_id)
            assert inspected is not None
            self._words = methodology.load(inspected.judged_by)
        self._person = self.vault.person
        read = await self.vault.read(_read, self.inspection_id, self._me())
        self.cases, self._texts, self._short, self._counts = read
        self._columns = None
        live = [one.done for one in self.cases if not one.withdrawn]
        self._done = sum(live), len(live)
        self.marked &= {one.id for one in self.cases}
        self._preview = None
        self._list()

    @property
    def _grades(self) -> Grades:
        assert self._words is not None
        return Grades(self._words.scale_for("case"))

    @property
    def _typed(self) -> str:
        return self.query_one("#filter", Input).value

    def _me(self) -> frozenset[str]:
        me = self._person
        return frozenset(one.casefold() for one in (me.id, me.name)) if me else frozenset()

    def _fitting(self, cases: Iterable[CaseLine]) -> list[CaseLine]:
        """Return those that are in the view and hold the words typed; asked at each letter."""
        me = self._me()
        listed = [case for case in cases if VIEWS[self._view][2](case, me)]
        for word in self._typed.casefold().split():
            listed = [case for case in listed if word in self._texts[case.id]]
        return listed

    def _list(self, *, from_top: bool = False) -> None:
        """List what fits, the cursor where it was; ``from_top`` begins with the first row.

        A key that comes before the list was read changes what will be listed.
        """
        if self._words is None:
            return
        stand_on = self.stand_on or getattr(self.current, "id", "")
        before = self.listed.highlighted or 0
        self.stand_on = ""
        scale = self._words.scale_for("case").labels
        self.lines = self._order.sort(self._fitting(self.cases), scale)
        at = next((n for n, one in enumerate(self.lines) if one.id == stand_on), None)
        self._show_rows(0 if from_top else before if at is None else at)
        if self.typing_in is None:
            self.listed.focus()

    def _draw(self) -> None:
        self._show_rows(self.listed.highlighted or 0)

    def _show_rows(self, at: int) -> None:
        self.query_one("#empty").display = not self.lines
        self.listed.display = bool(self.lines)
        self.listed.show_rows(len(self.lines), self._row, at, head=self._head)
        self._draw_edges()
        if not self.lines:
            self._draw_empty()
            self._show_preview()
        self.fieldkit.draw_keys()

    def _at(self, width: int) -> CaseColumns:
        """Return the columns for so many; made anew where the width or the list is another."""
        if self._columns is None or self._columns.width != width:
            me = self._person.name if self._person else ""
            self._columns = CaseColumns(width, self._grades, self.cases, self._short, me)
        return self._columns

    def _row(self, number: int, width: int) -> Content:
        case = self.lines[number]
        return self._at(width).draw(
            case, marked=case.id in self.marked, at_cursor=number == self.listed.highlighted
        )

    def _head(self, width: int) -> Content:
        assert self._words is not None
        areas = self._words.criteria_on("case")
        numbers = "".join(str(self._words.number_of(one.key) % 10) for one in areas)
        return self._at(width).head(self._order, numbers)

    def _draw_edges(self) -> None:
        done, live = self._done
        figure = Content.assemble((f"{done:,}", "bold"), f" of {live:,} done ")
        figure += bar(done, live, BAR)
        self.query_one("#panel", BorderedBox).edges(figure=figure if live else "")
        self.query_one(Views).show(self._draw_views)

    def _draw_views(self, width: int) -> Content:
        names: list[tuple[str, int | None]] = [*self._counts.items()]
        parts: list[Content] = []
        if self.marked:
            parts.append(chosen(f"{len(self.marked):,} marked"))
        if self._typed:
            parts.append(chosen(f"“{self._typed}” {len(self.lines):,}"))
        beside = Content(" ").join(parts)
        room = width - 4 - (beside.cell_length + 1 if parts else 0)
        drawn = Content.assemble(key("v"), " ", tabs(names, self._view, max(room, 12)))
        if parts:
            drawn = Content.assemble(drawn, " ", beside)
        return cut(drawn, width)

    def _draw_empty(self) -> None:
        width = max(self.query_one("#panel").content_size.width, 40)
        if not self.cases:
            said = empty(
                "There is no case yet.",
                [("a", "add one"), ("i", "take in a list from a file")],
                "A list of all cases at once is quickest from a workbook or .csv file.",
                width,
                12,
            )
        elif self._typed:
            said = empty(
                f"No case fits “{self._typed}” here.",
                [("esc", "show all again")],
                self._elsewhere(),
                width,
                12,
            )
        else:
            said = empty("No case fits.", [("v", "show another view")], "", width, 12)
        self.set_text("#empty", said)

    def _elsewhere(self) -> str:
        """Say in which other views cases hold the words typed."""
        words, me = self._typed.casefold().split(), self._me()
        fitting = [one for one in self.cases if all(w in self._texts[one.id] for w in words)]
        counts = {title: sum(fits(one, me) for one in fitting) for _, title, fits in VIEWS}
        there = [f"{title} {count:,}" for title, count in counts.items() if count]
        return f"There are some in other views (v): {', '.join(there)}." if there else ""

    # --- the case in short ---

    @on(RowList.Highlighted, "#cases")
    def _moved(self) -> None:
        self._show_preview()

    def _show_preview(self) -> None:
        panel, case = self.query_one("#preview", Panel), self.current
        if not panel.display or self._words is None:
            return
        if case is None:
            panel.show("", title="", figure="", legend="")
            return
        words, grades = self._words, self._grades
        known = self._preview
        more = known[1] if known is not None and known[0] == case.id else None
        panel.show(
            lambda width: case_short.draw(case, more, words, grades, width),
            title=case.reference,
            figure=f"{case.graded} of {case.total}",
            legend="enter opens",
        )
        if more is None:
            self._read_preview(case.id)

    @work(exclusive=True, group=BACKGROUND)
    async def _read_preview(self, case_id: str) -> None:
        """Read the rest of the case under the cursor, unless the cursor has gone on."""
        more = await self.tried(self.vault.read(case_preview, case_id))
        if more is not None and self.current is not None and self.current.id == case_id:
            self._preview = case_id, more
            self._show_preview()

    # --- moving about ---

    @property
    def subject(self) -> Named | None:
        """Return the case the cursor is on."""
        case = self.current
        return ("case", case.id, case.reference) if case is not None else None

    @on(RowList.Selected, "#cases")
    async def action_open(self) -> None:
        """Open the case."""
        if self.current is not None:
            order = [one.id for one in self.lines]
            await self.fieldkit.go("case", case_id=self.current.id, order=order)

    def action_filter(self) -> None:
        """Go to the filter."""
        field = self.query_one("#filter", Input)
        self.query_one("#views").display = False
        field.display = True
        field.focus()

    @on(Input.Changed, "#filter")
    def _filtered(self) -> None:
        self._list(from_top=True)

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self._leave_filter()

    def _leave_filter(self) -> None:
        self.query_one("#filter").display = False
        self.query_one("#views").display = True
        self.listed.focus()

    def action_view(self) -> None:
        """Show the next view."""
        before = self.current
        self._view = (self._view + 1) % len(VIEWS)
        self._list(from_top=before is None or not self._fitting([before]))

    def action_sort(self) -> None:
        """Sort by the next column."""
        self._order = self._order.next()
        self._list()

    def action_turn(self) -> None:
        """Sort the other way round."""
        self._order = self._order.turned()
        self._list()

    def action_mark(self) -> None:
        """Choose the case, or leave it out again, and go on to the next."""
        case = self.current
        if case is None:
            return
        self.marked ^= {case.id}
        if (self.listed.highlighted or 0) + 1 < len(self.lines):
            self.listed.action_step(1)
        self._marks_changed()

    def action_mark_all(self) -> None:
        """Choose all cases that are listed; where all are chosen, none."""
        listed = {one.id for one in self.lines}
        self.marked = self.marked - listed if listed <= self.marked else self.marked | listed
        self._marks_changed()

    def _marks_changed(self) -> None:
        self._draw_edges()
        self.listed.refresh()

    def action_back(self) -> None:
        """From the filter to the list, from what is chosen to nothing chosen, then to home."""
        field = self.query_one("#filter", Input)
        if self.typing_in is not None or field.value:
            field.value = ""
            self._leave_filter()
        elif self.marked:
            self.marked = set()
            self._marks_changed()
            self.fieldkit.say(f"No case is marked now; {many(len(self.lines), 'case')} listed.")
        else:
            self.dismiss()
