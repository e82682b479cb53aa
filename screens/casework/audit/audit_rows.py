"""Draws the lines of a case audit: a criterion with its grade, an answer, a moment, a text."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from fieldkit.casework.overview.timeline import Timeline
from fieldkit.methodology.audit_lines import ANSWER, MOMENT
from fieldkit.wording.dates import short_moment
from screens.casework import case_rows
from screens.casework.case_rows import CRITERION, Row
from screens.casework.case_state import CaseState
from screens.kit.drawing.chips import Grades
from screens.kit.drawing.keys import key
from screens.kit.drawing.rows import Text, between, cut, drawn, fit, lines, muted, strong
from screens.kit.drawing.signs import glyph, sign

ANSWERS = {"yes": "done", "no": "no"}
"""The signs of answers; what the file does not say, and what does not apply, have grey ones."""
WORD = 21
"""Columns of a grade in words, where there is room for them."""
ROOMY = 58
"""Columns of a row from which the grade stands in words beside its chip."""


def draw(row: Row, state: CaseState, grades: Grades, width: int, *, at_cursor: bool) -> Content:
    """Return a row in so many columns."""
    if row.kind == CRITERION:
        return _criterion(row, state, grades, width, at_cursor=at_cursor)
    text = case_rows.value(row, state.file)
    label: Text = strong(row.short) if at_cursor else row.short
    if _typed(row, state):
        label = Content.assemble(drawn(label), " ", sign("typing"))
    if row.kind == ANSWER:
        right = "" if text in ANSWERS else muted(_answer(text, state))
        return between(Content.assemble(_answer_sign(text), " ", drawn(label)), right, width)
    if row.kind == MOMENT:
        mark = sign("moment" if text else "no moment")
        right = short_moment(text) if text else muted("not recorded")
        return between(Content.assemble(mark, " ", drawn(label)), right, width)
    mark = sign("text") if text else Content(" ")
    return between(Content.assemble(mark, " ", drawn(label)), "", width)


def _criterion(
    row: Row, state: CaseState, grades: Grades, width: int, *, at_cursor: bool
) -> Content:
    value = case_rows.value(row, state.file)
    number = muted(f"{row.number} " if row.number else "  ")
    label: Text = row.label if row.number else "Overall"
    label = strong(label) if at_cursor or not row.number else label
    beside = Content("")
    if not row.number and not value:
        beside = muted("you, last ")
    word = Content("")
    if width >= ROOMY:
        word = Content.assemble(" ", fit(grades.word(value, WORD), WORD))
    mark = fit(_mark(row, state, value), 2)
    right = Content.assemble(beside, mark, grades.chip(value), word)
    return between(number + drawn(label), right, width)


def _mark(row: Row, state: CaseState, value: str) -> Content:
    """Return the most pressing of: unsaved text, two answers, a query, a text, a grade without."""
    asked = any(one.state in ("open", "answered") for one in state.asked(row))
    marks = (
        ("typing", _typed(row, state)),
        ("two answers", case_rows.twice(row, state.file)),
        ("query", asked),
        ("text", case_rows.written(row, state.file)),
        ("no text", bool(value)),
    )
    name = next((name for name, fits in marks if fits), "")
    return sign(name) if name else Content(" ")


def _typed(row: Row, state: CaseState) -> bool:
    """Say whether text that was typed in a row waits to be finished."""
    place = state.place(row)
    fields = None if row.kind == CRITERION else row.key
    return any(where == place and fields in (None, field) for where, field in state.drafts)


def _answer_sign(text: str) -> Content:
    if text in ANSWERS:
        return sign(ANSWERS[text])
    names = {"": "not judged", "not applicable": "not applicable", "not recorded": "query"}
    return muted(glyph(names.get(text, "not judged")))


def _answer(text: str, state: CaseState) -> str:
    labels = {one.key: one.label for one in state.methodology.answers}
    return labels.get(text, text)


def summary(section: str, rows: Sequence[Row], state: CaseState, told: Timeline) -> Content:
    """Return what is told of a section in its heading: its answers, or how soon it went."""
    own = [row for row in rows if row.section == section]
    if any(row.kind == MOMENT for row in own):
        if told.too_early:
            return sign("soon", "before the report")
        return muted(told.summary)
    answers = [_answer_sign(case_rows.value(row, state.file)) for row in own if row.kind == ANSWER]
    texts = any(case_rows.value(row, state.file) for row in own if row.kind not in (ANSWER, MOMENT))
    return Content.assemble(sign("text") + " " if texts else "", Content("").join(answers))


def legend(
    row: Row, state: CaseState, grades: Grades, width: int, height: int
) -> tuple[Content, Content]:
    """Return the scale of the row with its digits in so many lines, and what stands below them."""
    edge: list[Content] = []
    if row.kind == CRITERION:
        rows = [
            Content.assemble(
                key(str(number)), " ", grades.chip_and_word(label, width - 8, coloured=True)
            )
            for number, label in enumerate(state.grades, 1)
        ]
        edge = [
            Content.assemble(key("n"), " ", grades.chip("not applicable"), " n/a"),
            Content.assemble(key("u"), " ", grades.chip("unable to judge"), " unable"),
        ]
    elif row.kind == ANSWER:
        rows = [
            Content.assemble(key(str(number)), " ", _answer_sign(one.key), " ", one.label)
            for number, one in enumerate(state.methodology.answers, 1)
        ]
    elif row.kind == MOMENT:
        rows = [
            Content.assemble(key("enter"), " a day, or a day and a time"),
            muted("a digit begins the date as well"),
        ]
    else:
        rows = [Content.assemble(key("enter"), " write"), muted("esc comes back; the text is kept")]
    edge = rows[height:] + edge
    return lines([cut(one, width) for one in rows[:height]]), Content("  ").join(edge)
