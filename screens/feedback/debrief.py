"""The day's debrief: what is new, what is told, the words agreed, the answer, and what follows."""

from __future__ import annotations

from sqlmodel import Session
from textual import on, work
from textual.widgets import OptionList

from fieldkit.evidence.trace import trace_point
from fieldkit.feedback.debriefs.debrief import (
    close_debrief,
    exclude_point,
    gather_points,
    include_point,
    open_debrief,
)
from fieldkit.feedback.debriefs.printed_sheet import sheet_text
from fieldkit.feedback.debriefs.room import leaving_texts, room
from fieldkit.feedback.debriefs.sheet import SAID_ONLY, sheet_of
from fieldkit.service import today
from fieldkit.wording.dates import day_words
from screens.evidence.trace import trace_content
from screens.feedback.agree import ask_words
from screens.feedback.debrief_desk import DebriefDesk
from screens.feedback.debrief_reading import PointRow, place, prepared, present_last
from screens.feedback.force_answer import ask_correction, ask_done, ask_response
from screens.feedback.pick_points import PickPoints
from screens.feedback.settle_identifiers import settle
from screens.kit.ask import ask, commit, waiting
from screens.kit.dialogs import Choice, Confirm, Pick, Tell
from screens.kit.page import Named
from storage.records import Debrief
from storage.records.debrief import debrief_id
from storage.records.debrief import debriefs as all_debriefs
from storage.trust.current import people

NOTHING_SHOWN = "Nothing was shown: somebody could be identified from it."


class DebriefPage(DebriefDesk):
    """Shows one debrief: today's daily one, or the one named.

    Args:
        debrief: its id; today's daily debrief where it is not given.
    """

    PAGE = "debrief"

    def __init__(self, debrief: str | None = None) -> None:
        super().__init__()
        self._which: str = debrief or ""

    async def load(self) -> None:
        """Read the debrief and what came since the last one."""
        await self.fieldkit.typing.save()
        read = (self.inspection_id, self._sort, self._debrief)
        self._shown = await self.vault.read(prepared, *read)
        if self._shown.sheet is not None:
            self._sort = self._shown.sheet.sort
        self._draw()
        if self.focused is None or not self.focused.display:
            promises = self.query_one("#promises")
            (promises if self._promises and not self._points else self.query_one("#points")).focus()

    @property
    def subject(self) -> Named | None:
        """Return the debrief, once it is begun."""
        sheet = self._shown.sheet if self._shown is not None else None
        return ("debrief", sheet.id, f"the {self._sort} debrief") if sheet is not None else None

    @property
    def _debrief(self) -> str:
        """Return the id of the debrief shown, which may not be begun."""
        return self._which or debrief_id(self.inspection_id, self._sort, today())

    def _begun(self, s: Session, debrief: str) -> str:
        """Return the id of the debrief; begin it, in this transaction, where it was not."""
        if s.get(Debrief, debrief) is not None:
            return debrief
        return open_debrief(s, self.inspection_id, self._sort).id

    @work
    async def action_include(self) -> None:
        """Choose the points to tell; the debrief begins with its first."""
        if self._held:
            self.fieldkit.say("This debrief is closed; what was said stays as it is.", error=True)
            return
        await self.load()
        choices = self._shown.choices if self._shown is not None else ()
        if not choices:
            self.fieldkit.say("There is no other point to tell. Home, p makes and lists points.")
            return
        chosen = await self.app.push_screen_wait(PickPoints(choices))
        if chosen:
            debrief = self._debrief
            await self.tried(
                self.vault.write(
                    lambda s: [include_point(s, self._begun(s, debrief), one) for one in chosen]
                )
            )
            await self.load()
            self._stand_on(next((one for one in self._points if not one.telling.frozen), None))

    def _stand_on(self, row: PointRow | None) -> None:
        if row is not None and row.id in [one.id for one in self._points]:
            self._stand_at(row.id)
            self.query_one("#points").focus()

    @on(OptionList.OptionSelected)
    def _enter(self) -> None:
        """Enter agrees words, then takes the answer; of a promise it asks what became of it."""
        row = self._point
        if self._promise is None and row is not None and not row.telling.frozen and not self._held:
            self.action_freeze()
        else:
            self.action_respond()

    @work
    async def action_freeze(self) -> None:
        """Agree the words of the point, and go on to the next whose words are not agreed."""
        row = self._point
        if row is None:
            self._say_none()
            return
        if await ask_words(self.fieldkit, row) is None:
            await self.load()
            return
        await self.load()
        following = next((one for one in self._points if not one.telling.frozen), None)
        if following is not None:
            self._stand_on(following)
            self.fieldkit.say(f"Point {row.number} is agreed. Now point {following.number}.")

    @work
    async def action_respond(self) -> None:
        """Note what the force answers and does; of an earlier promise, that it is done."""
        if (promise := self._promise) is not None:
            await ask_done(self.fieldkit, promise.debrief_point_id, promise.action)
        elif (row := self._point) is not None:
            title = f"Point {row.number}: the force's answer"
            await ask_response(self.fieldkit, row.id, title)
        else:
            self._say_none()
        await self.load()

    @work
    async def action_correct(self) -> None:
        """Put a misunderstanding right, with the evidence that shows it."""
        if (row := self._point) is None:
            self._say_none()
        elif await ask_correction(self.fieldkit, row.id, row.number) is not None:
            await self.load()

    async def action_gather(self) -> None:
        """Put on the hot debrief's list what was agreed and carried over, strengths first."""
        if self._sort != "hot":
            self.fieldkit.say("The hot debrief gathers what was agreed. Press t to turn to it.")
            return
        debrief = self._debrief
        gathered = await self.tried(
            self.vault.write(lambda s: gather_points(s, self._begun(s, debrief)))
        )
        await self.load()
        if gathered is not None and not self._points:
            self.fieldkit.say("Nothing was agreed or carried over yet. Press a to choose points.")

    def _say_none(self) -> None:
        """Say why a key that is for points does nothing here."""
        self.fieldkit.say("No point is on the sheet yet. Press a to choose some.")

    @work
    async def action_close(self) -> None:
        """Close the debrief and say who was present."""
        debrief = self._debrief
        if not await self._may_close():
            return
        where = f"debrief/{debrief}"
        before = await self.vault.read(present_last, self.inspection_id)
        hint = "By role. ctrl+s closes the debrief; each point is kept in the words it has then."
        said_only = [
            str(one.number) for one in self._points if not (one.telling.frozen or one.shown)
        ]
        if said_only:
            of = "Point" if len(said_only) == 1 else "Points"
            hint += f" {of} {', '.join(said_only)}: not agreed, and marked “{SAID_ONLY}”."
        present = await ask(self.fieldkit, "Who was present?", where, "present", before, hint=hint)
        if present is not None:
            await commit(
                self.fieldkit,
                where,
                ["present"],
                lambda s: close_debrief(s, self._begun(s, debrief), present),
            )
        await self.load()

    async def _may_close(self) -> bool:
        """Say whether nothing typed for its points waits, or the person closes all the same."""
        waits = [one.number for one in self._points if await waiting(self.fieldkit, place(one.id))]
        if not waits or self._held:
            return True
        which = "Point" if len(waits) == 1 else "Points"
        asked = Confirm(
            f"{which} {', '.join(map(str, waits))}: words were typed and not kept yet.\n\nClosing "
            "does not put them on record; they stay unsaved text. Go back and keep them first: "
            "r for the force's answer, enter for the words read out.",
            yes="close it all the same",
            no="go back",
        )
        answer: bool = await self.app.push_screen_wait(asked)
        return answer

    @work
    async def action_read_out(self) -> None:
        """Show the agreed points to the force, from the first that is not answered."""
        agreed = [one for one in self._points if one.shown]
        if not agreed:
            self.fieldkit.say("Nothing is agreed yet, so nothing can be read out. enter agrees.")
            return
        if not await self._may_show():
            return
        first = next((one for one in agreed if not one.telling.response), agreed[0])
        await self.fieldkit.go("room", debrief=self._debrief, point=first.id)

    async def _may_show(self) -> bool:
        """Say whether nobody could be known by what is shown, once that is settled one by one."""
        debrief = self._debrief
        may: bool | None = await self.tried(
            settle(
                self.fieldkit,
                self.inspection_id,
                lambda s: leaving_texts(room(s, debrief)),
                refusal=NOTHING_SHOWN,
            )
        )
        return bool(may)

    async def action_trace(self) -> None:
        """Show what the point rests on; this is never read out."""
        row = self._point
        if row is None:
            self._say_none()
            return
        trace = await self.tried(self.vault.read(trace_point, row.chain.point.id))
        if trace is not None:
            names = await self.vault.read(lambda s: people(s.connection()))
            text = trace_content(trace, names, self.app.size.width * 9 // 10 - 6)
            await self.app.push_screen(Tell(f"Point {row.number}: what we know of it", text))

    async def action_sort(self) -> None:
        """Change between today's daily debrief and the hot debrief."""
        self._sort, self._which = ("daily" if self._sort == "hot" else "hot"), ""
        await self.load()

    async def action_exclude(self) -> None:
        """Leave the point out again."""
        if (row := self._point) is None:
            self._say_none()
        else:
            await self.tried(self.vault.write(exclude_point, row.id))
            await self.load()

    @work
    async def action_other_day(self) -> None:
        """Choose another debrief."""
        known = await self.vault.read(all_debriefs, self.inspection_id)
        if not known:
            self.fieldkit.say("No debrief was begun yet. Press a to choose points for today's.")
            return
        choices = [
            Choice(
                one.id, f"{day_words(one.held_on)}  {one.sort}", "closed" if one.held_at else "open"
            )
            for one in known
        ]
        chosen = await self.app.push_screen_wait(Pick("Which debrief?", choices, self._which))
        if chosen is not None:
            self._which = chosen
            await self.load()

    async def action_sheet(self) -> None:
        """Show the whole sheet as it is read out; that of a day gone by as it was."""
        if self._shown is None or self._shown.sheet is None:
            self.fieldkit.say("Nothing is on the sheet yet. Press a to choose points.")
            return
        debrief = self._shown.sheet.id
        sheet = await self.vault.read(lambda s: sheet_of(s, debrief, then=True))
        rows = [row for row in sheet_text(sheet).splitlines() if row.strip() != sheet.marking]
        ours = [f"For you alone: {words}" for words in sheet.left_out]
        text = "\n\n".join(["\n".join(rows).strip(), *ours])
        await self.app.push_screen(Tell("Sheet", text))

    async def action_points(self) -> None:
        """Go to the points."""
        row = self._point
        await self.fieldkit.go("points", point=row.chain.point.id if row is not None else None)
