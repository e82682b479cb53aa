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
from screens.kit.text import plain
from storage.ops.text import many

EMPTY = (
    "Nothing has two answers.\n\n"
    "When two people write the same thing without sight of each other, both answers are kept "
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

    def _drawn(self, one: Conflict, width: int) -> Content:
        head = plain(line(f"≠ {one.what} · {one.word}", width), "bold")
        return Content("\n").join([head, *answers.drawn(one.sides, width)])

    @property
    def subject(self) -> tuple[str, str, str] | None:
        """Return the record of the conflict the cursor is on."""
        one = self.current
        return (one.kind, one.record, one.what) if one is not None else None

    @work
    async def action_keep(self, number: int) -> None:
        """Keep an answer by its number."""
        one = self.current
        if one is not None and number <= len(one.sides):
            await self._keep(one, one.sides[number - 1])

    @on(OptionList.OptionSelected)
    @work
    async def action_choose(self) -> None:
        """Show all of each answer, and keep one of them."""
        one = self.current
        if one is None:
            return
        title = f"{one.what}: {one.word}"
        chosen = await self.app.push_screen_wait(answers.Answers(title, one.sides))
        if chosen is not None:
            await self._keep(one, one.sides[chosen - 1])

    @work
    async def action_write(self) -> None:
        """Write another wording instead of all answers."""
        one = self.current
        if one is None:
            return
        if not one.can_combine:
            self.fieldkit.say("One of the answers has to be kept here; press its number.")
            return
        both = "\n".join(dict.fromkeys(side.values[one.combined] for side in one.sides))
        title, place = f"{one.what}: {one.word}", f"conflict/{one.record}"
        written = await ask(self.fieldkit, title, place, one.combined, original=both)
        if written is not None:
            await self._decided(one, instead=written)

    async def _keep(self, one: Conflict, side: Side) -> None:
        if one.hidden:
            self.fieldkit.say(
                f"{one.what}: judge the case and reveal the force's grade first.", error=True
            )
            return
        await self._decided(one, keep=side.op)

    async def _decided(self, one: Conflict, *, keep: str = "", instead: str | None = None) -> None:
        reason = ""
        place = f"conflict/{one.record}"
        needed = await self.vault.read(conflicts.needs_reason, one.kind, one.record, one.fields)
        if needed:
            given = await ask(self.fieldkit, f"{one.what}: why?", place, REASON)
            if given is None:
                return
            reason = given
        said = await commit(
            self.fieldkit,
            place,
            [one.combined or one.fields[0], REASON],
            lambda s: conflicts.decide(s, one.id, keep=keep, instead=instead, reason=reason),
        )
        if said is not None:
            self.fieldkit.say(said)
        await self.load()
        await self.fieldkit.refresh_frame()

    async def action_open(self) -> None:
        """Go to the record."""
        one = self.current
        if one is not None:
            await open_record(self.fieldkit, one.kind, one.record, one.what)
