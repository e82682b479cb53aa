"""Coverage: what each criterion rests on, and where nothing was looked at while there is time."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session
from textual import on, work
from textual.containers import Container, Vertical
from textual.widget import Widget

from fieldkit.evidence.gaps.coverage import CONCERN, STRENGTH, Coverage, Row, coverage, methods
from fieldkit.evidence.gaps.criterion_evidence import MOST, Piece, evidence_on
from fieldkit.methodology import Scale
from fieldkit.service import methodology_of
from fieldkit.wording.dates import short_moment
from screens.evidence.entry_form import ask_entry
from screens.evidence.gaps import coverage_panels as panels
from screens.evidence.gaps.coverage_table import CoverageTable
from screens.kit.dialogs import Choice, Pick
from screens.kit.drawing.chips import Grades
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.signs import glyph, names
from screens.kit.page import Page

WIDE = 100
"""Columns from which the evidence of a criterion stands beside the gaps."""


def _read(s: Session, inspection_id: str) -> tuple[Coverage, Scale]:
    return coverage(s, inspection_id), methodology_of(s, inspection_id).scale_for("case")


class CoveragePage(Page):
    """Shows criteria by methods, the gaps with their keys, and the evidence under the cursor."""

    PAGE = "coverage"
    CSS_PATH = "coverage.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide"), (160, "-roomy")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-short"), (30, "-tall")]

    def __init__(self) -> None:
        super().__init__()
        self._seen: Coverage | None = None
        self._grades: Grades | None = None
        self._pieces: tuple[str, list[Piece]] = ("", [])
        """The criterion whose evidence was read last, and that evidence."""

    def body(self) -> Iterable[Widget]:
        """Yield the matrix, and the panels that explain it; they fill when the vault answers."""
        with Container(id="columns"):
            with Vertical(id="left"):
                yield CoverageTable("matrix")
                yield Panel("Where nothing has been looked at", id="gaps-below")
                yield Panel(id="criterion")
            with Vertical(id="right"):
                yield Panel("Gaps", id="gaps")
                yield Panel("What fills them", id="days")
                yield Panel("Who was heard", id="heard")

    @property
    def _table(self) -> CoverageTable:
        return self.query_one(CoverageTable)

    @property
    def _row(self) -> Row | None:
        """Return the criterion under the cursor."""
        seen = self._seen
        return seen.rows[self._table.at[0]] if seen is not None and seen.rows else None

    async def load(self) -> None:
        """Read the matrix, then the evidence of the criterion under the cursor."""
        self._seen, scale = await self.vault.read(_read, self.inspection_id)
        self._grades, self._pieces = Grades(scale), ("", [])
        self._draw()
        if self.focused is None:
            self._table.focus()
        await self._follow()

    def _draw(self) -> None:
        """Draw all panels."""
        seen = self._seen
        if seen is None:
            return
        self._table.show_coverage(seen)
        left, lacking = panels.days_left(seen), len(seen.lacking)
        below, beside = self.query_one("#gaps-below", Panel), self.query_one("#gaps", Panel)
        below.show(lambda width: panels.gaps_beside(seen, width, below.room[1]), figure=left)
        criteria = f"{lacking} criteri{'on' if lacking == 1 else 'a'}" if lacking else ""
        beside.show(lambda width: panels.gaps_wrapped(seen, width, beside.room[1]), figure=criteria)
        self.query_one("#days", Panel).show(
            lambda width: panels.days(seen, width), title=left or "What fills them"
        )
        meetings = sum(one.meetings for one in seen.heard)
        self.query_one("#heard", Panel).show(
            lambda width: panels.heard(seen, width), figure=f"{meetings:,}"
        )
        self._draw_criterion()

    def _draw_criterion(self) -> None:
        """Draw the evidence of the criterion under the cursor, as far as it is read."""
        row, grades, panel = self._row, self._grades, self.query_one("#criterion", Panel)
        if row is None or grades is None:
            return
        read, pieces = self._pieces
        known = pieces if read == row.criterion else None
        panel.show(
            lambda width: panels.criterion(row, known, grades, panel.room),
            title=f"{row.number} {row.label}",
            figure=f"{row.pieces:,} piece{'s' * (row.pieces != 1)}",
        )

    @on(CoverageTable.Moved)
    def _moved(self) -> None:
        """Follow the cursor to another criterion."""
        row = self._row
        if row is not None and row.criterion != self._pieces[0]:
            self._draw_criterion()
            self._read_evidence()

    @work(exclusive=True, group="evidence")
    async def _read_evidence(self) -> None:
        await self._follow()

    async def _follow(self) -> None:
        """Read the evidence of the criterion, where there is room for it; of a burst the last."""
        row = self._row
        if row is None or self.app.size.width < WIDE:
            return
        reading = self.vault.read(evidence_on, self.inspection_id, row, latest=panels.LATEST)
        pieces = await self.tried(reading)
        if pieces is not None and row == self._row:
            self._pieces = (row.criterion, pieces)
            self._draw_criterion()

    def on_resize(self) -> None:
        """Draw to the new size, and read what has room now."""
        super().on_resize()
        if self._loaded and self._pieces[0] == "":
            self._read_evidence()

    @work
    async def action_open(self) -> None:
        """Choose a piece of evidence of the cell, and go to where it stands."""
        row, column = self._row, self._table.column
        if row is None:
            return
        pieces = await self.tried(self.vault.read(evidence_on, self.inspection_id, row, column))
        if pieces is None:
            return
        if not pieces:
            self.fieldkit.say(_nothing(row, column))
            return
        called = methods()[column].kind if column in methods() else CONCERN
        first = f", the first {MOST}" if len(pieces) >= MOST else ""
        title = f"{row.number} {row.label}: {called}{first}"
        choices = [_choice(number, one) for number, one in enumerate(pieces)]
        chosen = await self.app.push_screen_wait(Pick(title, choices))
        if chosen is not None:
            await self._go_to(pieces[int(chosen)], row.criterion)

    async def _go_to(self, piece: Piece, criterion: str) -> None:
        """Go to the case, the entry or the point that a piece of evidence stands in."""
        if piece.kind == "case":
            await self.fieldkit.go("case", case_id=piece.id, key=criterion)
        elif piece.kind == "point":
            await self.fieldkit.go("points", point=piece.id)
        elif piece.kind == "assessment":
            await self.fieldkit.go("assessments")
        else:
            await self.fieldkit.go("entry", kind=piece.kind, record=piece.id)

    @work
    async def action_add(self, sort: str) -> None:
        """Enter an interview, a focus group, an observation or a document, as planned here."""
        entry = await ask_entry(self.fieldkit, sort)
        if entry is not None:
            self.fieldkit.say(f"{sort.capitalize()} entered; ctrl+z takes it back.")
            await self.load()


def _nothing(row: Row, column: str) -> str:
    """Say that a cell has no evidence, and which key fills it."""
    if column == CONCERN:
        return f"No concern is noted on {row.label}."
    method = methods()[column]
    if column not in row.missing:
        here = "strength is noted" if column == STRENGTH else "case is looked at"
        return f"No {here} on {row.label}."
    return f"{row.label}: {method.alone}. Press {method.key} to {method.fill}."


def _choice(number: int, piece: Piece) -> Choice:
    if piece.grade:
        return Choice(f"{number}", f"{piece.where}, {piece.grade}", piece.text or "no text")
    lead = f"{glyph(piece.sign)} " if piece.sign in names() else ""
    when = f", {short_moment(piece.when)}" if piece.when else ""
    return Choice(f"{number}", f"{lead}{piece.text}", f"{piece.where}{when}")
