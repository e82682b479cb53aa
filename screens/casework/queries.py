"""Queries: what a second reader asks the auditor of a judgment, and the answers."""

from __future__ import annotations

from textual import on, work
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.casework import queries
from fieldkit.casework.queries import QueryLine
from fieldkit.wording.dates import short_moment
from fieldkit.wording.format import line
from screens.casework.ask_query import answer_query, withdraw_query
from screens.kit.list_page import ListPage
from screens.kit.page import Named
from screens.kit.text import indented, plain
from storage.ops.text import many

EMPTY = (
    "No judgment is queried.\n\n"
    "A second reader presses q on a line of a case, or on a difference of the comparison, to ask\n"
    "its auditor. The question, the answer and a change of the grade stay on record."
)
HINT = "enter  answer     k  settle     o  open case     x  take back     h  history"


class QueriesPage(ListPage[QueryLine]):
    """Shows the queries, those for the person at the keyboard first."""

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

    def _drawn(self, query: QueryLine, width: int) -> Content:
        waits = (
            "for you" if query.for_me else "for you to settle" if query.to_settle else query.state
        )
        sign = "?" if query.state in ("open", "answered") else " "
        head = f"{sign} {query.reference}, {query.label} · ours {query.standing} · {waits}"
        parts = [plain(line(head, width), "bold" if query.for_me or query.to_settle else "")]
        rows = [
            f"{query.asked_by} asks {query.asked_of}, "
            f"{short_moment(query.asked_at)}: {query.question}"
        ]
        if query.answer:
            rows.append(
                f"{query.answered_by} answers, {short_moment(query.answered_at)}: {query.answer}"
            )
        return Content("\n").join([*parts, *indented(rows, width, lines=4)])

    def _subject(self, query: QueryLine) -> Named:
        return "case", query.case_id, query.reference

    def _record(self, query: QueryLine) -> Named:
        return "query", query.id, f"{query.reference}, {query.label}, query"

    @on(OptionList.OptionSelected)
    @work
    async def action_answer(self) -> None:
        """Answer the query; one that is answered is settled by k."""
        query = self.current
        if query is None:
            return
        if query.for_me:
            await answer_query(self.fieldkit, query)
            await self.load()
        elif query.to_settle:
            self.fieldkit.say(f"{query.answered_by} has answered. Press k if that settles it.")
        elif query.state == "open":
            self.fieldkit.say(f"{query.asked_of} judged this line, so they answer it.")
        else:
            self.fieldkit.say(f"This query is {query.state}.")

    async def action_settle(self) -> None:
        """Record that the answer settles the question."""
        query = self.current
        if query is not None:
            await self.tried(self.vault.write(queries.settle, query.id))
            await self.load()

    @work
    async def action_take_back(self) -> None:
        """Take the question back, with a reason."""
        query = self.current
        if query is not None:
            await withdraw_query(self.fieldkit, query)
            await self.load()

    async def action_open(self) -> None:
        """Open the case at the line."""
        query = self.current
        if query is not None:
            await self.fieldkit.go("case", case_id=query.case_id, key=query.criterion)
