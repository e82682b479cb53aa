"""One force over time: its inspections, what they found, and what was written between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlmodel import Session
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from fieldkit.followup.collected.over_time import ForceOverTime, SideBySide, force_over_time
from fieldkit.followup.outcomes.counted import Count
from fieldkit.service import existing
from fieldkit.wording.dates import day_words, short_day
from screens.kit.drawing.rows import fit, lines, muted, strong, wrapped
from screens.kit.drawing.scroll_panel import ScrollPanel
from screens.kit.page import Page
from storage.ops.text import many
from storage.records import Inspection

LABEL, COLUMN = 21, 18
"""Columns of a grade, and of one inspection beside others."""


def _read(s: Session, inspection_id: str) -> ForceOverTime:
    return force_over_time(s, existing(s, Inspection, inspection_id).force)


class ForcePage(Page):
    """Shows the open inspection's force: inspections and tables, and what followed them."""

    PAGE = "force"
    CSS = """
    ForcePage #columns { height: 1fr; }
    ForcePage ScrollPanel { height: 1fr; }
    ForcePage.-wide #columns { layout: horizontal; }
    ForcePage.-wide ScrollPanel { width: 2fr; height: 100%; }
    ForcePage.-wide #inspections { width: 3fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._seen: ForceOverTime | None = None

    def body(self) -> Iterable[Widget]:
        """Yield the two panels; they fill when the vault answers."""
        with Container(id="columns"):
            yield ScrollPanel("Inspections", id="inspections")
            yield ScrollPanel("What followed", id="followed")

    async def load(self) -> None:
        """Read what is known of the force."""
        self._seen = await self.vault.read(_read, self.inspection_id)
        self._draw()
        if self.focused is None:
            self.query_one("#inspections").focus()

    def action_next_panel(self) -> None:
        """Go to the other panel, whose text the arrows move."""
        self.focus_next()

    def _draw(self) -> None:
        seen = self._seen
        if seen is None:
            return
        first, second = (
            self.query_one(f"#{name}", ScrollPanel) for name in ("inspections", "followed")
        )
        first.show(
            lambda width: lines(*_inspections(seen, width)),
            title=seen.force,
            figure=many(len(seen.inspections), "inspection"),
        )
        second.show(
            lambda width: lines(*_followed(seen, width)),
            figure=many(len(seen.recommendations), "recommendation"),
        )


def _inspections(seen: ForceOverTime, width: int) -> Iterator[Content]:
    for one in seen.inspections:
        yield from wrapped(strong(one.called[:1].upper() + one.called[1:]), width)
        published = f"published {day_words(one.published)}; " if one.published else ""
        made = f"{one.agreed} agreed, {one.practice} of notable practice, "
        made += f"{one.recommended} recommended"
        yield from wrapped(muted(published + made), width, indent=2)
        for name, grade in one.judged:
            yield from wrapped(f"  {name}: {grade}", width, indent=4)
    for each in seen.tables:
        yield Content("")
        yield from wrapped(strong(each.title[:1].upper() + each.title[1:]), width)
        yield from _table(seen, each, width)
    if seen.tables:
        words = "Other cases each time: distributions stand side by side, nothing is tested."
        yield Content("")
        yield from wrapped(muted(words), width)


def _table(seen: ForceOverTime, each: SideBySide, width: int) -> Iterator[Content]:
    """Draw as many inspections side by side as there is room for, the latest of them."""
    room = max((width - LABEL) // COLUMN, 1)
    places = list(range(len(seen.inspections)))[-room:]
    heads = (fit(muted(seen.inspections[place].starts[:4] or "?"), COLUMN) for place in places)
    yield Content.assemble(fit("", LABEL), *heads)
    for grade, counts in each.rows:
        cells = (fit(each.words(counts[place], place), COLUMN) for place in places)
        yield Content.assemble(fit(grade, LABEL), *cells)


def _counted(seen: ForceOverTime, row: Sequence[Count | None]) -> str:
    """Return an indicator in words, with the year of each inspection that it was counted in."""
    pairs = zip(seen.inspections, row, strict=True)
    told = (f"{of.starts[:4]} {one.words}" for of, one in pairs if one and one.words)
    return "; ".join(told)


def _followed(seen: ForceOverTime, width: int) -> Iterator[Content]:
    """Draw recommendations, practice, what is counted, and what was written between."""
    sections: list[tuple[str, list[str]]] = [
        (
            "Recommendations",
            [f"{one.called}. {one.wording} ({one.status})" for one in seen.recommendations],
        ),
        ("Notable practice", [one.wording for one in seen.practice]),
        (
            "Counted for outcomes",
            [f"{label.rstrip('.')}: {_counted(seen, row)}" for label, row in seen.indicators],
        ),
        (
            "Between inspections, and since",
            [f"{short_day(one.day)}, {one.place}: {one.text}" for one in seen.between],
        ),
    ]
    for title, texts in sections:
        yield strong(title)
        for text in texts or ["None yet."]:
            yield from wrapped(text, width, indent=2)
        yield Content("")
