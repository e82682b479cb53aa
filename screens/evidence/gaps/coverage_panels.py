"""What stands in the panels of coverage: the gaps, the days left, who was heard, one criterion."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from fieldkit.evidence.gaps.coverage import (
    CASE_AUDIT,
    OWN,
    Coverage,
    Row,
    gap_words,
    methods,
    none_of,
)
from fieldkit.evidence.gaps.criterion_evidence import Piece
from fieldkit.wording.dates import short_day, short_moment
from screens.kit.drawing.bars import bar
from screens.kit.drawing.chips import NOT_JUDGED, Grades
from screens.kit.drawing.keys import key, key_and_label
from screens.kit.drawing.rows import between, cut, fit, lines, muted, strong, wrapped
from screens.kit.drawing.signs import glyph, names, sign, style
from storage.ops.text import many

NO_GAP = "Every criterion was looked at in every way."
_ALL = {1: "the meeting", 2: "both meetings"}
KNOWN = "What works well here?"
MOST_LABEL = 22
"""Columns of a criterion's name in the list of gaps, where the gaps stand beside it."""
LATEST = 40
"""Notes on a criterion that are read for its panel; a cell lists all that it has."""
MOST_DAYS = 4
"""Free days that are named."""
MOST_LINES = 4
"""Lines that a piece of evidence takes at most."""
LEAST_BAR, MOST_BAR = 4, 12
SHARES = 44
"""Columns of the bar of grades at most."""
COUNTED = 16
"""Columns of “12 focus groups”."""


def gaps_beside(seen: Coverage, width: int, height: int) -> Content:
    """Return a line for each criterion with a gap, and the keys that fill them."""
    if not seen.gaps:
        return Content.assemble(sign("done"), " ", NO_GAP)
    label = min(max(len(one.label) for one in seen.lacking), MOST_LABEL)
    rows = [
        Content.assemble(
            *(sign("soon"), " ", muted(f"{one.number} "), fit(one.label, label), " "),
            muted(_gap_line(one, max(width - label - 5, 8))),
        )
        for one in seen.lacking
    ]
    room = max(height - 1, 1) if height else len(rows)
    rows = _shortened(rows, room)
    apart = [Content("")] if len(rows) < room else []
    return lines([*(cut(one, width) for one in rows), *apart, _keys_in_line(seen, width)])


def _gap_line(row: Row, width: int) -> Content:
    """Return what is missing on one line, in fewer words where all have no room."""
    words = gap_words(row)
    if len(words) > width and row.missing:
        words = none_of([methods()[name] for name in row.missing])
    return cut(words, width)


def gaps_wrapped(seen: Coverage, width: int, height: int) -> Content:
    """Return the criteria with a gap, each with what is missing in lines below it."""
    if not seen.gaps:
        return Content.assemble(sign("done"), " ", cut(NO_GAP, width - 2))
    blocks = []
    for one in seen.lacking:
        head = Content.assemble(sign("soon"), " ", muted(f"{one.number} "), strong(one.label))
        below = [muted(each) for each in wrapped(gap_words(one), width, indent=4)]
        blocks.append([cut(head, width), *below])
    rows: list[Content] = []
    for at, block in enumerate(blocks):
        last = at == len(blocks) - 1
        if height and len(rows) + len(block) + (not last) > height:
            left = many(len(blocks) - at, "more criterion", "more criteria")
            return lines([*rows, cut(muted(f"  and {left}"), width)])
        rows += block
    return lines(rows)


def _shortened(rows: Sequence[Content], room: int) -> list[Content]:
    if len(rows) <= room:
        return list(rows)
    left = many(len(rows) - room + 1, "more criterion", "more criteria")
    return [*rows[: room - 1], muted(f"  and {left}")]


def _keys_in_line(seen: Coverage, width: int) -> Content:
    """Return the keys that fill the gaps, as many as fit: the first in full, the others short."""
    shown = Content("")
    for number, method in enumerate(seen.missing):
        chip = key_and_label(method.key, method.short if number else method.fill)
        added = Content.assemble(shown, "  " if shown.plain else "", chip)
        if added.cell_length > width:
            break
        shown = added
    return shown


def days(seen: Coverage, width: int) -> Content:
    """Return the keys that fill the gaps, and the days on which nothing is planned."""
    rows = [
        Content.assemble(key(one.key), " ", cut(one.fill, width - len(one.key) - 3))
        for one in seen.missing
    ]
    if seen.free:
        rows += [Content("")] * bool(rows)
        rows += [muted(one) for one in wrapped(_free(seen.free), width)]
    return lines(rows) if rows else muted("Nothing is missing.")


def _free(days: Sequence[str]) -> str:
    """Return the first free days, and how many more there are."""
    shown = days if len(days) <= MOST_DAYS else days[: MOST_DAYS - 1]
    more = f" and {len(days) - len(shown)} more" if len(days) > len(shown) else ""
    return f"free: {', '.join(map(short_day, shown))}{more}"


def days_left(seen: Coverage) -> str:
    """Return how many working days are left; empty where the end of the fieldwork is not known."""
    if seen.days_left is None:
        return ""
    return f"{many(seen.days_left, 'day')} left" if seen.days_left else "no day left"


def heard(seen: Coverage, width: int) -> Content:
    """Return how many meetings were held with each source group."""
    most = max((one.meetings for one in seen.heard), default=0)
    figures, longest = len(f"{most:,}"), max((len(one.label) for one in seen.heard), default=0)
    wide = min(max(width - longest - figures - 2, LEAST_BAR), MOST_BAR)
    rows = []
    for one in seen.heard:
        look = "bold" if one.meetings else style("soon")
        count = Content.styled(f"{one.meetings:>{figures},}", look)
        end = Content.assemble(bar(one.meetings, max(most, 1), wide), " ", count)
        rows.append(between(one.label, end, width))
    return lines(rows)


def criterion(
    row: Row, pieces: Sequence[Piece] | None, grades: Grades, room: tuple[int, int]
) -> Content:
    """Return what a criterion rests on: how often it was looked at, then the pieces of evidence.

    Args:
        row: the criterion.
        pieces: its evidence; None while it is read.
        grades: draws the grades of cases.
        room: columns and lines of the panel.
    """
    width, height = room
    head = _counted(row, grades, width)
    asked = _asked(row)
    free = max(height - len(head) - 1 - (2 if asked else 0), 1) if height else 99
    rows = head or [muted("Nothing was looked at yet.")]
    if pieces:
        rows = [*rows, Content.styled(glyph("rule") * width, style("rule"))]
        shown = pieces if len(pieces) <= free else pieces[: max(free - 1, 1)]
        most = min(max(free // len(shown), 1), MOST_LINES)
        rows += [each for one in shown for each in piece_lines(one, grades, width, most)]
        if more := len(pieces) - len(shown):
            rows.append(muted(f"  and {more} more" if len(pieces) < LATEST else "  and more"))
    if asked:
        rows = [*rows, Content(""), cut(asked, width)]
    return lines(rows)


def _counted(row: Row, grades: Grades, width: int) -> list[Content]:
    """Return a line for each method that found something."""
    rows = []
    for cell in row.cells:
        if not cell.count or cell.method == OWN:
            continue
        if cell.method == CASE_AUDIT:
            counts = {**row.grades, NOT_JUDGED: 0}
            beside = grades.shares(counts, min(width - COUNTED, SHARES))
            words = many(cell.count, "audit")
        else:
            words = many(cell.count, methods()[cell.method].kind)
            beside = muted(cut("; ".join(cell.heard), width - COUNTED))
        rows.append(cut(Content.assemble(fit(words, COUNTED), beside), width))
    return rows


def _asked(row: Row) -> Content | None:
    """Say of how many of the meetings it was asked what works well; None without meetings."""
    if not row.meetings:
        return None
    well = row.asked == row.meetings
    where = many(row.meetings, "meeting")
    if well:
        where = _ALL.get(row.meetings, f"all {where}")
    asked = where if well else f"{row.asked} of {where}"
    words = f"“{KNOWN}” was asked in {asked}."
    return Content.assemble(sign("done" if well else "soon"), " ", words)


def piece_lines(piece: Piece, grades: Grades, width: int, most: int) -> list[Content]:
    """Return a piece of evidence: its sign, its words, and where it comes from.

    ``most`` is how many lines it may take; on one line both its words and its place are cut.
    """
    lead = sign(piece.sign) if piece.sign in names() else Content(" ")
    if piece.grade:
        lead = grades.chip(piece.grade)
    when = f", {short_moment(piece.when)}" if piece.when else ""
    place, words = muted(f"{piece.where}{when}"), piece.text or "no text"
    room = width - lead.cell_length - 1
    if most == 1:
        end = cut(place, max(width // 3, 12))
        rows = [Content.assemble(cut(words, max(room - end.cell_length - 1, 4)), " ", end)]
    else:
        rows = wrapped(Content.assemble(" ".join(words.split()), "  ", place), room, most=most)
    indent = " " * (lead.cell_length + 1)
    first = Content.assemble(lead, " ", rows[0])
    return [
        cut(one, width) for one in (first, *(Content.assemble(indent, one) for one in rows[1:]))
    ]
