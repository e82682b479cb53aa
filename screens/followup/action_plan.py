"""The force's action plan: what it intends for each recommendation, and how the plan was found."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session
from textual import on, work
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.followup.action_plans import (
    IntentionLine,
    PlanShown,
    edit_plan,
    intend,
    plans,
    receive_plan,
    review_plan,
    show_plan,
    views,
)
from fieldkit.followup.dates.milestones import reported
from fieldkit.wording.dates import day_words, short_day
from screens.followup.action_plan_rows import intention, intention_row, review
from screens.kit.ask import ask_and_commit, fill
from screens.kit.dialogs import Choice, Pick
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import muted
from screens.kit.drawing.signs import sign
from screens.kit.form import Field
from screens.kit.list_page import PanelListPage
from screens.kit.page import Named
from storage.records import ActionPlan, Document
from storage.records.lookup import records_in

NONE_YET = "No action plan has been received yet; a records that one has."


class ActionPlanPage(PanelListPage[IntentionLine]):
    """Shows what the plan says of each recommendation, and how a person found it."""

    PAGE = "action_plan"
    CSS = """
    ActionPlanPage #columns #side { height: 12; }
    ActionPlanPage.-wide PanelList.panel { width: 3fr; }
    ActionPlanPage.-wide #columns #side { width: 2fr; height: 100%; }
    ActionPlanPage #intends { height: 1fr; }
    ActionPlanPage #review { height: 6; }
    ActionPlanPage.-wide #review { height: 1fr; }
    ActionPlanPage.-low #review { display: none; }
    """
    EMPTY = "No action plan has been received yet."
    EMPTY_KEYS = (("a", "record that one came, and which document it is"),)
    EMPTY_FACT = "A force is asked for one within six weeks of publication."

    def __init__(self) -> None:
        super().__init__()
        self._plans: tuple[ActionPlan, ...] = ()
        self._chosen_plan = ""
        self._of = ""
        """The inspection whose report the plan answers: of a review the one that it follows."""
        self._plan: PlanShown | None = None

    def side(self) -> Iterable[Panel]:
        """Yield what the force intends, and how the plan was found."""
        yield Panel("What the force intends", id="intends")
        yield Panel("How it was found", id="review")

    async def load(self) -> None:
        """Read the plans, and what the chosen one says; the one that came last to begin with."""
        self._of, self._plans, self._plan = await self.vault.read(
            _read, self.inspection_id, self._chosen_plan
        )
        self.show(self._plan.lines if self._plan is not None else ())

    def _figure(self) -> Content:
        plan = self._plan
        assert plan is not None
        received = muted(f"received {short_day(plan.received_on)}")
        silent = sign("thin", f"{len(plan.silent)} left out") if plan.silent else sign("done")
        return Content.assemble(received, "  ", silent)

    def _row(self, entry: IntentionLine, width: int, *, chosen: bool) -> Content:
        return intention_row(entry, width, chosen=chosen, wide=self.wide)

    def _draw_side(self, entry: IntentionLine | None) -> None:
        intends, found = self.query_one("#intends", Panel), self.query_one("#review", Panel)
        plan = self._plan
        if entry is None or plan is None:
            intends.show("", figure="")
        else:
            intends.show(
                lambda width: intention(entry, width),
                title=f"Recommendation {entry.called}",
                figure=f"due {short_day(entry.due)}" if entry.due else "",
            )
        if plan is None:
            found.show("", figure="")
            return
        found.show(
            lambda width: review(plan, width),
            figure=short_day(plan.reviewed_on) if plan.view else "",
        )

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what cannot be done without a plan, or where there is one only."""
        idle = set(super().idle_actions)
        if self._plan is None:
            idle |= {"edit", "review"}
        if len(self._plans) < 2:
            idle.add("other")
        return frozenset(idle)

    def _subject(self, one: IntentionLine) -> Named:
        return "recommendation", one.recommendation_id, f"recommendation {one.called}"

    @property
    def record(self) -> Named | None:
        """Return what a history is of: the plan."""
        return (ActionPlan.KIND, self._plan.id, "Action plan") if self._plan is not None else None

    async def _fields(self, plan: PlanShown | None) -> list[Field]:
        known = await self.vault.read(records_in, Document, self._of)
        documents = (Choice("", "none entered"), *(Choice(one.id, one.title) for one in known))
        came = day_words(plan.received_on) if plan is not None else ""
        which = plan.document_id if plan is not None else ""
        return [
            Field("on", "Day it came", came, hint="empty for today; e.g. 20/12"),
            Field("document", "Document", which, choices=documents),
        ]

    @work
    async def action_receive(self) -> None:
        """Record that the force's action plan came."""
        inspection = self._of
        received = await fill(
            self.fieldkit,
            "An action plan came",
            f"new-action-plan/{inspection}",
            await self._fields(None),
            lambda s, answer: receive_plan(s, inspection, answer["on"], answer["document"]),
            about="What was due is done by it. A document is entered under Notes first.",
        )
        if received is not None:
            self._chosen_plan = received.id
            await self.load()

    @work
    async def action_edit(self) -> None:
        """Correct when the plan came, or which document it is."""
        plan = self._plan
        if plan is None:
            self.fieldkit.say(NONE_YET)
            return
        which = plan.id
        await fill(
            self.fieldkit,
            "The action plan",
            f"action-plan/{which}",
            await self._fields(plan),
            lambda s, answer: edit_plan(
                s, which, on=answer["on"] or None, document_id=answer["document"]
            ),
        )
        await self.load()

    @on(OptionList.OptionSelected)
    @work
    async def action_intend(self) -> None:
        """Write what the force intends for the recommendation, by when, and who answers for it."""
        entry, plan = self.current, self._plan
        if entry is None or plan is None:
            return
        by_when = day_words(entry.by_when) if entry.by_when else ""
        fields = [
            Field("intends", "It intends", entry.intends, hint="in the plan's words, in short"),
            Field("by_when", "By when", by_when, hint="e.g. 31/3/2027; empty for no day"),
            Field("owner", "Answers for it", entry.owner, hint="by role"),
        ]
        which = plan.id
        await fill(
            self.fieldkit,
            f"Recommendation {entry.called}: what the force intends",
            f"intention/{which}/{entry.recommendation_id}",
            fields,
            lambda s, answer: intend(
                s,
                which,
                entry.recommendation_id,
                answer["intends"],
                by_when=answer["by_when"],
                owner=answer["owner"],
            ),
        )
        await self.load()

    @work
    async def action_review(self) -> None:
        """Write how you found the plan; it proposes a follow-up, and decides none."""
        plan = self._plan
        if plan is None:
            self.fieldkit.say(NONE_YET)
            return
        choices = [Choice(one.key, one.label, f"proposes a {one.phase}") for one in views()]
        view = await self.app.push_screen_wait(Pick("How is the plan found?", choices, plan.view))
        if view is None:
            return
        which = plan.id
        reviewed = await ask_and_commit(
            self.fieldkit,
            f"{view.capitalize()}: why, in your words",
            f"review/{which}",
            "view_words",
            lambda s, words: review_plan(s, which, view, words),
            plan.view_words,
            hint="It proposes a follow-up. A person decides it, and may decide otherwise.",
        )
        if reviewed is not None:
            await self.load()

    @work
    async def action_other(self) -> None:
        """Show another plan of the inspection."""
        if len(self._plans) < 2:
            self.fieldkit.say("No other action plan was received.")
            return
        choices = [
            Choice(one.id, f"received {day_words(one.received_on)}", one.view or "not reviewed")
            for one in reversed(self._plans)
        ]
        current = self._plan.id if self._plan is not None else ""
        chosen = await self.app.push_screen_wait(Pick("Which action plan?", choices, current))
        if chosen is not None:
            self._chosen_plan = chosen
            await self.load()

    async def action_register(self) -> None:
        """Go to the recommendation in the register."""
        if (entry := self.current) is not None:
            await self.fieldkit.go("recommendations", recommendation=entry.recommendation_id)


def _read(
    s: Session, inspection_id: str, wanted: str
) -> tuple[str, tuple[ActionPlan, ...], PlanShown | None]:
    of = reported(s, inspection_id).id
    known = tuple(plans(s, of))
    chosen = next((one for one in known if one.id == wanted), known[-1] if known else None)
    return of, known, show_plan(s, chosen.id) if chosen is not None else None
