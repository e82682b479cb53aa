"""Leaving the site: what is still open, each with its key; and the state of the inspection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session
from textual import on, work
from textual.content import Content
from textual.widget import Widget
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
from screens.feedback.preflight import step_row
from screens.inspections.publish import ask_publication
from screens.kit.ask import ask_and_commit, commit
from screens.kit.dialogs import Choice, Confirm, Pick
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import Text, between, cut, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign
from screens.kit.list_page import PanelListPage
from screens.kit.page import Named
from screens.kit.text import plain
from storage.records import Inspection
from storage.records.inspection import STATES

NOTHING = "Nothing is open."


@dataclass(frozen=True, slots=True)
class Leaving:
    """Holds what the page shows: the inspection, its steps, what is open and what came after."""

    force: str
    state: str
    passed: tuple[Step, ...]
    open: tuple[StillOpen, ...]
    changed: str
    published: str


class LeavingPage(PanelListPage[StillOpen]):
    """Shows what is still open when the team leaves, and how far the inspection is.

    Args:
        inspection: of which inspection; the one that is open where none is named.
    """

    PAGE = "leaving"
    CSS = """
    LeavingPage #side { height: auto; max-height: 50%; }
    LeavingPage #which { height: 1fr; display: none; }
    LeavingPage #states { height: auto; }
    LeavingPage.-empty #side { display: block; }
    LeavingPage.-empty #which { display: none; }
    LeavingPage.-wide #which { display: block; }
    LeavingPage.-wide PanelList.panel { width: 7fr; }
    LeavingPage.-wide #side { width: 5fr; max-height: 100%; }
    """
    LEGEND = "each with the keys that lead there from home"
    EMPTY = NOTHING
    EMPTY_KEYS = (("l", "record that the team has left the site"),)

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

    def side(self) -> Iterable[Widget]:
        """Yield which are open in the line under the cursor, and the states of the inspection."""
        yield Panel("Which", id="which")
        yield Panel("State", id="states")

    def _heading(self) -> Text:
        return self._seen.force if self._seen is not None else super()._heading()

    def _figure(self) -> Content:
        return muted(f"{len(self._lines)} still open")

    def _row(self, matter: StillOpen, width: int, *, chosen: bool) -> Content:
        return step_row("▲", matter.words, matter.names, matter.key, width, whole=chosen)

    def _draw_side(self, matter: StillOpen | None) -> None:
        which, states = self.query_one("#which", Panel), self.query_one("#states", Panel)
        names = matter.names if matter is not None else ()
        which.show(
            lambda width: lines([cut(plain(one), width) for one in names]),
            figure=f"{len(names)}" if names else "",
        )
        if (seen := self._seen) is not None:
            states.show(lambda width: states_of(seen, width), figure=seen.state)

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what cannot be done in the state that the inspection is in."""
        idle = super().idle_actions
        if self._seen is None:
            return idle
        state = self._seen.state
        no_next = state in (FIELDWORK, STATES[-1])
        idle |= set() if state == FIELDWORK else {"leave_site"}
        return idle | ({"next_state"} if no_next else set())

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
            # The day is asked for, as every deadline is counted from it.
            if await ask_publication(self.fieldkit, which):
                await self.load()
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
            if await ask_publication(self.fieldkit, which):
                await self.load()
        elif state is not None:
            await ask_and_commit(
                self.fieldkit,
                f"Why is “{seen.state}” corrected to “{state}”?",
                f"state/{which}",
                "reason",
                lambda s, reason: change_state(s, which, state, reason),
            )
            await self.load()


def states_of(seen: Leaving, width: int) -> Content:
    """Return the states an inspection goes through, with when, by whom and why each came."""
    told: list[Content] = []
    taken = {one.after: one for one in seen.passed}
    now = STATES.index(seen.state)
    for number, state in enumerate(STATES):
        name = "done" if number < now else "step now" if number == now else "to come"
        step = taken.get(state) if number <= now else None
        about = f"{step.who}, {short_moment(step.when)}" if step is not None else ""
        words = strong(state) if number == now else muted(state) if number > now else state
        head = Content.assemble(sign(name), " ", words)
        told.append(between(head, muted(plain(about)), width))
        if step is not None and step.reason:
            told += wrapped(muted(plain(step.reason)), width, most=2, indent=2)
    if seen.changed:
        told += wrapped(Content.assemble(sign("soon"), " ", plain(seen.changed)), width)
    return lines(told)


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
