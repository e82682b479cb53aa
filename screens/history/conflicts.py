"""Conflicts: what two people wrote differently, side by side, and the decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList

from fieldkit.history import conflicts
from fieldkit.history.answers import Side
from fieldkit.history.conflicts import Conflict
from screens.history import answers
from screens.history.search import open_record
from screens.kit.ask import ask, commit
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import between, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign
from screens.kit.list_page import PanelListPage
from screens.kit.page import Named
from screens.kit.text import plain
from storage.ops.text import many

REASON = "reason"
MOST = 3
"""Answers that stand beside each other; the dialog has all of them."""


class ConflictsPage(PanelListPage[Conflict]):
    """Shows the conflicts, and the answers of one side by side; one is kept, or another written."""

    PAGE = "conflicts"
    CSS = """
    ConflictsPage #side { height: 12; layout: horizontal; }
    ConflictsPage #side Panel { width: 1fr; height: 100%; }
    ConflictsPage.-wide #side { layout: vertical; }
    ConflictsPage.-wide #side Panel { width: 100%; height: 1fr; }
    """
    LEGEND = "both answers are kept until somebody decides"
    EMPTY = "There are no conflicts."
    EMPTY_FACT = (
        "When two people change the same thing before they have exchanged, both answers are kept "
        "and shown here after an exchange, until somebody decides."
    )

    def __init__(self) -> None:
        super().__init__()
        self._others = ""

    def side(self) -> Iterable[Widget]:
        """Yield a panel for each answer."""
        for number in range(1, MOST + 1):
            yield Panel(f"{number}", id=f"answer-{number}")

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

    def _figure(self) -> Content:
        others = f" · {self._others}" if self._others else ""
        return muted(f"{many(len(self._lines), 'conflict')}{others}")

    def _row(self, conflict: Conflict, width: int, *, chosen: bool) -> Content:
        words = Content.assemble(strong(plain(conflict.label)), "  ", plain(conflict.word))
        count = muted(many(len(conflict.sides), "answer"))
        if not chosen:
            return between(Content.assemble(sign("two answers"), " ", words), count, width)
        first, *more = wrapped(words, width - count.cell_length - 3)
        head = between(Content.assemble(sign("two answers"), " ", first), count, width)
        return lines([head, *(one.pad_left(2) for one in more)])

    def _draw_side(self, conflict: Conflict | None) -> None:
        sides = conflict.sides if conflict is not None else ()
        for number in range(MOST):
            panel = self.query_one(f"#answer-{number + 1}", Panel)
            panel.display = number < max(len(sides), 2)
            if number >= len(sides):
                panel.show("", title=f"{number + 1}", figure="", legend="")
                continue
            more = len(sides) - MOST if number == MOST - 1 else 0
            panel.show(
                partial(self._answer, panel, sides, number),
                title=plain(f"{number + 1} {sides[number].who}"),
                figure="shown now" if sides[number].shown and not number else "",
                legend=f"{more} more: enter" if more > 0 else "",
            )

    def _answer(self, panel: Panel, sides: Sequence[Side], number: int, width: int) -> Content:
        return answers.beside(sides, number, width, panel.room[1])

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what cannot be done with the conflict under the cursor."""
        conflict, idle = self.current, super().idle_actions
        if conflict is None:
            return idle
        kept = 0 if conflict.hidden else len(conflict.sides)
        idle |= {f"keep({number})" for number in range(kept + 1, MOST + 1)}
        return idle if conflict.can_combine else idle | {"write"}

    def _subject(self, conflict: Conflict) -> Named:
        return conflict.kind, conflict.record, conflict.label

    @work
    async def action_keep(self, number: int) -> None:
        """Keep an answer by its number."""
        conflict = self.current
        if conflict is None:
            return
        if number <= len(conflict.sides):
            await self._keep(conflict, conflict.sides[number - 1])
        else:
            self.fieldkit.say(f"There are {len(conflict.sides)} answers; press the number of one.")

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
