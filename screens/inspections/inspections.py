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
from fieldkit.wording.dates import short_day
from fieldkit.wording.format import line
from screens.history.erase import erase
from screens.kit.ask import fill
from screens.kit.dialogs import Choice, Confirm, Pick, Tell
from screens.kit.form import Field
from screens.kit.list_page import ListPage
from screens.kit.text import plain
from storage.ops.text import many

EMPTY = (
    "There is no inspection in this vault yet.\n\nPress j to join a team, whose inspection then "
    "appears here, or a to add one of your own."
)


OWN = "own"
"""The choice of beginning one's own; never the id of an inspection."""


class InspectionsPage(ListPage[InspectionLine]):
    """Shows the list of inspections."""

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

    def _drawn(self, inspection: InspectionLine, width: int) -> Content:
        # What was erased says so at the end of its line, which takes its place from the names.
        wide = 27 if any(each.sent for each in self._lines) else 34
        return _shown(inspection, wide, ids=bool(self._doubles))

    @on(OptionList.OptionSelected)
    async def action_open(self) -> None:
        """Open the inspection the cursor is on."""
        inspection = self.current
        if inspection is None:
            return
        if inspection.deleted:
            self._bring_back(inspection)
        elif inspection.gone:
            self.app.push_screen(Tell("Erased from here", inspection.gone))
        else:
            self.fieldkit.open_inspection(inspection.id)

    @work
    async def _bring_back(self, inspection: InspectionLine) -> None:
        """Ask, and open an inspection again that was deleted with records in it."""
        question = (
            f"{inspection.loss}\n\nBring it back? It then stands in the list of every laptop of "
            "the team again, once they have exchanged."
        )
        asked = Confirm(question, yes="bring it back", no="not now")
        if await self.app.push_screen_wait(asked):
            inspection_back = await self.tried(
                self.vault.write(inspections.bring_back, inspection.id)
            )
            if inspection_back is not None:
                self.fieldkit.open_inspection(inspection_back.id)

    @work
    async def action_add(self) -> None:
        """Join one of the team's that is not here yet; or ask for a force and dates."""
        if await self._joined():
            return
        versions = [Choice(one, one) for one in methodology.versions()]
        fields = [
            Field("force", "Force", hint="e.g. Westshire Constabulary"),
            Field("methodology", "Criteria of", value=versions[-1].value, choices=tuple(versions)),
            Field("starts", "First day", hint="e.g. 28 February 2026"),
            Field("ends", "Last day", hint="e.g. 12 March 2026"),
        ]
        inspection = await fill(
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
        if inspection is not None:
            self.fieldkit.open_inspection(inspection.id)

    async def _joined(self) -> bool:
        """Offer the inspections of the roster; whether one was joined, or the offer was left."""
        offers = await self.vault.read(join.offers)
        if not offers:
            return False
        choices = [
            Choice(one.planned.id, f"join your team's: {one.planned.force}") for one in offers
        ]
        choices.append(Choice(OWN, "begin one of your own"))
        # The cursor begins on the team's: that is the one to work in.
        asking = Pick("Add an inspection", choices, choices[0].value)
        chosen = await self.app.push_screen_wait(asking)
        if chosen is None or chosen == OWN:
            return chosen is None
        offer = next(one for one in offers if one.planned.id == chosen)
        if offer.begun:
            asked = Confirm(offer.question, yes="join", no="not now")
            if not await self.app.push_screen_wait(asked):
                return True
        joined = await self.tried(self.vault.write(join.join, chosen, beside_own=True))
        if joined is not None:
            self.fieldkit.open_inspection(joined.id)
        return True

    @work
    async def action_erase(self) -> None:
        """Erase an inspection from this laptop."""
        inspection = self.current
        if inspection is not None and inspection.deleted:
            self.fieldkit.say(inspection.lost, error=True)
        elif inspection is not None and await erase(self.fieldkit, inspection.id):
            if self.fieldkit.inspection_id == inspection.id:
                self.fieldkit.inspection_id = ""
                await self.tried(self.fieldkit.refresh_frame())
            await self.tried(self.load())

    def action_back(self) -> None:
        """Go back, but not to an inspection that has just been erased."""
        if self.fieldkit.inspection_id:
            super().action_back()

    async def action_leave_site(self) -> None:
        """See what is still open there, and mark that the team has left the site."""
        inspection = self.current
        if inspection is not None and inspection.deleted:
            self.fieldkit.say(inspection.lost, error=True)
        elif inspection is not None and not inspection.gone:
            await self.fieldkit.go("leaving", inspection=inspection.id)


def _look(s: Session) -> tuple[list[InspectionLine], list[str]]:
    return inspections.listing(s), doubles(s)


def _shown(inspection: InspectionLine, wide: int, *, ids: bool) -> Content:
    """Return an inspection on a line, and below it whose it is and how much is in it."""
    state = "deleted" if inspection.deleted else inspection.state
    starts = short_day(inspection.starts) or ("no start" if inspection.ends else "no dates")
    first = plain(
        f"{line(inspection.force, wide):<{wide}} {starts:<11} "
        f"{inspection.phase:<13} {state:<11} {inspection.methodology}  {inspection.sent}"
    )
    beside = [
        inspection.by
        if inspection.by in ("", YOURS, TEAMS)
        else f"begun by {line(inspection.by, 24)}"
    ]
    if inspection.deleted:
        beside.append(f"{many(inspection.deleted, 'record')} still here: enter brings it back")
    else:
        beside.append(many(inspection.cases, "case"))
    if ids:
        beside.append(inspection.short)
    return Content("\n").join([first, plain(f"  {', '.join(filter(None, beside))}", "dim")])
