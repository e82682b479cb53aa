"""The day's debrief: what is new, what is told, the words agreed, the answer, and what follows."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session
from textual import on, work
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from fieldkit.feedback.debriefs.actions import ActionLine
from fieldkit.feedback.debriefs.debrief import (
    OUTCOMES,
    close_debrief,
    exclude_point,
    freeze_wording,
    include_point,
    open_debrief,
    point_choices,
    record_response,
)
from fieldkit.feedback.debriefs.sheet import DebriefSheet, SheetPoint, sheet_text
from fieldkit.service import today
from fieldkit.wording.format import clock_time, line
from screens.feedback import debrief_rows
from screens.kit.ask import ask, commit, fill, waiting
from screens.kit.dialogs import Choice, Confirm, Pick, Tell
from screens.kit.form import Field
from screens.kit.page import Named, Page
from screens.kit.text import plain, texts
from storage.ops.text import many
from storage.records import Debrief, DebriefPoint
from storage.records.debrief import debrief_id
from storage.records.debrief import debriefs as all_debriefs

EMPTY = (
    "No point is chosen yet.\n\n"
    "Press a to choose what the force is told; enter then agrees its wording.\n"
    "Points are made with p on a note or a judgment; p here goes to their list."
)
HINT = "t daily or hot   o other day   v the whole sheet   x leave out   p points"
OTHER_DAY = "another day"
OUTCOME_CHOICES = (Choice("", "—"), *(Choice(word, word) for word in OUTCOMES))


class DebriefPage(Page):
    """Shows one debrief: today's daily one, or the one named.

    Args:
        debrief: its id; today's daily debrief where it is not given.
    """

    PAGE = "debrief"
    CSS_PATH = "debrief.tcss"

    def __init__(self, debrief: str | None = None) -> None:
        super().__init__()
        self._id: str = debrief or ""
        self._sort = "daily"
        self._told: debrief_rows.Told | None = None
        self._rows: list[ActionLine | SheetPoint] = []

    def body(self) -> Iterable[Widget]:
        """Yield what is new, then yesterday's actions and today's points in one list."""
        yield from texts("title", "since")
        yield OptionList(id="rows", markup=False)
        yield Static(EMPTY, id="empty", markup=False)
        yield Static(HINT, id="hint", markup=False)

    async def load(self) -> None:
        """Read the debrief and what came since the last one."""
        wanted = self._id or debrief_id(self.inspection_id, self._sort, today())
        self._told = await self.vault.read(debrief_rows.read, self.inspection_id, wanted)
        if self._told.sheet is not None:
            self._sort = self._told.sheet.sort
        self._draw()
        self.query_one(OptionList).focus()

    def _draw(self) -> None:
        if self._told is None:
            return
        sheet, listed = self._told.sheet, self.query_one(OptionList)
        behind = self._told.behind
        before = debrief_rows.key(self._current)
        points = sheet.points if sheet is not None else ()
        self._rows = [*self._told.actions, *points]
        width = self.columns(2)
        options = []
        for number, row in enumerate(self._rows):
            heading = ""
            if isinstance(row, ActionLine):
                heading = "Promised before, not known to be done" if number == 0 else ""
                options.append(Option(debrief_rows.action(row, width, heading)))
            else:
                heading = "Points" if number == len(self._told.actions) and number else ""
                options.append(
                    Option(debrief_rows.point(row, behind[row.point_id], width, heading))
                )
        listed.set_options(options)
        keys = [debrief_rows.key(row) for row in self._rows]
        if keys:
            listed.highlighted = keys.index(before) if before in keys else 0
        listed.display = bool(keys)
        self.query_one("#empty").display = not points
        self.set_text("#title", self._title(sheet))
        since = self.query_one("#since", Static)
        present = plain(f"Present: {sheet.present}") if sheet and sheet.held_at else None
        since.update(present or debrief_rows.since(self._told.since, width))

    def _title(self, sheet: DebriefSheet | None) -> str:
        called = "Hot debrief" if self._sort == "hot" else "Daily debrief"
        if sheet is None:
            return f"{called} · {today()} · not begun"
        agreed = sum(one.frozen for one in sheet.points)
        parts = [called, sheet.held_on, many(len(sheet.points), "point"), f"{agreed} agreed"]
        parts.append(f"closed {clock_time(sheet.held_at)}" if sheet.held_at else "open")
        return " · ".join(filter(None, parts))

    @property
    def _held(self) -> bool:
        return bool(self._told and self._told.sheet and self._told.sheet.held_at)

    @property
    def _current(self) -> ActionLine | SheetPoint | None:
        number = self.query_one(OptionList).highlighted
        return self._rows[number] if number is not None and number < len(self._rows) else None

    @property
    def subject(self) -> Named | None:
        """Return the debrief, once it is begun."""
        sheet = self._told.sheet if self._told is not None else None
        label = f"the {self._sort} debrief"
        return ("debrief", sheet.id, label) if sheet is not None else None

    @property
    def _shown(self) -> str:
        """Return the id of the debrief shown, which may not be begun."""
        if self._told is not None and self._told.sheet is not None:
            return self._told.sheet.id
        return self._id or debrief_id(self.inspection_id, self._sort, today())

    def _begun(self, s: Session, debrief: str) -> str:
        """Return the id of the debrief; begin it, in this transaction, where it was not."""
        if s.get(Debrief, debrief) is not None:
            return debrief
        return open_debrief(s, self.inspection_id, self._sort).id

    @work
    async def action_include(self) -> None:
        """Choose a point to tell; the debrief begins with its first."""
        if self._held:
            self.fieldkit.say("This debrief is closed; what was said stays as it is.", error=True)
            return
        debrief = self._shown
        looked = (self.inspection_id, self._sort, debrief)
        points = await self.vault.read(point_choices, *looked)
        if not points:
            self.fieldkit.say("There is no other point to tell. Home, p makes and lists points.")
        else:
            choices = [
                Choice(one.id, f"{one.number}. {one.sort}: {line(one.wording, 60)}", one.meter)
                for one in points
            ]
            chosen = await self.app.push_screen_wait(Pick("Which point is told?", choices))
            if chosen is not None:
                included = await self.tried(
                    self.vault.write(lambda s: include_point(s, self._begun(s, debrief), chosen))
                )
                await self.load()
                self._stand_on(included)
                return
        await self.load()

    def _stand_on(self, included: DebriefPoint | None) -> None:
        keys = [debrief_rows.key(row) for row in self._rows]
        if included is not None and included.id in keys:
            self.query_one(OptionList).highlighted = keys.index(included.id)

    @on(OptionList.OptionSelected)
    def _enter(self) -> None:
        """Enter agrees a wording, then takes the answer; of an action it asks what became of it."""
        row = self._current
        if isinstance(row, SheetPoint) and not row.frozen and not self._held:
            self.action_freeze()
        else:
            self.action_respond()

    @work
    async def action_freeze(self) -> None:
        """Agree the wording of the point."""
        row = self._current
        if not isinstance(row, SheetPoint):
            self._say_none(row)
            return
        title, place = f"Point {row.number}: the wording agreed", f"debrief_point/{row.id}"
        hint = "ctrl+s freezes it: what was agreed in a debrief is never changed afterwards."
        wording = await ask(self.fieldkit, title, place, "agreed_wording", row.wording, hint=hint)
        if wording is not None:
            await commit(
                self.fieldkit,
                place,
                ["agreed_wording"],
                lambda s: freeze_wording(s, row.id, wording),
            )
            await self.load()

    @work
    async def action_respond(self) -> None:
        """Note what the force answered and did; of an earlier action, that it is done."""
        row = self._current
        if isinstance(row, ActionLine):
            await self._action_done(row)
        elif isinstance(row, SheetPoint):
            fields = [
                Field("response", "Response", row.response, "what the force said, in short"),
                Field("outcome", "What came of it", row.outcome, choices=OUTCOME_CHOICES),
                Field("action", "Immediate action", row.action, "what the force does at once"),
                Field("action_owner", "By whom", row.action_owner, "a role, no name"),
                Field("action_due", "By when", row.action_due, "28 February 2026"),
                Field("action_done", "Done on", row.action_done, "28 February 2026"),
            ]
            title, place = f"Point {row.number}: the force's answer", f"debrief_point/{row.id}"
            await fill(
                self.fieldkit,
                title,
                place,
                fields,
                lambda s, answer: record_response(s, row.id, **answer),
            )
            await self.load()
        else:
            self._say_none(row)

    def _say_none(self, row: ActionLine | SheetPoint | None) -> None:
        """Say why a key that is for points does nothing here."""
        if row is None:
            self.fieldkit.say("No point is on the sheet yet. Press a to choose one.")
        else:
            self.fieldkit.say("This line is an action promised before; r says what became of it.")

    async def _action_done(self, row: ActionLine) -> None:
        choices = [
            Choice(today(), "done", "known to be done today"),
            Choice("", "not yet"),
            Choice(OTHER_DAY, "done", "on another day"),
        ]
        title, which = f"{line(row.action, 50)}: what became of it?", row.debrief_point_id
        chosen = await self.app.push_screen_wait(Pick(title, choices))
        if chosen == OTHER_DAY:
            await fill(
                self.fieldkit,
                title,
                f"debrief_point/{which}",
                [Field("action_done", "Done on", hint="28 February 2026")],
                lambda s, answer: record_response(s, which, **answer),
            )
        elif chosen:
            job = self.vault.write(lambda s: record_response(s, which, action_done=chosen))
            await self.tried(job)
        if chosen:
            await self.load()

    @work
    async def action_close(self) -> None:
        """Close the debrief and say who was present."""
        debrief = self._shown
        if not await self._may_close():
            return
        place = f"debrief/{debrief}"
        before = await self.vault.read(debrief_rows.present_last, self.inspection_id)
        hint = "By role. ctrl+s closes the debrief; each point is kept in the words it has then."
        present = await ask(self.fieldkit, "Who was present?", place, "present", before, hint=hint)
        if present is not None:
            await commit(
                self.fieldkit,
                place,
                ["present"],
                lambda s: close_debrief(s, self._begun(s, debrief), present),
            )
        await self.load()

    async def _may_close(self) -> bool:
        """Say whether nothing typed for its points waits, or the person closes all the same."""
        sheet = self._told.sheet if self._told is not None else None
        waits = [
            one.number
            for one in (sheet.points if sheet is not None else ())
            if await waiting(self.fieldkit, f"debrief_point/{one.id}")
        ]
        if not waits or self._held:
            return True
        which = "Point" if len(waits) == 1 else "Points"
        asked = Confirm(
            f"{which} {', '.join(map(str, waits))}: words were typed and not kept yet.\n\nClosing "
            "does not put them on record; they stay unsaved text. Go back and keep them first: "
            "r for the force's answer, enter for the wording.",
            yes="close it all the same",
            no="go back",
        )
        answer: bool = await self.app.push_screen_wait(asked)
        return answer

    async def action_sort(self) -> None:
        """Change between today's daily debrief and the hot debrief."""
        self._sort, self._id = ("daily" if self._sort == "hot" else "hot"), ""
        await self.load()

    async def action_exclude(self) -> None:
        """Leave the point out again."""
        row = self._current
        if isinstance(row, SheetPoint):
            await self.tried(self.vault.write(exclude_point, row.id))
            await self.load()
        else:
            self._say_none(row)

    @work
    async def action_other_day(self) -> None:
        """Choose another debrief."""
        known = await self.vault.read(all_debriefs, self.inspection_id)
        if not known:
            self.fieldkit.say("No debrief was begun yet. Press a to choose a point for today's.")
            return
        choices = [
            Choice(one.id, f"{one.held_on}  {one.sort}", "closed" if one.held_at else "open")
            for one in known
        ]
        chosen = await self.app.push_screen_wait(Pick("Which debrief?", choices, self._id))
        if chosen is not None:
            self._id = chosen
            await self.load()

    async def action_sheet(self) -> None:
        """Show the whole sheet as it is read out."""
        sheet = self._told.sheet if self._told is not None else None
        if sheet is None:
            self.fieldkit.say("Nothing is on the sheet yet. Press a to choose a point.")
        else:
            rows = sheet_text(sheet).splitlines()
            text = [row for row in rows if row.strip() != sheet.marking]
            await self.app.push_screen(Tell("Sheet", "\n".join(text).strip()))

    async def action_points(self) -> None:
        """Go to the points."""
        row = self._current
        point = row.point_id if isinstance(row, SheetPoint) else None
        await self.fieldkit.go("points", point=point)
