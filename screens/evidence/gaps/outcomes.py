"""The outcomes of the programme: what bears on each here, beside the inspection before."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from fieldkit.followup.outcomes.table import Bearing, OutcomeRow, OutcomeTable, outcome_table
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import between, cut, lines, muted, strong, wrapped
from screens.kit.list_page import PanelListPage

FIGURES = ("notes", "points", "practice", "recommended")
"""What stands in a row of the list, in columns of this width."""
COLUMN = 5
HEADS = ("notes", "pts", "★", "rec")


class OutcomesPage(PanelListPage[OutcomeRow]):
    """Shows the nineteen outcomes with what is marked with them, and what is counted for one."""

    PAGE = "outcomes"
    CSS = """
    OutcomesPage #now { height: 1fr; }
    OutcomesPage #then { display: none; }
    OutcomesPage.-wide #now { height: 1fr; }
    OutcomesPage.-wide #then { display: block; height: 1fr; }
    """
    EMPTY = "The outcomes could not be read."

    def __init__(self) -> None:
        super().__init__()
        self._table: OutcomeTable | None = None

    def side(self) -> Iterable[Panel]:
        """Yield what bears on the outcome now, and what did then."""
        yield Panel("Now", id="now")
        yield Panel("Then", id="then")

    async def load(self) -> None:
        """Read the table."""
        self._table = await self.vault.read(outcome_table, self.inspection_id)
        self.show(self._table.rows)

    def _figure(self) -> Content:
        table = self._table
        bare = len(table.bare) if table is not None else 0
        return muted(f"{bare} with nothing") if bare else muted("each has something")

    def _above(self, entry: OutcomeRow, before: OutcomeRow | None) -> Content | None:
        if before is not None and before.pathway == entry.pathway:
            return None
        named = "Both pathways" if entry.pathway == "both" else entry.pathway.capitalize()
        heads = " ".join(f"{head:>{COLUMN}}" for head in HEADS)
        return between(muted(f" {named}"), muted(heads), self.listed.room)

    def _row(self, entry: OutcomeRow, width: int, *, chosen: bool) -> Content:
        numbers = [getattr(entry.now, name) for name in FIGURES]
        figures = " ".join(f"{number or '·':>{COLUMN}}" for number in numbers)
        # Where there is no room for all of its words, the short ones tell it from its neighbours.
        fits = len(entry.label) + len(figures) + 2 <= width
        label = entry.label if fits else entry.short
        return between(
            Content.assemble(" ", strong(label) if chosen else label), muted(figures), width
        )

    def _draw_side(self, entry: OutcomeRow | None) -> None:
        now, then = self.query_one("#now", Panel), self.query_one("#then", Panel)
        table = self._table
        if entry is None or table is None:
            return
        now.show(
            lambda width: _bearing(entry.now, entry.then if not self.wide else None, width),
            title=entry.label,
        )
        then.show(
            lambda width: (
                _bearing(entry.then, None, width)
                if entry.then
                else muted("No earlier inspection of this force is kept here.")
            ),
            title=f"Then: {table.called_then}" if table.called_then else "Then",
        )


def _bearing(one: Bearing, then: Bearing | None, width: int) -> Content:
    """Return what is marked and what is counted; beside it in a line what was, where asked for."""
    rows: list[Content] = wrapped(one.words or "Nothing is marked with it.", width)
    if then is not None:
        rows.append(cut(muted(f"then: {then.words or 'nothing marked'}"), width))
    for count in one.counted:
        rows += wrapped(muted(f"{count.label.rstrip('.')}:"), width)
        rows += wrapped(count.words or "not counted yet", width, indent=2)
    return lines(*rows)
