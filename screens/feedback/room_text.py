"""What stands on a page of the room: a point in the words agreed, or what was promised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from fieldkit.feedback.debriefs.actions import ActionLine
from fieldkit.feedback.debriefs.room import Room, RoomPoint
from fieldkit.wording.dates import day_words
from screens.feedback.signs import colour, sign
from screens.kit.text import plain

LABEL = 12
"""Columns of what stands before a line about a point."""
NOTHING_PROMISED = "Nothing was promised in this debrief."
MOST_DOTS = 24
"""Pages that are shown as dots; more than these are told by their number alone."""


def heading(page: int, room: Room, width: int) -> Content:
    """Return the first line of a page: what it is about, and the how manieth it is."""
    pages = len(room.points)
    if page < pages:
        about, where = room.points[page].criterion or "What we found", f"{page + 1} of {pages}"
    else:
        about, where = "What was promised", ""
    left = plain(about, "bold").wrap(max(width - len(where) - 2, 20))[0]
    gap = " " * max(width - len(left) - len(where), 1)
    return Content.assemble(left, gap, plain(where), "\n", plain("─" * width, "$text-muted"))


def words(point: RoomPoint, width: int, *, spaced: bool) -> Content:
    """Return sort and words of a point, with a line free between lines where there is room."""
    between = "\n\n" if spaced else "\n"
    lines = [row for text in point.words.splitlines() for row in plain(text, "bold").wrap(width)]
    title = plain(f"{sign(point.sort)} {point.sort.capitalize()}", f"bold {colour(point.sort)}")
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
    dots = "".join("● " if number <= page else "○ " for number in range(pages)).rstrip()
    if pages > MOST_DOTS or len(dots) + len(emerging) + 2 > width:
        dots = ""
    gap = " " * max(width - len(dots) - len(emerging), 1)
    return Content.assemble((dots, "$primary"), gap, plain(emerging, "$text-muted"))


def _promises(promises: Sequence[ActionLine], width: int) -> Content:
    parts: list[Content] = []
    for action in promises:
        facts = plain(_who_and_when(action), "$text-muted")
        parts += [*plain(action.action, "bold").wrap(width), *facts.wrap(width)]
    return Content("\n").join(parts)


def _who_and_when(action: ActionLine) -> str:
    facts: Iterable[str] = (
        action.owner,
        action.due and f"by {day_words(action.due)}",
        action.done and f"done {day_words(action.done)}",
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
