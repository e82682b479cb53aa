"""How the calendar is drawn: its events by day, what is due, and what clashes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from textual.content import Content

from fieldkit.followup.dates.calendar import BANK_HOLIDAY, ENTERED, Event
from fieldkit.followup.dates.milestones import DueLine
from fieldkit.wording.dates import day_words, short_day
from screens.followup.register_rows import NAMES
from screens.kit.drawing import chips
from screens.kit.drawing.rows import between, cut, fit, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign
from storage.ops.text import many

DAY = 15
"""Columns of a day in the list."""
SIGN_OF = {
    "fieldwork": "step now",
    "publication": "moment",
    "due": "no moment",
    "planned": "step now",
    "done": "done",
    "recommendation": "no moment",
    ENTERED: "context",
    BANK_HOLIDAY: "to come",
}
"""The sign of each sort of event."""


def limit_of(event: Event) -> str:
    """Return the key of the limit that an event is of; empty where it is of none."""
    return event.field.rpartition(" ")[0] if event.sort in ("due", "planned", "done") else ""


def is_late(event: Event, present: str, running: Collection[str]) -> bool:
    """Say whether an event is a last day that has passed; ``running`` recommendations are open."""
    return event.ends < present and (event.sort == "due" or event.record_id in running)


def month(event: Event) -> str:
    """Return the month of an event, as it heads its days: “November 2026”."""
    return day_words(f"{event.starts[:7]}-01").partition(" ")[2]


def event_row(
    event: Event,
    present: str,
    running: Collection[str],
    width: int,
    *,
    force: bool,
    chosen: bool,
) -> Content:
    """Return an event with its day, its sign, and what it is; the one under the cursor whole.

    Args:
        event: which.
        present: today, ``YYYY-MM-DD``.
        running: the ids of the recommendations that are open.
        width: of the row.
        force: its force is named.
        chosen: the cursor is on it.
    """
    day = short_day(event.starts, padded=True)
    name = SIGN_OF.get(event.sort, "to come")
    if event.sort == "recommendation" and event.record_id not in running:
        name = "done"
    mark = sign("late" if is_late(event, present, running) else name)
    head = Content.assemble(muted(fit(day, DAY)), mark, " ")
    named = f"{event.force}: " if force and event.force else ""
    until = f", until {short_day(event.ends)}" if event.ends != event.starts else ""
    off = f" ({event.off})" if event.off else ""
    words = f"{named}{event.what}{until}{off}"
    room = max(width - head.cell_length, 12)
    if not chosen:
        shown = muted(words) if event.sort in (BANK_HOLIDAY, "done") else words
        return head + cut(shown, room)
    told = [strong(one) for one in wrapped(words, room, most=3)]
    return lines(head + told[0], [one.pad_left(head.cell_length) for one in told[1:]])


def due_rows(due: Sequence[DueLine], width: int) -> Content:
    """Return the limits of the follow-up: done, late, or by when."""
    if not due:
        words = muted("The limits of one inspection are told on its own calendar (y).")
        return lines(wrapped(words, width))
    rows = []
    for one in due:
        left, right = _due(one)
        rows.append(between(left, cut(right, max(width - left.cell_length - 1, 0)), width))
    return lines(rows)


def _due(one: DueLine) -> tuple[Content, Content]:
    name = NAMES.get(one.key, one.label)
    if one.done_on:
        late = f", {many(one.late, 'day')} late" if one.late else ""
        return Content.assemble(sign("done"), f" {name}"), muted(f"{short_day(one.done_on)}{late}")
    if one.is_late:
        return Content.assemble(sign("late"), f" {name}"), chips.late(many(one.late, "day"))
    mark = sign("step now" if one.planned_on else "no moment")
    left = Content.assemble(mark, f" {name}")
    if not one.due:
        return left, muted(one.known_when)
    if one.planned_on:
        return left, muted(f"{short_day(one.planned_on)}, by {short_day(one.due)}")
    return left, muted(f"by {short_day(one.due)}")


def clash_rows(clashes: Sequence[str], width: int) -> Content:
    """Return what stands in each other's way, a sentence each."""
    if not clashes:
        return Content.assemble(sign("done"), " Nothing clashes.")
    rows: list[Content] = []
    for sentence in clashes:
        first, *more = wrapped(sentence, width - 2)
        rows += [Content.assemble(sign("soon"), " ", first), *(one.pad_left(2) for one in more)]
    return lines(rows)


def event_facts(event: Event, width: int, *, late: bool) -> Content:
    """Return all that is known of an event."""
    whole = f"{day_words(event.starts)}"
    if event.ends != event.starts:
        whole += f" to {day_words(event.ends)}"
    rows = [strong(one) for one in wrapped(event.what[:1].upper() + event.what[1:], width)]
    rows += [muted(one) for one in wrapped(whole, width)]
    rows += [muted(one) for one in wrapped(event.force, width) if event.force]
    if event.off:
        rows += wrapped(f"Nobody is at work then: {event.off}.", width)
    if late:
        rows.append(chips.late("past its last day"))
    return lines(rows)
