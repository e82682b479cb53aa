"""The inspections in this vault: choose one, or begin one of your own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from sqlmodel import Session
from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList

from fieldkit import methodology
from fieldkit.inspections import inspections, join
from fieldkit.inspections.inspections import (
    TEAMS,
    YOURS,
    InspectionLine,
    SecondInspectionError,
)
from fieldkit.inspections.join import doubles
from fieldkit.inspections.states import FIELDWORK
from screens.history.erase import erase
from screens.inspections.publish import ask_publication
from screens.kit.ask import Job, fill
from screens.kit.dialogs import Choice, Confirm, Pick, Tell
from screens.kit.drawing.bars import bar
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import between, fit, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign
from screens.kit.form import Field
from screens.kit.list_page import PanelListPage
from screens.kit.text import plain
from storage.errors import FieldkitError
from storage.ops.text import many
from storage.records import Inspection

OWN = "own"
"""The choice of beginning one's own; never the id of an inspection."""
LABEL = 10
"""Columns of the names of what is known of an inspection."""


class InspectionsPage(PanelListPage[InspectionLine]):
    """Shows the inspections as cards of two lines, and what is known of one of them."""

    PAGE = "inspections"
    CSS = """
    InspectionsPage #side { height: auto; max-height: 14; }
    InspectionsPage #about { height: auto; max-height: 11; }
    InspectionsPage #twice { height: auto; max-height: 10; }
    InspectionsPage.-twice #about { display: none; }
    InspectionsPage.-wide #about { height: 1fr; max-height: 100%; display: block; }
    InspectionsPage.-wide #side { max-height: 100%; }
    InspectionsPage.-wide PanelList.panel { width: 7fr; }
    InspectionsPage.-wide #side { width: 5fr; }
    """
    EMPTY = "There is no inspection in this vault yet."
    EMPTY_KEYS = (
        ("j", "join a team, whose inspection then appears here"),
        ("a", "add one of your own"),
    )

    def __init__(self) -> None:
        super().__init__()
        self._doubles: list[str] = []

    def side(self) -> Iterable[Widget]:
        """Yield what is known of the inspection, and of two that may be one."""
        yield Panel("This inspection", id="about")
        yield Panel("Two for the same dates", id="twice")

    async def load(self) -> None:
        """Read the list."""
        lines, self._doubles = await self.vault.read(_look)
        self.show(lines)

    def _figure(self) -> Content:
        return muted(many(len(self._lines), "inspection"))

    def _row(self, inspection: InspectionLine, width: int, *, chosen: bool) -> Content:
        return card(inspection, width, ids=bool(self._doubles))

    def _draw_side(self, inspection: InspectionLine | None) -> None:
        self.query_one("#about", Panel).show(
            lambda width: Content("") if inspection is None else about(inspection, width)
        )
        twice = self.query_one("#twice", Panel)
        twice.display = bool(self._doubles)
        self.set_class(bool(self._doubles), "-twice")
        twice.show(
            lambda width: lines(
                *(wrapped(Content.assemble(sign("soon"), " ", one), width) for one in self._doubles)
            )
        )

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what cannot be done with the inspection under the cursor."""
        inspection, idle = self.current, super().idle_actions
        if not self.fieldkit.inspection_id:
            idle |= {"back"}
        if inspection is None:
            return idle
        if inspection.deleted:
            return idle | {"leave_site", "erase"}
        return idle | {"leave_site", "erase"} if inspection.gone else idle

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
        words = methodology.load(versions[-1].value).phases
        phases = tuple(Choice(one.key, one.label) for one in words)
        fields = [
            Field("force", "Force", hint="e.g. Westshire Constabulary"),
            Field("methodology", "Criteria of", value=versions[-1].value, choices=tuple(versions)),
            Field("starts", "First day", hint="e.g. 28 February 2026"),
            Field("ends", "Last day", hint="e.g. 12 March 2026"),
            Field("phase", "What it is", value=words[0].key, choices=phases),
        ]
        inspection = await fill(
            self.fieldkit,
            "A new inspection",
            "new-inspection/",
            fields,
            _created,
            instead=self._second,
        )
        if inspection is not None:
            self.fieldkit.open_inspection(inspection.id)

    async def _second(
        self, refusal: FieldkitError, answer: dict[str, str]
    ) -> Job[Inspection] | None:
        """Ask whether a second inspection of the same force and dates is meant."""
        if not isinstance(refusal, SecondInspectionError):
            return None
        question = (
            f"There is an inspection of {answer['force']} for these dates already. Work is shared "
            "in one. Begin a second one beside it?"
        )
        asked = Confirm(question, yes="begin a second", no="back to the form")
        return partial(_created, joining=True) if await self.app.push_screen_wait(asked) else None

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

    @work
    async def action_publish(self) -> None:
        """Record the day on which the report was published, and number its recommendations."""
        inspection = self.current
        if inspection is not None and inspection.deleted:
            self.fieldkit.say(inspection.lost, error=True)
        elif inspection is not None and not inspection.gone:
            if await ask_publication(self.fieldkit, inspection.id):
                await self.tried(self.fieldkit.refresh_frame())
                await self.tried(self.load())

    async def action_leave_site(self) -> None:
        """See what is still open there, and mark that the team has left the site."""
        inspection = self.current
        if inspection is not None and inspection.deleted:
            self.fieldkit.say(inspection.lost, error=True)
        elif inspection is not None and not inspection.gone:
            await self.fieldkit.go("leaving", inspection=inspection.id)


def _created(s: Session, answer: dict[str, str], *, joining: bool = False) -> Inspection:
    """Begin an inspection as a form says; what comes after one follows the force's latest here."""
    return inspections.create(
        s,
        force=answer["force"],
        methodology=answer["methodology"],
        starts=answer["starts"],
        ends=answer["ends"],
        phase=answer["phase"],
        joining=joining,
    )


def _look(s: Session) -> tuple[list[InspectionLine], list[str]]:
    return inspections.listing(s), doubles(s)


def card(inspection: InspectionLine, width: int, *, ids: bool) -> Content:
    """Return an inspection as a card of two lines: what it is, and how far it has come.

    Args:
        inspection: which.
        width: columns there are.
        ids: the beginning of its id tells it from another of the same force and dates.
    """
    state = "deleted" if inspection.deleted else inspection.state
    told = strong(state) if state == FIELDWORK else muted(state)
    first = between(strong(plain(inspection.force)), told, width)
    if inspection.deleted:
        end = muted(f"{many(inspection.deleted, 'record')} still here: enter brings it back")
    elif inspection.gone:
        end = muted("erased from here; central keeps it")
    else:
        done = f"{inspection.done} of {many(inspection.cases, 'case')}"
        end = Content.assemble(muted(f"{done} "), bar(inspection.done, inspection.cases, 10))
    dates = inspection.dates if inspection.starts else "no dates"
    short = f" · {inspection.short}" if ids else ""
    second = muted(plain(f"{inspection.phase}, {dates}{short}"))
    return lines([first, between(second, end, width)])


def about(inspection: InspectionLine, width: int) -> Content:
    """Return what is known of an inspection, each fact beside its name."""
    begun = inspection.by
    rows = (
        ("Force", inspection.force),
        ("Phase", inspection.phase),
        ("State", inspection.state),
        ("Dates", inspection.dates),
        ("Criteria", f"of {inspection.methodology}"),
        ("Marking", inspection.marking),
        ("Whose", begun if begun in ("", YOURS, TEAMS) else f"begun by {begun}"),
        ("Cases", f"{inspection.done} of {inspection.cases} judged"),
        ("", inspection.loss or inspection.gone),
    )
    shown: list[Content] = []
    for name, said in rows:
        if said:
            first, *more = wrapped(plain(said), max(width - LABEL - 1, 8))
            shown.append(Content.assemble(fit(muted(name), LABEL), " ", first))
            shown += [one.pad_left(LABEL + 1) for one in more]
    return lines(shown)
