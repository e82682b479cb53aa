"""The case page as far as its keys grade: a grade, an answer or a state, and taking it away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from sqlmodel import Session
from textual import events, work

from fieldkit.casework import judging
from fieldkit.casework.cases import set_audit
from fieldkit.methodology.audit_lines import ANSWER, MOMENT
from fieldkit.wording.format import line
from screens.casework import case_rows, case_state
from screens.casework.ask_query import moderate
from screens.casework.audit.audit_list import DIGITS, AuditList
from screens.casework.case_rows import CRITERION, Row
from screens.casework.case_state import CaseState, numbered
from screens.casework.case_texts import RowWords
from screens.casework.typing_guard import TypingGuard
from screens.kit.ask import ask, commit
from screens.kit.dialogs import Confirm
from screens.kit.draft_fields import DraftInput
from screens.kit.page import Page
from storage.records import Judgment
from storage.records.case import CaseAudit
from storage.records.judgment import OVERALL, judgment_id

REASON = "reason"
TYPED = (
    "This looks like text being typed, and digits grade here, so nothing more is graded. Press "
    "enter to write, or esc to go on grading; ctrl+z takes back the last grade."
)


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
        self._guard = TypingGuard()

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
    def listed(self) -> AuditList:
        """Return the rows as they are listed."""
        return self.query_one(AuditList)

    async def fetch(self) -> None:
        """Read the case."""
        self._state = await self.vault.read(case_state.read, self.case_id)

    def redraw(self, only: Row | None = None) -> None:
        """Draw what was read, after something of it changed; of the rows perhaps one alone."""

    async def again(self, row: Row) -> None:
        """Read anew after something of a row changed, and draw it."""
        await self.fetch()
        self.redraw()
        await self.fieldkit.refresh_frame()

    def _go_on(self, row: Row) -> None:
        """Go on to the next row; on the overall grade, which is the last one, the cursor stays."""
        self.redraw(row)
        number = self._rows.index(row) + 1
        if row.key != OVERALL and number < len(self._rows):
            self.listed.highlighted = number
        else:
            self.fieldkit.draw_keys()

    def _take(self, row: Row, judged: Judgment) -> None:
        self.state.file.judgments[row.key] = judged
        self._go_on(row)

    async def take_key(self, key: str) -> bool:
        """Grade at once, where a key is a digit in the list; say whether it was."""
        if key not in DIGITS or not isinstance(self.focused, AuditList) or self.is_resuming:
            return False
        if self._state is None or self.row.kind not in (CRITERION, ANSWER):
            return False
        await self.action_digit(int(key))
        return True

    async def action_digit(self, digit: int) -> None:
        """Give the grade, or the answer, of that place and go on to the next row."""
        if self._state is None:
            return
        state, row = self.state, self.row
        if self._guard.holds:
            self.fieldkit.say(TYPED, error=True)
            return
        if row.kind == MOMENT:
            self._begin_moment(row, str(digit))
            return
        if row.kind in (CRITERION, ANSWER) and not self._is_asked_once(
            lambda: self.action_digit(digit)
        ):
            return
        if row.kind == CRITERION and digit <= len(state.grades):
            await self._grade(row, state.grades[digit - 1])
        elif row.kind == CRITERION:
            self._guard.nothing()
            grades = f"{len(state.grades)} grades: {numbered(state.grades)}"
            self.fieldkit.say(f"This scale has {grades}.")
        elif row.kind != ANSWER:
            self.fieldkit.say("This line takes text. Press enter to write it.")
        elif digit > len(state.answers):
            self._guard.nothing()
            self.fieldkit.say(f"The answers to this line are: {numbered(state.answers)}.")
        else:
            audit = await self._set(row, state.methodology.answers[digit - 1].key)
            if audit is not None:
                state.file = replace(state.file, audit=audit)
                self._go_on(row)

    def before_key(self, key: events.Key) -> None:
        """Notice text that is typed where keys grade: a sign that stands for nothing here."""
        super().before_key(key)
        if self.typing_in is None:
            # The digits are known; looking through all keys takes longer than all else of a grade.
            sign = key.is_printable and key.key not in DIGITS
            self._guard.key(key.key, typed=sign and key.key not in self.active_bindings)

    def _begin_moment(self, row: Row, digit: str) -> None:
        """Begin the date that somebody types without having pressed enter."""
        if case_rows.value(row, self.state.file):
            self.fieldkit.say("This line has a date. Press enter to change it.")
            return
        self.query_one(RowWords).begin(row)
        self.query_one(DraftInput).insert_text_at_cursor(digit)

    def _is_asked_once(self, go_on: Callable[[], Awaitable[None]]) -> bool:
        """Say whether this person may judge the case; of a colleague's they are asked once."""
        known = self.fieldkit.colleagues_cases
        if not self.state.colleague or self.case_id in known:
            return True
        self.run_worker(self._ask_once(go_on))
        return False

    async def _ask_once(self, go_on: Callable[[], Awaitable[None]]) -> None:
        reference, name = line(self.state.file.case.reference, 30), line(self.state.colleague, 40)
        question = (
            f"{name} audits {reference}. Judge it all the same?\n\nYou are asked once for each "
            "case. A question to the auditor is put with q."
        )
        if await self.app.push_screen_wait(Confirm(question, "judge it", "leave it")):
            self.fieldkit.colleagues_cases.add(self.case_id)
            await go_on()

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
        """Mark the criterion as not applicable, or as one we are unable to judge.

        A line with answers takes the answer of that name, where it has one.
        """
        row, case_id = self.row, self.case_id
        answers = [one.key for one in self.state.methodology.answers]
        if row.kind == ANSWER and word in answers:
            await self.action_digit(answers.index(word) + 1)
            return
        if row.kind == ANSWER:
            self.fieldkit.say(f"The answers to this line are: {numbered(self.state.answers)}.")
            return
        if row.kind != CRITERION:
            self.fieldkit.say(f"Only a criterion is marked as {word}; go up to its line.")
            return
        if self._guard.holds:
            self.fieldkit.say(TYPED, error=True)
            return
        if not self._is_asked_once(lambda: self._mark(row, case_id, word)):
            return
        await self._mark(row, case_id, word)

    async def _mark(self, row: Row, case_id: str, word: str) -> None:
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
        if not self._is_asked_once(self.action_clear):
            return
        if row.kind == CRITERION:
            await self.tried(self.vault.write(judging.clear, self.case_id, row.key))
        elif row.kind in (ANSWER, MOMENT):
            await self._set(row, "")
        await self.again(row)

    async def _set(self, row: Row, text: str) -> CaseAudit | None:
        job = self.vault.write(lambda s: set_audit(s, self.case_id, **{row.key: text}))
        return await self.tried(job)
