"""Conflicts: what two people wrote differently, side by side, and the decision."""

from __future__ import annotations

from textual import on, work
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.history import conflicts
from fieldkit.history.answers import Side
from fieldkit.history.conflicts import Conflict
from fieldkit.wording.format import line
from screens.history import answers
from screens.history.search import open_record
from screens.kit.ask import ask, commit
from screens.kit.list_page import ListPage
from screens.kit.page import Named
from screens.kit.text import plain
from storage.ops.text import many

EMPTY = (
    "There are no conflicts.\n\n"
    "When two people change the same thing before they have exchanged, both answers are kept "
    "and shown here after an exchange, until somebody decides."
)
HINT = "1 2  keep that answer     enter  read all     w  write another     esc  later"
REASON = "reason"


class ConflictsPage(ListPage[Conflict]):
    """Shows each conflict with its answers; one is kept, or another written instead."""

    PAGE = "conflicts"
    EMPTY = EMPTY

    def __init__(self) -> None:
        super().__init__()
        self._others = ""

    async def load(self) -> None:
        """Read the conflicts."""
        listed, waiting = await self.vault.read(
            lambda s: (
                conflicts.listing(s, self.inspection_id),
                conflicts.waiting(s, self.inspection_id),
            )
        )
        self._others = waiting.others
        self.show(listed)

    def _heading(self) -> str:
        others = f" · {self._others}" if self._others else ""
        return f"Conflicts · {many(len(self._lines), 'conflict')}{others}"

    def _hint(self) -> str:
        return HINT

    def _drawn(self, conflict: Conflict, width: int) -> Content:
        head = plain(line(f"≠ {conflict.label} · {conflict.word}", width), "bold")
        return Content("\n").join([head, *answers.drawn(conflict.sides, width)])

    def _subject(self, conflict: Conflict) -> Named:
        return conflict.kind, conflict.record, conflict.label

    @work
    async def action_keep(self, number: int) -> None:
        """Keep an answer by its number."""
        conflict = self.current
        if conflict is not None and number <= len(conflict.sides):
            await self._keep(conflict, conflict.sides[number - 1])

    @on(OptionList.OptionSelected)
    @work
    async def action_choose(self) -> None:
        """Show all of each answer, and keep one of them."""
        conflict = self.current
        if conflict is None:
            return
        title = f"{conflict.label}: {conflict.word}"
        chosen = await self.app.push_screen_wait(answers.Answers(title, conflict.sides))
        if chosen is not None:
            await self._keep(conflict, conflict.sides[chosen - 1])

    @work
    async def action_write(self) -> None:
        """Write another wording instead of all answers."""
        conflict = self.current
        if conflict is None:
            return
        if not conflict.can_combine:
            self.fieldkit.say("One of the answers has to be kept here; press its number.")
            return
        both = "\n".join(dict.fromkeys(side.values[conflict.combined] for side in conflict.sides))
        title, place = f"{conflict.label}: {conflict.word}", f"conflict/{conflict.record}"
        written = await ask(self.fieldkit, title, place, conflict.combined, original=both)
        if written is not None:
            await self._decided(conflict, instead=written)

    async def _keep(self, conflict: Conflict, side: Side) -> None:
        if conflict.hidden:
            self.fieldkit.say(
                f"{conflict.label}: judge the case and reveal the force's grade first.", error=True
            )
            return
        await self._decided(conflict, keep=side.op)

    async def _decided(
        self, conflict: Conflict, *, keep: str = "", instead: str | None = None
    ) -> None:
        reason = ""
        place = f"conflict/{conflict.record}"
        needed = await self.vault.read(
            conflicts.needs_reason, conflict.kind, conflict.record, conflict.fields
        )
        if needed:
            asked = await ask(self.fieldkit, f"{conflict.label}: why?", place, REASON)
            if asked is None:
                return
            reason = asked
        sentence = await commit(
            self.fieldkit,
            place,
            [conflict.combined or conflict.fields[0], REASON],
            lambda s: conflicts.decide(s, conflict.id, keep=keep, instead=instead, reason=reason),
        )
        if sentence is not None:
            self.fieldkit.say(sentence)
        await self.load()
        await self.fieldkit.refresh_frame()

    async def action_open(self) -> None:
        """Go to the record."""
        conflict = self.current
        if conflict is not None:
            await open_record(self.fieldkit, conflict.kind, conflict.record, conflict.label)
