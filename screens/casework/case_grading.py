"""The case page as far as its keys grade: a grade, an answer or a state, and taking it away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session
from textual import work
from textual.widgets import OptionList

from fieldkit.casework import judging
from fieldkit.casework.cases import set_audit
from fieldkit.methodology.audit_lines import ANSWER, MOMENT
from screens.casework import case_state
from screens.casework.ask_query import moderate
from screens.casework.case_rows import CRITERION, AuditList, Row
from screens.casework.case_state import CaseState, numbered
from screens.kit.ask import ask, commit
from screens.kit.page import Page
from storage.records import Judgment
from storage.records.case import CaseAudit
from storage.records.judgment import OVERALL, judgment_id

REASON = "reason"


class GradingPage(Page):
    """Shows the rows of a case, and the keys that grade the one the cursor is on.

    Args:
        case_id: which case.
    """

    def __init__(self, case_id: str) -> None:
        super().__init__()
        self.case_id = case_id
        self._rows: Sequence[Row] = ()
        self._state: CaseState | None = None

    @property
    def state(self) -> CaseState:
        """Return what was read; there is one from the first reading on."""
        assert self._state is not None
        return self._state

    @property
    def row(self) -> Row:
        """Return the row the cursor is on."""
        return self._rows[self.listed.highlighted or 0]

    @property
    def listed(self) -> OptionList:
        """Return the rows as they are listed."""
        return self.query_one(AuditList)

    @property
    def width(self) -> int:
        """Return how many columns a row has."""
        return 43 if self.app.size.width < 100 else 58

    async def fetch(self) -> None:
        """Read the case."""
        self._state = await self.vault.read(case_state.read, self.case_id)

    def redraw(self, row: Row) -> None:
        """Draw one row anew, and the title."""
        drawn = self.state.drawn(row, self.width)
        self.listed.replace_option_prompt_at_index(self._rows.index(row), drawn)
        self.set_text("#title", self.state.title(self._rows))

    async def again(self, row: Row) -> None:
        """Read anew after something of a row changed, and draw that row."""
        await self.fetch()
        self.redraw(row)
        await self.fieldkit.refresh_frame()

    def _go_on(self, row: Row) -> None:
        """Go on within the section; its last row, the overall grade among them, is stayed on."""
        self.redraw(row)
        number = self._rows.index(row) + 1
        if number < len(self._rows):
            following = self._rows[number]
            if following.kind == row.kind and not following.heading:
                self.listed.highlighted = number

    def _take(self, row: Row, judged: Judgment) -> None:
        self.state.file.judgments[row.key] = judged
        self._go_on(row)

    async def action_digit(self, digit: int) -> None:
        """Give the grade, or the answer, of that place and go on to the next row."""
        if self._state is None:
            return
        state, row = self.state, self.row
        if row.kind == CRITERION and digit <= len(state.grades):
            await self._grade(row, state.grades[digit - 1])
        elif row.kind == CRITERION:
            grades = f"{len(state.grades)} grades: {numbered(state.grades)}"
            self.fieldkit.say(f"This scale has {grades}.")
        elif row.kind != ANSWER:
            self.fieldkit.say("This line takes text. Press enter to write it.")
        elif digit > len(state.answers):
            self.fieldkit.say(f"The answers to this line are: {numbered(state.answers)}.")
        else:
            audit = await self._set(row, state.methodology.answers[digit - 1].key)
            if audit is not None:
                state.file = replace(state.file, audit=audit)
                self._go_on(row)

    async def _grade(self, row: Row, grade: str) -> None:
        if row.key == OVERALL and self.state.revealed:
            # Asking takes a worker; the key itself is done.
            self.run_worker(self._moderate(row, grade))
            return
        judged = await self.tried(self.vault.write(judging.grade, self.case_id, row.key, grade))
        if judged is not None:
            self._take(row, judged)
            if row.key == OVERALL:
                await self.fieldkit.refresh_frame()

    async def _moderate(self, row: Row, grade: str) -> None:
        reference = self.state.file.case.reference
        if await moderate(self.fieldkit, self.case_id, reference, grade) is not None:
            await self.again(row)

    @work
    async def action_state(self, word: str) -> None:
        """Mark the criterion as not applicable, or as one we are unable to judge."""
        row, case_id = self.row, self.case_id
        if row.kind != CRITERION:
            self.fieldkit.say(f"Only a criterion is marked as {word}; go up to its line.")
            return
        term = next(one for one in self.state.methodology.states if one.key == word)
        place = f"state/{judgment_id(case_id, row.key)}"
        reason: str | None = ""
        if term.needs_reason:
            title = f"{self.state.called(row)}: why {term.label}?"
            reason = await ask(self.fieldkit, title, place, REASON)
        if reason is None:
            return

        def job(session: Session) -> Judgment:
            return judging.set_state(session, case_id, row.key, word, reason)

        if (judged := await commit(self.fieldkit, place, [REASON], job)) is not None:
            self._take(row, judged)

    async def action_clear(self) -> None:
        """Take the grade, the answer or the moment away again."""
        row = self.row
        if row.kind == CRITERION:
            await self.tried(self.vault.write(judging.clear, self.case_id, row.key))
        elif row.kind in (ANSWER, MOMENT):
            await self._set(row, "")
        await self.again(row)

    async def _set(self, row: Row, text: str) -> CaseAudit | None:
        job = self.vault.write(lambda s: set_audit(s, self.case_id, **{row.key: text}))
        return await self.tried(job)
