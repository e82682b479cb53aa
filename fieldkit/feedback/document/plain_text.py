"""A document as lines of a terminal, as it will read: the page that is looked at before it goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from fieldkit.comparison.numbers import plain
from fieldkit.feedback.document.blocks import (
    Block,
    Bullets,
    Facts,
    Grid,
    Heading,
    Paragraph,
    Written,
    column_widths,
)

GAP = 2
"""Columns between two cells."""


def to_lines(document: Written, width: int) -> Iterator[tuple[str, bool]]:
    """Yield the lines of a document in that many columns, each with whether it stands out."""
    for text in filter(None, (document.title, document.subtitle)):
        yield from ((line, True) for line in wrap(plain(text), width))
    for block in document.blocks:
        yield from _block(block, width)


def _block(block: Block, width: int) -> Iterator[tuple[str, bool]]:
    if isinstance(block, Heading):
        yield ("─" * width if block.new_page else ""), False
        yield from ((line, True) for line in wrap(plain(block.text), width))
    elif isinstance(block, Paragraph):
        margin = "   " * block.inset
        for number, line in enumerate(block.text.splitlines() or [""]):
            lead = f"{plain(block.lead)} " if block.lead and not number else ""
            text = f"{lead}{plain(line)}".strip()
            yield from (
                (each, False)
                for each in wrap(text, width, initial_indent=margin, subsequent_indent=margin)
            )
    elif isinstance(block, Bullets):
        for text in block.texts:
            shown = wrap(plain(text), width, initial_indent=" – ", subsequent_indent="   ")
            yield from ((line, False) for line in shown)
    elif isinstance(block, Facts):
        rows = tuple((f"{one}:", two) for one, two in block.rows)
        yield from _table(Grid(("", ""), rows, (3, 7)), width, head=False)
    else:
        yield from _table(block, width)


def _table(table: Grid, width: int, *, head: bool = True) -> Iterator[tuple[str, bool]]:
    """Yield the rows of a table, each cell wrapped within its own column."""
    room = max(width - GAP * (len(table.widths) - 1), len(table.widths))
    columns = column_widths(table, room, letter=1)
    for line in _cells(table.headings, columns, table.figures) if head else ():
        yield line, True
    for row in table.rows:
        yield from ((line, False) for line in _cells(row, columns, table.figures))


def _cells(row: tuple[str, ...], columns: Sequence[int], figures: tuple[int, ...]) -> Iterator[str]:
    cells = [wrap(plain(text), columns[at]) or [""] for at, text in enumerate(row)]
    for number in range(max(map(len, cells))):
        parts = [cell[number] if number < len(cell) else "" for cell in cells]
        yield (
            (" " * GAP)
            .join(
                part.rjust(columns[at]) if at in figures else part.ljust(columns[at])
                for at, part in enumerate(parts)
            )
            .rstrip()
        )
