"""The lines of a case audit; where there is no room for all, sections fold to their heading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.reactive import reactive

from screens.casework.case_rows import Row
from screens.kit.drawing.row_list import DrawRow, RowList
from screens.kit.drawing.rows import between, strong
from screens.kit.drawing.signs import glyph, sign, style

DIGITS = "123456789"
"""The keys that grade the row the cursor is on."""
FOLDED_FIRST = "Timeliness"
"""The section that is opened last where there is room: a timeline stands beside it."""
Summary = Callable[[str], Content]
"""Returns what is told of a section in its heading."""


class AuditList(RowList):
    """Lists the rows; digits grade the one the cursor is on.

    ``highlighted`` is the number of a row, whether or not its section is open: the section that the
    cursor comes to opens, and those for which there is no room fold to their heading.
    """

    BINDINGS: ClassVar = [Binding(digit, f"screen.digit({digit})", show=False) for digit in DIGITS]
    highlighted: reactive[int | None] = reactive(None, init=False, repaint=False)

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._summary: Summary = lambda section: Content("")
        self._lines: list[tuple[int | None, str]] = []
        """For each line its row, and of a heading its section; neither of the two for a rule."""
        self._open: frozenset[str] = frozenset()

    def show_audit(self, rows: Sequence[Row], draw: DrawRow, summary: Summary, at: int) -> None:
        """Show these rows from now on, the cursor on one of them."""
        self._rows, self._summary = rows, summary
        self.show_rows(len(rows), draw, at)

    @property
    def section(self) -> str:
        """Return the section that the cursor is in; empty for the criteria."""
        at = self.highlighted
        return self._rows[at].section if at is not None and at < len(self._rows) else ""

    @property
    def line_count(self) -> int:
        """Return how many lines there are, headings and the rule among them."""
        return len(self._lines)

    def line_of(self, number: int) -> int:
        """Return the line of a row; of a folded one that of its heading."""
        for line, (row, section) in enumerate(self._lines):
            if row == number:
                return line
            if row is None and section and section == self._rows[number].section:
                folded = line
        return folded if self._lines else 0

    def number_at(self, line: int) -> int | None:
        """Return the row that stands in a line; None for headings and the rule."""
        return self._lines[line][0] if 0 <= line < len(self._lines) else None

    def lay_out(self) -> None:
        """Open the section of the cursor and what there is room for; the others fold."""
        sections = list(dict.fromkeys(row.section for row in self._rows))
        sizes = {name: sum(row.section == name for row in self._rows) for name in sections}
        free = self._page() - sizes.get("", 0) - len(sections)
        opened = {"", self.section}
        free -= sizes.get(self.section, 0) if self.section else 0
        for name in sorted(sections, key=lambda one: one == FOLDED_FIRST):
            if name not in opened and sizes[name] <= free:
                opened.add(name)
                free -= sizes[name]
        self._open = frozenset(opened)
        before, lines = "", self._lines
        self._lines = []
        for number, row in enumerate(self._rows):
            if row.section != before:
                if not before:
                    self._lines.append((None, ""))
                self._lines.append((None, row.section))
                before = row.section
            if row.section in opened:
                self._lines.append((number, ""))
        if self._lines != lines:
            self.refresh()
        super().lay_out()

    def draw_row(self, number: int) -> None:
        """Draw a row again, and the heading of its section, which tells of it."""
        super().draw_row(number)
        heading = (None, self._rows[number].section)
        if heading[1] and heading in self._lines:
            self.draw_line(self._lines.index(heading))

    def watch_highlighted(self, before: int | None, now: int | None) -> None:
        """Open the section that the cursor came to."""
        self.lay_out()
        super().watch_highlighted(before, now)

    def between(self, line: int, width: int) -> Content:
        """Return a rule, or the heading of a section with what is told of it."""
        section = self._lines[line][1]
        if not section:
            return Content.styled(glyph("rule") * width, style("rule"))
        fold = sign("open" if section in self._open else "closed")
        head = Content.assemble(fold, " ", strong(section) if section in self._open else section)
        return between(head, self._summary(section), width)

    def next_section(self) -> None:
        """Put the cursor on the first row of the next section; after the last, on the criteria."""
        at = self.highlighted or 0
        after = (n for n, row in enumerate(self._rows) if n > at and row.section != self.section)
        self.highlighted = next(after, 0)
