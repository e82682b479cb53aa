"""Tables and bars of plain characters, for a terminal, a file or a screen reader."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

_GAP = 2
_NARROWEST_LABEL = 12


def grid(
    corner: str, headings: Sequence[str], rows: Sequence[Sequence[str]], width: int
) -> list[str]:
    """A table: labels to the left, figures to the right under headings broken between words.

    Where the headings do not fit, they become numbers explained below.

    Args:
        corner: heading of the first column.
        headings: the others.
        rows: a label and a cell for each heading.
        width: columns of the terminal.
    """
    shown = list(headings)
    legend: list[str] = []
    sizes = _sizes(shown, rows)
    if sum(sizes) + _GAP * len(sizes) + _NARROWEST_LABEL > width:
        shown = [str(number) for number in range(1, len(headings) + 1)]
        legend = textwrap.wrap(
            "; ".join(f"{n} = {word}" for n, word in zip(shown, headings, strict=True)), width
        )
        sizes = _sizes(shown, rows)
    longest = max([len(corner), *(len(row[0]) for row in rows)])
    label = min(longest, max(_NARROWEST_LABEL, width - sum(sizes) - _GAP * len(sizes)))
    broken = [textwrap.wrap(heading, size) for heading, size in zip(shown, sizes, strict=True)]
    corner_lines = textwrap.wrap(corner, label)
    height = max([len(corner_lines), *map(len, broken)])
    lines = []
    for level in range(height):
        first = _from_below(corner_lines, level, height)
        cells = [_from_below(words, level, height) for words in broken]
        lines.append(_line(first, cells, label, sizes))
    lines.append("-" * (label + sum(sizes) + _GAP * len(sizes)))
    for row in rows:
        first, *more = textwrap.wrap(row[0], label) or [""]
        lines.append(_line(first, row[1:], label, sizes))
        lines += more
    return [line.rstrip() for line in lines] + legend


def bars(rows: Sequence[tuple[str, str, int]], width: int) -> list[str]:
    """Bars of ``#``: what, who, how many; one to a case where they fit, else to scale."""
    what = max((len(row[0]) for row in rows), default=0)
    who = max((len(row[1]) for row in rows), default=0)
    most = max((row[2] for row in rows), default=0)
    digits = len(str(most))
    room = max(width - what - who - digits - 3 * _GAP, 10)
    scale = 1 if most <= room else room / most
    lines = []
    before = None
    for label, side, count in rows:
        bar = "#" * (max(1, round(count * scale)) if count else 0)
        shown = "" if label == before else label
        before = label
        gap = " " * _GAP
        sides = f"{side:<{who}}{gap}" if who else ""
        lines.append(f"{shown:<{what}}{gap}{sides}{count:>{digits}}{gap}{bar}".rstrip())
    return lines


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Break text into lines, those after the first indented a little more when any is."""
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent + "  " * bool(indent)
    )


def _sizes(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    return [
        max(
            [*(len(word) for word in heading.split()), *(len(row[place + 1]) for row in rows)],
            default=1,
        )
        for place, heading in enumerate(headings)
    ]


def _from_below(lines: Sequence[str], level: int, height: int) -> str:
    place = level - (height - len(lines))
    return lines[place] if place >= 0 else ""


def _line(first: str, cells: Sequence[str], label: int, sizes: Sequence[int]) -> str:
    gap = " " * _GAP
    return f"{first:<{label}}" + "".join(
        f"{gap}{cell:>{size}}" for cell, size in zip(cells, sizes, strict=True)
    )
