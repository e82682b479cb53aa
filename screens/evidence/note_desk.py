"""What the page of notes draws: the record, its notes, the panel to write in, what is beside."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from textual import on, work
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from fieldkit.evidence.beside import Said, said_by_others
from screens.evidence import note_rows
from screens.evidence.marks import numbered_criteria
from screens.evidence.note_area import NotePanel
from screens.evidence.note_file import NoteFile
from screens.evidence.note_rows import NoteList
from screens.kit.draft_fields import DraftArea
from screens.kit.drawing.notices import empty
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.panel_list import PanelList
from screens.kit.drawing.rows import lines
from screens.kit.drawing.signs import glyph, style
from screens.kit.page import Page
from storage.records import Note

EMPTY = "There is no note yet."
EMPTY_KEYS = (("n", "write a note"), ("f6", "write in half of the page, or in all of it"))
WRITING_KEYS = (("esc", "leave the text: letters are keys then"), *EMPTY_KEYS[1:])
"""What is named while the cursor is in the new note, where letters are text."""
EMPTY_FACT = "^s saves a note and starts the next."
MEETING = frozenset(("agreed", "works_well"))
"""What is asked of an interview or a focus group alone."""
WIDE = 100
"""Columns from which what is beside the notes has a column of its own."""
MOST_SAID = 4
"""Notes of others shown at most."""
SIZES = ("", "-half", "-all")
"""How much of the page the writing panel takes: a few lines, half of it, all of it."""
SMALL_LINES = {"-narrow": 3, "-wide": 5}
"""Lines of text that the small panel shows."""


class NoteDesk(Page):
    """Draws one record with its notes; what is done to them stands in the page itself."""

    CSS_PATH = "entry.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-roomy")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-short"), (30, "-tall")]

    def __init__(self) -> None:
        super().__init__()
        self._file: NoteFile | None = None
        self._others: tuple[Said, ...] = ()
        self._others_on = ""
        self._growth = 0

    def body(self) -> Iterable[Widget]:
        """Yield what it is, the notes, what is beside them, and the panel to write in."""
        yield Panel("Notes", id="about")
        yield NoteList(id="notes", markup=False)
        with Container(id="side"):
            yield Panel("Criteria", id="criteria")
            yield Panel("To ask", id="ask")
            yield Panel("Said by others", id="others", classes="-none")
            yield Panel("Rests on these notes", id="rests")
        yield NotePanel(id="writing")

    def on_mount(self) -> None:
        """Draw the borders at once; they are filled when the vault has answered."""
        self.query_one(NoteList).edges(title="Notes")
        self.watch(self, "focused", self._draw_empty, init=False)

    # --- drawing ---

    def _draw(self, stand_on: str = "") -> None:
        if (file := self._file) is None:
            return
        self.query_one(NotePanel).methodology = file.methodology
        self.query_one("#about", Panel).show(
            partial(note_rows.heading, file),
            title=file.title[:1].upper() + file.title[1:],
            figure=file.day,
        )
        listed = self.query_one(NoteList)
        before = stand_on or getattr(self._current, "id", "")
        width, gap = listed.room, [None] if self.app.size.width >= WIDE else []
        rows = (Option(note_rows.note_row(one, file, width), id=one.id) for one in file.notes)
        ids = [one.id for one in file.notes]
        with self.prevent(OptionList.OptionHighlighted):
            listed.set_options([each for row in rows for each in (row, *gap)])
        self._draw_empty()
        if ids:
            listed.highlighted = ids.index(before) if before in ids else len(ids) - 1
        listed.edges(figure=note_rows.counts(file.notes))
        self._draw_side(file)
        self.fieldkit.draw_keys()

    def _draw_empty(self) -> None:
        """Say where there is no note how one is written from where the cursor is."""
        if self._file is None or self._file.notes:
            return
        listed = self.query_one(NoteList)
        keys = EMPTY_KEYS if self.typing_in is None else WRITING_KEYS
        with self.prevent(OptionList.OptionHighlighted):
            block = empty(EMPTY, keys, EMPTY_FACT, listed.room)
            listed.set_options([Option(block, disabled=True)])

    def _draw_side(self, file: NoteFile) -> None:
        areas = len(file.methodology.areas)
        criteria = self.query_one("#criteria", Panel)
        criteria.show(partial(self._criteria, file), figure=f"#1–#{areas}")
        ask = self.query_one("#ask", Panel)
        ask.set_class(not file.questions, "-none")
        asked = sum(one.asked for one in file.questions)
        ask.show(
            lambda width: lines(note_rows.questions(file, width)),
            figure=f"{asked} of {len(file.questions)}",
        )
        rests = self.query_one("#rests", Panel)
        rests.show(partial(note_rows.resting, file.points), figure=str(len(file.points) or ""))
        rests.set_class(not file.points, "-none")
        self._look_beside()

    def _criteria(self, file: NoteFile, width: int) -> Content:
        """Return the criteria; where there is no column beside, also what is still to be asked."""
        rows = note_rows.criteria(file, width)
        if self.app.size.width < WIDE and file.questions:
            room = self.query_one("#criteria", Panel).room[1] - len(rows) - 1
            if room > 0:
                rows.append(Content.styled(glyph("rule") * width, style("rule")))
                rows += note_rows.questions(file, width)[:room]
        return lines(rows)

    @on(PanelList.Resized)
    def _resized(self) -> None:
        """Draw to the columns that there are now."""
        self._draw()

    # --- what others said ---

    @on(OptionList.OptionHighlighted, "#notes")
    @on(NotePanel.Meant)
    def _look_beside(self) -> None:
        """Look what others said on the criterion that is written about, or of the note chosen."""
        if self._file is None or self.app.size.width < WIDE:
            return
        meant = self.query_one(NotePanel).meant.criteria
        note = self._current
        wanted = meant[-1] if meant else note.criteria[0] if note and note.criteria else ""
        if wanted != self._others_on:
            self._others_on = wanted
            self._read_others(wanted)

    @work(exclusive=True, group="others")
    async def _read_others(self, criterion: str) -> None:
        said: tuple[Said, ...] = ()
        if criterion:
            read = (self.inspection_id, criterion, self._noted_in, MOST_SAID)
            said = await self.vault.read(said_by_others, *read)
        if self._file is None or criterion != self._others_on:
            return
        panel = self.query_one("#others", Panel)
        number = numbered_criteria(self._file.methodology).get(criterion, "").partition(" ")[0]
        panel.set_class(not said, "-none")
        panel.show(partial(note_rows.said, said), figure=f"on {number}" if number else "")

    # --- the size of the writing panel ---

    @on(NotePanel.Grown)
    def _grown(self) -> None:
        """Give a text that has no room half of the page; it never takes more by itself."""
        panel = self.query_one(NotePanel)
        small = SMALL_LINES["-wide" if self.app.size.width >= WIDE else "-narrow"]
        if self._growth == 0:
            self.set_class(panel.lines_taken > small, "-half")

    def action_larger(self) -> None:
        """Give the writing panel half of the page, then all of it, then a few lines again."""
        self._growth = (self._growth + 1) % len(SIZES)
        for number, name in enumerate(SIZES[1:], 1):
            self.set_class(self._growth == number, name)
        self._grown()
        self.query_one(DraftArea).scroll_cursor_visible()

    # --- what the page knows ---

    @property
    def _noted_in(self) -> str:
        """Return the id of the record that the notes stand in."""
        raise NotImplementedError

    @property
    def has_row(self) -> bool:
        """Say whether the cursor stands on a note."""
        return self._current is not None

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return the actions that need a note, without one, and those of a meeting elsewhere."""
        met = self._file is None or self._file.agreed is not None
        return super().idle_actions | (frozenset() if met else MEETING)

    @property
    def _current(self) -> Note | None:
        """Return the note that the cursor is on."""
        if self._file is None:
            return None
        number = self.query_one(NoteList).highlighted
        notes = self._file.notes
        return notes[number] if number is not None and number < len(notes) else None
