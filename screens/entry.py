"""The notes of an interview, observation, document or case, and remarks of the inspection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from sqlmodel import Session
from textual import on, work
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from fieldkit import fieldnotes
from screens import marks
from screens.asking import ask, commit, waiting
from screens.dialogs import Choice, Confirm, Pick
from screens.marks import Marked
from screens.notes import NoteFile, drawn, note_label, note_place, read
from screens.page import Page
from screens.plain import plain
from screens.typing import DraftArea, settled
from storage.errors import FieldkitError
from storage.records import Note

WRITING = "^s keep, then the next   esc keep, then the list   begin with + - or =   end with #4 or #inv"
READING = "enter edit   + strength  - concern  = context   a digit marks a criterion   f finalise"
EMPTY = (
    "There is no note yet.\n\nPress n to write one. ctrl+s keeps it and stands ready for the next.\n"
    "+ before the text makes it a strength, - a concern; #4 or #inv after it names the criterion."
)


class NoteList(OptionList):
    """The notes; digits mark the one the cursor is on with a criterion."""

    BINDINGS: ClassVar = [
        Binding(str(digit), f"screen.criterion({digit})", show=False) for digit in range(1, 10)
    ]


class EntryPage(Page):
    """One record and the notes inside it.

    Args:
        kind: interview, observation, document, case or inspection.
        record: which one.
    """

    PAGE = "entry"
    CSS_PATH = "entry.tcss"

    def __init__(self, kind: str, record: str) -> None:
        super().__init__()
        self._kind, self._record = kind, record
        self._file: NoteFile | None = None
        self._editing: Note | None = None

    def body(self) -> Iterable[Widget]:
        """What it is, the notes, and the field that opens at the bottom."""
        yield Static("", id="title", markup=False)
        yield Static("", id="about", markup=False)
        yield Static(EMPTY, id="empty", markup=False)
        yield NoteList(id="notes", markup=False)
        yield DraftArea("", "text", "", id="note")
        yield Static("", id="hint", markup=False)

    # --- reading ---

    async def load(self) -> None:
        """Read the record and its notes; a note typed and not kept is offered back."""
        await self._fetch()
        area = self.query_one(DraftArea)
        if not area.display and self._place() in self._drafts:
            self._turn(None, self._drafts[self._place()])
        if self.typing_in is None:
            self.query_one(NoteList).focus()

    async def _fetch(self, stand_on: str = "") -> None:
        await self.fieldkit.typing.save()
        self._file = await self.vault.read(read, self._kind, self._record)
        self._draw(stand_on)

    @property
    def _drafts(self) -> dict[str, str]:
        return self._file.drafts if self._file is not None else {}

    def _place(self, note: Note | None = None) -> str:
        return note_place(self._kind, self._record, note)

    def on_resize(self) -> None:
        """Draw to the new width."""
        if self._file is not None:
            self._draw()

    def _draw(self, stand_on: str = "") -> None:
        assert self._file is not None
        file, listed = self._file, self.query_one(NoteList)
        before = stand_on or getattr(self._current, "id", "")
        width = max(self.app.size.width - 2, 40)
        listed.set_options([Option(drawn(one, file, width), id=one.id) for one in file.notes])
        ids = [one.id for one in file.notes]
        if ids:
            listed.highlighted = ids.index(before) if before in ids else len(ids) - 1
        listed.display = bool(ids)
        self.query_one("#empty").display = not ids
        self.query_one("#title", Static).update(plain(file.title))
        about = self.query_one("#about", Static)
        about.update(plain(file.about))
        about.display = bool(file.about)
        self._hint()

    def _hint(self) -> None:
        if self._file is None:
            return
        keys = WRITING if self.typing_in is not None else READING
        width = max(self.app.size.width - 2, 40)
        text = f"{keys}\n{marks.numbered(self._file.methodology, width)}"
        self.query_one("#hint", Static).update(plain(text))

    def on_descendant_focus(self) -> None:
        """The keys of a field are others than those of the list."""
        self._hint()

    def on_descendant_blur(self) -> None:
        """As above."""
        self._hint()

    @property
    def _current(self) -> Note | None:
        if self._file is None:
            return None
        number = self.query_one(NoteList).highlighted
        notes = self._file.notes
        return notes[number] if number is not None and number < len(notes) else None

    @property
    def subject(self) -> tuple[str, str, str] | None:
        """What the notes stand in."""
        return (self._kind, self._record, self._file.label) if self._file is not None else None

    # --- writing ---

    def _turn(self, note: Note | None, draft: str | None) -> None:
        """Turn the field to a new note, or to one that is edited."""
        assert self._file is not None
        self._editing = note
        area = self.query_one(DraftArea)
        label = f"{self._file.label}, note"
        area.show(self._place(note), "text", label, note.text if note else "", draft)
        area.border_title = (
            "A new note" if note is None else "Amend, with a reason" if note.finalised else "Edit"
        )
        area.display = True
        area.move_cursor(area.document.end)

    async def action_note(self) -> None:
        """Write a note."""
        if self._file is not None and self.typing_in is None:
            texts = await waiting(self.fieldkit, self._place())
            self._turn(None, texts.get("text"))
            self.query_one(DraftArea).focus()

    @on(OptionList.OptionSelected)
    async def action_edit_note(self) -> None:
        """Edit the note the cursor is on."""
        note = self._current
        if note is not None:
            texts = await waiting(self.fieldkit, self._place(note))
            self._turn(note, texts.get("text"))
            self.query_one(DraftArea).focus()

    async def action_keep(self) -> None:
        """Keep the note and stand ready for the next."""
        if not self.query_one(DraftArea).display:
            await self.action_note()
            return
        edited = self._editing is not None
        if await self._keep():
            if edited:
                self._close()
            else:
                self.query_one(DraftArea).focus()

    async def _keep(self) -> bool:
        """Commit what stands in the field; ``False`` where it stays there."""
        area, note = self.query_one(DraftArea), self._editing
        await settled(area)
        text = area.text.strip()
        assert self._file is not None
        if not text and note is None:
            area.show(self._place(), "text", area.label, "", None)
            return True
        if note is not None and text == note.text:
            return True
        if note is not None and note.finalised:
            self._amend(note, text)
            return False
        try:
            marked = marks.read(text, self._file.methodology)
        except FieldkitError as refusal:
            self.fieldkit.say(str(refusal), error=True)
            return False
        kept = await commit(self.fieldkit, area.place, ["text"], self._job(note, marked))
        if kept is None:
            return False
        area.show(self._place(), "text", area.label, "", None)
        await self._fetch(kept.id)
        await self.fieldkit.refresh_frame()
        return True

    def _job(self, note: Note | None, marked: Marked) -> object:
        raise NotImplementedError
