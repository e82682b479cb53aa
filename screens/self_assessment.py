"""The journey from a force's workbook to matched cases: step by step, by keys.

Nothing is written before the exact group is shown and the person goes on from there; then the
whole workbook is taken in as one undoable step. Each later answer to the queue is one of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from sqlmodel import Session
from textual import on, work
from textual.widgets import OptionList, Static

from fieldkit import selfassessment
from fieldkit.methodology import Methodology
from fieldkit.selfassessment import Overrides, QueueLine, RowLine
from fieldkit.wordings import many
from fieldkit.writing import methodology_of
from screens import folders
from screens.dialogs import Choice, Pick
from screens.plain import plain
from screens.self_assessment_matching import (
    COLUMNS,
    EXACT,
    FILE,
    GRADES,
    PROBLEMS,
    QUEUE,
    SHEET,
    SUMMARY,
    MatchingPage,
)
from screens.self_assessment_steps import journey as journeys
from screens.self_assessment_steps import matching_lines, reading_lines
from screens.self_assessment_steps.choosing import ChooseWorkbook
from screens.self_assessment_steps.glimpse import Glimpse
from screens.self_assessment_steps.journey import Journey
from screens.self_assessment_steps.shown import Shown
from screens.self_assessment_steps.standing import Standing, standing

READING: dict[int, Callable[[Journey, int], Shown]] = {
    SHEET: reading_lines.sheet_step,
    COLUMNS: reading_lines.column_step,
    GRADES: reading_lines.grade_step,
    PROBLEMS: reading_lines.problem_step,
}
PURPOSE = "self_assessment"


def _begin(session: Session, inspection_id: str) -> tuple[Methodology, Standing]:
    return methodology_of(session, inspection_id), standing(session, inspection_id)


class SelfAssessmentPage(MatchingPage):
    """Reads the force's workbook and matches its rows to our cases."""

    PAGE = "self_assessment"

    def __init__(self) -> None:
        super().__init__()
        self._methodology: Methodology | None = None
        self._journey: Journey | None = None
        self._foreseen: tuple[list[RowLine], list[QueueLine]] = ([], [])
        self._busy = False

    async def load(self) -> None:
        """Read how far the matching has come; a workbook half read stays as it is."""
        first = self._methodology is None
        found = await self.vault.read(_begin, self.inspection_id)
        self._methodology, self.standing = found
        if self._journey is not None:
            self.draw()
            return
        self.go_where_it_stands(stay=self.step == SUMMARY)
        if first and self.step == FILE:
            self.action_open_file()

    def on_resize(self) -> None:
        """Draw to the new width."""
        if self._methodology is not None:
            self.draw()

    def drawn(self, width: int) -> Shown:
        """The step as it is shown; while a workbook is read, from the reading."""
        if self._journey is None:
            return super().drawn(width)
        if self.step in READING:
            return READING[self.step](self._journey, width)
        exact, waiting = self._foreseen
        return matching_lines.exact_step(exact, len(waiting), width, False)

    # --- reading: nothing is written ---

    @work
    async def action_open_file(self) -> None:
        """Choose the workbook and read it."""
        folder = await folders.remembered(self.vault, PURPOSE) or folders.downloads()
        found = await asyncio.to_thread(folders.workbooks, folder)
        path = await self.app.push_screen_wait(ChooseWorkbook(folder, found))
        if path is not None:
            await folders.remember(self.vault, PURPOSE, path.parent)
            if await self._read(path, Overrides(), None):
                self.show_step(SHEET)

    async def _read(self, path: Path, wishes: Overrides, seen: Glimpse | None) -> bool:
        assert self._methodology is not None
        self._busy = True
        self.query_one("#hint", Static).update(plain(f"Reading {path.name} …"))
        try:
            reading = asyncio.to_thread(journeys.read, path, self._methodology, wishes, seen)
            found = await self.tried(reading)
        finally:
            self._busy = False
        if found is not None:
            self._journey = found
        self.draw()
        return found is not None

    @work
    async def action_change(self) -> None:
        """Change the line the cursor is on."""
        key, journey = self.current.key, self._journey
        if self._busy:
            return
        if journey is None:
            if self.step == SUMMARY and key:
                await self.decide_again(key)
            return
        title, choices, present = self._offered(journey, key)
        if not choices:
            return
        chosen = await self.app.push_screen_wait(Pick(title, choices, present))
        if chosen is not None:
            await self._read(journey.path, self._wished(journey, key, chosen), journey.glimpse)

    def _offered(self, journey: Journey, key: str) -> tuple[str, list[Choice], str]:
        """What may stand in the line: a title, the choices, the present one."""
        reading = journey.reading
        if self.step == SHEET:
            if key == reading_lines.SHEET:
                return "Which sheet?", reading_lines.sheet_choices(reading), reading.sheet
            choices = reading_lines.heading_choices(journey)
            return "Which row holds the headings?", choices, str(reading.header_row)
        if self.step == COLUMNS and key:
            column = journey.column(key)
            title = f"Column {key} “{column.heading}” is …"
            return title, reading_lines.field_choices(), column.field
        if self.step == GRADES and reading.grades:
            assert self._methodology is not None
            scale = self._methodology.scale_for("case").labels
            present = journey.word(key).means or ""
            return f"“{key}” means …", reading_lines.meaning_choices(scale), present
        return "", [], ""

    def _wished(self, journey: Journey, key: str, chosen: str) -> Overrides:
        if self.step == SHEET and key == reading_lines.SHEET:
            return journeys.on_sheet(journey.wishes, chosen)
        if self.step == SHEET:
            return journeys.under(journey.wishes, journey.reading.sheet, int(chosen))
        if self.step == COLUMNS:
            return journeys.with_column(journey.wishes, key, chosen)
        return journeys.with_grade(journey.wishes, key, chosen or None)

    # --- going on ---

    @on(OptionList.OptionSelected, "#lines")
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
            await self.action_compare()

    async def _next_reading_step(self) -> None:
        assert self._journey is not None
        reading = self._journey.reading
        if self.step == COLUMNS and reading.missing:
            missing = " and ".join(reading_lines.FIELD_WORDS[one] for one in reading.missing)
            said = f"No column is taken for the {missing}. Press e on the right one."
            self.fieldkit.say(said, error=True)
        elif self.step < PROBLEMS:
            self.show_step(self.step + 1)
        else:
            foreseeing = self.vault.read(selfassessment.foresee, self.inspection_id, reading)
            found = await self.tried(foreseeing)
            if found is not None:
                self._foreseen = found
                self.show_step(EXACT)

    async def action_accept_exact(self) -> None:
        """Take the workbook in, where it is not yet, and link the whole exact group."""
        if self.step == EXACT:
            await self._take_in(link=True)

    async def action_skip(self) -> None:
        """Leave the row open; at the exact group, take the workbook in and link none of it."""
        if self.step == EXACT and self._journey is not None:
            await self._take_in(link=False)
        else:
            await super().action_skip()

    async def _take_in(self, *, link: bool) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            if self._journey is None:
                done: object = await self.tried(
                    self.vault.write(selfassessment.accept_exact, self.inspection_id)
                )
            else:
                reading = self._journey.reading
                done = await self.tried(
                    self.vault.write(
                        selfassessment.commit, self.inspection_id, reading, accept_exact=link
                    )
                )
        finally:
            self._busy = False
        if done is None:
            return
        self._journey = None
        await self.again()
        assert self.standing is not None
        if not link:
            self.cursor.skip(*(one.row_id for one in self.standing.exact))
        self.go_where_it_stands()
        matched = many(len(self.standing.linked), "row")
        self.fieldkit.say(f"Taken in; {matched} matched. ctrl+z takes it all back.")

    def action_back(self) -> None:
        """One step back while reading; from the rows taken in, to the page before."""
        if self._journey is None or self._busy:
            self.dismiss()
        elif self.step > SHEET:
            self.show_step(self.step - 1)
        else:
            self._journey = None
            self.go_where_it_stands(stay=True)
