"""Interviews, focus groups, observations and documents, and how many notes stand in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlmodel import Session
from textual import on, work
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from fieldkit.casework.overview.case_order import initials
from fieldkit.evidence.entries import (
    EntryLine,
    edit_entry,
    entry_lines,
    open_entry,
)
from fieldkit.evidence.notes import notes_of
from fieldkit.service import author, existing
from screens.evidence import fieldwork_rows
from screens.evidence.entry_form import ask_entry, entry_fields
from screens.evidence.fieldwork_rows import VIEWS, EntryPreview, Fieldwork, read_preview
from screens.evidence.note_rows import pick_works_well
from screens.kit.ask import fill
from screens.kit.drawing.chips import tabs
from screens.kit.drawing.keys import key
from screens.kit.drawing.laid_out import once_laid_out
from screens.kit.drawing.notices import empty
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.row_list import BorderedBox, RowList
from screens.kit.drawing.rows import cut
from screens.kit.keyboard import BACKGROUND
from screens.kit.page import Named, Page
from storage.feed import drafts
from storage.ops.text import many
from storage.records import Inspection, Interview
from storage.records.note import note_counts
from storage.trust.current import people

EMPTY = "No interviews, observations or documents yet."
EMPTY_KEYS = (
    ("i", "interview"),
    ("g", "focus group"),
    ("o", "observation"),
    ("d", "document"),
    ("r", "remarks that belong to none of them"),
)
EMPTY_FACT = "People stand here by role, never by name."


def _read(s: Session, inspection_id: str) -> Fieldwork:
    names = people(s.connection())
    entries = tuple(entry_lines(s, inspection_id))
    return Fieldwork(
        inspection=existing(s, Inspection, inspection_id),
        entries=entries,
        remarks=len(notes_of(s, inspection_id)),
        typed_in=frozenset(one.place.rpartition("/")[2] for one in drafts.listed(s)),
        marks=note_counts(s, inspection_id),
        names=names,
        short=initials(names.get(one.by, one.by) for one in entries),
        me=author(s).person,
    )


class FieldworkPage(Page):
    """Shows the entries, the latest first, and beside them the one under the cursor in short."""

    PAGE = "fieldwork"
    CSS = """
    #panel { width: 1fr; height: 1fr; padding: 0 1 0 0; }
    #views { height: 1; padding: 0 0 0 1; }
    #empty { height: 1fr; display: none; padding: 0 0 0 1; }
    #preview { display: none; width: 33%; max-width: 56; height: 1fr; }
    FieldworkPage.-wide #preview { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: Fieldwork | None = None
        self._lines: list[EntryLine] = []
        self._view = 0
        self._preview: tuple[str, EntryPreview] | None = None

    def body(self) -> Iterable[Widget]:
        """Yield the list in its panel, and the entry under the cursor in short."""
        with Horizontal():
            with BorderedBox(id="panel") as box:
                box.panel_title = "Fieldwork"
                box.panel_legend = fieldwork_rows.legend()
                yield Static("", id="views", markup=False)
                yield RowList(id="fieldwork")
                yield Static("", id="empty", markup=False)
            yield Panel(id="preview")

    async def load(self) -> None:
        """Read the list."""
        await self._read("")

    async def _read(self, stand_on: str) -> None:
        stand_on = stand_on or getattr(self.current, "id", "")
        self._shown = await self.vault.read(_read, self.inspection_id)
        self._preview = None
        self._list(stand_on)
        self.listed.focus()

    def _list(self, stand_on: str) -> None:
        """List what the view holds, the cursor on that entry, or where it was."""
        if self._shown is None:
            return
        before, sort = self.listed.highlighted or 0, VIEWS[self._view][1]
        self._lines = [one for one in self._shown.entries if sort in (None, one.sort)]
        at = next((n for n, one in enumerate(self._lines) if one.id == stand_on), before)
        self.query_one("#empty").display = not self._lines
        self.listed.display = bool(self._lines)
        self.listed.show_rows(len(self._lines), self._row, at, head=self._head)
        # The width that the preview leaves is known only then.
        once_laid_out(self.query_one("#panel"), self._draw_to_width)
        if not self._lines:
            self._show_preview()
        self.fieldkit.draw_keys()

    def _draw(self) -> None:
        self._list(getattr(self.current, "id", ""))

    def _head(self, width: int) -> Content:
        return fieldwork_rows.head(width, sort=VIEWS[self._view][1] is None)

    def _row(self, number: int, width: int) -> Content:
        assert self._shown is not None
        return fieldwork_rows.entry_row(
            self._shown,
            self._lines[number],
            width,
            at_cursor=number == self.listed.highlighted,
            sort=VIEWS[self._view][1] is None,
        )

    def _draw_to_width(self) -> None:
        self._draw_edges()
        if not self._lines:
            self._draw_empty()

    def _draw_edges(self) -> None:
        assert self._shown is not None
        entries = self._shown.entries
        box = self.query_one("#panel", BorderedBox)
        width = max(box.content_size.width, 40)
        counts = Counter(one.sort for one in entries)
        names: list[tuple[str, int | None]] = [
            (name, counts[sort] if sort else len(entries)) for name, sort in VIEWS
        ]
        drawn = Content.assemble(key("v"), " ", tabs(names, self._view, max(width - 5, 12)))
        self.set_text("#views", cut(drawn, width))
        awaited = sum(one.state == "awaited" for one in entries)
        notes = sum(one.notes for one in entries)
        parts = [many(notes, "note")] * bool(notes)
        parts += [f"{many(awaited, 'document')} awaited"] * bool(awaited)
        parts += [f"{many(self._shown.remarks, 'remark')} (r)"] * bool(self._shown.remarks)
        box.edges(figure=" · ".join(parts))

    def _draw_empty(self) -> None:
        width = max(self.query_one("#panel").content_size.width, 40)
        said = empty(EMPTY, EMPTY_KEYS, EMPTY_FACT, width, 14)
        if self._shown is not None and self._shown.entries:
            name = VIEWS[self._view][0].lower()
            said = empty(f"No {name} yet.", [("v", "show another view")], "", width, 12)
        self.set_text("#empty", said)

    # --- the entry in short ---

    @on(RowList.Highlighted, "#fieldwork")
    def _moved(self) -> None:
        self.fieldkit.draw_keys()
        self._show_preview()

    def _show_preview(self) -> None:
        panel, entry, seen = self.query_one("#preview", Panel), self.current, self._shown
        if not panel.display or seen is None:
            return
        if entry is None:
            panel.show("", title="", legend="")
            return
        known = self._preview
        more = known[1] if known is not None and known[0] == entry.id else None
        panel.show(
            lambda width: fieldwork_rows.in_short(seen, entry, more, width),
            title=entry.sort[:1].upper() + entry.sort[1:],
            legend="enter opens",
        )
        if more is None:
            self._read_preview(entry)

    @work(exclusive=True, group=BACKGROUND)
    async def _read_preview(self, entry: EntryLine) -> None:
        """Read the rest of the entry under the cursor, unless the cursor has gone on."""
        more = await self.tried(self.vault.read(read_preview, entry.kind, entry.id))
        if more is not None and self.current is not None and self.current.id == entry.id:
            self._preview = entry.id, more
            self._show_preview()

    # --- moving about ---

    @property
    def listed(self) -> RowList:
        """Return the list."""
        return self.query_one(RowList)

    @property
    def current(self) -> EntryLine | None:
        """Return the entry the cursor is on."""
        number = self.listed.highlighted
        return self._lines[number] if number is not None and number < len(self._lines) else None

    @property
    def has_row(self) -> bool:
        """Say whether an entry is listed."""
        return self.current is not None

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what cannot be done with the entry under the cursor."""
        entry, idle = self.current, super().idle_actions
        met = entry is None or entry.kind == Interview.KIND
        return idle if met else idle | {"works_well"}

    @property
    def subject(self) -> Named | None:
        """Return the entry the cursor is on."""
        entry = self.current
        return (entry.kind, entry.id, entry.label) if entry is not None else None

    def action_view(self) -> None:
        """Show the next view."""
        stand_on = getattr(self.current, "id", "")
        self._view = (self._view + 1) % len(VIEWS)
        self._list(stand_on)

    @on(RowList.Selected, "#fieldwork")
    async def action_open(self) -> None:
        """Open the entry and its notes."""
        entry = self.current
        if entry is not None:
            await self.fieldkit.go("entry", kind=entry.kind, record=entry.id)

    async def action_remarks(self) -> None:
        """Open the remarks that belong to no entry."""
        await self.fieldkit.go("entry", kind="inspection", record=self.inspection_id)

    @work
    async def action_add(self, sort: str) -> None:
        """Ask for a new entry, and open it with the cursor in its first note."""
        entry = await ask_entry(self.fieldkit, sort)
        if entry is not None:
            await self.fieldkit.go("entry", kind=entry.KIND, record=entry.id, writing=True)

    @work
    async def action_works_well(self) -> None:
        """Say whether a meeting was asked what works well."""
        entry = self.current
        if entry is None or entry.kind != Interview.KIND:
            self.fieldkit.say("Only an interview or a focus group is asked what works well.")
            return
        chosen = await self.app.push_screen_wait(pick_works_well(entry.works_well))
        if chosen is not None:
            job = self.vault.write(lambda s: edit_entry(s, entry.kind, entry.id, works_well=chosen))
            if await self.tried(job) is not None:
                await self._read(entry.id)

    @work
    async def action_edit(self) -> None:
        """Correct an entry."""
        entry = self.current
        if entry is None or self._shown is None:
            return
        file = await self.tried(self.vault.read(open_entry, entry.kind, entry.id))
        if file is None:
            return
        record = file.entry
        values = {name: str(getattr(record, name)) for name in record.field_names()}
        sort = record.meeting if isinstance(record, Interview) else entry.kind
        done = await fill(
            self.fieldkit,
            file.label,
            f"{entry.kind}/{entry.id}",
            entry_fields(self._shown.inspection, sort, values),
            lambda s, answer: edit_entry(s, entry.kind, entry.id, **answer),
        )
        if done is not None:
            await self._read(entry.id)
