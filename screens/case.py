"""The case audit: one key for a grade, enter for the words, the overall grade last."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from sqlmodel import Session
from textual import events, on, work
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from fieldkit import casework, judging, methodology, queries
from fieldkit.casework import CaseFile
from fieldkit.queries import QueryLine
from screens import audit_rows
from screens.audit_rows import ANSWER, CRITERION, MOMENT, Row
from screens.dialogs import AskText, Confirm
from screens.page import Page
from screens.plain import plain
from screens.querying import answer_query, put_query, short
from screens.typing import DraftArea, DraftInput
from storage import drafts
from storage.records.case_audit import CaseAudit, case_audit_id
from storage.records.inspection import Inspection, inspection
from storage.records.judgment import OVERALL, judgment_id

if TYPE_CHECKING:
    from fieldkit.methodology import Methodology

WRITTEN = (
    ("rationale", "Rationale"),
    ("went_well", "What went well"),
    ("concern", "Concern"),
)


class AuditList(OptionList):
    """The rows; digits grade the one the cursor is on."""

    BINDINGS: ClassVar = [
        Binding(str(digit), f"screen.digit({digit})", show=False) for digit in range(1, 10)
    ]


@dataclass
class Desk:
    """What the page works on: the file, its inspection, queries, unsaved texts, the reveal."""

    file: CaseFile
    inspection: Inspection
    queries: list[QueryLine]
    drafts: dict[tuple[str, str], str]
    revealed: bool


def _read(session: Session, case_id: str) -> Desk:
    file = casework.open_case(session, case_id)
    found = inspection(session, file.case.inspection_id)
    assert found is not None
    waiting = {(one.place, one.field): one.text for one in drafts.listed(session)}
    asked = queries.lines_of(session, case_id)
    return Desk(file, found, asked, waiting, judging.is_revealed(session, case_id))


def _write(session: Session, case_id: str, row: Row, field: str, text: str, place: str) -> None:
    """Commit what was typed and drop its draft, in one transaction."""
    if row.kind == CRITERION:
        judging.write(session, case_id, row.key, **{field: text})
    else:
        casework.set_audit(session, case_id, **{field: text})
    drafts.committed(session, place, field)


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
        self._file: CaseFile | None = None
        self._methodology: Methodology | None = None
        self._drafts: dict[tuple[str, str], str] = {}
        self._queries: list[QueryLine] = []
        self._revealed = False

    def body(self) -> Iterable[Widget]:
        """The rows at the left, the words at the right."""
        yield Static("", id="title", markup=False)
        with Horizontal(id="audit"):
            yield AuditList(id="rows", markup=False)
            with Vertical(id="words"):
                yield Static("", id="prompt", markup=False)
                for field, label in WRITTEN:
                    area = DraftArea("", field, label, id=field)
                    area.border_title = label
                    yield area
                yield DraftInput("", "moment", "Moment", hint="2026-02-28 or 2026-02-28 14:30")
                yield DraftArea("", "text", "Remarks", id="text")
                yield Static("", id="force", markup=False)
        yield Static("", id="hint", markup=False)

    # --- reading ---

    async def load(self) -> None:
        """Read the case and draw it."""
        await self._fetch()
        assert self._methodology is not None
        self._rows = audit_rows.rows(self._methodology)
        self._draw()
        keys = [row.key for row in self._rows]
        if self._key in keys:
            self.query_one(AuditList).highlighted = keys.index(self._key)
        self._key = ""
        if self.typing_in is None:
            self.query_one(AuditList).focus()

    async def _fetch(self) -> None:
        desk = await self.vault.read(_read, self.case_id)
        self._file, self._drafts, self._revealed = desk.file, desk.drafts, desk.revealed
        self._methodology = methodology.load(desk.inspection.methodology)
        self._queries = desk.queries

    def on_resize(self) -> None:
        """Draw to the new width."""
        if self._file is not None:
            self._draw()

    @property
    def _width(self) -> int:
        return 45 if self.app.size.width < 100 else 60

    def _draw(self) -> None:
        listed = self.query_one(AuditList)
        at = listed.highlighted or 0
        listed.set_options([Option(self._drawn(row)) for row in self._rows])
        listed.highlighted = min(at, len(self._rows) - 1)
        self._title()

    def _drawn(self, row: Row) -> Content:
        assert self._file is not None
        place = self._place(row)
        draft = any(where == place for where, _ in self._drafts)
        asked = any(one.state in ("open", "answered") for one in self._asked(row))
        return audit_rows.drawn(row, self._file, self._width - 2, draft, asked)

    def _redraw(self, row: Row) -> None:
        number = self._rows.index(row)
        self.query_one(AuditList).replace_option_prompt_at_index(number, self._drawn(row))
        self._title()

    def _title(self) -> None:
        assert self._file is not None and self._methodology is not None
        case = self._file.case
        open_ = sum(
            1
            for row in self._rows
            if row.kind == CRITERION and not audit_rows.value(row, self._file)
        )
        words = {one.key: one.label for one in self._methodology.case_types}
        types = ", ".join(words.get(key, key) for key in case.types)
        parts = [case.reference, types, case.child_label, case.child_age]
        parts.append("withdrawn" if case.withdrawn else f"{open_} open" if open_ else "complete")
        if self._file.referral is not None:
            parts.append(f"referral {self._file.referral.state}")
        self.query_one("#title", Static).update(plain(" · ".join(filter(None, parts))))

    def _place(self, row: Row) -> str:
        if row.kind == CRITERION:
            return f"judgment/{judgment_id(self.case_id, row.key)}"
        return f"case_audit/{case_audit_id(self.case_id)}"

    def _asked(self, row: Row) -> list[QueryLine]:
        """The queries on a row, those withdrawn apart."""
        if row.kind != CRITERION:
            return []
        return [
            one for one in self._queries if one.criterion == row.key and one.state != "withdrawn"
        ]

    def _label(self, row: Row, field: str = "") -> str:
        assert self._file is not None
        words = dict(WRITTEN).get(field, "")
        return ", ".join(filter(None, (self._file.case.reference, row.label, words.lower())))

    @property
    def _file_here(self) -> CaseFile:
        assert self._file is not None
        return self._file

    @property
    def row(self) -> Row:
        """The row the cursor is on."""
        return self._rows[self.query_one(AuditList).highlighted or 0]

    @property
    def subject(self) -> tuple[str, str, str] | None:
        """The case."""
        if self._file is None:
            return None
        return ("case", self.case_id, self._file.case.reference)

    # --- the words of a row ---

    @on(OptionList.OptionHighlighted, "#rows")
    def _turn(self) -> None:
        """Show the words of the row the cursor came to."""
        if self._file is None or self._methodology is None:
            return
        row, place = self.row, self._place(self.row)
        judged = self._file.judgments.get(row.key) if row.kind == CRITERION else None
        for field, _ in WRITTEN:
            area = self.query_one(f"#{field}", DraftArea)
            area.display = row.kind == CRITERION
            if row.kind == CRITERION:
                area.border_title = plain(f"{dict(WRITTEN)[field]} · {row.label}")
                original = getattr(judged, field) if judged is not None else ""
                draft = self._drafts.get((place, field))
                area.show(place, field, self._label(row, field), original, draft)
        text = self.query_one("#text", DraftArea)
        moment = self.query_one(DraftInput)
        text.display = row.kind == audit_rows.TEXT
        moment.display = row.kind == MOMENT
        original = audit_rows.value(row, self._file)
        draft = self._drafts.get((place, row.key))
        if row.kind == audit_rows.TEXT:
            text.show(place, row.key, self._label(row), original, draft)
            text.border_title = plain(row.label)
        elif row.kind == MOMENT:
            moment.place, moment.field, moment.label = place, row.key, self._label(row)
            moment.original = original
            with self.prevent(DraftInput.Changed):
                moment.value = original if draft is None else draft
        reason = judged.state_reason if judged is not None else ""
        said = [row.prompt or row.label, reason, *(short(one) for one in self._asked(row))]
        if any(one.for_me for one in self._asked(row)):
            said.append("a  answer")
        self.query_one("#prompt", Static).update(plain("\n".join(filter(None, said))))
        self._force(row)
        self._hint(row)

    def _force(self, row: Row) -> None:
        assert self._file is not None
        shown = self.query_one("#force", Static)
        view = self._file.force if row.key == OVERALL else None
        shown.display = view is not None
        if view is not None:
            shown.update(plain(f"The force: {view.grade or 'no grade'}. {view.rationale}".strip()))

    def _hint(self, row: Row) -> None:
        assert self._methodology is not None
        if row.kind == CRITERION:
            words = [one.label for one in self._methodology.scale_for("case").grades]
        elif row.kind == ANSWER:
            words = [one.label for one in self._methodology.answers]
        else:
            words = []
        said = "  ".join(f"{number} {word}" for number, word in enumerate(words, 1))
        more = "n not applicable  u unable" if row.kind == CRITERION else ""
        self.query_one("#hint", Static).update(
            plain("  ".join(filter(None, (said, more))) or "enter writes, esc comes back")
        )

    def action_write(self) -> None:
        """Go to the words of the row."""
        row = self.row
        if row.kind == CRITERION:
            self.query_one("#rationale", DraftArea).focus()
        elif row.kind == MOMENT:
            self.query_one(DraftInput).focus()
        elif row.kind == audit_rows.TEXT:
            self.query_one("#text", DraftArea).focus()
        else:
            self.fieldkit.say(f"A digit answers this line: {self._answers}.")

    @property
    def _answers(self) -> str:
        assert self._methodology is not None
        return _numbered(one.label for one in self._methodology.answers)

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
        job = self.vault.write(_write, self.case_id, row, field, text, place)
        if await self.tried(_done(job)) is None:
            self.fieldkit.typing.keep(place, field, widget.label, text, before)
            widget.focus()
            return
        widget.original = text
        await self._again(row)

    async def _again(self, row: Row) -> None:
        await self._fetch()
        self._redraw(row)
        await self.fieldkit.refresh_frame()

    # --- grades and states ---

    async def action_digit(self, digit: int) -> None:
        """Give the grade, or the answer, of that place and go on to the next row."""
        if self._file is None or self._methodology is None:
            return
        row = self.row
        if row.kind == CRITERION:
            grades = self._methodology.scale_for("case").grades
            if digit <= len(grades):
                await self._grade(row, grades[digit - 1].label)
            else:
                words = _numbered(one.label for one in grades)
                self.fieldkit.say(f"This scale has {len(grades)} grades: {words}.")
        elif row.kind == ANSWER and digit > len(self._methodology.answers):
            self.fieldkit.say(f"The answers to this line are: {self._answers}.")
        elif row.kind != ANSWER:
            self.fieldkit.say("This line holds words. Press enter to write them.")
        else:
            answer = self._methodology.answers[digit - 1].key
            kept = await self.tried(self._set(row.key, answer))
            if kept is not None:
                self._file = replace(self._file, audit=kept)
                self._done(row)

    async def _set(self, field: str, text: str) -> CaseAudit:
        case_id = self.case_id
        return await self.vault.write(lambda s: casework.set_audit(s, case_id, **{field: text}))

    async def _grade(self, row: Row, grade: str) -> None:
        assert self._file is not None
        if row.key == OVERALL and self._revealed:
            self._moderate(row, grade)
            return
        judged = await self.tried(self.vault.write(judging.grade, self.case_id, row.key, grade))
        if judged is not None:
            self._file.judgments[row.key] = judged
            self._done(row)
            if row.key == OVERALL:
                await self.fieldkit.refresh_frame()

    def _done(self, row: Row) -> None:
        """Go on within the section; its last row, the overall grade among them, is stayed on."""
        self._redraw(row)
        number = self._rows.index(row) + 1
        if number < len(self._rows):
            following = self._rows[number]
            if following.kind == row.kind and not following.heading:
                self.query_one(AuditList).highlighted = number

    @work
    async def _moderate(self, row: Row, grade: str) -> None:
        """After the reveal the overall grade changes only with a reason."""
        assert self._file is not None
        title = f"{self._file.case.reference}: why {grade}, now that the force's grade is known?"
        place = f"moderation/{self.case_id}"
        reason = await self._ask(title, place, "reason")
        if reason is None:
            return
        judged = await self.tried(
            # An imported overall may stand with criteria open; moderation does not wait for them.
            self.vault.write(
                judging.grade, self.case_id, row.key, grade, reason=reason, allow_open=True
            )
        )
        if judged is not None:
            await self._answered(place, "reason")
            await self._again(row)

    @work
    async def action_state(self, state: str) -> None:
        """Mark the criterion as not applicable, or as one we are unable to judge."""
        assert self._file is not None and self._methodology is not None
        row = self.row
        if row.kind != CRITERION:
            self.fieldkit.say(f"Only a criterion is marked as {state}; go up to its line.")
            return
        term = next(one for one in self._methodology.states if one.key == state)
        place = f"state/{judgment_id(self.case_id, row.key)}"
        reason = ""
        if term.needs_reason:
            asked = await self._ask(f"{self._label(row)}: why {term.label}?", place, "reason")
            if asked is None:
                return
            reason = asked
        judged = await self.tried(
            self.vault.write(judging.set_state, self.case_id, row.key, state, reason)
        )
        if judged is not None:
            await self._answered(place, "reason")
            self._file.judgments[row.key] = judged
            self._done(row)

    async def _ask(self, title: str, place: str, field: str) -> str | None:
        await self.fieldkit.typing.save()
        draft = self._drafts.get((place, field))
        return await self.app.push_screen_wait(AskText(title, place, field, draft=draft))

    async def _answered(self, place: str, field: str) -> None:
        self.fieldkit.typing.forget(place, field)
        await self.vault.write(drafts.committed, place, field)

    async def action_clear(self) -> None:
        """Take the grade away again."""
        row = self.row
        if row.kind == CRITERION:
            await self.tried(self.vault.write(judging.clear, self.case_id, row.key))
        elif row.kind in (ANSWER, MOMENT):
            await self.tried(self._set(row.key, ""))
        await self._again(row)

    # --- beyond the row ---

    @work
    async def action_reveal(self) -> None:
        """Show the force's own grade, which is recorded."""
        assert self._file is not None
        if not self._revealed:
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
        if self._file.force is None:
            self.fieldkit.say("The force's workbook has no row that was matched to this case.")

    @work
    async def action_point(self) -> None:
        """Make a point that rests on this row's judgment."""
        from screens.points import point_from

        assert self._file is not None
        row = self.row
        judged = self._file.judgments.get(row.key) if row.kind == CRITERION else None
        if judged is None:
            self.fieldkit.say("Grade the line first; then a point can rest on it.", error=True)
            return
        await point_from(self.fieldkit, "judgment", judged.id, self._label(row), row.key)

    @work
    async def action_query(self) -> None:
        """Put a question to the auditor of this row's judgment."""
        row = self.row
        if row.kind != CRITERION or not audit_rows.value(row, self._file_here):
            self.fieldkit.say("Only a line that is judged is queried; f2 writes a remark.")
            return
        if await put_query(self.fieldkit, self.case_id, row.key, self._label(row)) is not None:
            await self._again(row)
            self._turn()

    @work
    async def action_answer(self) -> None:
        """Answer the query on this row."""
        row = self.row
        waiting = next((one for one in self._asked(row) if one.for_me), None)
        if waiting is None:
            self.fieldkit.say("No query on this line waits for you. Home, q lists them all.")
            return
        if await answer_query(self.fieldkit, waiting) is not None:
            await self._again(row)
            self._turn()

    async def action_notes(self) -> None:
        """Go to the notes and remarks of the case."""
        await self.fieldkit.go("entry", kind="case", record=self.case_id)

    @work
    async def action_redact(self) -> None:
        """Take words out of this row's record for good."""
        from screens.redacting import redact

        row = self.row
        kind, record = self._place(row).split("/")
        if await redact(self.fieldkit, kind, record, self._label(row)):
            await self._again(row)

    async def action_history(self) -> None:
        """Who changed what of this row."""
        row = self.row
        kind, record = self._place(row).split("/")
        await self.fieldkit.go("history", kind=kind, record=record, title=self._label(row))

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


def _numbered(words: Iterable[str]) -> str:
    """Words with the digits that stand for them: "1 good, 2 inadequate"."""
    return ", ".join(f"{number} {word}" for number, word in enumerate(words, 1))


async def _done(job: Awaitable[None]) -> bool:
    await job
    return True
