"""The force's context of each recommendation: how it was weighed, and the notes that bear on it."""

from __future__ import annotations

from textual import events, on, work
from textual.widgets import OptionList, TextArea

from fieldkit.followup.context import (
    Weighed,
    weigh,
)
from fieldkit.followup.links import link_context, untie
from fieldkit.followup.recommendations import edit_recommendation
from fieldkit.followup.show import show_recommendation
from screens.casework.case_texts import FieldPanel
from screens.evidence.trace import PickEvidence
from screens.followup.context_lists import ContextLists, read_context
from screens.followup.register_panels import title
from screens.kit.ask import ask_and_commit, commit, waiting
from screens.kit.keyboard import BACKGROUND
from screens.kit.page import Named
from storage.records import Note, Recommendation

NOTHING_BEARS = "Nothing of it bears on this recommendation."


class ContextPage(ContextLists):
    """Shows the recommendations of the force, and how its context was weighed for each.

    Args:
        recommendation: the one to stand on.
    """

    PAGE = "context"

    def __init__(self, recommendation: str = "") -> None:
        super().__init__()
        self._stand_on = recommendation

    async def load(self) -> None:
        """Read the recommendations and the notes, then the one under the cursor."""
        seen = self._seen = await self.vault.read(read_context, self.inspection_id)
        ids = [one.id for one in seen.lines]
        self._at = (
            ids.index(self._stand_on)
            if self._stand_on in ids
            else min(self._at, max(len(ids) - 1, 0))
        )
        self._stand_on = ""
        await self._follow()
        if self.focused is None:
            self._list("recommendations").focus()

    async def _follow(self) -> None:
        """Read what belongs to the recommendation under the cursor, with what is being typed."""
        entry = self._entry
        self._shown = None
        if entry is not None:
            texts = await waiting(self.fieldkit, self._place(entry))
            self._draft = texts.get("force_context")
            self._shown = await self.tried(self.vault.read(show_recommendation, entry.id))
        self._draw()

    @work(exclusive=True, group=BACKGROUND)
    async def _follow_later(self) -> None:
        await self._follow()

    @on(OptionList.OptionHighlighted, "#recommendations")
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        """Turn to another recommendation."""
        if event.option_index != self._at:
            self._at = event.option_index
            self._follow_later()

    @on(OptionList.OptionHighlighted, "#notes")
    def _note_moved(self) -> None:
        if self._seen is not None:
            self._draw_notes(self._seen)

    @on(OptionList.OptionHighlighted, "#asked")
    def _question_moved(self) -> None:
        self._draw_asked()

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what cannot be done where there is no recommendation, or no other one."""
        turning = ("turn(1)", "turn(-1)")
        if self._entry is None:
            return frozenset(("answer", "tick", "write", "add", "not_relevant", *turning))
        assert self._seen is not None
        idle = () if self._seen.notes else ("tick",)
        return frozenset(idle if len(self._seen.lines) > 1 else (*idle, *turning))

    @property
    def subject(self) -> Named | None:
        """Return the recommendation under the cursor."""
        entry = self._entry
        return (Recommendation.KIND, entry.id, title(entry)) if entry is not None else None

    # --- the text ---

    @on(TextArea.Changed)
    def _typed(self) -> None:
        """Say in the edge of the field that its text is not kept yet."""
        self.query_one(FieldPanel).draw_state()

    def action_write(self) -> None:
        """Go to the words on how the context was weighed."""
        if self._entry is not None:
            self.query_one(FieldPanel).focus()

    async def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Make an op of what was typed, now that the inspector moved on."""
        field = self.query_one(FieldPanel)
        if event.widget is not field or not field.place or not self.fieldkit.unlocked:
            return
        text, which = field.text, field.place.partition("/")[2]
        if text == field.original:
            return
        kept = await commit(
            self.fieldkit,
            field.place,
            ["force_context"],
            lambda s: edit_recommendation(s, which, force_context=text),
        )
        if kept is not None:
            field.original, self._draft = text, None
            field.draw_state()

    # --- the questions ---

    @on(OptionList.OptionSelected, "#recommendations")
    @work
    async def action_answer(self) -> None:
        """Answer the question under the cursor; from the recommendations, those open, in turn."""
        if self._list("asked").has_focus:
            at = self._list("asked").highlighted
            if at is not None:
                await self._ask(self._asked[at])
            return
        waiting_ones = [one for one in self._asked if one.ask and not one.answer]
        if not waiting_ones and self._asked:
            self.fieldkit.say("Every question is answered; tab leads to them, w to the words.")
        for question in waiting_ones:
            if not await self._ask(question):
                return

    @on(OptionList.OptionSelected, "#asked")
    def _asked_chosen(self) -> None:
        self.action_answer()

    async def _ask(self, question: Weighed) -> bool:
        """Ask one question; say whether it was answered."""
        entry = self._entry
        if entry is None:
            return False
        place = f"weigh/{entry.id}/{question.key}"
        answer = await ask_and_commit(
            self.fieldkit,
            f"{title(entry)}: {question.label.lower()}",
            place,
            "answer",
            lambda s, text: weigh(s, entry.id, question.key, text),
            question.answer,
            hint=question.ask,
        )
        if answer is not None:
            await self.load()
        return answer is not None

    async def action_not_relevant(self) -> None:
        """Answer the question under the cursor: that nothing of it bears on the recommendation."""
        entry, at = self._entry, self._list("asked").highlighted
        if entry is None or at is None:
            return
        key = self._asked[at].key
        await self.tried(self.vault.write(weigh, entry.id, key, NOTHING_BEARS))
        self._list("asked").highlighted = min(at + 1, len(self._asked) - 1)
        await self.load()

    # --- the notes ---

    @on(OptionList.OptionSelected, "#notes")
    async def action_tick(self) -> None:
        """Link the note under the cursor as context, or take the link away."""
        listed, entry, seen = self._list("notes"), self._entry, self._seen
        if entry is None or seen is None or listed.highlighted is None:
            return
        if not listed.has_focus:
            listed.focus()
        note, ticked = seen.notes[listed.highlighted], self._ticked
        if note.id in ticked:
            await self.tried(self.vault.write(untie, ticked[note.id]))
        else:
            await self.tried(self.vault.write(link_context, entry.id, Note.KIND, note.id))
        await self.load()

    @work
    async def action_add(self) -> None:
        """Choose other evidence, and link it as context."""
        entry = self._entry
        if entry is None:
            return
        asked = f"What of the force's situation bears on {title(entry).lower()}?"
        choice = await self.app.push_screen_wait(
            PickEvidence(entry.number, self.inspection_id, asked)
        )
        if choice is not None:
            await commit(
                self.fieldkit, "", [], lambda s: link_context(s, entry.id, choice.kind, choice.id)
            )
            await self.load()

    async def action_turn(self, by: int) -> None:
        """Turn to the next recommendation, or to the one before."""
        await self.leave_field()
        if self._seen is not None and self._seen.lines:
            self._at = (self._at + by) % len(self._seen.lines)
            await self._follow()
            self._list("recommendations").focus()

    async def action_done(self) -> None:
        """Leave the field, then the page."""
        if self.typing_in is not None:
            await self.leave_field()
            self._list("recommendations").focus()
        elif not self.stays():
            self.action_back()
