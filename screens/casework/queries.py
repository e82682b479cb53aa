"""Queries: what a second reader asks the auditor of a judgment, and the answers."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on, work
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList

from fieldkit.casework import queries
from fieldkit.casework.queries import QueryLine
from fieldkit.history.search_signs import case_scale
from fieldkit.wording.dates import short_moment
from screens.casework.ask_query import answer_query, withdraw_query
from screens.kit.drawing.chips import Grades
from screens.kit.drawing.keys import ways
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import between, drawn, fit, lines, muted, strong, wrapped
from screens.kit.drawing.signs import glyph, sign
from screens.kit.list_page import PanelListPage
from screens.kit.page import Named
from screens.kit.text import plain
from storage.records.query import ANSWERED, OPEN, SETTLED, WITHDRAWN

ALIVE = (OPEN, ANSWERED)
"""The states in which somebody still has something to do."""
STATE = 10
"""Columns of how a query stands."""
ENDED = {SETTLED: "done", WITHDRAWN: "not applicable"}
"""The signs of queries with which nobody has anything to do."""
FOLLOWS = (
    ("enter", "answer", "Answer", "and say whether our grade changes"),
    ("k", "settle", "Settle", "where the answer settles your question"),
    ("x", "take_back", "Take back", "your question, with a reason"),
    ("o", "open", "Open case", "at the line asked about"),
)
"""Key and action of what may follow, and what it does."""


def query_row(query: QueryLine, grades: Grades, width: int) -> Content:
    """Return a query on one line: where it is asked, our grade there now, and whom it waits for."""
    alive = query.state in ALIVE
    mark = (
        sign("query")
        if alive
        else sign("done")
        if query.state == SETTLED
        else muted(glyph("not applicable"))
    )
    waits = state_words(query)
    head = Content.assemble(mark, " ", strong(query.reference), " ")
    state = strong(waits) if query.for_me or query.to_settle else muted(waits)
    tail = Content.assemble(grades.chip(query.standing), "  ", fit(state, STATE))
    label = drawn(query.label) if alive else muted(query.label)
    return between(head + label, tail, width)


def state_words(query: QueryLine) -> str:
    """Return how a query stands, for whoever reads the list."""
    if query.for_me:
        return "for you"
    return "to settle" if query.to_settle else query.state


class QueriesPage(PanelListPage[QueryLine]):
    """Shows the queries, those for the person at the keyboard first, with question and answer."""

    PAGE = "queries"
    CSS = """
    QueriesPage #side { height: 11; }
    QueriesPage #both { height: 1fr; }
    QueriesPage #question, QueriesPage #answer { width: 1fr; height: 100%; }
    QueriesPage #follows { height: 6; display: none; }
    QueriesPage.-wide #both { layout: vertical; }
    QueriesPage.-wide #question, QueriesPage.-wide #answer { width: 100%; height: 1fr; }
    QueriesPage.-wide #follows { display: block; }
    """
    EMPTY = "No judgment is queried."
    EMPTY_KEYS = (("q", "on a line of a case, or on a difference: ask its auditor"),)
    EMPTY_FACT = "Question, answer and a change of the grade stay on record."

    def __init__(self) -> None:
        super().__init__()
        self._grades: Grades | None = None

    def side(self) -> Iterable[Widget]:
        """Yield question and answer, and what may follow."""
        with Horizontal(id="both"):
            yield Panel("Question", id="question")
            yield Panel("Answer", id="answer")
        yield Panel("What may follow", id="follows")

    async def load(self) -> None:
        """Read the queries."""
        if self._grades is None:
            self._grades = Grades(await self.vault.read(case_scale, self.inspection_id))
        self.show(await self.vault.read(queries.lines, self.inspection_id))

    def _figure(self) -> Content:
        mine = sum(one.for_me for one in self._lines)
        back = sum(one.to_settle for one in self._lines)
        parts = [f"{len(self._lines)}"]
        parts += [f"{mine} for you"] * bool(mine) + [f"{back} to settle"] * bool(back)
        return muted(" · ".join(parts))

    def _row(self, entry: QueryLine, width: int, *, chosen: bool) -> Content:
        assert self._grades is not None
        return query_row(entry, self._grades, width)

    def _asked(self, query: QueryLine) -> str:
        """Return who asked whom."""
        me = self.vault.person.name
        asks = "you asked" if query.asked_by == me else f"{query.asked_by} asks"
        if query.asked_of == me:
            return f"{asks} {'yourself' if query.asked_by == me else 'you'}"
        return f"{asks} {query.asked_of}"

    def _draw_side(self, entry: QueryLine | None) -> None:
        question, answer = self.query_one("#question", Panel), self.query_one("#answer", Panel)
        if entry is None:
            question.show("", figure="")
            answer.show("", figure="")
            self.query_one("#follows", Panel).show("")
            return
        asked = self._asked(entry)
        question.show(
            lambda width: _said(
                entry.question, f"{asked}, {short_moment(entry.asked_at)}", width, question.room[1]
            ),
            figure=entry.reference,
        )
        who = "you" if entry.answered_by == self.vault.person.name else entry.answered_by
        told = f"{who}, {short_moment(entry.answered_at)}"
        answer.show(
            lambda width: _said(entry.answer, told if entry.answer else "", width, answer.room[1]),
            figure=entry.state,
        )
        idle = self.idle_actions
        open_ways = [one for one in FOLLOWS if one[1] not in idle]
        self.query_one("#follows", Panel).show(
            lambda width: ways([(name, what, about) for name, _, what, about in open_ways], width)
        )

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what cannot be done with the query under the cursor."""
        query, idle = self.current, super().idle_actions
        if query is None:
            return idle
        asked = query.asked_by == self.vault.person.name
        can = {"answer": query.for_me, "settle": query.to_settle}
        can["take_back"] = asked and query.state in ALIVE
        return idle | {action for action, possible in can.items() if not possible}

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


def _said(words: str, who: str, width: int, height: int) -> Content:
    """Return what was written in so many lines, and under it by whom and when."""
    below = [muted(one) for one in wrapped(plain(who), width, most=2)] if who else []
    room = max(height - len(below), 1)
    body = wrapped(plain(words), width, most=room) if words.strip() else [muted("No answer yet.")]
    return lines(body, below)
