"""Matching the rows imported: the exact group in one key, then one row at a time, each undoable."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fieldkit.selfassessment.decide import link_row, reopen_row, set_no_case
from fieldkit.selfassessment.pairs import free_cases
from fieldkit.selfassessment.rows import OPEN
from fieldkit.vault.attachments import WORKBOOK
from screens.kit.dialogs import Choice, Pick
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import lines
from screens.selfassessment.steps import matching_lines, pair_table
from screens.selfassessment.steps.file_kind import FORCE_WORKBOOK
from screens.selfassessment.steps.reading_page import ReadingPage
from screens.selfassessment.steps.status import Cursor, Status, read_status
from screens.selfassessment.steps.step import EXACT, FILE, QUEUE, SUMMARY, Step

NO_FILE = Step(
    FILE,
    "The force's workbook",
    "The force's own grades of the cases it assessed come in a workbook. fieldkit reads it step "
    "by step, shows what it takes each column and each grade word for, and proposes which row is "
    "which case.\n\nNothing is written before you have seen the matches, and the force's grade of "
    "a case stays hidden until ours is committed.",
    keys={"next": "Choose the workbook"},
    none="No workbook has been read yet.",
)


WIDE = 100
"""Columns from which the queue stands under the row that is asked about."""


class MatchingPage(ReadingPage):
    """Shows the steps over rows that are in the vault: exact group, queue, summary."""

    KIND = FORCE_WORKBOOK
    PURPOSE = WORKBOOK

    def __init__(self) -> None:
        super().__init__()
        self.shown = NO_FILE
        self.status: Status | None = None
        self.cursor = Cursor()

    def go_to_status(self, *, stay: bool = False) -> None:
        """Go to the step that the rows imported have come to; ``stay`` at a summary."""
        now = self.status
        if now is None or not now.rows:
            self.show_step(FILE)
        elif self.cursor.exact_waits(now):
            self.show_step(EXACT)
        else:
            self.show_step(SUMMARY if stay or self.cursor.item(now) is None else QUEUE)

    def drawn(self, width: int) -> Step:
        """Return the step as it is shown."""
        now = self.status
        if now is None or self.step == FILE:
            return NO_FILE
        if self.step == EXACT:
            return matching_lines.exact_step(now.exact, now.refs, len(now.queue), width)
        item = self.cursor.item(now)
        if self.step == QUEUE and item is not None:
            return matching_lines.queue_step(item, now, self.cursor, width)
        return matching_lines.summary_step(now, self.cursor, width)

    def draw_besides(self, step: Step) -> None:
        """Draw the row beside its candidates, and the queue around it where there is room."""
        now = self.status
        item = self.cursor.item(now) if now is not None and step.step == QUEUE else None
        pairs, queue = self.query_one("#pairs", Panel), self.query_one("#queue", Panel)
        pairs.display = item is not None
        queue.display = item is not None and self.app.size.width >= WIDE
        if item is None or now is None:
            return
        pairs.add_class("-chosen")
        pairs.show(
            lambda width: pair_table.table(item, now.facts, width, pairs.room[1]),
            title=step.title,
            figure=step.figure,
            legend="No score decides. What is not pressed stays open.",
        )
        queue.show(
            lambda width: lines(matching_lines.queue_rows(item, now, width, queue.room[1])),
            figure=matching_lines.queue_figure(now),
        )

    async def again(self) -> None:
        """Read anew how far it has come."""
        self.status = await read_status(self.vault, self.inspection_id)
        await self.fieldkit.refresh_frame()

    # --- the queue ---

    async def action_choose(self, number: int) -> None:
        """Say that the row is the candidate of that number."""
        item = self.cursor.item(self.status) if self.status else None
        if self.step == QUEUE and item is not None and number <= len(item.candidates):
            case = item.candidates[number - 1].case_id
            await self._answer(item.row_id, link_row, item.row_id, case)

    async def action_none(self) -> None:
        """Say that the row is no case of ours."""
        item = self.cursor.item(self.status) if self.status else None
        if self.step == QUEUE and item is not None:
            await self._answer(item.row_id, set_no_case, item.row_id)

    async def choose_another(self) -> None:
        """Choose the row's case from all of ours that have no row; runs in a worker."""
        item = self.cursor.item(self.status) if self.status else None
        if item is None:
            return
        free = await self.vault.read(free_cases, self.inspection_id)
        choices = [Choice(one.case_id, one.reference, one.about) for one in free]
        title = f"Which case is row {item.number}, {item.reference or 'without a reference'}?"
        if not choices:
            self.fieldkit.say("Every case of ours has a row already.")
            return
        case = await self.app.push_screen_wait(Pick(title, choices))
        if case is not None:
            await self._answer(item.row_id, link_row, item.row_id, case)

    def say_how_to_decide(self) -> None:
        """Say which keys decide the row: enter, pressed once too often, must not link anything."""
        item = self.cursor.item(self.status) if self.status else None
        count = len(item.candidates) if item is not None else 0
        digits = {1: "1", 2: "1 or 2"}.get(count, "1, 2 or 3")
        if count:
            text = f"Press {digits} for the case it is, or 0 for none of ours."
        else:
            text = "Press 0 for none of ours, or s to leave the row open."
        self.fieldkit.say(text)

    async def _answer(self, row: str, service: Callable[..., Any], *arguments: str) -> None:
        done: Awaitable[Any] = self.vault.write(service, *arguments)
        if await self.tried(done) is not None:
            self.cursor.answered(row)
            await self.again()
            self.go_to_status()

    async def action_skip(self) -> None:
        """Leave the row, or the exact group, open and go on."""
        if self.status is None:
            return
        if self.step == EXACT:
            self.cursor.skip(*(one.row_id for one in self.status.exact))
        elif self.step == QUEUE and (item := self.cursor.item(self.status)) is not None:
            self.cursor.skip(item.row_id)
        else:
            return
        self.go_to_status()

    async def action_take_back(self) -> None:
        """Take the last answer back and show the row again."""
        if self.status is None or self.step not in (QUEUE, SUMMARY):
            return
        row = self.cursor.back()
        last = self.status.last_decided
        if not row and last is None:
            self.fieldkit.say("No row has been decided one by one yet; there is nothing to undo.")
            return
        await self.decide_again(row or (last.row_id if last else ""))

    async def decide_again(self, row: str) -> None:
        """Open a row again, where it was decided, and show it."""
        assert self.status is not None
        known = {one.row_id: one for one in self.status.rows}
        if row in known and known[row].decision != OPEN:
            if await self.tried(self.vault.write(reopen_row, row)) is None:
                return
            await self.again()
        self.cursor.go_to(row)
        self.go_to_status()
