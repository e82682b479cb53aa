"""The case audit: one key for a grade, enter for the words, the overall grade last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import events, on, work
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from fieldkit.casework import judging
from screens.casework import case_grading, case_rows, case_state
from screens.casework.ask_query import answer_query, put_query
from screens.casework.case_rows import CRITERION, AuditList, Row
from screens.casework.case_state import Desk, numbered
from screens.casework.case_texts import RowWords, keep
from screens.kit.dialogs import Confirm
from screens.kit.draft_fields import DraftArea, DraftInput
from screens.kit.page import Page
from screens.kit.text import plain
from storage.records.judgment import OVERALL


class CasePage(Page):
    """One case.

    Args:
        case_id: which.
        order: the cases of the list it was opened from, for the next and the previous one.
        key: the criterion, or the field of the audit, whose line the cursor begins on.
    """

    PAGE = "case"
    CSS_PATH = "case.tcss"

    def __init__(self, case_id: str, order: Sequence[str] = (), key: str = "") -> None:
        super().__init__()
        self.case_id = case_id
        self._key = key
        self._order = list(order)
        self._rows: list[Row] = []
        self._desk: Desk | None = None

    def body(self) -> Iterable[Widget]:
        """The rows at the left, the words at the right."""
        yield Static("", id="title", markup=False)
        with Horizontal(id="audit"):
            yield AuditList(id="rows", markup=False)
            yield RowWords(id="words")
        yield Static("", id="hint", markup=False)

    # --- reading and drawing ---

    async def load(self) -> None:
        """Read the case and draw it."""
        await self._fetch()
        self._rows = case_rows.rows(self.desk.methodology)
        self._draw()
        keys = [row.key for row in self._rows]
        if self._key in keys:
            self.query_one(AuditList).highlighted = keys.index(self._key)
        self._key = ""
        if self.typing_in is None:
            self.query_one(AuditList).focus()

    async def _fetch(self) -> None:
        self._desk = await self.vault.read(case_state.read, self.case_id)

    def on_resize(self) -> None:
        """Draw to the new width."""
        if self._desk is not None:
            self._draw()

    @property
    def _width(self) -> int:
        return 45 if self.app.size.width < 100 else 60

    def _draw(self) -> None:
        listed = self.query_one(AuditList)
        at = listed.highlighted or 0
        listed.set_options([Option(self.desk.drawn(row, self._width - 2)) for row in self._rows])
        listed.highlighted = min(at, len(self._rows) - 1)
        self._title()

    def _redraw(self, row: Row) -> None:
        number, drawn = self._rows.index(row), self.desk.drawn(row, self._width - 2)
        self.query_one(AuditList).replace_option_prompt_at_index(number, drawn)
        self._title()

    def _title(self) -> None:
        self.query_one("#title", Static).update(plain(self.desk.title(self._rows)))

    @property
    def desk(self) -> Desk:
        """What was read; there is one from the first reading on."""
        assert self._desk is not None
        return self._desk

    @property
    def row(self) -> Row:
        """The row the cursor is on."""
        return self._rows[self.query_one(AuditList).highlighted or 0]

    @property
    def subject(self) -> tuple[str, str, str] | None:
        """The case."""
        if self._desk is None:
            return None
        return ("case", self.case_id, self._desk.file.case.reference)

    async def again(self, row: Row) -> None:
        """Read anew after something of a row changed, and draw that row."""
        await self._fetch()
        self._redraw(row)
        await self.fieldkit.refresh_frame()

    def go_on(self, row: Row) -> None:
        """Go on within the section; its last row, the overall grade among them, is stayed on."""
        self._redraw(row)
        number = self._rows.index(row) + 1
        if number < len(self._rows):
            following = self._rows[number]
            if following.kind == row.kind and not following.heading:
                self.query_one(AuditList).highlighted = number

    # --- the words of a row ---

    @on(OptionList.OptionHighlighted, "#rows")
    def _turn(self) -> None:
        """Show the words of the row the cursor came to."""
        if self._desk is None:
            return
        row = self.row
        self.query_one(RowWords).show(row, self._desk)
        self.query_one("#hint", Static).update(plain(self._desk.hint(row)))

    def action_write(self) -> None:
        """Go to the words of the row."""
        if not self.query_one(RowWords).begin(self.row):
            self.fieldkit.say(f"A digit answers this line: {numbered(self.desk.answers)}.")

    @on(OptionList.OptionSelected, "#rows")
    def _enter(self) -> None:
        """Enter in the list writes."""
        self.action_write()

    @on(DraftInput.Submitted)
    def _moment_done(self) -> None:
        """Enter in the field of a moment keeps it and goes back to the list."""
        self.query_one(AuditList).focus()

    async def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """The inspector moved on: what was typed becomes an op."""
        if isinstance(event.widget, DraftArea | DraftInput):
            await self._commit(event.widget)

    async def _commit(self, widget: DraftArea | DraftInput) -> None:
        text = widget.text if isinstance(widget, DraftArea) else widget.value.strip()
        place, field, before = widget.place, widget.field, widget.original
        if not place or text == before:
            return
        row = self.row
        self.fieldkit.typing.forget(place, field)
        job = self.vault.write(keep, self.case_id, row, field, text, place)
        if await self.tried(job) is None:
            self.fieldkit.typing.keep(place, field, widget.label, text, before)
            widget.focus()
            return
        widget.original = text
        await self.again(row)

    # --- grades and states ---

    async def action_digit(self, digit: int) -> None:
        """Give the grade, or the answer, of that place and go on to the next row."""
        if self._desk is not None:
            await case_grading.digit(self, digit)

    @work
    async def action_state(self, state: str) -> None:
        """Mark the criterion as not applicable, or as one we are unable to judge."""
        await case_grading.state(self, state)

    async def action_clear(self) -> None:
        """Take the grade away again."""
        await case_grading.clear(self)

    # --- beyond the row ---

    @work
    async def action_reveal(self) -> None:
        """Show the force's own grade, which is recorded."""
        if not self.desk.revealed:
            asked = Confirm(
                "Show the force's own grade of this case?\n\nIt is recorded. From then on our "
                "overall grade changes only with a reason.",
                yes="show it",
                no="not yet",
            )
            if not await self.app.push_screen_wait(asked):
                return
            if await self.tried(self.vault.write(judging.reveal, self.case_id)) is None:
                return
        await self.load()
        number = next(n for n, row in enumerate(self._rows) if row.key == OVERALL)
        self.query_one(AuditList).highlighted = number
        self._turn()
        if self.desk.file.force is None:
            self.fieldkit.say("The force's workbook has no row that was matched to this case.")

    @work
    async def action_point(self) -> None:
        """Make a point that rests on this row's judgment."""
        from screens.evidence.points import point_from

        row = self.row
        judged = self.desk.judged(row)
        if judged is None:
            self.fieldkit.say("Grade the line first; then a point can rest on it.", error=True)
            return
        await point_from(self.fieldkit, "judgment", judged.id, self.desk.called(row), row.key)

    @work
    async def action_query(self) -> None:
        """Put a question to the auditor of this row's judgment."""
        row = self.row
        if row.kind != CRITERION or not case_rows.value(row, self.desk.file):
            self.fieldkit.say("Only a line that is judged is queried; f2 writes a remark.")
            return
        if await put_query(self.fieldkit, self.case_id, row.key, self.desk.called(row)) is not None:
            await self.again(row)
            self._turn()

    @work
    async def action_answer(self) -> None:
        """Answer the query on this row."""
        row = self.row
        waiting = next((one for one in self.desk.asked(row) if one.for_me), None)
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
        from screens.history.redact import redact

        row = self.row
        kind, record = self.desk.place(row).split("/")
        if await redact(self.fieldkit, kind, record, self.desk.called(row)):
            await self.again(row)

    async def action_history(self) -> None:
        """Who changed what of this row."""
        row = self.row
        kind, record = self.desk.place(row).split("/")
        await self.fieldkit.go("history", kind=kind, record=record, title=self.desk.called(row))

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
        self.query_one(AuditList).highlighted = 0
        await self.load()
        self._turn()

    def action_back(self) -> None:
        """From a text field to the list; from the list to the cases."""
        if self.typing_in is not None:
            self.query_one(AuditList).focus()
        else:
            self.dismiss()
