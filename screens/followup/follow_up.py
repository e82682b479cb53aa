"""A visit, a review or a re-inspection: area by area, recommendation, summary, detail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from sqlmodel import Session
from textual import events, on, work
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, TextArea

from fieldkit.casework import judging
from fieldkit.followup.phases.checklist import ask_for, received
from fieldkit.followup.phases.feedback import feedback
from fieldkit.followup.phases.follow_up import AreaShown, FollowUp, follow_up
from fieldkit.followup.register import RegisterLine
from fieldkit.methodology import Methodology
from fieldkit.service import RefusedError, methodology_of
from screens.casework.case_texts import FieldPanel
from screens.feedback.write_document import leaflet_file, write_document
from screens.followup import follow_up_panels as panels
from screens.followup.ties import evidence_of_progress
from screens.kit.ask import ask, commit
from screens.kit.dialogs import Choice, Pick
from screens.kit.drawing.chips import Grades
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.panel_list import PanelList
from screens.kit.list_page import PanelListPage
from screens.kit.page import Named
from storage.feed import drafts
from storage.records.judgment import assessment_id

RATIONALE = "rationale"
Seen = tuple[FollowUp, Methodology, dict[str, str]]


def read_follow_up(s: Session, inspection_id: str) -> Seen:
    """Return a follow-up, its methodology, and summaries that are typed and not kept, by place."""
    waiting = {one.place: one.text for one in drafts.listed(s) if one.field == RATIONALE}
    return follow_up(s, inspection_id), methodology_of(s, inspection_id), waiting


class AreaList(PanelList):
    """Lists the areas; digits grade the one the cursor is on."""

    BINDINGS: ClassVar = [
        Binding(str(digit), f"screen.digit({digit})", show=False) for digit in range(1, 10)
    ]


class FollowUpPage(PanelListPage[AreaShown]):
    """Shows the areas at the left; the one under the cursor at the right, as it is reported."""

    PAGE = "follow_up"
    CSS_PATH = "follow_up.tcss"
    EMPTY = "No visit, review or re-inspection is open."
    EMPTY_KEYS = (("i", "choose or begin one (from home)"), ("f", "the register (from home)"))
    EMPTY_FACT = (
        "It starts from the register of the inspection that it follows. Where that is not kept "
        "here, ask central for its bundle, which “fieldkit merge” takes in."
    )

    def __init__(self) -> None:
        super().__init__()
        self._seen: Seen | None = None

    def body(self) -> Iterable[Widget]:
        """Yield the areas over the days, and beside them the panels of the area."""
        with Container(id="columns"):
            with Vertical(id="left"):
                yield AreaList(id=self.PAGE, markup=False)
                yield Panel("Its days", id="days")
                yield Panel("Chosen for audit", id="chosen")
                yield Panel("Balance", id="balance")
            with Vertical(id="side"):
                yield from self.side()

    def side(self) -> Iterable[Widget]:
        """Yield the panels of the area under the cursor."""
        yield Panel("Recommendation", id="recommendation")
        summary = FieldPanel("", RATIONALE, "Summary", id="summary")
        summary.panel_title = "Summary"
        yield summary
        yield Panel("Detail", id="detail")
        yield Panel("Then and now", id="then")
        yield Panel("Context the force gave", id="context")

    async def load(self) -> None:
        """Read the follow-up; of an inspection it is said that it is none."""
        await self.fieldkit.typing.save()
        try:
            self._seen = await self.vault.read(read_follow_up, self.inspection_id)
        except RefusedError:
            self._seen = None  # an inspection, of which the empty list says what to do
        self.show(list(self._seen[0].areas) if self._seen is not None else [])

    # --- drawing ---

    @property
    def _shown(self) -> FollowUp:
        assert self._seen is not None
        return self._seen[0]

    @property
    def _grades(self) -> Grades:
        assert self._seen is not None
        return Grades(self._seen[1].scale_for("force"))

    def _figure(self) -> Content:
        return panels.looked_at(self._shown)

    def _row(self, entry: AreaShown, width: int, *, chosen: bool) -> Content:
        return panels.area_row(entry, self._shown, self._grades, width, chosen=chosen)

    def _above(self, entry: AreaShown, before: AreaShown | None) -> Content | None:
        """Return the heading of the columns over the first, and what heads the aims."""
        return panels.above(entry, before, self._shown, self.listed.room)

    def _draw(self) -> None:
        super()._draw()
        self.set_class(self._seen is None, "-none")
        if self._seen is None:
            return
        shown = self._shown
        title = panels.title_of(shown)
        self.listed.edges(title=title, legend=panels.audits(shown, self.listed.room))
        self.query_one("#days", Panel).show(
            lambda width: panels.days(shown, width), title=f"This {shown.phase}"
        )
        self.query_one("#chosen", Panel).show(lambda width: panels.chosen(shown, width))
        self.query_one("#balance", Panel).show(lambda width: panels.balance(shown, width))

    def _draw_side(self, entry: AreaShown | None) -> None:
        if entry is None or self._seen is None:
            return
        _, methodology, waiting = self._seen
        cases = Grades(methodology.scale_for("case"))
        first = entry.recommendations[0] if entry.recommendations else None
        self.query_one("#recommendation", Panel).show(
            lambda width: panels.recommendations(entry, width, wide=self.wide),
            title=panels.recommendation_title(entry),
            figure=panels.late_words(first),
        )
        field, place = self.query_one("#summary", FieldPanel), self._place(entry)
        field.disabled = not entry.criterion
        if self.typing_in is None or field.place != place:
            label = f"{entry.label}, summary"
            field.show(place, RATIONALE, label, entry.summary, waiting.get(place))
        self.query_one("#detail", Panel).show(
            lambda width: panels.detail(entry, cases, width, wide=self.wide),
            figure=panels.basis(entry),
        )
        self.query_one("#then", Panel).show(
            lambda width: panels.then_and_now(entry, cases, width),
            title=f"Then and now: {entry.label}",
        )
        self.query_one("#context", Panel).show(lambda width: panels.context(entry, width))

    def _place(self, entry: AreaShown) -> str:
        return f"assessment/{assessment_id(self.inspection_id, entry.criterion)}"

    # --- keys ---

    @on(OptionList.OptionSelected, "#follow_up")
    def action_write(self) -> None:
        """Go to the summary."""
        if self.current is not None and self.current.criterion:
            self.query_one("#summary", FieldPanel).focus()

    @on(TextArea.Changed)
    def _typed(self) -> None:
        """Say in the edge of the field that its text is not kept yet."""
        self.query_one("#summary", FieldPanel).draw_state()

    async def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Make an op of what was typed, now that the inspector moved on."""
        field, entry = self.query_one("#summary", FieldPanel), self.current
        if event.widget is not field or entry is None or not self.fieldkit.unlocked:
            return
        text, inspected = field.text, self.inspection_id
        if text == field.original or field.place != self._place(entry):
            return
        kept = await commit(
            self.fieldkit,
            field.place,
            [RATIONALE],
            lambda s: judging.assess(s, inspected, entry.criterion, rationale=text),
        )
        if kept is not None:
            field.original = text
            field.draw_state()
            await self._again()

    async def action_digit(self, digit: int) -> None:
        """Give the force the grade of that place in the scale now, on this area."""
        if self._seen is None:
            return
        scale = self._seen[1].scale_for("force").labels
        if digit <= len(scale):
            await self._judge(grade=scale[digit - 1])

    @work
    async def action_state(self, state: str) -> None:
        """Say that the area cannot be judged, and why."""
        entry = self.current
        if entry is None or not entry.criterion:
            return
        place = f"state/{assessment_id(self.inspection_id, entry.criterion)}"
        reason = await ask(self.fieldkit, f"{entry.label}: why {state}?", place, "reason")
        if reason is not None and await self._judge(state=state, reason=reason):
            self.fieldkit.typing.forget(place, "reason")
            await self.vault.write(drafts.committed, place, "reason")

    async def action_clear(self) -> None:
        """Take the grade or state away; the summary stays."""
        if self.current is not None and self.current.judged:
            await self._judge(state="not judged")

    async def _judge(
        self, *, grade: str | None = None, state: str | None = None, reason: str = ""
    ) -> bool:
        entry = self.current
        if entry is None or not entry.criterion:
            return False
        job = self.vault.write(
            judging.assess, self.inspection_id, entry.criterion, grade, state=state, reason=reason
        )
        done = await self.tried(job)
        if done is not None:
            await self._again()
        return done is not None

    async def _again(self) -> None:
        await self.load()
        await self.fieldkit.refresh_frame()

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what has nothing to do now; where none is open, also what is written of one."""
        idle = super().idle_actions
        return idle if self._seen is not None else idle | {"feedback", "tick"}

    @work
    async def action_evidence(self) -> None:
        """Tie evidence of this follow-up to a recommendation of the area."""
        one = await self._recommendation("Evidence for which recommendation?")
        if one is not None:
            await evidence_of_progress(self.fieldkit, one)
            await self._again()

    @work
    async def action_status(self) -> None:
        """Go to a recommendation of the area in the register."""
        one = await self._recommendation("Which recommendation?")
        if one is not None:
            await self.fieldkit.go("recommendations", recommendation=one.id)

    async def _recommendation(self, title: str) -> RegisterLine | None:
        """Return the recommendation of the area; of several the one that is chosen."""
        known = list(self.current.recommendations) if self.current is not None else []
        if len(known) < 2:
            return known[0] if known else None
        choices = [Choice(one.id, f"{one.called}. {one.wording}") for one in known]
        chosen = await self.app.push_screen_wait(Pick(title, choices))
        return next((one for one in known if one.id == chosen), None)

    @work
    async def action_feedback(self) -> None:
        """Write the feedback, area by area, for chief constable and commissioner."""
        if self._seen is None:
            return
        inspected = self.inspection_id
        await write_document(
            self.fieldkit,
            "Feedback",
            f"follow-up-feedback/{inspected}",
            lambda s, sender: feedback(s, inspected, sender=sender),
        )

    @work
    async def action_leaflet(self) -> None:
        """Write the page that the force, its staff or its partners are given beforehand."""
        await leaflet_file(self.fieldkit)

    @work
    async def action_tick(self) -> None:
        """Show whom it talks to and what it reads; mark a sort of document as asked for or come."""
        if self._seen is None:
            return
        shown = self._shown
        inspected = self.inspection_id
        choices = [
            Choice(one.key, f"{'✓' if one.done else '·'} {one.label}", one.said or "not asked for")
            for one in shown.documents
        ]
        choices += [
            Choice(
                f"talk/{one.key}",
                f"{'✓' if one.done else '·'} talk: {one.label}",
                one.said or "not held yet",
            )
            for one in shown.interviews
        ]
        key = await self.app.push_screen_wait(Pick("To tick: a document is marked", choices))
        tick = next((one for one in shown.documents if one.key == key), None)
        if tick is None or key is None:
            return
        mark = received if tick.ids else ask_for
        if await self.tried(self.vault.write(mark, inspected, [key])) is not None:
            done = "received" if tick.ids else "asked for"
            self.fieldkit.say(f"{tick.label[:1].upper()}{tick.label[1:]}: {done} today.")
            await self._again()

    @property
    def record(self) -> Named | None:
        """Return the judgment of the area under the cursor."""
        one = self.current
        if one is None or not one.criterion:
            return None
        return "assessment", assessment_id(self.inspection_id, one.criterion), one.label

    def action_back(self) -> None:
        """From the summary to the areas; from these home."""
        if self.typing_in is not None:
            self.listed.focus()
        elif not self.stays():
            self.dismiss()
