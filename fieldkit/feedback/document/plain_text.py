"""A document as lines of a terminal, as it will read: the page that is looked at before it goes."""

from __future__ import annotations

from collections.abc import Iterator
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
        yield from _cells(tuple((f"{one}:", two) for one, two in block.rows), (3, 7), width, ())
    else:
        yield from _table(block, width)


def _table(table: Grid, width: int) -> Iterator[tuple[str, bool]]:
    figures = table.figures
    for line, _ in _cells((table.headings,), table.widths, width, figures):
        yield line, True
    yield from _cells(table.rows, table.widths, width, figures)


def _cells(
    rows: tuple[tuple[str, ...], ...],
    widths: tuple[int, ...],
    width: int,
    figures: tuple[int, ...],
) -> Iterator[tuple[str, bool]]:
    """Yield rows of cells side by side, each wrapped within its own column."""
    room = max(width - GAP * (len(widths) - 1), len(widths))
    columns = [max(room * share // sum(widths), 1) for share in widths]
    for row in rows:
        cells = [wrap(plain(text), columns[at]) or [""] for at, text in enumerate(row)]
        for number in range(max(map(len, cells))):
            parts = [cell[number] if number < len(cell) else "" for cell in cells]
            yield (
                (" " * GAP)
                .join(
                    part.rjust(columns[at]) if at in figures else part.ljust(columns[at])
                    for at, part in enumerate(parts)
                )
                .rstrip(),
                False,
            )
