"""How notes are drawn: a row of the list, the panels beside it; and the jobs that keep notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from sqlmodel import Session
from textual.binding import Binding
from textual.content import Content

from fieldkit.evidence.beside import Said
from fieldkit.evidence.notes import add_note, edit_note
from fieldkit.evidence.points import PointLine
from fieldkit.wording.dates import clock_time, short_moment
from fieldkit.wording.format import line
from fieldkit.wording.labels import person_name
from screens.evidence.marks import Marked, numbered_criteria
from screens.evidence.note_file import NoteFile, note_place
from screens.evidence.point_rows import strength_word
from screens.kit.dialogs import Choice, Pick
from screens.kit.drawing.keys import key
from screens.kit.drawing.panel_list import PanelList
from screens.kit.drawing.rows import between, cut, drawn, lines, muted, strong, wrapped
from screens.kit.drawing.signs import glyph, sign
from storage.ops.text import many
from storage.records import Note

MOST_LINES = 8
"""Most lines of one note in the list; enter shows all of it."""
POLARITIES = ("strength", "concern", "context")
AGREED = {"agreed": "agreed as accurate", "not agreed": "not agreed as accurate", "": "agreed?"}


class NoteList(PanelList):
    """Lists the notes; digits mark the one the cursor is on with a criterion."""

    BINDINGS: ClassVar = [
        Binding(str(digit), f"screen.criterion({digit})", show=False) for digit in range(1, 10)
    ]


def heading(file: NoteFile, width: int) -> Content:
    """Return what is known of the record on one line: “Interview · face to face · supervisors”."""
    parts = [drawn(one) if at == 0 else muted(one) for at, one in enumerate(file.facts)]
    if file.about:
        parts.append(drawn(line(file.about, 400)))
    shown = Content(" · ").join(parts)
    if file.agreed is None:
        return cut(shown, width)
    state = muted(AGREED.get(file.agreed, file.agreed))
    tail = Content.assemble(muted(" · "), state, " ", key("g"))
    return cut(shown, max(width - tail.cell_length, 8)) + tail


def counts(notes: Sequence[Note]) -> Content:
    """Return how many notes there are, and how many of each sign: “4  +1  −2  =1”."""
    of = Counter(one.polarity for one in notes)
    signs = [Content.assemble(sign(one), str(of[one])) for one in POLARITIES if of[one]]
    return Content("  ").join([strong(str(len(notes))), *signs])


def note_row(note: Note, file: NoteFile, width: int) -> Content:
    """Return a note as the list shows it: sign, time, text, and under it its marks."""
    when = short_moment(note.at) if file.kind in ("case", "inspection") else clock_time(note.at)
    mark = sign(note.polarity) if note.polarity in POLARITIES else Content(" ")
    head = Content.assemble(mark, " ", strong(when), "  ")
    indent, room = head.cell_length, max(width - head.cell_length, 20)
    words = drawn(note.text).wrap(room) or [Content("")]
    rows = [head + words[0].rstrip()]
    rows += [one.rstrip().pad_left(indent) for one in words[1:MOST_LINES]]
    if len(words) > MOST_LINES:
        rows.append(muted(f"… {many(len(words) - MOST_LINES, 'line')} more").pad_left(indent))
    numbered = numbered_criteria(file.methodology)
    tags = [muted(numbered.get(one, one)) for one in note.criteria]
    tags += [drawn("in a point", "$key")] if note.id in file.in_points else []
    tags += [muted("finalised")] if note.finalised else []
    tags += [strong("✎ unsaved text")] if note_place("", "", note) in file.drafts else []
    tags += [muted(person_name(file.names, note.by))] if note.by != file.me else []
    if tags:
        rows.append(cut(Content(" · ").join(tags), room).pad_left(indent))
    return lines(rows)


def criteria(file: NoteFile, width: int) -> list[Content]:
    """Return each criterion with its number and how many of the notes bear on it."""
    of = Counter(key for note in file.notes for key in note.criteria)
    rows = []
    for number, area in enumerate(file.methodology.areas, 1):
        count = strong(str(of[area.key])) if of[area.key] else muted(glyph("to come"))
        label = cut(f"{number} {area.label}", width - 3)
        rows.append(between(label, count, width))
    return rows


def questions(file: NoteFile, width: int) -> list[Content]:
    """Return what may be asked of whom is met, what is still to be asked first."""
    ordered = sorted(file.questions, key=lambda one: one.asked)
    return [
        cut(
            Content.assemble(
                sign("done" if one.asked else "no moment"),
                " ",
                muted(one.text) if one.asked else drawn(one.text),
            ),
            width,
        )
        for one in ordered
    ]


def said(others: Sequence[Said], width: int, most: int = 2) -> Content:
    """Return what others said, each with its sign and where it stands."""
    rows: list[Content] = []
    for one in others:
        mark = sign(one.polarity) if one.polarity in POLARITIES else Content(" ")
        words = Content.assemble(strong(f"{one.where}: "), drawn(line(one.text, 300)))
        first, *more = wrapped(words, width - 2, most=most)
        rows += [Content.assemble(mark, " ", first), *(each.pad_left(2) for each in more)]
    return lines(rows)


def resting(points: Sequence[PointLine], width: int) -> Content:
    """Return the points that rest on these notes, and how well each stands."""
    rows: list[Content] = []
    for one in points:
        head = Content.assemble(sign(one.sort), " ", strong(str(one.number)), " ")
        rows.append(cut(head + drawn(line(one.wording, 200)), width))
        tally = muted(f"  {one.supports} for, {one.contradicts} against")
        rows.append(cut(strength_word(one.strength) + tally, width - 4).pad_left(4))
    return lines(rows)


def note_label(note: Note, file: NoteFile) -> str:
    """Return how a note is called in a title: where it stands and how it begins."""
    return f"{file.label}: {line(note.text, 40)}"


def add(s: Session, kind: str, record: str, marked: Marked) -> Note:
    """Write a new note; raises `FieldkitError`."""
    return add_note(
        s, kind, record, marked.text, criteria=marked.criteria, polarity=marked.polarity
    )


def edit(s: Session, note: Note, marked: Marked) -> Note:
    """Change a note; marks typed with it are added to those it has. Raises `FieldkitError`."""
    return edit_note(
        s,
        note.id,
        text=marked.text,
        criteria=list(dict.fromkeys((*note.criteria, *marked.criteria))),
        polarity=marked.polarity or note.polarity,
    )


def pick_works_well(current: str) -> Pick:
    """Ask whether a meeting was asked what works well."""
    choices = [
        Choice("asked", "asked", "what was said of it stands in notes marked with +"),
        Choice("not asked", "not asked"),
    ]
    return Pick("Was “what works well here?” asked?", choices, current)


def pick_agreed(current: str) -> Pick:
    """Ask whether the notes of a meeting were agreed as accurate."""
    choices = [
        Choice("agreed", "agreed as accurate"),
        Choice("not agreed", "not agreed"),
        Choice("", "not asked yet"),
    ]
    return Pick("Were the notes agreed as accurate?", choices, current)
