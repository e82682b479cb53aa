"""The journey from a force's workbook to matched cases: step by step, by keys.

Nothing is written before the exact group is shown and the person goes on from there; then the
whole workbook is imported as one undoable step. Each later answer to the queue is one of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from textual import on, work
from textual.widgets import OptionList

from fieldkit.selfassessment.carry_over import answers_to_carry_over
from fieldkit.selfassessment.corrections import corrected_import
from fieldkit.selfassessment.decide import accept_exact
from fieldkit.selfassessment.import_plan import AlreadyImportedError, reading_base
from fieldkit.selfassessment.import_workbook import ImportPreview, preview_of, take_reading
from fieldkit.selfassessment.pairs import references
from fieldkit.selfassessment.past_mappings import past_mappings
from fieldkit.selfassessment.rows import OPEN, RowLine
from fieldkit.service import methodology_of
from fieldkit.workbook.overrides import Overrides
from fieldkit.workbook.readings import WorkbookReading
from screens.kit.ask import take_in
from screens.selfassessment.matching_page import NO_FILE, MatchingPage
from screens.selfassessment.steps import cell_answers, matching_lines
from screens.selfassessment.steps.journey import (
    Journey,
    begin_journey,
    read_with_carried,
)
from screens.selfassessment.steps.reading_page import READING
from screens.selfassessment.steps.status import read_status
from screens.selfassessment.steps.step import (
    EXACT,
    FILE,
    PROBLEMS,
    QUEUE,
    SHEET,
    SUMMARY,
    Step,
)
from screens.selfassessment.steps.taking_in import steps_shown
from storage.ops.text import many
from storage.records import SelfAssessment
from storage.records.self_assessment import LINKED

MATCHING = "Matching the rows with our cases"


def _done_words(done: object, rows: Sequence[RowLine]) -> str:
    """Return what was done: a workbook imported, or so many rows linked."""
    if not isinstance(done, SelfAssessment):
        return f"{many(int(str(done)), 'row')} matched. ctrl+z takes it back."
    own = [row for row in rows if row.self_assessment_id == done.id]
    matched = sum(row.decision in LINKED for row in own)
    waiting = sum(row.decision == OPEN for row in own)
    return (
        f"{many(len(own), 'row')} taken in, {matched or 'none'} matched, {waiting or 'none'} to "
        "decide. ctrl+z takes it all back."
    )


class SelfAssessmentPage(MatchingPage):
    """Reads the force's workbook and matches its rows to our cases."""

    PAGE = "self_assessment"

    def __init__(self) -> None:
        super().__init__()
        self._import_preview: ImportPreview | None = None
        self._refs: Mapping[str, str] = {}
        self._corrects: SelfAssessment | None = None
        self._beside = False

    async def load(self) -> None:
        """Read how far the matching has come; a workbook half read stays as it is."""
        first = self._methodology is None
        self._methodology = await self.vault.read(methodology_of, self.inspection_id)
        self.status = await read_status(self.vault, self.inspection_id)
        if self._journey is not None:
            self.draw()
            return
        self.go_to_status(stay=self.step == SUMMARY)
        if first and self.step == FILE:
            self.action_open_file()

    def drawn(self, width: int) -> Step:
        """Return the step as it is shown; while a workbook is read, from the reading."""
        if self._journey is None:
            return super().drawn(width)
        if self.step in READING:
            return self.reading_step(width)
        if self.step != EXACT or self._import_preview is None:
            return NO_FILE
        return matching_lines.preview_step(self._import_preview, self._refs, self._beside, width)

    # --- reading: nothing is written ---

    @work
    async def action_open_file(self) -> None:
        """Choose the workbook and read it."""
        path = await self._choose_file()
        if path is not None:
            known = await self.vault.read(past_mappings, self.inspection_id)
            if await self._read(path, begin_journey, path, self._methodology, known):
                await self._carry()
                self.show_step(SHEET)

    async def _carry(self) -> None:
        """Answer again what was answered in the workbook that this one corrects."""
        assert self._journey is not None
        journey = self._journey
        answers_given = await self.vault.read(
            answers_to_carry_over, self.inspection_id, journey.reading
        )
        if answers_given.count:
            await self._read(
                journey.path, read_with_carried, journey, self._methodology, answers_given
            )

    @work
    async def action_change(self) -> None:
        """Change the line the cursor is on."""
        key = self.current.key
        if self._journey is not None:
            self.change_reading()
        elif self.step == QUEUE and not self._busy:
            await self.choose_another()
        elif self.step == SUMMARY and key and not self._busy:
            await self.decide_again(key)

    async def action_as_last_time(self) -> None:
        """Read the workbook as the force's last one like it, or afresh again."""
        journey = self._journey
        if journey is None or self._busy or self.step == EXACT:
            return
        if journey.last is None or not journey.last.changes:
            self.fieldkit.say("No workbook of this force with these headings was read differently.")
            return
        await self._again(Overrides() if journey.as_last_time else journey.last.overrides)

    # --- going on ---

    @on(OptionList.OptionSelected)
    async def action_next(self) -> None:
        """Accept this step and go on; a row of the queue is decided by its digit alone."""
        if self._busy:
            return
        if self.step == FILE:
            self.action_open_file()
        elif self.step in READING:
            await self._next_reading_step()
        elif self.step == EXACT:
            await self.action_accept_exact()
        elif self.step == QUEUE:
            self.say_how_to_decide()
        else:
            await self.fieldkit.go("comparison")

    async def _next_reading_step(self) -> None:
        assert self._journey is not None
        if await self.next_reading_step():
            self._beside = False
            reading = self._journey.reading
            corrected = self.vault.read(corrected_import, self.inspection_id, reading)
            self._corrects = await self.tried(corrected)
            await self._preview_import()

    async def _preview_import(self) -> None:
        assert self._journey is not None
        before = None if self._beside else self._corrects
        preview = await self.tried(self._previewed(self._journey.reading, before))
        if preview is None:
            self._to_rows_taken_in()
        else:
            self._refs = await self.vault.read(references, self.inspection_id)
            self._import_preview = preview
            self.show_step(EXACT)

    def _to_rows_taken_in(self) -> None:
        """Go to the rows that are here, where nothing of a file is left to go on to."""
        if self._journey is None:
            self.go_to_status()

    async def _previewed(
        self, reading: WorkbookReading, before: SelfAssessment | None
    ) -> ImportPreview:
        try:
            base = await self.vault.read_in_steps(reading_base, self.inspection_id, reading, before)
            return await asyncio.to_thread(preview_of, base, reading)
        except AlreadyImportedError:
            # There is nothing of this file to go on to but what is here of it.
            self._journey = None
            raise

    async def action_keep_both(self) -> None:
        """Let a workbook stand beside the one it seems to correct, or take its place again."""
        if self.step == EXACT and self._journey is not None and self._corrects is not None:
            self._beside = not self._beside
            await self._preview_import()

    async def action_accept_exact(self) -> None:
        """Take the workbook in, where it is not yet, and link the whole exact group."""
        if self.step == EXACT:
            await self._import(link=True)

    async def action_skip(self) -> None:
        """Leave the row open; at the exact group, take the workbook in and link none of it."""
        if self.step == EXACT and self._journey is not None:
            await self._import(link=False)
        elif self.step == PROBLEMS and self._journey is not None:
            self.skip_problem()
        else:
            await super().action_skip()

    async def _import(self, *, link: bool) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            if self._journey is None:
                done: object = await self.tried(self.vault.write(accept_exact, self.inspection_id))
            else:
                done = await self._write(self._journey, link=link)
        finally:
            self._busy = False
        if done is None:
            return
        self._imported, self._journey = self._journey or self._imported, None
        await self.again()
        assert self.status is not None
        if not link:
            self.cursor.skip(*(one.row_id for one in self.status.exact))
        self.go_to_status()
        self.fieldkit.say(_done_words(done, self.status.rows))

    async def _write(self, journey: Journey, *, link: bool) -> object:
        """Take the workbook in; while a large one is written, nothing else can be done."""
        reading = journey.reading
        rows = len(reading.rows) + len(reading.skipped)
        async with steps_shown(self.fieldkit, reading.file_name, rows, MATCHING) as wrote:
            place = cell_answers.place_of(journey, self.inspection_id)
            doing = partial(
                take_reading,
                self.vault,
                self.inspection_id,
                reading,
                accept_exact=link,
                corrects=None if self._beside else self._corrects,
                drafts=(place, list(cell_answers.fields_of(journey.overrides))),
                progress=wrote,
            )
            return await take_in(self.fieldkit, doing)

    def action_back(self) -> None:
        """Go one step back while reading; from the rows imported, to the page before."""
        if self._journey is None or self._busy:
            self.dismiss()
        elif self.step > SHEET:
            self.show_step(self.step - 1)
        else:
            self._journey = None
            self.go_to_status(stay=True)
