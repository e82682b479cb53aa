"""The list of fieldwork as it is drawn: its views, the columns of a row, an entry in short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session
from textual.content import Content

from fieldkit.evidence.beside import resting_on
from fieldkit.evidence.entries import EntryLine
from fieldkit.methodology import Methodology, load
from fieldkit.service import existing
from fieldkit.wording.dates import short_day, short_moment
from screens.evidence.note_file import group_label
from screens.kit.drawing.rows import (
    Text,
    between,
    cut,
    drawn,
    fit,
    lines,
    muted,
    row,
    strong,
    wrapped,
)
from screens.kit.drawing.signs import glyph, sign, style
from screens.kit.text import plain
from storage.records import Document, Inspection, Interview, Observation
from storage.records.note import criteria_under

VIEWS = (
    ("All", None),
    ("Interviews", "interview"),
    ("Focus groups", "focus group"),
    ("Observations", "observation"),
    ("Documents", "document"),
)
"""What each view is called, and the sort of entries that it holds."""
POLARITIES = ("strength", "concern", "context")
Entry = Interview | Observation | Document
KINDS: Mapping[str, type[Entry]] = {one.KIND: one for one in (Interview, Observation, Document)}
MARK, DAY, SORT, COUNT, STATE = 1, 10, 11, 2, 12
"""Columns of the sign of unsaved text, of the day, the sort, a number of notes and the state."""
WHO, NAME = 3, 16
"""Columns of whoever entered it: initials, or from so many columns of a row on the name."""
ROOMY = 100
STATES = {
    "agreed": ("done", "agreed"),
    "not agreed": ("no", "not agreed"),
    "awaited": ("soon", "awaited"),
    "received": ("done", "received"),
}
"""The sign and the words of how an entry stands."""


@dataclass(frozen=True)
class Fieldwork:
    """Holds what the page shows: the entries, the remarks of the inspection, and unsaved text.

    Attributes:
        marks: how many notes of each polarity stand in each entry, by its id.
        names: of persons, by id; ``short`` is what stands for a name in a narrow column.
    """

    inspection: Inspection
    entries: tuple[EntryLine, ...]
    remarks: int
    typed_in: frozenset[str]
    marks: Mapping[str, Mapping[str, int]]
    names: Mapping[str, str]
    short: Mapping[str, str]
    me: str

    @property
    def methodology(self) -> Methodology:
        """Return the methodology pinned to the inspection."""
        return load(self.inspection.judged_by)


@dataclass(frozen=True)
class EntryPreview:
    """Holds what is known of an entry beside its line; not a word of its notes.

    Attributes:
        facts: a label and words each.
        criteria: how many of its notes bear on each, by key.
        points: how many points rest on its notes.
    """

    facts: tuple[tuple[str, str], ...]
    criteria: Mapping[str, int]
    points: int


def read_preview(s: Session, kind: str, entry_id: str) -> EntryPreview:
    """Return an entry in short; raises `NotThereError`."""
    entry = existing(s, KINDS[kind], entry_id)
    marked = criteria_under(s, entry_id)
    on = Counter(key for criteria in marked.values() for key in criteria)
    resting = resting_on(s, entry.inspection_id, marked)
    return EntryPreview(tuple((a, b) for a, b in _facts(s, entry) if b), on, len(resting))


def _facts(s: Session, entry: Entry) -> list[tuple[str, str]]:
    if isinstance(entry, Observation):
        return [("Watched", entry.what)]
    if isinstance(entry, Document):
        return [
            ("Sort", entry.sort),
            ("Dated", short_day(entry.dated)),
            ("Asked for", short_day(entry.asked_on)),
            ("Received", short_day(entry.received_on) or "still awaited"),
        ]
    inspection = existing(s, Inspection, entry.inspection_id)
    group = group_label(load(inspection.judged_by), inspection, entry.source_group)
    return [
        ("Group", group),
        ("How", entry.mode),
        ("Unavailable", entry.unavailable),
        ("Language", entry.language if entry.language != inspection.language else ""),
    ]


def _cells(width: int, cells: tuple[Text, ...], *, sort: bool) -> Content:
    """Return cells in their columns; where only one sort is listed its column is left out."""
    who = NAME if width >= ROOMY else WHO
    fixed = MARK + DAY + (SORT if sort else -1) + who + COUNT + 3 * COUNT + STATE
    what = max(width - fixed - 9, 8)
    widths = (MARK, DAY, SORT, what, who, -COUNT, -COUNT, -COUNT, -COUNT, STATE)
    listed = list(zip(cells, widths, strict=True))
    return row(listed if sort else [*listed[:2], *listed[3:]])


def head(width: int, *, sort: bool = True) -> Content:
    """Return the names of the columns; without that of the sort where all are of one."""
    marks = tuple(sign(one) for one in POLARITIES)
    cells: tuple[Text, ...] = (
        "",
        "When",
        "Sort",
        "Whom, where, what",
        "Who",
        glyph("text"),
        *marks,
        "",
    )
    return _cells(width, cells, sort=sort)


def entry_row(
    seen: Fieldwork, entry: EntryLine, width: int, *, at_cursor: bool, sort: bool = True
) -> Content:
    """Return an entry on one line."""
    what = entry.label.partition(": ")[2]
    whole = seen.names.get(entry.by, entry.by)
    who: Text = muted(whole if width >= ROOMY else seen.short.get(whole, ""))
    if entry.by == seen.me:
        who = strong("You")
    of = seen.marks.get(entry.id, {})
    marks = tuple(
        Content.styled(f"{of[one]}", style(one)) if of.get(one) else "" for one in POLARITIES
    )
    named, words = STATES.get(entry.state, ("", ""))
    return _cells(
        width,
        (
            sign("typing") if entry.id in seen.typed_in else "",
            short_day(entry.day, padded=True) if entry.day else muted("no date"),
            muted(entry.sort),
            strong(what) if at_cursor else drawn(what),
            who,
            strong(f"{entry.notes}") if entry.notes else muted(glyph("to come")),
            *marks,
            Content.assemble(sign(named), " ", muted(words)) if named else "",
        ),
        sort=sort,
    )


def legend() -> Content:
    """Return what the signs of the columns mean."""
    words = {"strength": "strengths", "concern": "concerns", "context": "context"}
    parts = [sign(one) + muted(f" {words[one]}") for one in POLARITIES]
    return Content("  ").join([Content.assemble(glyph("text"), muted(" notes")), *parts])


def in_short(seen: Fieldwork, entry: EntryLine, more: EntryPreview | None, width: int) -> Content:
    """Return an entry in so many columns; until ``more`` is read, what its line says."""
    what = entry.label.partition(": ")[2]
    day = f" · {short_day(entry.day)}" if entry.day else " · no date"
    rows: list[Content] = [*map(strong, wrapped(plain(what), width, most=4))]
    rows.append(muted(cut(f"{entry.sort}{day}", width)))
    rule = Content.styled(glyph("rule") * width, style("rule"))
    if more is not None:
        rows.append(Content(""))
        for label, words in more.facts:
            first, *rest = wrapped(plain(words), max(width - 13, 8), most=4)
            rows.append(Content.assemble(fit(muted(label), 13), first))
            rows += [one.pad_left(13) for one in rest]
    if entry.kind == Interview.KIND:
        rows += [
            Content(""),
            between("Agreed as accurate", _answer(entry.state, "agreed"), width),
            between("Asked what works well", _answer(entry.works_well, "asked"), width),
        ]
    of = seen.marks.get(entry.id, {})
    marks = [Content.assemble(sign(one), f"{of[one]}") for one in POLARITIES if of.get(one)]
    rows += [rule, between("Notes", Content("  ").join([*marks, strong(f"{entry.notes}")]), width)]
    if more is not None:
        for number, area in enumerate(seen.methodology.areas, 1):
            if count := more.criteria.get(area.key, 0):
                area_label = Content.assemble((f"{number} ", "$text-muted"), area.label)
                rows.append(between(area_label, strong(f"{count}"), width))
        rows.append(between("Points that rest on them", strong(f"{more.points}"), width))
    if entry.id in seen.typed_in:
        rows.append(muted(cut(f"{glyph('typing')} text typed here waits to be finished", width)))
    whose = "you" if entry.by == seen.me else seen.names.get(entry.by, entry.by)
    rows += [rule, between("Entered", muted(f"{short_moment(entry.made_at)}, {whose}"), width)]
    return lines(rows)


def _answer(answer: str, yes: str) -> Content:
    if not answer:
        return muted("not asked yet")
    return sign("done", "yes") if answer == yes else sign("no", "no")
