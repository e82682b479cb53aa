"""The matrix of coverage: a row for each criterion, a column for each method, and a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from fieldkit.evidence.gaps.coverage import CONCERN, STRENGTH, Coverage, Row, methods
from screens.kit.drawing.heat import warmed
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import fit, lines, muted, strong
from screens.kit.drawing.signs import glyph, glyphs_in_use, sign, style

COLUMNS = (*methods(), CONCERN)
"""What each column is about: the methods, then strengths and concerns."""
METHOD_COLUMNS = len(COLUMNS) - 2
NARROW, WIDE = 7, 8
"""Columns of the terminal that a method takes, with the blanks before it."""
WIDE_FROM = 84
"""Columns inside the panel from which a method takes more of them."""
SIGNS_WIDTH = 6
"""Columns of the figures of strengths, and of concerns."""
GAP_BEFORE = 2
HEAD = 2
WARM, WARMEST = 3, 10
"""From how many pieces of evidence on a cell is warm, and as warm as can be."""
CHOSEN = "bold $background on $focus"


class CoverageTable(Panel, can_focus=True):
    """Shows the matrix in a panel; the arrows move the cursor from cell to cell."""

    BINDINGS: ClassVar = [
        Binding("up", "step(-1, 0)", show=False),
        Binding("down", "step(1, 0)", show=False),
        Binding("left", "step(0, -1)", show=False),
        Binding("right", "step(0, 1)", show=False),
        Binding("home", "step(-99, 0)", show=False),
        Binding("end", "step(99, 0)", show=False),
    ]
    at: reactive[tuple[int, int]] = reactive((0, 0), init=False)
    """The row and the column of the cursor, from 0."""

    @dataclass
    class Moved(Message):
        """Tells that the cursor came to another cell."""

        row: int
        column: int

    def __init__(self, id: str) -> None:
        super().__init__("What each criterion rests on", id=id)
        self._rows: Sequence[Row] = ()

    @property
    def column(self) -> str:
        """Return what the column of the cursor is about."""
        return COLUMNS[self.at[1]]

    def show_coverage(self, seen: Coverage) -> None:
        """Show the matrix; the cursor stays where it is."""
        self._rows = seen.rows
        self.set_reactive(
            CoverageTable.at, (min(self.at[0], max(len(seen.rows) - 1, 0)), self.at[1])
        )
        gaps = f"{seen.gaps} gap{'s' * (seen.gaps != 1)}"
        self.show(
            self._drawn,
            figure=sign("soon", gaps) if seen.gaps else sign("done", "no gap"),
            legend=_legend(),
        )

    def action_step(self, down: int, right: int) -> None:
        """Move the cursor so many rows and columns; it stays within the matrix."""
        if self._rows:
            row = min(max(self.at[0] + down, 0), len(self._rows) - 1)
            column = min(max(self.at[1] + right, 0), len(COLUMNS) - 1)
            self.at = (row, column)

    def watch_at(self, at: tuple[int, int]) -> None:
        """Draw the cursor where it is now, and tell the page."""
        self.show(self._drawn)
        self.post_message(self.Moved(*at))

    def on_click(self, event: events.Click) -> None:
        """Go to the cell that was clicked."""
        offset = event.get_content_offset(self)
        width, height = self.room
        if offset is None or not self._rows:
            return
        first, step = self._window(height)
        row = first + (offset.y - HEAD) // step
        if offset.y >= HEAD and row < len(self._rows):
            self.at = (row, _column_at(offset.x, width))

    def _window(self, height: int) -> tuple[int, int]:
        """Return the first row in view, and how many lines a row takes."""
        free, count = max(height - HEAD, 1), len(self._rows)
        if 2 * count - 1 <= free:
            return 0, 2
        return min(max(self.at[0] - free + 1, 0), max(count - free, 0)), 1

    def _drawn(self, width: int) -> Content:
        height = self.room[1]
        first, step = self._window(height)
        shown = self._rows[first : first + max(height - HEAD, 1)] if step == 1 else self._rows
        rows = list(_headings(width, self.at[1]))
        for number, row in enumerate(shown, first):
            rows.append(self._row(row, width, chosen=number == self.at[0]))
            if step > 1 and number < len(self._rows) - 1:
                rows.append(Content(""))
        return lines(rows)

    def _row(self, row: Row, width: int, *, chosen: bool) -> Content:
        pitch = _pitch(width)
        cells: list[Content] = []
        for at, cell in enumerate(row.cells):
            here = chosen and at == self.at[1]
            cells.append(_cell(cell.count, cell.applies, pitch - GAP_BEFORE, here=here))
        figures = (
            _figure(row.strengths, gap=not row.sought, here=chosen and self.column == STRENGTH),
            _figure(row.concerns, gap=False, here=chosen and self.column == CONCERN, plain=True),
        )
        label = strong(row.label) if chosen else row.label
        bar = sign("cursor") if chosen else Content(" ")
        number = muted(f"{row.number:>{2 if len(self._rows) > 9 else 1}} ")
        head = fit(Content.assemble(bar, number, label), _label_width(width))
        blank = " " * GAP_BEFORE
        parts = (part for cell in cells for part in (blank, cell))
        drawn = Content.assemble(head, *parts, *figures)
        return drawn.stylize_before("on $block-cursor-background") if chosen else drawn


def _legend() -> Content:
    return Content.assemble(
        "pieces of evidence ",
        *(sign("dot"), " ", sign("strength"), " strengths  ", glyph("concern"), " concerns"),
    )


def _pitch(width: int) -> int:
    return WIDE if width >= WIDE_FROM else NARROW


def _label_width(width: int) -> int:
    return max(width - METHOD_COLUMNS * _pitch(width) - 2 * SIGNS_WIDTH, 4)


def _column_at(x: int, width: int) -> int:
    """Return the column of the matrix at a column of the terminal."""
    pitch, from_label = _pitch(width), x - _label_width(width)
    if from_label < METHOD_COLUMNS * pitch:
        return max(from_label // pitch, 0)
    after = (from_label - METHOD_COLUMNS * pitch) // SIGNS_WIDTH
    return min(METHOD_COLUMNS + after, len(COLUMNS) - 1)


def _headings(width: int, chosen: int) -> list[Content]:
    """Return the two lines of the columns' names; that of the cursor's column is bold."""
    pitch, rows = _pitch(width), []
    known = [*(one.heading for one in methods().values()), ("", "concern")]
    for line in range(HEAD):
        parts = [Content(" " * _label_width(width))]
        for at, heading in enumerate(known):
            name = COLUMNS[at]
            words = heading[line]
            if line and name in (STRENGTH, CONCERN):
                words = glyph(name)
            wide = SIGNS_WIDTH if name in (STRENGTH, CONCERN) else pitch
            text = fit(words, wide, right=True)
            parts.append(text.stylize("bold $title") if at == chosen else muted(text))
        rows.append(Content("").join(parts))
    return rows


def _cell(count: int, applies: bool, wide: int, *, here: bool) -> Content:
    if not applies:
        words = f"{_pointer() * here}{glyph('not applicable')} ".rjust(wide)
        return Content.styled(words, CHOSEN) if here else muted(words)
    if not count:
        words = f"{_pointer() * here}{glyph('soon')} 0 ".rjust(wide)
        return Content.styled(words, CHOSEN if here else style("soon"))
    if here:
        return Content.styled(f"{_pointer()}{count:,} ".rjust(wide), CHOSEN)
    words = f"{count:,} ".rjust(wide)
    warm = 1 if count < WARM else 2 if count < WARMEST else 3
    return warmed(words, warm, wide)


def _pointer() -> str:
    """Return what stands before the figure of the chosen cell where its ground may not be seen."""
    return glyph("cursor") if glyphs_in_use() == "plain" else ""


def _figure(count: int, *, gap: bool, here: bool, plain: bool = False) -> Content:
    """Return how many strengths or concerns there are, at the right of their columns."""
    words = f"{glyph('soon')} 0" if gap else f"{count:,}"
    words = f"{_pointer()}{words} " if here else words
    look = style("soon") if gap else "" if plain else style("strength")
    shown = Content.styled(words, CHOSEN if here else look)
    return fit(shown, SIGNS_WIDTH, right=True)
