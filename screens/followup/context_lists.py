"""The lists of the page of context: recommendations, notes, questions; how they are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from sqlmodel import Session
from textual import on
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from fieldkit.followup.context import (
    ContextNote,
    Weighed,
    context_notes,
    questions,
    weighed_by,
)
from fieldkit.followup.links import IN_CONTEXT
from fieldkit.followup.register import RegisterLine, Wanted, register
from fieldkit.followup.show import Shown
from fieldkit.service import existing
from screens.casework.case_texts import FieldPanel
from screens.followup import context_rows as rows
from screens.followup.register_panels import title
from screens.kit.drawing.notices import empty
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.panel_list import Late, PanelList
from screens.kit.drawing.rows import muted
from screens.kit.drawing.signs import sign
from screens.kit.page import Page
from storage.records import Inspection, Recommendation

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


class ContextLists(Page):
    """Draws the recommendations of the force, the notes, the questions and the words of each."""

    CSS_PATH = "context.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-roomy")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-short"), (30, "-tall")]

    def __init__(self) -> None:
        super().__init__()
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

    @staticmethod
    def _place(entry: RegisterLine) -> str:
        return f"{Recommendation.KIND}/{entry.id}"

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

        def row(number: int) -> Content:
            one = seen.notes[number]
            return rows.note_row(one, listed.room, ticked=one.id in ticked, chosen=number == at)

        # There may be thousands.
        options = [
            Option(row(number) if number == at else Late(partial(row, number), rows.NOTE_LINES))
            for number in range(len(seen.notes))
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


def read_context(s: Session, inspection_id: str) -> Read:
    """Return what the page lists, of all inspections of the force of one."""
    force = existing(s, Inspection, inspection_id).force
    lines = register(s, Wanted(force=force, order="number"))
    answered: dict[str, set[str]] = {}
    for which in {one.inspection_id for one in lines}:
        answered |= weighed_by(s, which)
    return Read(tuple(lines), answered, tuple(context_notes(s, inspection_id)))
