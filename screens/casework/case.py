"""The case audit: one key for a grade, enter for the words, the overall grade last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import events, on, work
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from fieldkit.casework.reveals import case_to_reveal, reveal
from fieldkit.evidence.evidence import CASE_AUDIT
from screens.casework import case_rows
from screens.casework.ask_query import answer_query, put_query
from screens.casework.audit import audit_rows
from screens.casework.audit.audit_list import AuditList
from screens.casework.audit.beside import draw_force, draw_referral, draw_rests, draw_timeline
from screens.casework.case_grading import GradingPage
from screens.casework.case_rows import CRITERION, Row
from screens.casework.case_state import numbered
from screens.casework.case_texts import WIDE, FieldPanel, RowWords, keep
from screens.evidence.make_point import point_from
from screens.history.redact import redact
from screens.kit.dialogs import Confirm
from screens.kit.draft_fields import DraftArea, DraftInput
from screens.kit.drawing.chips import Grades
from screens.kit.drawing.keys import key
from screens.kit.drawing.laid_out import put
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.row_list import BorderedBox
from screens.kit.drawing.rows import between, cut, drawn, strong
from screens.kit.drawing.signs import glyph
from screens.kit.page import Named
from storage.records.judgment import OVERALL

NARROW = 34
"""Columns of a line in the list's panel where the page is narrow."""
LEGEND = 3
"""Lines of the scale under the list; what has no room there stands in the panel's edge."""


class CasePage(GradingPage):
    """Shows one case.

    Args:
        case_id: which.
        order: the cases of the list it was opened from, for the next and the previous one.
        key: the criterion, or the field of the audit, whose line the cursor begins on.
        writing: begin in the text of that line that was typed and not kept.
    """

    PAGE = "case"
    CSS_PATH = "case.tcss"

    def __init__(
        self, case_id: str, order: Sequence[str] = (), key: str = "", *, writing: bool = False
    ) -> None:
        super().__init__(case_id)
        self._key, self._writing = key, writing
        self._order = list(order)

    def body(self) -> Iterable[Widget]:
        """Yield the rows at the left, the words beside them, and at the right what they mean."""
        yield Static("", id="title", markup=False)
        with Horizontal(id="audit"):
            with BorderedBox(id="panel"):
                yield Static("", id="about", markup=False)
                yield AuditList(id="rows")
                yield Static("", id="legend", markup=False)
            yield RowWords(id="words")
            with VerticalScroll(id="beside"):
                yield Panel("Timeline", id="timeline")
                yield Panel("Referred back", id="referral")
                yield Panel("The force's side", id="force-side")
                yield Panel("Rests on this case", id="rests")

    # --- reading and drawing ---

    async def load(self) -> None:
        """Read the case and draw it."""
        await self.fetch()
        self._rows = case_rows.rows(self.state.methodology)
        self._draw()
        keys = [row.key for row in self._rows]
        if self._key in keys:
            self.listed.highlighted = keys.index(self._key)
        self._key = ""
        if self._writing:
            self._writing = False
            words = self.query_one(RowWords)
            words.show(self.row, self.state)
            words.begin_draft(self.row, self.state)
        elif self.typing_in is None:
            self.listed.focus()

    def _draw(self) -> None:
        at = min(self.listed.highlighted or 0, len(self._rows) - 1)
        self.listed.show_audit(self._rows, self._row, self._summary, at)
        self.redraw()

    @property
    def _grades(self) -> Grades:
        return Grades(self.state.methodology.scale_for("case"))

    def _row(self, number: int, width: int) -> Content:
        at_cursor = number == self.listed.highlighted
        return audit_rows.draw(
            self._rows[number], self.state, self._grades, width, at_cursor=at_cursor
        )

    def _summary(self, section: str) -> Content:
        return audit_rows.summary(section, self._rows, self.state, self.state.short.timeline)

    def redraw(self, only: Row | None = None) -> None:
        """Draw the rows, what the case is, and what stands beside its texts.

        Of one row that was judged only what its judgment changes: its line, and the count.
        """
        state, grades = self.state, self._grades
        if only is not None and only.key != OVERALL:
            self.listed.draw_row(self._rows.index(only))
            self._draw_count()
            return
        self.listed.refresh()
        self.fieldkit.draw_keys()
        self._draw_count()
        reference = state.file.case.reference
        about = [drawn(state.about()), *state.alerts()]
        dot = Content.styled(f" {glyph('dot')} ", "$text-muted")
        told = dot.join([one for one in about if one.plain])
        width = self.columns(2)
        self.set_text("#title", between(strong(reference) + dot + told, self._neighbours(), width))
        # The alerts come first where there is no room for all.
        narrow = dot.join([one for one in (*about[1:], about[0]) if one.plain])
        self.set_text("#about", cut(narrow, NARROW))
        more = state.short
        timeline = self.query_one("#timeline", Panel)
        timeline.show(
            lambda width: draw_timeline(more.timeline, width), figure=more.timeline.summary
        )
        self.query_one("#referral", Panel).show(lambda width: draw_referral(more, width))
        self.query_one("#force-side", Panel).show(lambda width: draw_force(state, grades, width))
        self.query_one("#rests", Panel).show(lambda width: draw_rests(more, width))

    def _draw_count(self) -> None:
        done, total = self.state.count(self._rows)
        self.query_one("#panel", BorderedBox).edges(
            title="Judgments" if self.app.size.width >= WIDE else self.state.file.case.reference,
            figure=Content.assemble((f"{done}", "bold"), f" of {total}"),
        )

    def _neighbours(self) -> Content:
        """Return where the case stands in the list it was opened from."""
        if self.case_id not in self._order or len(self._order) < 2:
            return Content("")
        at = self._order.index(self.case_id) + 1
        return Content.assemble(key("["), f" {at:,} of {len(self._order):,} ", key("]"))

    @property
    def place(self) -> str:
        """Return what the first line calls the page: the case."""
        return self._state.file.case.reference if self._state is not None else super().place

    @property
    def subject(self) -> Named | None:
        """Return the case."""
        if self._state is None:
            return None
        return ("case", self.case_id, self._state.file.case.reference)

    @property
    def record(self) -> Named:
        """Return what the row is kept in."""
        kind, record = self.state.place(self.row).split("/")
        return kind, record, self.state.called(self.row)

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what has nothing to do on the row, or where no case follows."""
        if self._state is None or not self._rows:
            return super().idle_actions
        at = self._order.index(self.case_id) if self.case_id in self._order else -1
        ends = {"previous_case"} if at <= 0 else set()
        ends |= {"next_case"} if not 0 <= at < len(self._order) - 1 else set()
        return self._state.idle(self.row) | ends

    # --- the words of a row ---

    @on(AuditList.Highlighted, "#rows")
    def _turn(self) -> None:
        """Show the words of the row the cursor came to."""
        if self._state is None:
            return
        row = self.row
        self.query_one(RowWords).show(row, self._state)
        scale, below = audit_rows.legend(row, self._state, self._grades, NARROW, LEGEND)
        put(self.query_one("#legend", Static), scale)
        self.query_one("#panel", BorderedBox).edges(legend=below)
        self.fieldkit.draw_keys()

    def action_section(self) -> None:
        """Go to the next section of the audit, and from the last one to the criteria."""
        self.listed.next_section()

    def action_write(self) -> None:
        """Go to the words of the row."""
        if not self.query_one(RowWords).begin(self.row):
            self.fieldkit.say(f"A digit answers this line: {numbered(self.state.answers)}.")

    @on(AuditList.Selected, "#rows")
    def _enter(self) -> None:
        """Enter in the list writes."""
        self.action_write()

    @on(DraftInput.Submitted)
    def _moment_done(self) -> None:
        """Enter in the field of a moment keeps it and goes back to the list."""
        self.listed.focus()

    async def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Make an op of what was typed, now that the inspector moved on."""
        if isinstance(event.widget, DraftArea | DraftInput):
            await self._commit(event.widget)

    async def _commit(self, widget: DraftArea | DraftInput) -> None:
        text = widget.text if isinstance(widget, DraftArea) else widget.value.strip()
        place, field = widget.place, widget.field
        if not place or text == widget.original:
            return
        row = self.row
        job = self.fieldkit.typing.commit(widget, text, keep, self.case_id, row, field, text, place)
        if await self.tried(job) is None:
            widget.focus()
            return
        widget.original = text
        if isinstance(widget, FieldPanel):
            widget.draw_state()
        await self.again(row)

    # --- beyond the row ---

    @work
    async def action_reveal(self) -> None:
        """Show the force's own grade, which is recorded."""
        if not self.state.revealed:
            # What would be refused is refused before the question, which promises a grade.
            if await self.tried(self.vault.read(case_to_reveal, self.case_id)) is None:
                return
            asked = Confirm(
                "Show the force's own grade of this case?\n\nIt is recorded. From then on our "
                "overall grade changes only with a reason.",
                yes="show it",
                no="not yet",
            )
            if not await self.app.push_screen_wait(asked):
                return
            if await self.tried(self.vault.write(reveal, self.case_id)) is None:
                return
        await self.load()
        number = next(n for n, row in enumerate(self._rows) if row.key == OVERALL)
        self.listed.highlighted = number
        self._turn()
        if self.state.file.force is None:
            self.fieldkit.say("The force's workbook has no row that was matched to this case.")

    @work
    async def action_point(self) -> None:
        """Make a point that rests on this row's judgment, or on what the audit says besides."""
        row, audit = self.row, self.state.file.audit
        if row.kind != CRITERION and audit is not None and audit.filled_in:
            label = f"{self.state.file.case.reference}, {CASE_AUDIT}"
            await point_from(self.fieldkit, audit.KIND, audit.id, label, "")
            return
        judged = self.state.judged(row)
        if judged is None:
            first = "Grade the line" if row.kind == CRITERION else "Answer a line"
            self.fieldkit.say(f"{first} first; then a point can rest on it.", error=True)
            return
        await point_from(self.fieldkit, "judgment", judged.id, self.state.called(row), row.key)

    @work
    async def action_query(self) -> None:
        """Put a question to the auditor of this row's judgment."""
        row = self.row
        if row.kind != CRITERION or not case_rows.value(row, self.state.file):
            self.fieldkit.say("Only a line that is judged is queried; f2 writes a remark.")
            return
        if (
            await put_query(self.fieldkit, self.case_id, row.key, self.state.called(row))
            is not None
        ):
            await self.again(row)
            self._turn()

    @work
    async def action_answer(self) -> None:
        """Answer the query on this row."""
        row = self.row
        waiting = next((one for one in self.state.asked(row) if one.for_me), None)
        if waiting is None:
            self.fieldkit.say("No query on this line waits for you. Home, q lists them all.")
            return
        if await answer_query(self.fieldkit, waiting) is not None:
            await self.again(row)
            self._turn()

    async def action_notes(self) -> None:
        """Go to the notes and remarks of the case."""
        await self.fieldkit.go("entry", kind="case", record=self.case_id)

    @work
    async def action_redact(self) -> None:
        """Take words out of this row's record for good."""
        row = self.row
        if await redact(self.fieldkit, *self.record[:2]):
            await self.again(row)

    async def action_next_case(self) -> None:
        """Go to the next case of the list."""
        await self._step(1)

    async def action_previous_case(self) -> None:
        """Go to the case before."""
        await self._step(-1)

    async def _step(self, by: int) -> None:
        if self.case_id not in self._order:
            return
        number = self._order.index(self.case_id) + by
        if not 0 <= number < len(self._order):
            self.fieldkit.say(
                "This is the last case of the list."
                if by > 0
                else "This is the first case of the list."
            )
            return
        self.case_id = self._order[number]
        self.listed.highlighted = 0
        await self.load()
        self._turn()

    def action_back(self) -> None:
        """From a text field to the list; from the list to the cases."""
        if self.typing_in is not None:
            self.listed.focus()
        elif not self.stays():
            self.dismiss()
