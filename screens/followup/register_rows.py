"""How the register is drawn: a recommendation, how it stands beside its deadline, the half year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from textual.content import Content

from fieldkit.followup.dates.milestones import DueLine
from fieldkit.followup.days import days_between
from fieldkit.followup.register import RegisterLine
from fieldkit.followup.status import COMPLETE
from fieldkit.wording.dates import MONTHS, short_day
from screens.kit.drawing import bars, chips
from screens.kit.drawing.rows import cut, drawn, fit, lines, muted, row, strong, wrapped
from screens.kit.drawing.signs import glyph, sign, style
from storage.ops.text import many

DUE, STATUS = 13, 15
"""Columns of how a row stands beside its deadline, and of how far it has come."""
NUMBER = 3
"""Columns of a number in the list."""
MOST_LINES = 4
"""Most lines of one wording in the list."""
STEPS = {"awaiting review": (1, "awaiting"), "being progressed": (2, "in progress")}
"""How far a recommendation is, of three steps, and in a word for a narrow column."""
SHORT = {
    "update": "update",
    "action plan": "plan",
    "revisit": "revisit",
    "visit notice": "notice",
    "written feedback": "feedback",
}
"""What each limit of the follow-up is called where there is no room."""
NAMES = {
    "update": "Update of the force",
    "action plan": "Action plan",
    "revisit": "Revisit",
    "visit notice": "Notice of the visit",
    "written feedback": "Written feedback",
}
"""What each limit is called in a list."""


def is_open(line: RegisterLine) -> bool:
    """Say whether something is still to be done about a recommendation."""
    return line.status in STEPS


def counts(listed: Iterable[RegisterLine]) -> Content:
    """Return how many there are, complete, running and late: “8  ✓3  ▲3  !2”."""
    every = list(listed)
    late = sum(bool(one.late) for one in every)
    running = sum(is_open(one) for one in every) - late
    done = sum(one.status == COMPLETE for one in every)
    return Content("  ").join(
        [
            strong(f"{len(every)}"),
            sign("done") + f"{done}",
            sign("soon") + f"{running}",
            *([sign("late", f"{late}")] if late else []),
        ]
    )


def standing(line: RegisterLine, present: str) -> Content:
    """Return how a recommendation stands beside its deadline: done, late, or how many days left."""
    if line.status == COMPLETE:
        return sign("done")
    if not is_open(line):
        return muted(glyph("not applicable"))
    if line.late:
        return chips.late(many(line.late, "day"))
    if not line.due:
        return muted("not published")
    left, whole = days_between(present, line.due), days_between(line.published, line.due)
    told = many(left, "day") if left else "today"
    return sign("in time" if left * 2 > whole else "soon", told)


def progress(line: RegisterLine) -> Content:
    """Return how far a recommendation has come, as pips and a word; of what ended the word."""
    if line.status == COMPLETE:
        return Content.assemble((glyph("pip") * 3, "$success"), (" complete", "$success"))
    step = STEPS.get(line.status)
    if step is None:
        return muted(f"{glyph('no pip') * 3} {line.status}")
    word = f" {step[1]}"
    return Content.assemble(bars.pips(step[0], 3), muted(word) if step[0] == 1 else word)


def register_row(
    line: RegisterLine, present: str, width: int, *, force: str, chosen: bool, wide: bool
) -> Content:
    """Return a row: number, words, how it stands beside its deadline, how far it has come.

    Args:
        line: which recommendation.
        present: today, ``YYYY-MM-DD``.
        width: of the row.
        force: named before the words where several are listed; else empty.
        chosen: the cursor is on it.
        wide: the page shows all words of every one.
    """
    head = fit(strong(_number(line)), NUMBER, right=True) + " "
    end = row([(standing(line, present), DUE), (progress(line), STATUS)])
    room = max(width - head.cell_length - end.cell_length - 1, 12)
    words = Content.assemble(muted(f"{force}: ") if force else "", drawn(line.wording))
    told = wrapped(words, room, most=MOST_LINES) if wide else [cut(words, room)]
    if chosen:
        told = [strong(one) for one in told]
    first = Content.assemble(head, fit(told[0], room), " ", end)
    return lines(cut(first, width), [one.pad_left(head.cell_length) for one in told[1:]])


def _number(line: RegisterLine) -> str:
    """Return the number; of a draft its place, with the sign of what is not there yet."""
    return line.called if not line.called.startswith("draft") else f"{glyph('dot')}{line.number}"


def group(line: RegisterLine, order: str) -> str:
    """Return what heads a row among its like, by what the register is sorted by."""
    if order == "criterion":
        return line.criterion_label or "no criterion"
    if order == "status":
        return line.status
    if order == "number":
        return line.force
    deadline = line.deadline[:1].upper() + line.deadline[1:]
    return f"{deadline} · {short_day(line.due)}" if line.due else f"{deadline}, once published"


def strip(due: Sequence[DueLine], published: str, present: str, width: int) -> Content:
    """Return the dates of an inspection on one line, as many as have room."""
    if not published:
        return muted(cut("The report is not published yet.", width))
    parts = [_dated("published", published, done=True)]
    for one in due:
        name, day = SHORT.get(one.key, one.key), one.done_on or one.planned_on or one.due
        if one.is_late:
            parts.append(chips.late(f"{name} {short_day(one.due)}"))
        elif day:
            parts.append(_dated(name, day, done=bool(one.done_on), now=day == present))
    shown = parts[:1]
    for part in parts[1:]:
        longer = Content("  ").join([*shown, part])
        if longer.cell_length <= width:
            shown.append(part)
    return cut(Content("  ").join(shown), width)


def _dated(name: str, day: str, *, done: bool, now: bool = False) -> Content:
    state = "in time" if done else "step now" if now else "no moment"
    return Content.assemble(sign(state), " ", muted(name), " ", short_day(day))


# --- the half year after publication ---


def half_year(due: Sequence[DueLine], published: str, present: str, width: int) -> Content:
    """Return the time after publication as a line with its months, and the dates in words."""
    if not published:
        return lines(
            strong("The report is not published yet."),
            muted("Deadlines are counted from that day; d leads to it."),
        )
    dated = [(published, "published", True)]
    dated += [
        (one.done_on or one.planned_on or one.due, SHORT.get(one.key, one.key), bool(one.done_on))
        for one in due
        if one.done_on or one.planned_on or one.due
    ]
    dated.sort()
    last = max(present if present < _later(dated[-1][0], 60) else "", dated[-1][0])
    return lines(
        _axis(published, last, width),
        _line(dated, published, last, present, width),
        _names(dated, published, last, present, width),
        "",
        _beside([_in_words(one) for one in due], width),
    )


def _later(day: str, days: int) -> str:
    return date.fromordinal(date.fromisoformat(day).toordinal() + days).isoformat()


def _at(day: str, first: str, last: str, width: int) -> int:
    whole = max(days_between(first, last), 1)
    return min(max(round(days_between(first, day) / whole * (width - 1)), 0), width - 1)


def _axis(first: str, last: str, width: int) -> Content:
    """Return the names of the months where they begin; the first one at the left."""
    cells = [" "] * width
    month = date.fromisoformat(first).replace(day=1)
    free = 0
    while month.isoformat() <= last:
        at = _at(max(month.isoformat(), first), first, last, width)
        name = MONTHS[month.month - 1][:3]
        month = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
        # Of a month that is all but over, the next one is named in its place.
        over = at + len(name) >= _at(month.isoformat(), first, last, width) and at == 0
        if at >= free and at + len(name) <= width and not over:
            cells[at : at + len(name)] = name
            free = at + len(name) + 1
    return muted("".join(cells).rstrip())


def _line(
    dated: Sequence[tuple[str, str, bool]], first: str, last: str, present: str, width: int
) -> Content:
    upto = _at(min(present, last), first, last, width) if present > first else 0
    cells: list[tuple[str, str]] = [
        (glyph("bar done"), style("in time")) if at < upto else (glyph("rule"), style("rule"))
        for at in range(width)
    ]
    if first <= present <= last:
        cells[upto] = (glyph("step now"), style("step now"))
    for day, _, done in sorted(dated, key=lambda one: one[2]):
        name = "in time" if done else "no moment"
        cells[_at(day, first, last, width)] = (glyph(name), style(name))
    return Content.assemble(*cells)


def _names(
    dated: Sequence[tuple[str, str, bool]], first: str, last: str, present: str, width: int
) -> Content:
    """Return the names under the line; one that has no room beside the others is left out."""
    cells = [" "] * width
    named = [(day, f"{date.fromisoformat(day).day} {name}") for day, name, _ in dated]
    if first <= present <= last:
        named.append((present, "now"))
    taken: list[range] = []
    for day, name in named:
        start = max(min(_at(day, first, last, width), width - len(name)), 0)
        span = range(start, start + len(name) + 1)
        if len(name) <= width and not any(set(span) & set(other) for other in taken):
            cells[start : start + len(name)] = name
            taken.append(span)
    return muted("".join(cells).rstrip())


def _in_words(one: DueLine) -> Content:
    label = NAMES.get(one.key, one.label)
    if one.done_on:
        return Content.assemble(sign("done"), f" {label} ", muted(short_day(one.done_on)))
    if one.is_late:
        return Content.assemble(chips.late(many(one.late, "day")), f" {label}")
    if one.planned_on:
        planned = f"planned {short_day(one.planned_on)}"
        return Content.assemble(sign("step now"), f" {label} ", muted(planned))
    when = f"by {short_day(one.due)}" if one.due else one.known_when
    return Content.assemble(sign("no moment"), f" {label} ", muted(when))


def _beside(cells: Sequence[Content], width: int) -> list[Content]:
    """Return cells in lines, two beside each other."""
    half = width // 2
    rows = [cells[at : at + 2] for at in range(0, len(cells), 2)]
    return [row([(one, half) for one in several], gap=0).rstrip() for several in rows]
