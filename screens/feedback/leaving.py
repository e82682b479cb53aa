"""Leaving the site: what is still open, each with its key; and the state of the inspection."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session
from textual import on, work
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.feedback.leaving import StillOpen, leave, still_open
from fieldkit.followup.publication import PUBLISHED
from fieldkit.inspections.states import (
    FIELDWORK,
    LEFT,
    Step,
    change_state,
    changed_afterwards,
    changed_text,
    steps,
)
from fieldkit.service import existing
from fieldkit.wording.dates import short_moment
from fieldkit.wording.format import line
from screens.kit.ask import ask_and_commit, commit
from screens.kit.dialogs import Choice, Confirm, Pick
from screens.kit.list_page import ListPage
from screens.kit.page import Named
from screens.kit.text import plain
from storage.records import Inspection
from storage.records.inspection import STATES

NOTHING = "Nothing is open."
DAY_FIRST = (
    "A publication is recorded with its day, from which the deadlines are counted. Nothing was "
    "changed. “fieldkit inspection publish --on DAY” records it, and numbers the recommendations."
)


@dataclass(frozen=True, slots=True)
class Leaving:
    """Holds what the page shows: the inspection, its steps, what is open and what came after."""

    force: str
    state: str
    passed: tuple[Step, ...]
    open: tuple[StillOpen, ...]
    changed: str
    published: str


class LeavingPage(ListPage[StillOpen]):
    """Shows what is still open when the team leaves.

    Args:
        inspection: of which inspection; the one that is open where none is named.
    """

    PAGE = "leaving"
    EMPTY = NOTHING
    MARGIN = 3

    def __init__(self, inspection: str = "") -> None:
        super().__init__()
        self._of = inspection
        self._seen: Leaving | None = None

    @property
    def _inspection(self) -> str:
        return self._of or self.inspection_id

    async def load(self) -> None:
        """Read what is open, and how the inspection came to its state."""
        self._seen = await self.vault.read(_read, self._inspection)
        self.show(self._seen.open)

    def _heading(self) -> str:
        seen = self._seen
        if seen is None:
            return ""
        since = f" since {short_moment(seen.passed[-1].when)}" if seen.passed else ""
        return f"{seen.force} · {seen.state}{since} · {len(seen.open) or 'nothing'} still open"

    def _hint(self) -> str:
        return "\n".join(self._below())

    def _empty(self) -> str:
        return "\n".join([NOTHING, *self._below()])

    def _below(self) -> list[str]:
        if self._seen is None:
            return []
        told = [
            f"{short_moment(one.when)}  {one.before} → {one.after}, {one.who}"
            + (f": {one.reason}" if one.reason else "")
            for one in self._seen.passed
        ]
        width = self.columns(2)
        return [line(one, width) for one in (*told, *filter(None, [self._seen.changed]))]

    def _drawn(self, matter: StillOpen, width: int) -> Content:
        end = f"  {matter.key}"
        room = width - 2 - len(end)
        first = f"▲ {line(matter.words, room - 2)}"
        lines = [Content.assemble(plain(f"{first:<{room}}", "bold"), (end, "dim"))]
        if matter.names:
            lines.append(plain(f"  {line('; '.join(matter.names), width - 4)}", "dim"))
        return Content("\n").join(lines)

    @property
    def record(self) -> Named | None:
        """Return what a history is of: the inspection."""
        force = self._seen.force if self._seen is not None else ""
        return Inspection.KIND, self._inspection, force

    @on(OptionList.OptionSelected)
    async def action_open(self) -> None:
        """Go to where it is settled."""
        matter = self.current
        if matter is None:
            return
        if self._inspection != self.inspection_id:
            self.fieldkit.say("Open this inspection first (enter on its line), then go there.")
        elif matter.page == "entry":
            await self.fieldkit.go("entry", kind=Inspection.KIND, record=self.inspection_id)
        else:
            await self.fieldkit.go(matter.page)

    @work
    async def action_leave_site(self) -> None:
        """Record that the team has left; with something open, with a reason."""
        seen, which = self._seen, self._inspection
        if seen is None:
            return
        if seen.state != FIELDWORK:
            self.fieldkit.say(f"Its state is “{seen.state}” already; c corrects it.")
            return
        if seen.open:
            title = f"{len(seen.open)} still open. Why does the team leave all the same?"
            await ask_and_commit(
                self.fieldkit,
                title,
                f"leaving/{which}",
                "reason",
                lambda s, reason: leave(s, which, reason),
            )
        else:
            asked = Confirm(f"Has the team left the site of {seen.force}?", yes="left site")
            if await self.app.push_screen_wait(asked):
                await commit(self.fieldkit, "", [], lambda s: leave(s, which))
        await self.load()

    @work
    async def action_next_state(self) -> None:
        """Record the next state."""
        seen, which = self._seen, self._inspection
        if seen is None:
            return
        following = STATES[STATES.index(seen.state) + 1 :]
        if not following or seen.state == FIELDWORK:
            self.fieldkit.say("l marks that the team has left; c corrects the state.")
            return
        if following[0] == PUBLISHED and not seen.published:
            self.fieldkit.say(DAY_FIRST, error=True)
            return
        asked = Confirm(f"{seen.force}: {following[0]}?", yes=following[0])
        if await self.app.push_screen_wait(asked):
            await commit(self.fieldkit, "", [], lambda s: change_state(s, which, following[0]))
            await self.load()

    @work
    async def action_correct(self) -> None:
        """Correct the state, back too, with a reason."""
        seen, which = self._seen, self._inspection
        if seen is None:
            return
        # Leaving is no correction: it has its own key, which asks about what is open.
        left_out = {seen.state, *([LEFT] if seen.state == FIELDWORK else [])}
        choices = [Choice(one, one) for one in STATES if one not in left_out]
        state = await self.app.push_screen_wait(Pick("What is the state really?", choices))
        if state == PUBLISHED and not seen.published:
            self.fieldkit.say(DAY_FIRST, error=True)
        elif state is not None:
            await ask_and_commit(
                self.fieldkit,
                f"Why is “{seen.state}” corrected to “{state}”?",
                f"state/{which}",
                "reason",
                lambda s, reason: change_state(s, which, state, reason),
            )
            await self.load()


def _read(s: Session, inspection_id: str) -> Leaving:
    inspection = existing(s, Inspection, inspection_id)
    return Leaving(
        force=inspection.force,
        state=inspection.state,
        passed=tuple(steps(s, inspection_id)),
        open=tuple(still_open(s, inspection_id)),
        changed=changed_text(changed_afterwards(s, inspection_id)),
        published=inspection.published,
    )
