"""The force's context of each recommendation: how it was weighed, and the notes that bear on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session
from textual import events, on, work
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, TextArea
from textual.widgets.option_list import Option

from fieldkit.followup.context import (
    ContextNote,
    Weighed,
    context_notes,
    questions,
    weigh,
    weighed_by,
)
from fieldkit.followup.links import IN_CONTEXT, link_context, untie
from fieldkit.followup.recommendations import edit_recommendation
from fieldkit.followup.register import RegisterLine, Wanted, register
from fieldkit.followup.show import Shown, show_recommendation
from fieldkit.service import existing
from screens.casework.case_texts import FieldPanel
from screens.evidence.trace import PickEvidence
from screens.followup import context_rows as rows
from screens.followup.register_panels import title
from screens.kit.ask import ask_and_commit, commit, waiting
from screens.kit.drawing.notices import empty
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.panel_list import PanelList
from screens.kit.drawing.rows import muted
from screens.kit.drawing.signs import sign
from screens.kit.keyboard import BACKGROUND
from screens.kit.page import Named, Page
from storage.records import Inspection, Note, Recommendation

NOTHING_BEARS = "Nothing of it bears on this recommendation."
EMPTY = "No recommendation yet."
EMPTY_KEYS = (("f5 f", "the register; a makes one"),)
NO_NOTES = "Nobody noted context yet."
NOTES_KEYS = (("=", "before the words of a note does"), ("a", "link other evidence"))


@dataclass(frozen=True, slots=True)
class Read:
    """Holds what the page lists: recommendations, what is answered of each, and notes offered."""

    lines: tuple[RegisterLine, ...]
    answered: dict[str, set[str]]
    notes: tuple[ContextNote, ...]


class ContextPage(Page):
    """Shows the recommendations of the force, and how its context was weighed for each.

    Args:
        recommendation: the one to stand on.
    """

    PAGE = "context"
    CSS_PATH = "context.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-roomy")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-short"), (30, "-tall")]

    def __init__(self, recommendation: str = "") -> None:
        super().__init__()
        self._stand_on = recommendation
        self._seen: Read | None = None
        self._shown: Shown | None = None
        self._draft: str | None = None
        self._at = 0

    def body(self) -> Iterable[Widget]:
        """Yield the recommendations over the notes, and the words, questions and answers."""
        with Container(id="columns"):
            with Vertical(id="left"):
                yield PanelList(id="recommendations", markup=False)
                yield PanelList(id="notes", markup=False)
            with Vertical(id="right"):
                yield Panel(id="about")
                weighed = FieldPanel("", "force_context", "Force context", id="weighed")
                weighed.panel_title = "How its context was weighed"
                yield weighed
                yield PanelList(id="asked", markup=False)
                yield Panel("Said by the force", id="said")

    def on_mount(self) -> None:
        """Draw the borders at once."""
        self._list("recommendations").edges(title="Recommendations")
        self._list("notes").edges(
            title="Context noted", figure=Content.assemble(sign("context"), " notes")
        )
        self._list("asked").edges(title="Asked of each")

    def _list(self, name: str) -> PanelList:
        return self.query_one(f"#{name}", PanelList)

    @property
    def _entry(self) -> RegisterLine | None:
        """Return the recommendation under the cursor."""
        lines = self._seen.lines if self._seen is not None else ()
        return lines[self._at] if self._at < len(lines) else None

    @property
    def _asked(self) -> tuple[Weighed, ...]:
        return self._shown.context if self._shown is not None else ()

    @property
    def _ticked(self) -> dict[str, str]:
        """Return the links of the notes that are tied as context, by the note."""
        links = self._shown.links if self._shown is not None else ()
        return {one.record_id: one.id for one in links if one.role == IN_CONTEXT}

    async def load(self) -> None:
        """Read the recommendations and the notes, then the one under the cursor."""
        seen = self._seen = await self.vault.read(_read, self.inspection_id)
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

    # --- drawing ---

    def _draw(self) -> None:
        seen, entry = self._seen, self._entry
        if seen is None:
            return
        self._draw_recommendations(seen)
        self._draw_notes(seen)
        self._draw_asked()
        about, said = self.query_one("#about", Panel), self.query_one("#said", Panel)
        field = self.query_one(FieldPanel)
        field.disabled = entry is None
        if entry is None:
            about.show("", title="")
            said.show("")
            return
        about.show(lambda width: rows.about(entry, width), title=title(entry))
        shown = self._shown
        if shown is None:
            return
        said.show(lambda width: rows.said_by_force(shown, width))
        if not (field.has_focus and field.place == self._place(entry)):
            place, label = self._place(entry), f"{title(entry)}: force context"
            field.show(place, "force_context", label, shown.force_context, self._draft)
        self.fieldkit.draw_keys()

    def _draw_recommendations(self, seen: Read) -> None:
        listed = self._list("recommendations")
        asked = [one.key for one in questions() if one.asked]
        states = [rows.state(seen.answered.get(one.id, ()), asked) for one in seen.lines]
        options = [
            Option(rows.recommendation_row(one, how, listed.room, chosen=number == self._at))
            for number, (one, how) in enumerate(zip(seen.lines, states, strict=True))
        ]
        if not options:
            block = empty(EMPTY, EMPTY_KEYS, "", listed.room)
            options = [Option(block, disabled=True)]
        with self.prevent(OptionList.OptionHighlighted):
            listed.set_options(options)
            listed.highlighted = self._at if seen.lines else None
        done = Content.assemble(
            sign("done"), f" {states.count(rows.DONE)}", muted(f" of {len(states)}")
        )
        listed.edges(figure=done if states else "")

    def _draw_notes(self, seen: Read) -> None:
        listed, ticked = self._list("notes"), self._ticked
        at = min(listed.highlighted or 0, max(len(seen.notes) - 1, 0))
        options = [
            Option(rows.note_row(one, listed.room, ticked=one.id in ticked, chosen=number == at))
            for number, one in enumerate(seen.notes)
        ]
        if not options:
            options = [Option(empty(NO_NOTES, NOTES_KEYS, "", listed.room), disabled=True)]
        with self.prevent(OptionList.OptionHighlighted):
            listed.set_options(options)
            listed.highlighted = at if seen.notes else None

    def _draw_asked(self) -> None:
        listed, asked = self._list("asked"), self._asked
        at = min(listed.highlighted or 0, max(len(asked) - 1, 0))
        with self.prevent(OptionList.OptionHighlighted):
            listed.set_options(
                Option(rows.question_row(one, listed.room, chosen=number == at))
                for number, one in enumerate(asked)
            )
            listed.highlighted = at if asked else None
        listed.edges(figure=rows.answered(asked) if asked else "")

    @on(PanelList.Resized)
    def _resized(self) -> None:
        """Draw to the columns that there are now."""
        self.draw_anew()

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
        """Return what cannot be done where there is no recommendation."""
        every = ("answer", "tick", "write", "add", "not_relevant", "turn(1)", "turn(-1)")
        return frozenset(() if self._entry is not None else every)

    @property
    def subject(self) -> Named | None:
        """Return the recommendation under the cursor."""
        entry = self._entry
        return (Recommendation.KIND, entry.id, title(entry)) if entry is not None else None

    # --- the text ---

    @staticmethod
    def _place(entry: RegisterLine) -> str:
        return f"{Recommendation.KIND}/{entry.id}"

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


def _read(s: Session, inspection_id: str) -> Read:
    force = existing(s, Inspection, inspection_id).force
    lines = register(s, Wanted(force=force, order="number"))
    answered: dict[str, set[str]] = {}
    for which in {one.inspection_id for one in lines}:
        answered |= weighed_by(s, which)
    return Read(tuple(lines), answered, tuple(context_notes(s, inspection_id)))
