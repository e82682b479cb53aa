"""What stands on a page of the room: a point in the words agreed, or what was promised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from fieldkit.feedback.debriefs.actions import ActionLine
from fieldkit.feedback.debriefs.room import Room, RoomPoint
from fieldkit.wording.dates import short_day
from screens.kit.drawing.chips import chosen
from screens.kit.drawing.rows import between, muted
from screens.kit.drawing.signs import glyph, sign, style
from screens.kit.text import plain

LABEL = 12
"""Columns of what stands before a line about a point."""
NOTHING_PROMISED = "Nothing was promised in this debrief."
MOST_DOTS = 24
"""Pages that are shown as dots; more than these are told by their number alone."""


def heading(page: int, room: Room, width: int) -> Content:
    """Return the first line of a page: what it is about, and the how manieth it is."""
    pages = len(room.points)
    number, about, where = "", "What was promised", Content("")
    if page < pages:
        point = room.points[page]
        number = f"{point.area} " if point.area else ""
        about = point.criterion or "What we found"
        where = Content.assemble(chosen(str(page + 1)), muted(f" of {pages}"))
    left = Content.assemble(muted(number), plain(about, "bold"))
    rule = Content.styled(glyph("rule") * width, style("rule"))
    return Content.assemble(between(left, where, width), "\n", rule)


def words(point: RoomPoint, width: int, *, spaced: bool) -> Content:
    """Return sort and words of a point, with a line free between lines where there is room."""
    between = "\n\n" if spaced else "\n"
    lines = [row for text in point.words.splitlines() for row in plain(text, "bold").wrap(width)]
    title = sign(point.sort, point.sort.capitalize())
    mark = plain(f" · {point.mark}", "bold $warning") if point.mark else ""
    return Content.assemble(title, mark, "\n\n", Content(between).join(lines))


def about(point: RoomPoint, width: int) -> Content:
    """Return what a point comes from, what the force says, and what it does."""
    rows = [("Rests on", " · ".join(point.sources)), ("The force", point.response)]
    rows.append(("Corrected", point.correction))
    for action in point.actions:
        rows += [("Promised", action.action), ("", _who_and_when(action))]
    return _rows([row for row in rows if row[1]], width)


def promised(room: Room, width: int) -> Content:
    """Return everything promised: in this debrief, then what was promised before it."""
    parts = [_promises(room.promised, width) if room.promised else plain(NOTHING_PROMISED)]
    if room.before:
        parts += [plain("Promised before", "bold"), _promises(room.before, width)]
    return Content("\n\n").join(parts)


def foot(page: int, room: Room, width: int, emerging: str) -> Content:
    """Return the last line of a page: how far it is, and that findings are emerging."""
    pages = len(room.points) + 1
    seen, to_come = sign("moment"), sign("no moment")
    dots = Content("  ").join(seen if number <= page else to_come for number in range(pages))
    if pages > MOST_DOTS or dots.cell_length + len(emerging) + 2 > width:
        dots = Content("")
    return between(dots, muted(emerging), width)


def _promises(promises: Sequence[ActionLine], width: int) -> Content:
    parts: list[Content] = []
    for action in promises:
        facts = plain(_who_and_when(action), "$text-muted")
        parts += [*plain(action.action, "bold").wrap(width), *facts.wrap(width)]
    return Content("\n").join(parts)


def _who_and_when(action: ActionLine) -> str:
    facts: Iterable[str] = (
        action.owner,
        action.due and f"by {short_day(action.due)}",
        action.done and f"done {short_day(action.done)}",
    )
    return " · ".join(filter(None, facts)) or "by whom and when is open"


def _rows(rows: Sequence[tuple[str, str]], width: int) -> Content:
    lines: list[Content] = []
    for label, text in rows:
        wrapped = plain(text).wrap(max(width - LABEL, 20)) or [Content("")]
        for number, row in enumerate(wrapped):
            before = label if number == 0 else ""
            lines.append(Content.assemble((f"{before:<{LABEL}}", "$text-muted"), row))
    return Content("\n").join(lines)
