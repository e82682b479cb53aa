"""The notes of an interview, observation, document or case, and remarks of the inspection."""

from __future__ import annotations

from textual import on, work
from textual.widgets import OptionList

from fieldkit.evidence.entries import edit_entry
from fieldkit.evidence.notes import amend_note, delete_note, edit_note, finalise_note
from screens.evidence import marks, note_rows
from screens.evidence.make_point import point_from
from screens.evidence.mark_outcome import MarksOutcomes
from screens.evidence.note_area import NotePanel
from screens.evidence.note_desk import NoteDesk
from screens.evidence.note_file import note_place, read
from screens.evidence.note_rows import NoteList
from screens.history.redact import redact
from screens.kit.ask import ask, commit, waiting
from screens.kit.dialogs import Confirm
from screens.kit.draft_fields import DraftArea
from screens.kit.page import Named
from screens.kit.unsaved import settled
from storage.errors import FieldkitError
from storage.records import Note


class EntryPage(NoteDesk, MarksOutcomes):
    """Shows one record and the notes inside it.

    Args:
        kind: interview, observation, document, case or inspection.
        record: which one.
        writing: begin in the field: in the text typed and not kept, else in a new note.
    """

    PAGE = "entry"

    def __init__(self, kind: str, record: str, *, writing: bool = False) -> None:
        super().__init__()
        self._writing = writing
        self._kind, self._record = kind, record
        self._open = False
        """Somebody writes in the panel, or left there what could not be kept."""
        self._editing: Note | None = None

    # --- reading ---

    async def load(self) -> None:
        """Read the record and its notes; a note typed and not kept is offered back."""
        await self._fetch()
        if not self._open and self._offers_back():
            self.query_one(DraftArea).focus()
            return
        if not self._open:
            self._clear()
        if self.typing_in is None:
            self.query_one(NoteList).focus()

    def _offers_back(self) -> bool:
        """Turn the field to what was typed and not kept; say whether somebody writes on there."""
        assert self._file is not None
        writing, self._writing = self._writing, False
        drafts = self._drafts  # letters are text in the field, and commands in the list
        edited = (note for note in self._file.notes if self._place(note) in drafts)
        if self._place() in drafts:
            self._turn(None, drafts[self._place()])
        elif writing and (note := next(edited, None)) is not None:
            self._turn(note, drafts[self._place(note)])
        elif writing:
            self._turn(None, None)
        else:
            return False
        return True

    async def _fetch(self, stand_on: str = "") -> None:
        await self.fieldkit.typing.save()
        self._file = await self.vault.read(read, self._kind, self._record)
        self._draw(stand_on)

    @property
    def _drafts(self) -> dict[str, str]:
        return self._file.drafts if self._file is not None else {}

    def _place(self, note: Note | None = None) -> str:
        return note_place(self._kind, self._record, note)

    @property
    def _noted_in(self) -> str:
        return self._record

    @property
    def subject(self) -> Named | None:
        """Return what the notes stand in."""
        return (self._kind, self._record, self._file.label) if self._file is not None else None

    # --- writing ---

    def _turn(self, note: Note | None, draft: str | None) -> None:
        """Turn the field to a new note, or to one that is edited."""
        assert self._file is not None
        self._editing = note
        panel, area = self.query_one(NotePanel), self.query_one(DraftArea)
        label = f"{self._file.label}, note"
        title = "New note"
        if note is not None:
            title = "Amend, with a reason" if note.finalised else "Edit"
        area.show(self._place(note), "text", label, note.text if note else "", draft)
        panel.edges(title=title)
        panel.look()
        self._open = True
        area.move_cursor(area.document.end)

    def _clear(self) -> None:
        """Make the field ready for a new note that nobody has begun."""
        self._turn(None, None)
        self._open = False

    async def action_note(self) -> None:
        """Write a note."""
        if self._file is not None and self.typing_in is None:
            await self._write(None)

    @on(OptionList.OptionSelected)
    async def action_edit_note(self) -> None:
        """Edit the note the cursor is on."""
        if self._current is not None:
            await self._write(self._current)

    async def _write(self, note: Note | None) -> None:
        texts = await waiting(self.fieldkit, self._place(note))
        self._turn(note, texts.get("text"))
        self.query_one(DraftArea).focus()

    async def action_keep(self) -> None:
        """Keep the note and stand ready for the next; what was edited goes back to the list."""
        if self.typing_in is None:
            await self.action_note()
        elif await self._keep() and self._editing is not None:
            self._leave()

    async def leave_field(self) -> None:
        """Keep the note in the field, as esc does, before another page opens."""
        if self.typing_in is not None:
            await self._keep()

    async def _keep(self) -> bool:
        """Commit what stands in the field; ``False`` where it stays there."""
        area, note = self.query_one(DraftArea), self._editing
        await settled(area)
        text = area.text.strip()
        assert self._file is not None
        if not text if note is None else not area.unsaved:
            return True
        if note is not None and note.finalised:
            self._amend(note, text)
            return False
        try:
            marked = marks.read(text, self._file.methodology)
        except FieldkitError as refusal:
            self.fieldkit.say(str(refusal), error=True)
            return False
        kind, record = self._kind, self._record
        committed = await commit(
            self.fieldkit,
            area.place,
            ["text"],
            lambda s: (
                note_rows.add(s, kind, record, marked)
                if note is None
                else note_rows.edit(s, note, marked)
            ),
        )
        if committed is None:
            return False
        self._turn(note, None)
        await self._fetch(committed.id)
        await self.fieldkit.refresh_frame()
        return True

    @work
    async def _amend(self, note: Note, text: str) -> None:
        """Ask why a finalised note is amended, and amend it."""
        place = self._place(note)
        reason = await ask(self.fieldkit, "Why is this note amended?", place, "reason")
        if reason is None:
            return
        done = await commit(
            self.fieldkit,
            place,
            ["text", "reason"],
            lambda s: amend_note(s, note.id, text, reason),
        )
        if done is not None:
            await self._fetch(note.id)
            self._leave()

    def _leave(self) -> None:
        """From the field to the list; the field is empty unless something stands in it unkept."""
        area = self.query_one(DraftArea)
        if not area.unsaved or not area.text.strip():
            self._clear()
        self.query_one(NoteList).focus()

    async def action_done(self) -> None:
        """From the field to the list, keeping the note; from the list to the page before."""
        if self.typing_in is None:
            if not self.stays():
                self.dismiss()
        elif await self._keep():
            self._leave()
        elif self.app.screen is self:
            self.query_one(NoteList).focus()

    # --- marking ---

    async def action_criterion(self, number: int) -> None:
        """Mark the note with the criterion of that number, or take the mark away."""
        note = self._current
        assert self._file is not None
        areas = self._file.methodology.areas
        if note is None or number > len(areas):
            return
        key = areas[number - 1].key
        criteria = [one for one in note.criteria if one != key]
        await self._mark(note, criteria=criteria if key in note.criteria else [*criteria, key])

    @property
    def to_mark(self) -> tuple[str, str] | None:
        """Return the note under the cursor, which is what outcomes are marked on."""
        note = self._current
        return (note.KIND, note.id) if note is not None else None

    async def action_polarity(self, polarity: str) -> None:
        """Mark the note as a strength, a concern or context, or take the mark away."""
        note = self._current
        if note is not None:
            await self._mark(note, polarity="" if note.polarity == polarity else polarity)

    async def _mark(self, note: Note, **fields: object) -> None:
        job = self.vault.write(lambda s: edit_note(s, note.id, **fields))
        if await self.tried(job) is not None:
            await self._fetch(note.id)

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what has nothing to do: on a final note, and where nobody was met."""
        note, idle = self._current, super().idle_actions
        idle |= {"finalise", "delete"} if note is not None and note.finalised else set()
        met = self._file is not None and self._file.agreed is not None
        return idle if met else idle | {"agreed", "works_well"}

    async def action_finalise(self) -> None:
        """Finalise the note."""
        note = self._current
        if note is not None and note.finalised:
            self.fieldkit.say("This note is final already; enter amends it, with a reason.")
        elif note is not None:
            await self.tried(self.vault.write(finalise_note, note.id))
            self.fieldkit.say("Finalised. From now on it is amended, with a reason.")
            await self._fetch(note.id)

    @work
    async def action_delete(self) -> None:
        """Delete the note after a question."""
        note = self._current
        if note is None:
            return
        asked = Confirm(f"Delete this note? Its history stays.\n\n{note.text}", yes="delete it")
        if await self.app.push_screen_wait(asked):
            await commit(
                self.fieldkit, self._place(note), ["text"], lambda s: delete_note(s, note.id)
            )
            await self._fetch()

    @work
    async def action_agreed(self) -> None:
        """Say whether the notes were agreed as accurate by whom was met."""
        if self._file is None or self._file.agreed is None:
            self.fieldkit.say("Only the notes of an interview or a focus group are agreed.")
            return
        chosen = await self.app.push_screen_wait(note_rows.pick_agreed(self._file.agreed))
        if chosen is not None:
            await self._correct(agreed=chosen)

    @work
    async def action_works_well(self) -> None:
        """Say whether a meeting was asked what works well."""
        if self._file is None or self._file.agreed is None:
            self.fieldkit.say("Only an interview or a focus group is asked what works well.")
            return
        chosen = await self.app.push_screen_wait(note_rows.pick_works_well(self._file.works_well))
        if chosen is not None:
            await self._correct(works_well=chosen)

    async def _correct(self, **fields: str) -> None:
        record = self._record
        await self.tried(self.vault.write(lambda s: edit_entry(s, "interview", record, **fields)))
        await self._fetch()

    # --- beyond the note ---

    @work
    async def action_point(self) -> None:
        """Make a point that rests on the note."""
        note = self._current
        if note is None or self._file is None:
            self.fieldkit.say("Write a note first; then a point can rest on it.", error=True)
            return
        criterion = note.criteria[0] if note.criteria else ""
        label = note_rows.note_label(note, self._file)
        await point_from(self.fieldkit, "note", note.id, label, criterion)

    @work
    async def action_redact(self) -> None:
        """Take words out of the note for good."""
        if (record := self.record) is not None and await redact(self.fieldkit, *record[:2]):
            await self._fetch()

    @property
    def record(self) -> Named | None:
        """Return the note the cursor is on."""
        note = self._current
        if note is None or self._file is None:
            return None
        return "note", note.id, note_rows.note_label(note, self._file)
