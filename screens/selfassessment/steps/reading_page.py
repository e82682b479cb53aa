"""The steps in which a file is read: sheet, columns, grade words, problems. Nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import work

from fieldkit.methodology import Methodology
from fieldkit.vault.attachments import LIES_THERE, move_in
from fieldkit.workbook.overrides import Overrides
from screens.kit import folder_picker
from screens.kit.dialogs import Confirm, Tell
from screens.kit.drawing.chips import Grades
from screens.kit.drawing.keys import key_and_label
from screens.kit.drawing.notices import Step as Doing
from screens.kit.drawing.notices import steps
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import Text
from screens.selfassessment.steps import cell_answers, reading_lines
from screens.selfassessment.steps.choices import line_pick, with_choice
from screens.selfassessment.steps.choose_file import ChooseWorkbook
from screens.selfassessment.steps.file_kind import FileKind
from screens.selfassessment.steps.journey import Journey, read_again
from screens.selfassessment.steps.step import COLUMNS, GRADES, PROBLEMS, SHEET, Step
from screens.selfassessment.steps.steps_page import StepsPage

MOVE = (
    "Move {path} into the vault?\n\nIts bytes are kept there encrypted, read back, and then the "
    "file is removed. What a solid-state disk, a bin, a synchronised folder or an e-mail keeps of "
    "it is not reached."
)

READING: dict[int, Callable[[Journey, int, Grades], Step]] = {
    SHEET: reading_lines.sheet_step,
    COLUMNS: reading_lines.column_step,
    GRADES: reading_lines.grade_step,
    PROBLEMS: reading_lines.problem_step,
}


class ReadingPage(StepsPage):
    """Reads a file step by step; ``KIND`` says of what kind it is, ``PURPOSE`` what it is for."""

    KIND: ClassVar[FileKind]
    PURPOSE: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self._methodology: Methodology | None = None
        self._journey: Journey | None = None
        self._imported: Journey | None = None
        """The file that was taken in last and still lies where it was read."""
        self._busy = False

    def brief_remark(self) -> Text:
        """Name the key that moves the file into the vault."""
        return key_and_label("f", "moves the file into the vault") if self.besides() else ""

    def besides(self) -> dict[str, str]:
        """Offer to move the file that was taken in into the vault."""
        waits = self._imported is not None and self._journey is None
        return {"move_in": "Into the vault"} if waits else {}

    def reading_step(self, width: int) -> Step:
        """Return a step of the reading as it is shown."""
        assert self._journey is not None and self._methodology is not None
        grades = Grades(self._methodology.scale_for("case"))
        return READING[self.step](self._journey, width, grades)

    def remark(self) -> str:
        """Name the file that was taken in, while it lies readable where it was read."""
        if self._imported is None or self._journey is not None:
            return ""
        path = self._imported.path
        named = LIES_THERE.format(name=path.name, folder=path.parent)
        return f"{named} f  moves it into the vault."

    @work
    async def action_move_in(self) -> None:
        """Move the file that was taken in into the vault, and remove it where it lies."""
        journey = self._imported
        if journey is None or self._busy:
            self.fieldkit.say("A file can be moved into the vault once it is taken in.")
            return
        path, sha256 = journey.path, journey.reading.sha256
        asked = Confirm(MOVE.format(path=path), yes="move it in", no="leave it there")
        if not await self.app.push_screen_wait(asked):
            return
        self._busy = True
        moving = asyncio.to_thread(
            move_in, self.vault, self.inspection_id, self.PURPOSE, path, sha256
        )
        try:
            moved = await self.tried(moving)
        finally:
            self._busy = False
        if moved is not None:
            self._imported = None
            self.draw()
            await self.app.push_screen_wait(Tell("Moved into the vault", moved.text))

    def on_resize(self) -> None:
        """Draw to the new width."""
        if self._methodology is not None:
            self.draw()

    async def _choose_file(self) -> Path | None:
        """Ask for the file, beginning where the last one lay; runs in a worker."""
        purpose = self.KIND.purpose
        folder = await folder_picker.remembered(self.vault, purpose) or folder_picker.downloads()
        workbooks = await asyncio.to_thread(folder_picker.workbooks, folder)
        chooser = ChooseWorkbook(folder, workbooks, self.KIND.asked_for)
        path: Path | None = await self.app.push_screen_wait(chooser)
        if path is not None:
            await folder_picker.remember(self.vault, purpose, path.parent)
        return path

    async def _read(self, path: Path, how: Callable[..., Journey], *arguments: object) -> bool:
        self._busy = True
        self.say_reading(path.name)
        try:
            journey = await self.tried(asyncio.to_thread(how, *arguments))
        finally:
            self._busy = False
        if journey is not None:
            self._journey = journey
        self.draw()
        return journey is not None

    def say_reading(self, name: str) -> None:
        """Say that a file is being read, as the step that is done now."""
        words, said = Doing(f"Reading {name}", "now"), self.query_one("#said", Panel)
        said.display = True
        said.show(lambda width: steps([words], width))

    async def _again(self, overrides: Overrides) -> bool:
        assert self._journey is not None
        journey = self._journey
        return await self._read(journey.path, read_again, journey, self._methodology, overrides)

    @work
    async def change_reading(self) -> None:
        """Change the line the cursor is on, in a step of the reading."""
        key, journey = self.current.key, self._journey
        if self._busy or journey is None:
            return
        assert self._methodology is not None
        if self.step == PROBLEMS:
            overrides = await cell_answers.fix(
                self.fieldkit, journey, self._methodology, self.inspection_id, key
            )
            if overrides is not None:
                await self._again(overrides)
            return
        pick = line_pick(self.step, journey, key, self._methodology.scale_for("case").labels)
        chosen = await self.app.push_screen_wait(pick) if pick is not None else None
        if chosen is not None:
            await self._again(with_choice(self.step, journey, key, chosen))

    @work
    async def skip_problem(self) -> None:
        """Leave the row of a problem out, or pass it over, with a reason; again takes it back."""
        key, journey = self.current.key, self._journey
        if journey is not None and not self._busy:
            overrides = await cell_answers.skip(self.fieldkit, journey, self.inspection_id, key)
            if overrides is not None:
                await self._again(overrides)

    async def next_reading_step(self) -> bool:
        """Go on to the next step of the reading; whether the last one was left."""
        assert self._journey is not None
        reading = self._journey.reading
        if self.step == COLUMNS and reading.missing:
            missing = " and ".join(self.KIND.fields[one] for one in reading.missing)
            text = f"No column is taken for the {missing}. Press e on the right one."
            self.fieldkit.say(text, error=True)
            return False
        if self.step < PROBLEMS:
            self.show_step(self.step + 1)
            return False
        return True
