"""The inspections in this vault: choose one, or begin one of your own."""

from __future__ import annotations

from sqlmodel import Session
from textual import on, work
from textual.content import Content
from textual.widgets import OptionList

from fieldkit import methodology
from fieldkit.inspections import inspections, join
from fieldkit.inspections.inspections import TEAMS, YOURS, InspectionLine
from fieldkit.inspections.join import doubles
from fieldkit.wording.format import line
from screens.kit.ask import fill
from screens.kit.dialogs import Choice, Confirm, Pick, Tell
from screens.kit.form import Field
from screens.kit.list_page import ListPage
from screens.kit.text import plain
from storage.ops.text import many

EMPTY = (
    "There is no inspection in this vault yet.\n\nPress a to add one. An inspection of a team "
    "comes with its roster: fieldkit enrol request."
)


OWN = "own"
"""The choice of beginning one's own; never the id of an inspection."""


class InspectionsPage(ListPage[InspectionLine]):
    """The list of inspections."""

    PAGE = "inspections"
    EMPTY = EMPTY
    PADDED = False

    def __init__(self) -> None:
        super().__init__()
        self._doubles: list[str] = []

    async def load(self) -> None:
        """Read the list."""
        lines, self._doubles = await self.vault.read(_look)
        self.show(lines)

    def _heading(self) -> str:
        return "Inspections"

    def _hint(self) -> str:
        return "\n".join(self._doubles)

    def _drawn(self, one: InspectionLine, width: int) -> Content:
        # What was erased says so at the end of its line, which takes its place from the names.
        wide = 27 if any(each.sent for each in self._lines) else 34
        return _shown(one, wide, ids=bool(self._doubles))

    @on(OptionList.OptionSelected)
    async def action_open(self) -> None:
        """Open the inspection the cursor is on."""
        one = self.current
        if one is None:
            return
        if one.deleted:
            self._bring_back(one)
        elif one.gone:
            self.app.push_screen(Tell("Erased from here", one.gone))
        else:
            self.fieldkit.open_inspection(one.id)

    @work
    async def _bring_back(self, one: InspectionLine) -> None:
        """Ask, and open an inspection again that was deleted with records in it."""
        question = (
            f"{one.loss}\n\nBring it back? It then stands in the list of every laptop of the team "
            "again, once they have exchanged."
        )
        asked = Confirm(question, yes="bring it back", no="not now")
        if await self.app.push_screen_wait(asked):
            made = await self.tried(self.vault.write(inspections.bring_back, one.id))
            if made is not None:
                self.fieldkit.open_inspection(made.id)

    @work
    async def action_add(self) -> None:
        """Join one of the team's that is not here yet; or ask for a force and dates."""
        if await self._joined():
            return
        versions = [Choice(one, one) for one in methodology.versions()]
        fields = [
            Field("force", "Force", hint="Westshire Constabulary"),
            Field("methodology", "Criteria of", value=versions[-1].value, choices=tuple(versions)),
            Field("starts", "First day", hint="such as 2026-02-28"),
            Field("ends", "Last day", hint="such as 2026-03-12"),
        ]
        made = await fill(
            self.fieldkit,
            "A new inspection",
            "new-inspection/",
            fields,
            lambda s, answer: inspections.create(
                s,
                force=answer["force"],
                methodology=answer["methodology"],
                starts=answer["starts"],
                ends=answer["ends"],
            ),
        )
        if made is not None:
            self.fieldkit.open_inspection(made.id)

    async def _joined(self) -> bool:
        """Offer the inspections of the roster; whether one was joined, or the offer was left."""
        found = await self.vault.read(join.offers)
        if not found:
            return False
        choices = [
            Choice(one.planned.id, f"join your team's: {one.planned.force}") for one in found
        ]
        choices.append(Choice(OWN, "begin one of your own"))
        # The cursor begins on the team's: that is the one to work in.
        asking = Pick("Add an inspection", choices, choices[0].value)
        chosen = await self.app.push_screen_wait(asking)
        if chosen is None or chosen == OWN:
            return chosen is None
        offer = next(one for one in found if one.planned.id == chosen)
        if offer.begun:
            asked = Confirm(offer.question, yes="join", no="not now")
            if not await self.app.push_screen_wait(asked):
                return True
        made = await self.tried(self.vault.write(join.join, chosen, beside_own=True))
        if made is not None:
            self.fieldkit.open_inspection(made.id)
        return True

    @work
    async def action_erase(self) -> None:
        """Erase an inspection from this laptop."""
        from screens.history.erase import erase

        one = self.current
        if one is not None and one.deleted:
            self.fieldkit.say(one.lost, error=True)
        elif one is not None and await erase(self.fieldkit, one.id):
            if self.fieldkit.inspection_id == one.id:
                self.fieldkit.inspection_id = ""
                await self.tried(self.fieldkit.refresh_frame())
            await self.tried(self.load())

    def action_back(self) -> None:
        """Go back, but not to an inspection that has just been erased."""
        if self.fieldkit.inspection_id:
            super().action_back()

    @work
    async def action_leave_site(self) -> None:
        """Mark that fieldwork has ended."""
        one = self.current
        if one is None:
            return
        if one.deleted:
            self.fieldkit.say(one.lost, error=True)
            return
        asked = Confirm(f"Mark that the team has left the site of {one.force}?", yes="left site")
        if await self.app.push_screen_wait(asked):
            await self.tried(self.vault.write(inspections.leave, one.id))
            await self.load()


def _look(s: Session) -> tuple[list[InspectionLine], list[str]]:
    return inspections.listing(s), doubles(s)


def _shown(one: InspectionLine, wide: int, *, ids: bool) -> Content:
    """An inspection on a line, and below it whose it is and how much is in it."""
    state = "deleted" if one.deleted else one.state
    first = plain(
        f"{line(one.force, wide):<{wide}} {one.starts or 'no dates':<10} "
        f"{one.phase:<13} {state:<11} {one.methodology}  {one.sent}"
    )
    beside = [one.by if one.by in ("", YOURS, TEAMS) else f"begun by {line(one.by, 24)}"]
    if one.deleted:
        beside.append(f"{many(one.deleted, 'record')} still here: enter brings it back")
    else:
        beside.append(many(one.cases, "case"))
    if ids:
        beside.append(one.short)
    return Content("\n").join([first, plain(f"  {', '.join(filter(None, beside))}", "dim")])
