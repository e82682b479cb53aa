"""How the page of the force's context is drawn: recommendations, notes offered, questions asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from textual.content import Content

from fieldkit.followup.context import ContextNote, Weighed
from fieldkit.followup.register import RegisterLine
from fieldkit.followup.show import Shown
from fieldkit.wording.dates import short_day, short_moment
from fieldkit.wording.format import line
from screens.kit.drawing.rows import between, cut, drawn, fit, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign

DONE, THIN, OPEN = "done", "thin", "open"
"""How far the force's context of a recommendation was weighed."""
DAY = 13
"""Columns of a day before what was said on it."""


def state(answered: Collection[str], asked: Collection[str]) -> str:
    """Return how far it was weighed, by which of the questions asked are answered."""
    known = set(answered) & set(asked)
    return OPEN if not known else DONE if known == set(asked) else THIN


def recommendation_row(entry: RegisterLine, how: str, width: int, *, chosen: bool) -> Content:
    """Return a recommendation with how far its context was weighed."""
    name = sign(how, how) if how != OPEN else muted(f"{sign('dot').plain} {OPEN}")
    number = entry.called if not entry.called.startswith("draft") else str(entry.number)
    words = strong(entry.wording) if chosen else drawn(entry.wording)
    return between(Content.assemble(fit(number, 2, right=True), " ", words), name, width)


NOTE_LINES = 2
"""Lines of a note that the cursor is not on: its words, and where it comes from."""


def note_row(note: ContextNote, width: int, *, ticked: bool, chosen: bool) -> Content:
    """Return a note that is marked as context, with its source and day; ticked where linked."""
    box = Content.assemble(("[✓]", "bold $primary") if ticked else "[ ]", " ")
    words = wrapped(line(note.text, 4000), width - 4, most=4 if chosen else 1)
    if chosen:
        words = [strong(one) for one in words]
    source = note.where.partition(": ")[2] or note.where
    where = muted(f"{source}, {short_moment(note.at)}" if note.at else source)
    rows = [box + words[0], *(one.pad_left(4) for one in words[1:])]
    return lines(rows, cut(where, width - 4).pad_left(4))


def question_row(question: Weighed, width: int, *, chosen: bool) -> Content:
    """Return a question with its answer; the one under the cursor with all its words."""
    mark = sign("done") if question.answer else sign("thin")
    head = Content.assemble(mark, " ")
    if not chosen:
        label = drawn(question.label)
        answer = muted(
            cut(question.answer or "not answered", max(width - label.cell_length - 4, 8))
        )
        return between(head + label, answer, width)
    asked = [strong(one) for one in wrapped(question.ask or question.label, width - 2)]
    rows = [head + asked[0], *(one.pad_left(2) for one in asked[1:])]
    told = question.answer or "not answered"
    return lines(rows, [muted(one).pad_left(2) for one in wrapped(told, width - 2, most=4)])


def about(entry: RegisterLine, width: int) -> Content:
    """Return the words of a recommendation, its criterion and its deadline."""
    rows = [strong(one) for one in wrapped(entry.wording, width, most=3)]
    told = " · ".join(filter(None, (entry.criterion_label, entry.deadline)))
    return lines(rows, cut(muted(told), width))


def said_by_force(shown: Shown, width: int) -> Content:
    """Return what the force said of a recommendation, by day."""
    rows: list[Content] = []
    for one in shown.comments:
        if one.whose == "force":
            day = muted(f"{short_day(one.said_on, padded=True):<{DAY}}")
            first, *more = wrapped(one.text, width - DAY, most=4)
            rows += [day + first, *(each.pad_left(DAY) for each in more)]
    return lines(rows) if rows else muted(cut("The force said nothing of it yet.", width))


def answered(questions: Sequence[Weighed]) -> str:
    """Return how many of the questions are answered: “3 of 4”."""
    asked = [one for one in questions if one.ask]
    return f"{sum(bool(one.answer) for one in asked)} of {len(asked)}"
