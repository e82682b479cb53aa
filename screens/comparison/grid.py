"""Figures side by side and bars, drawn so that they are read without colour."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from textual.content import Content

from fieldkit.comparison.output.grid import (
    NARROWEST_LABEL,
    bar_parts,
    column_sizes,
    heading_lines,
)
from fieldkit.comparison.output.layout import Bar, Cell, Column, Table
from fieldkit.wording.format import clean, line
from screens.kit.drawing import heat
from screens.kit.drawing.chips import Grades
from screens.kit.drawing.rows import muted
from screens.kit.drawing.signs import glyph, style

WORDS_FROM = 90
"""Columns from which a grade heads its column in words."""


def text(words: str, width: int, style: str = "") -> list[Content]:
    """Break sentences to the width."""
    wrapped = textwrap.wrap(" ".join(clean(words).split()), max(width, 20))
    return [Content.styled(words, style) for words in wrapped] or [Content("")]


def joined(lines: Iterable[Content]) -> Content:
    """Put lines under each other."""
    return Content("\n").join(lines)


def drawn(table: Table, width: int, grades: Grades | None = None) -> list[Content]:
    """Draw a table: labels left, figures right under headings broken between words.

    Cases with a grade stand on a ground that is the stronger the more they are; noughts are grey,
    and totals bold, under a rule where they are a row. Where ``grades`` are given, their letters
    head the columns of a narrow table.
    """
    headings = list(table.headings)
    if grades is not None and width < WORDS_FROM:
        named = {column.heading for column in table.columns if column.kind == "grade"}
        headings = [grades.chip(one).plain.strip() if one in named else one for one in headings]
    counts = [
        cell.count or 0
        for _, cells in table.rows
        for column, cell in zip(table.columns, cells, strict=True)
        if column.kind == "grade"
    ]
    most = max(counts, default=0)
    rows = [(label, [_styled(*pair, most) for pair in pairs]) for label, pairs in table.shown]
    printed = [[label, *(words for words, _ in cells)] for label, cells in rows]
    sizes = column_sizes(headings, printed)
    longest = max([len(table.corner), *(len(label) for label, _ in rows)])
    wide = max(min(width - sum(sizes) - 2 * len(sizes), longest), NARROWEST_LABEL)
    lines = []
    for first, *words in heading_lines([line(table.corner, wide)], headings, sizes):
        cells = "".join(f"  {word:>{size}}" for word, size in zip(words, sizes, strict=True))
        lines.append(muted((first.ljust(wide) + cells).rstrip()))
    rule = Content.styled(glyph("rule") * (wide + sum(sizes) + 2 * len(sizes)), style("rule"))
    lines.append(rule)
    for at, (label, cells_) in enumerate(rows):
        if at == len(table.rows):
            lines.append(rule)
        first, *more = textwrap.wrap(" ".join(clean(label).split()), wide) or [""]
        figures: list[str | tuple[str, str]] = []
        for (words_, look), size in zip(cells_, sizes, strict=True):
            shown = f"{words_:>{size}}"
            figures += ["  ", (shown, look) if look else shown]
        lines += [Content.assemble(first.ljust(wide), *figures), *(Content(f"  {w}") for w in more)]
    return lines


def _styled(column: Column, cell: Cell, most: int) -> tuple[str, str]:
    """Return what stands in a cell, and its style; empty for plain."""
    count = cell.count or 0
    if column.kind != "grade":
        styles = {"total": "bold", "state": "" if count else "$text-muted"}
        return clean(cell.text), styles.get(column.kind, "")
    warm = heat.step(count, most)
    look = f"bold $heat-same-{warm}-on on $heat-same-{warm}" if count else "$text-muted"
    return f" {count:>4} ", look


def bars(rows: Sequence[Bar], width: int) -> list[Content]:
    """Draw bars, one to a case where they fit, each with its count before it."""
    return [
        Content.assemble(
            what, muted(who), (count, "bold"), (glyph("bar done") * length, style("bar done"))
        )
        for what, who, count, length in bar_parts(rows, width)
    ]
