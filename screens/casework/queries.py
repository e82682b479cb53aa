"""Queries: what a second reader asks the auditor of a judgment, and the answers."""

from __future__ import annotations

from textual import on, work
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.casework import queries
from fieldkit.casework.queries import QueryLine
from fieldkit.wording.format import line, local
from screens.casework.ask_query import answer_query, withdraw_query
from screens.kit.list_page import ListPage
from screens.kit.text import indented, plain
from storage.ops.text import many

EMPTY = (
    "No judgment is queried.\n\n"
    "A second reader presses q on a line of a case, or on a difference of the comparison, to ask\n"
    "its auditor. The question, the answer and a change of the grade stay on record."
)
HINT = "enter  answer     k  settle     o  open case     x  take back     h  history"


class QueriesPage(ListPage[QueryLine]):
    """The queries, those for the person at the keyboard first."""

    PAGE = "queries"
    EMPTY = EMPTY

    async def load(self) -> None:
        """Read the queries."""
        self.show(await self.vault.read(queries.lines, self.inspection_id))

    def _heading(self) -> str:
        mine = sum(one.for_me for one in self._lines)
        back = sum(one.to_settle for one in self._lines)
        counts = [many(len(self._lines), "query", "queries"), f"{mine} for you"]
        return f"Queries · {' · '.join(counts)} · {back} to settle"

    def _hint(self) -> str:
        return HINT

    def _drawn(self, one: QueryLine, width: int) -> Content:
        waits = "for you" if one.for_me else "for you to settle" if one.to_settle else one.state
        sign = "?" if one.state in ("open", "answered") else " "
        head = f"{sign} {one.reference}, {one.label} · ours {one.standing} · {waits}"
        parts = [plain(line(head, width), "bold" if one.for_me or one.to_settle else "")]
        rows = [f"{one.asked_by} asks {one.asked_of}, {local(one.asked_at)}: {one.question}"]
        if one.answer:
            rows.append(f"{one.answered_by} answers, {local(one.answered_at)}: {one.answer}")
        return Content("\n").join([*parts, *indented(rows, width, lines=4)])

    @property
    def subject(self) -> tuple[str, str, str] | None:
        """The case of the query the cursor is on."""
        one = self.current
        return ("case", one.case_id, one.reference) if one is not None else None

    @property
    def record(self) -> tuple[str, str, str] | None:
        """The query the cursor is on."""
        one = self.current
        return ("query", one.id, f"{one.reference}, {one.label}, query") if one else None

    @on(OptionList.OptionSelected)
    @work
    async def action_answer(self) -> None:
        """Answer the query; one that is answered is settled by k."""
        one = self.current
        if one is None:
            return
        if one.for_me:
            await answer_query(self.fieldkit, one)
            await self.load()
        elif one.to_settle:
            self.fieldkit.say(f"{one.answered_by} has answered. Press k if that settles it.")
        elif one.state == "open":
            self.fieldkit.say(f"{one.asked_of} judged this line, so they answer it.")
        else:
            self.fieldkit.say(f"This query is {one.state}.")

    async def action_settle(self) -> None:
        """Record that the answer settles the question."""
        one = self.current
        if one is not None:
            await self.tried(self.vault.write(queries.settle, one.id))
            await self.load()

    @work
    async def action_take_back(self) -> None:
        """Take the question back, with a reason."""
        one = self.current
        if one is not None:
            await withdraw_query(self.fieldkit, one)
            await self.load()

    async def action_open(self) -> None:
        """Open the case at the line."""
        one = self.current
        if one is not None:
            await self.fieldkit.go("case", case_id=one.case_id, key=one.criterion)
