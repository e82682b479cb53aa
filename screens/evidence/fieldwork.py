"""Interviews, focus groups, observations and documents, and how many notes stand in each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from sqlmodel import Session
from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static

from fieldkit.evidence.entries import (
    EntryLine,
    add_document,
    add_interview,
    add_observation,
    edit_entry,
    entry_lines,
    open_entry,
)
from fieldkit.evidence.notes import notes_of
from fieldkit.methodology import Methodology, load
from fieldkit.service import existing, today
from fieldkit.wording.format import line
from screens.evidence.note_file import group_label
from screens.evidence.note_rows import pick_works_well
from screens.kit.ask import fill
from screens.kit.dialogs import Choice
from screens.kit.form import Field
from screens.kit.list_page import ListPage
from screens.kit.page import Named
from screens.kit.shell import Shell
from screens.kit.text import plain, texts
from storage.feed import drafts
from storage.ops.text import many
from storage.records import Document, Inspection, Interview, Observation

EMPTY = (
    "No interviews, observations or documents yet.\n\n"
    "Press i for an interview, g for a focus group, o for an observation,\n"
    "d for a document, r for remarks that belong to none of them."
)
Entry = Interview | Observation | Document
ADD: dict[str, Callable[..., Entry]] = {
    "interview": partial(add_interview, meeting="interview"),
    "focus group": partial(add_interview, meeting="focus group"),
    "observation": add_observation,
    "document": add_document,
}
"""What adds an entry of each sort."""


@dataclass(frozen=True)
class Fieldwork:
    """Holds what the page shows: the entries, the remarks of the inspection, and unsaved text."""

    inspection: Inspection
    entries: tuple[EntryLine, ...]
    remarks: int
    typed_in: frozenset[str]

    @property
    def methodology(self) -> Methodology:
        """Return the methodology pinned to the inspection."""
        return load(self.inspection.methodology)


def _read(s: Session, inspection_id: str) -> Fieldwork:
    inspection = existing(s, Inspection, inspection_id)
    entries = tuple(entry_lines(s, inspection_id))
    places = frozenset(one.place.rpartition("/")[2] for one in drafts.listed(s))
    return Fieldwork(inspection, entries, len(notes_of(s, inspection_id)), places)


class FieldworkPage(ListPage[EntryLine]):
    """Shows the entries, the latest first."""

    PAGE = "fieldwork"
    EMPTY = EMPTY
    DEFAULT_CSS = """
    FieldworkPage #columns { height: 1; color: $text-muted; }
    FieldworkPage #fieldwork { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: Fieldwork | None = None

    def body(self) -> Iterable[Widget]:
        """Yield the list, or what to do where it is empty."""
        yield from texts("title", "columns")
        yield Static(EMPTY, id="empty", markup=False)
        yield OptionList(id="fieldwork", markup=False)
        yield Static("", id="hint", classes="raised", markup=False)

    async def load(self) -> None:
        """Read the list."""
        await self._read("")

    async def _read(self, stand_on: str) -> None:
        self._shown = await self.vault.read(_read, self.inspection_id)
        self.show(self._shown.entries, stand_on)

    def _draw(self) -> None:
        super()._draw()
        self.query_one("#columns").display = bool(self._lines)
        columns = self._row("Day", "Sort", "Whom, where, what", "Source", "Notes", "")
        self.set_text("#columns", columns)

    def _heading(self) -> str:
        assert self._shown is not None
        notes = sum(one.notes for one in self._lines)
        awaited = sum(one.state == "awaited" for one in self._lines)
        parts = ["Fieldwork", many(len(self._lines), "entry", "entries"), many(notes, "note")]
        parts.append(many(awaited, "document") + " awaited" if awaited else "")
        parts.append(f"{many(self._shown.remarks, 'remark')} (r)" if self._shown.remarks else "")
        return " · ".join(filter(None, parts))

    def _hint(self) -> str:
        return "e edit   d document   r remarks that belong to no entry   h history"

    def _row(self, day: str, sort: str, what: str, source: str, notes: str, state: str) -> str:
        width = max(self.app.size.width, 80)
        group = 0 if width < 100 else 28
        first = width - 50 - group
        whence = f"{line(source, group - 1):<{group}}" if group else ""
        return (
            f"  {line(day, 10):<10} {line(sort, 11):<11} {line(what, first):<{first}} "
            f"{whence}{line(notes, 10):<10} {line(state, 12)}"
        )

    def _drawn(self, entry: EntryLine, width: int) -> Content:
        assert self._shown is not None
        what = entry.label.partition(": ")[2]
        group = group_label(self._shown.methodology, self._shown.inspection, entry.source_group)
        signs = [
            f"+{entry.strengths}" * bool(entry.strengths),
            f"−{entry.concerns}" * bool(entry.concerns),
        ]
        marks = " ".join(filter(None, (str(entry.notes) if entry.notes else "—", *signs)))
        text = self._row(entry.day or "no date", entry.sort, what, group, marks, entry.state)
        return plain("✎" + text[1:] if entry.id in self._shown.typed_in else text)

    def _subject(self, entry: EntryLine) -> Named:
        return entry.kind, entry.id, entry.label

    @on(OptionList.OptionSelected)
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


async def ask_entry(app: Shell, sort: str) -> Entry | None:
    """Ask for a new entry and enter it; ``None`` where the person left. Runs in a worker.

    ``sort`` is one of :data:`ADD`.
    """
    inspected = await app.vault.read(existing, Inspection, app.inspection_id)
    return await fill(
        app,
        f"A new {sort}",
        f"new-{sort.replace(' ', '-')}/{inspected.id}",
        entry_fields(inspected, sort, {}),
        lambda s, answer: ADD[sort](s, inspected.id, **answer),
    )


def entry_fields(inspected: Inspection, sort: str, values: dict[str, str]) -> list[Field]:
    """Return the fields of an entry; values are those of one that is edited, or none."""
    if sort == "observation":
        return [
            Field("place", "Place", values.get("place", ""), "e.g. custody suite, Northtown"),
            Field("what", "What", values.get("what", ""), "what was watched or tested"),
            Field("held_on", "Day", values.get("held_on", today())),
        ]
    if sort == "document":
        return [
            Field("title", "Title", values.get("title", ""), "e.g. Missing from home policy"),
            Field("sort", "Sort", values.get("sort", ""), "e.g. policy, minutes, data"),
            Field("asked_on", "Asked for on", values.get("asked_on", today())),
            Field(
                "received_on",
                "Received on",
                values.get("received_on", ""),
                "empty while awaited; e.g. 3 March 2026",
            ),
            Field("dated", "Dated", values.get("dated", ""), "the date on it; e.g. 3 March 2026"),
        ]
    words = load(inspected.methodology)
    groups = [
        Choice(one.key, group_label(words, inspected, one.key)) for one in words.source_groups
    ]
    modes = tuple(Choice(one.key, one.label) for one in words.modes)
    whom = (
        "roles, not names; e.g. response officers" if sort == "focus group" else "a role, no name"
    )
    return [
        Field("role", "Whom, by role", values.get("role", ""), whom),
        Field(
            "source_group",
            "Source group",
            values.get("source_group", groups[0].value),
            choices=(*groups, Choice("", "none of these")),
        ),
        Field("mode", "How", values.get("mode", modes[0].value), choices=modes),
        Field("held_on", "Day", values.get("held_on", today())),
        Field(
            "unavailable",
            "Unavailable (roles)",
            values.get("unavailable", ""),
            "e.g. night-shift sergeants",
        ),
        Field("language", "Language", values.get("language", inspected.language), "e.g. en or cy"),
    ]
