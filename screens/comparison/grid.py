"""Figures side by side and bars, drawn so that they are read without colour."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from textual.content import Content

from fieldkit.comparison.numbers import percent
from fieldkit.comparison.output.grid import (
    NARROWEST_LABEL,
    bar_parts,
    column_sizes,
    heading_lines,
)
from fieldkit.comparison.output.layout import Bar, Cell, Column, Table
from fieldkit.wording.format import clean, line

FULL, RULE = "█", "─"
SHADES = " ░▒▓█"
SHADED = "Shade: ░ few … █ most."


def shade(count: int, most: int) -> str:
    """Say how heavy a cell is beside the heaviest, as one sign that is read without colour.

    Nothing for none; else a quarter, half, three quarters or more of the most in any cell.
    """
    if not count or not most:
        return SHADES[0]
    return SHADES[min(-(-4 * count // most), 4)]


def text(words: str, width: int, style: str = "") -> list[Content]:
    """Break sentences to the width."""
    wrapped = textwrap.wrap(" ".join(clean(words).split()), max(width, 20))
    return [Content.styled(words, style) for words in wrapped] or [Content("")]


def joined(lines: Iterable[Content]) -> Content:
    """Put lines under each other."""
    return Content("\n").join(lines)


def drawn(table: Table, width: int, *, shares: bool = False) -> list[Content]:
    """Draw a table: labels left, figures right under headings broken between words.

    Cases with a grade are shaded, noughts are dim, and totals bold, under a rule where they are a
    row. With ``shares`` each count stands beside its share of the row.
    """
    grades = [
        cell.count or 0
        for _, cells in table.rows
        for column, cell in zip(table.columns, cells, strict=True)
        if column.kind == "grade"
    ]
    most = max(grades, default=0)
    rows = [
        (label, [_styled(table, *pair, most, shares, at == len(table.rows)) for pair in pairs])
        for at, (label, pairs) in enumerate(table.shown)
    ]
    printed = [[label, *(words for words, _ in cells)] for label, cells in rows]
    sizes = column_sizes(table.headings, printed)
    longest = max([len(table.corner), *(len(label) for label, _ in rows)])
    wide = max(min(width - sum(sizes) - 2 * len(sizes), longest), NARROWEST_LABEL)
    lines = []
    for first, *words in heading_lines([line(table.corner, wide)], table.headings, sizes):
        shown = first.ljust(wide) + _right(words, sizes)
        lines.append(Content.styled(shown.rstrip(), "bold"))
    rule = Content.styled(RULE * (wide + sum(sizes) + 2 * len(sizes)), "dim")
    lines.append(rule)
    for at, (label, cells) in enumerate(rows):
        if at == len(table.rows):
            lines.append(rule)
        first, *more = textwrap.wrap(" ".join(clean(label).split()), wide) or [""]
        figures = [
            (shown, style) if style else shown
            for (words, style), size in zip(cells, sizes, strict=True)
            for shown in [_right([words], [size])]
        ]
        lines += [Content.assemble(first.ljust(wide), *figures), *(Content(f"  {w}") for w in more)]
    return lines


def _styled(
    table: Table, column: Column, cell: Cell, most: int, shares: bool, below: bool
) -> tuple[str, str]:
    """Return what stands in a cell, and how it is set off (``bold``, ``dim`` or plain)."""
    count = cell.count or 0
    if column.kind != "grade":
        styles = {"total": "bold", "state": "" if count else "dim"}
        return clean(cell.text), styles.get(column.kind, "")
    if below:
        return f"{count}   ", "bold"
    if not table.totals:
        return f"{shade(count, most) * 2} {count:>2}", "" if count else "dim"
    share = percent(cell.share) if cell.share is not None and count else ""
    before = f"{share:>5} " if shares else ""
    style = "dim" if not count else "bold" if len(cell.mark) > 1 else ""
    return f"{before}{shade(count, most) * 2} {count:>3} {cell.mark:<2}", style


def _right(words: Iterable[str], sizes: Iterable[int]) -> str:
    return "".join(f"  {word:>{size}}" for word, size in zip(words, sizes, strict=True))


def bars(rows: Sequence[Bar], width: int) -> list[Content]:
    """Draw bars; the force's in another colour."""
    return [
        Content.assemble(
            what,
            (who, "dim") if who else "",
            count,
            (FULL * length, "$accent" if who.startswith("force") else "$primary"),
        )
        for what, who, count, length in bar_parts(rows, width)
    ]
