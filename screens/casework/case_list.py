"""The journey from a list of our own cases to cases with grades: step by step, by keys.

Nothing is written before what it would change is shown and the person goes on from there; then the
whole list is taken in as one undoable step.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

from textual import on, work
from textual.widgets import OptionList

from fieldkit.casework.import_list import ImportSummary, asked_of_list, take_list
from fieldkit.casework.list_changes import OURS, THEIRS, ListAnswers, ListChange
from fieldkit.casework.list_plan import ListPlan, plan_list, read_list_base
from fieldkit.service import methodology_of
from fieldkit.vault import attachments
from fieldkit.workbook.case_list import CaseListReading
from screens.casework.case_list_steps import (
    CASE_LIST,
    CHANGES,
    NO_FILE,
    SUMMARY,
    TRAIL,
    changes_step,
    summary_step,
)
from screens.kit.ask import ask, take_in
from screens.selfassessment.steps import cell_answers
from screens.selfassessment.steps.journey import begin_reading
from screens.selfassessment.steps.reading_page import READING, ReadingPage
from screens.selfassessment.steps.step import FILE, PROBLEMS, SHEET, Step
from screens.selfassessment.steps.taking_in import steps_shown
from storage.feed import drafts

COMPARING = "Comparing the list with our cases"


class CaseListPage(ReadingPage):
    """Reads a list of cases, shows what it would change, and takes it in."""

    PAGE = "case_list"
    KIND = CASE_LIST
    PURPOSE = attachments.CASE_LIST
    TRAIL = TRAIL

    def __init__(self) -> None:
        super().__init__()
        self.shown = NO_FILE
        self._plan: ListPlan | None = None
        self._answers = ListAnswers()
        self._done: ImportSummary | None = None
        self._account: tuple[str, ...] = ()
        self._file_name = ""

    async def load(self) -> None:
        """Begin with the choice of a file; a list half read stays as it is."""
        first = self._methodology is None
        self._methodology = await self.vault.read(methodology_of, self.inspection_id)
        if first:
            self.show_step(FILE)
            self.action_open_file()
        else:
            self.draw()

    def drawn(self, width: int) -> Step:
        """Return the step as it is shown."""
        if self._done is not None:
            return summary_step(self._done, self._file_name, self._account, width)
        if self._journey is None:
            return NO_FILE
        if self.step in READING:
            return self.reading_step(width)
        return changes_step(self._plan, width) if self._plan is not None else NO_FILE

    @work
    async def action_open_file(self) -> None:
        """Choose the file and read it."""
        path = await self._choose_file()
        if path is not None and await self._read(
            path, begin_reading, path, self._methodology, CASE_LIST
        ):
            self._done, self._answers = None, ListAnswers()
            self.show_step(SHEET)

    async def action_change(self) -> None:
        """Change the line the cursor is on; at the changes, say which case a near one is."""
        if self.step in READING:
            self.change_reading()
        elif self.step == CHANGES and "!" in self.current.key:
            self._say_which()

    @work
    async def _say_which(self) -> None:
        assert self._journey is not None and self._methodology is not None
        overrides = await cell_answers.fix(
            self.fieldkit, self._journey, self._methodology, self.inspection_id, self.current.key
        )
        if overrides is not None and await self._again(overrides):
            await self._plan_again()

    async def action_skip(self) -> None:
        """At a problem, leave the row out or pass it over, with a reason."""
        if self.step == PROBLEMS:
            self.skip_problem()

    @on(OptionList.OptionSelected)
    async def action_next(self) -> None:
        """Accept this step and go on."""
        if self._busy:
            return
        if self.step == FILE:
            self.action_open_file()
        elif self.step in READING:
            if await self.next_reading_step() and await self._plan_again():
                self.show_step(CHANGES)
        elif self.step == CHANGES:
            await self._begin_import()
        else:
            self.dismiss()

    async def _plan_again(self) -> bool:
        assert self._journey is not None
        plan = await self.tried(self._planned(self._journey.reading))
        if plan is not None:
            self._plan = plan
            self.draw()
        return plan is not None

    async def _planned(self, reading: CaseListReading) -> ListPlan:
        base = await self.vault.read(read_list_base, self.inspection_id, reading)
        return await asyncio.to_thread(plan_list, base, reading, self._answers)

    @property
    def _asked_change(self) -> ListChange | None:
        """Return the change the cursor is on."""
        changes = self._plan.changes if self._plan is not None else ()
        key = self.current.key
        return next((one for one in changes if one.cell == key and one.asked), None)

    async def action_take(self) -> None:
        """Take the list's in the field the cursor is on."""
        await self._answer(THEIRS)

    async def action_keep(self) -> None:
        """Keep ours in the field the cursor is on."""
        await self._answer(OURS)

    async def _answer(self, answer: str) -> None:
        change = self._asked_change
        if self.step != CHANGES or change is None:
            if self.step == CHANGES:
                self.fieldkit.say("Nothing is asked in this line.")
            return
        by_cell = {**self._answers.by_cell, change.cell: answer}
        self._answers = replace(self._answers, by_cell=by_cell)
        at = self.query_one(OptionList).highlighted or 0
        if await self._plan_again():
            self.draw(at + 1)

    async def action_take_all(self) -> None:
        """Take the list's in every field that differs; again, keep ours in every one."""
        if self.step == CHANGES:
            everything = OURS if self._answers.all == THEIRS else THEIRS
            self._answers = ListAnswers(all=everything)
            await self._plan_again()

    async def _begin_import(self) -> None:
        """Import the list, or ask first why cases are audited that this follow-up would not."""
        assert self._plan is not None
        asked = await self.vault.read(asked_of_list, self.inspection_id, self._plan)
        if asked:
            self._ask_why(asked)
        else:
            await self._import("")

    @work
    async def _ask_why(self, asked: str) -> None:
        place = f"because/{self.inspection_id}"
        because = await ask(self.fieldkit, "Why are they audited?", place, "reason", hint=asked)
        if because is not None and self._journey is not None:
            self.fieldkit.typing.forget(place, "reason")
            await self.vault.write(drafts.committed, place, "reason")
            await self._import(because)

    async def _import(self, because: str) -> None:
        assert self._journey is not None
        journey, self._busy = self._journey, True
        reading, rows = journey.reading, len(self._plan.rows) if self._plan is not None else 0
        place = cell_answers.place_of(journey, self.inspection_id)
        fields = list(cell_answers.fields_of(journey.overrides))
        try:
            async with steps_shown(self.fieldkit, reading.file_name, rows, COMPARING) as wrote:
                doing = partial(
                    take_list,
                    self.vault,
                    self.inspection_id,
                    reading,
                    self._answers,
                    because,
                    drafts=(place, fields),
                    progress=wrote,
                )
                done = await take_in(self.fieldkit, doing)
        finally:
            self._busy = False
        if done is None:
            return
        self._done, self._imported, self._journey = done, journey, None
        self._file_name = journey.reading.file_name
        self._account = tuple(journey.reading.account_lines())
        self.show_step(SUMMARY)
        await self.fieldkit.refresh_frame()
        self.fieldkit.say(f"{done.text} ctrl+z takes it all back.")

    def action_back(self) -> None:
        """Go one step back while reading; from the first, and from the summary, leave."""
        if self._journey is None or self._busy:
            self.dismiss()
        elif self.step > SHEET:
            self.show_step(self.step - 1)
        else:
            self._journey = None
            self.show_step(FILE)
