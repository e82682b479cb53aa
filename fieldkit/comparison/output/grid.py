"""Tables and bars of plain characters, for a terminal, a file or a screen reader."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from fieldkit.comparison.output.layout import Bar, Table

_GAP = "  "
NARROWEST_LABEL = 12


def grid(table: Table, width: int) -> list[str]:
    """Draw a table: labels left, figures right under headings broken between words.

    Where the headings do not fit, they become numbers explained below.
    """
    (corner, *headings), *rows = table.texts
    legend: list[str] = []
    sizes = column_sizes(headings, rows)
    if sum(sizes) + len(_GAP) * len(sizes) + NARROWEST_LABEL > width:
        numbers = [str(number) for number in range(1, len(headings) + 1)]
        legend = textwrap.wrap(
            "; ".join(f"{n} = {word}" for n, word in zip(numbers, headings, strict=True)), width
        )
        headings = numbers
        sizes = column_sizes(headings, rows)
    longest = max(len(row[0]) for row in table.texts)
    label = min(longest, max(NARROWEST_LABEL, width - sum(sizes) - len(_GAP) * len(sizes)))
    lines = [
        _line(first, words, label, sizes)
        for first, *words in heading_lines(textwrap.wrap(corner, label), headings, sizes)
    ]
    lines.append("-" * (label + sum(sizes) + len(_GAP) * len(sizes)))
    for row in rows:
        first, *more = textwrap.wrap(row[0], label) or [""]
        lines += [_line(first, row[1:], label, sizes), *more]
    return [line.rstrip() for line in lines] + legend


def column_sizes(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return how wide each column is: as its widest cell and its longest word."""
    return [
        max([*map(len, heading.split()), *(len(row[place]) for row in rows)], default=1)
        for place, heading in enumerate(headings, 1)
    ]


def heading_lines(
    corner: Sequence[str], headings: Sequence[str], sizes: Sequence[int]
) -> list[list[str]]:
    """Break headings to their columns; each line begins with the corner's, all end below."""
    columns = [corner, *map(textwrap.wrap, headings, sizes)]
    height = max(1, *map(len, columns))
    padded = [[""] * (height - len(lines)) + list(lines) for lines in columns]
    return [list(line) for line in zip(*padded, strict=True)]


def bars(rows: Sequence[Bar], width: int) -> list[str]:
    """Draw bars of ``#``."""
    return ["".join((*words, "#" * length)).rstrip() for *words, length in bar_parts(rows, width)]


def bar_parts(rows: Sequence[Bar], width: int) -> Iterator[tuple[str, str, str, int]]:
    """Yield what, who, how many and the bar's length; one to a case where they fit, else to scale.

    What is counted is only said on the first of its lines.
    """
    label_size = max((len(label) for label, _, _ in rows), default=0)
    side_size = max((len(side) for _, side, _ in rows), default=0)
    most = max((count for _, _, count in rows), default=0)
    digits = len(str(most))
    room = max(width - label_size - side_size - digits - 3 * len(_GAP), 10)
    scale = min(1.0, room / most) if most else 1.0
    before = None
    for label, side, count in rows:
        shown = "" if label == before else label
        before = label
        yield (
            f"{shown:<{label_size}}{_GAP}",
            f"{side:<{side_size}}{_GAP}" if side_size else "",
            f"{count:>{digits}}{_GAP}",
            max(1, round(count * scale)) if count else 0,
        )


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Break text into lines, those after the first indented a little more when any is."""
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent + "  " * bool(indent)
    )


def _line(first: str, cells: Sequence[str], label: int, sizes: Sequence[int]) -> str:
    return f"{first:<{label}}" + "".join(
        f"{_GAP}{cell:>{size}}" for cell, size in zip(cells, sizes, strict=True)
    )
