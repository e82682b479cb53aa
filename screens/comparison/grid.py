"""Figures side by side and bars, drawn so that they are read without colour."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content

from screens.kit.text import clean, line

FULL, RULE = "█", "─"
SHADES = " ░▒▓█"
SHADED = "Shade: ░ few … █ most."
LEAST_LABEL = 12


@dataclass(frozen=True)
class Cell:
    """One cell of a table: what stands in it and how it is set off (``bold``, ``dim`` or plain)."""

    text: str
    style: str = ""


def shade(count: int, most: int) -> str:
    """How heavy a cell is beside the heaviest, as one sign that is read without colour.

    Nothing for none; else a quarter, half, three quarters or more of the most in any cell.
    """
    if not count or not most:
        return SHADES[0]
    return SHADES[min(-(-4 * count // most), 4)]


def text(words: str, width: int, style: str = "") -> list[Content]:
    """Sentences broken to the width."""
    flat = " ".join(clean(words).split())
    return [Content.styled(one, style) for one in textwrap.wrap(flat, max(width, 20))] or [
        Content("")
    ]


def joined(lines: Iterable[Content]) -> Content:
    """Lines under each other."""
    return Content("\n").join(lines)


def table(
    corner: str,
    headings: Sequence[str],
    rows: Sequence[tuple[str, Sequence[Cell]]],
    width: int,
    *,
    total: bool = False,
) -> list[Content]:
    """A table: labels at the left, figures at the right under headings broken between words.

    Args:
        corner: the heading of the labels.
        headings: of the figures.
        rows: a label and a cell for each heading.
        width: columns of the terminal there are.
        total: the last row is the total of those above and stands under a rule.
    """
    sizes = [
        max([*map(len, heading.split()), *(len(row[1][at].text) for row in rows), 1])
        for at, heading in enumerate(headings)
    ]
    spare = width - sum(sizes) - 2 * len(sizes)
    label = max(min(spare, max([len(corner), *(len(row[0]) for row in rows)])), LEAST_LABEL)
    broken = [textwrap.wrap(one, size) for one, size in zip(headings, sizes, strict=True)]
    height = max([1, *map(len, broken)])
    lines = []
    for level in range(height):
        first = corner if level == height - 1 else ""
        words = [_level(one, level, height) for one in broken]
        shown = line(first, label).ljust(label) + "".join(
            f"  {word:>{size}}" for word, size in zip(words, sizes, strict=True)
        )
        lines.append(Content.styled(shown.rstrip(), "bold"))
    rule = Content.styled(RULE * (label + sum(sizes) + 2 * len(sizes)), "dim")
    lines.append(rule)
    for at, (name, cells) in enumerate(rows):
        if total and at == len(rows) - 1:
            lines.append(rule)
        first, *more = textwrap.wrap(" ".join(clean(name).split()), label) or [""]
        parts: list[str | tuple[str, str]] = [first.ljust(label)]
        for cell, size in zip(cells, sizes, strict=True):
            shown = f"  {cell.text:>{size}}"
            parts.append((shown, cell.style) if cell.style else shown)
        lines.append(Content.assemble(*parts))
        lines += [Content(f"  {one}") for one in more]
    return lines


def _level(words: Sequence[str], level: int, height: int) -> str:
    place = level - (height - len(words))
    return words[place] if place >= 0 else ""


def bars(rows: Sequence[tuple[str, str, int]], width: int) -> list[Content]:
    """Bars: what, who, how many; one column to a case where they fit, else to scale."""
    what = max((len(row[0]) for row in rows), default=0)
    who = max((len(row[1]) for row in rows), default=0)
    most = max((row[2] for row in rows), default=0)
    digits = len(str(most))
    room = max(width - what - who - digits - 6, 10)
    scale = min(1.0, room / most) if most else 1.0
    lines = []
    before = ""
    for label, side, count in rows:
        shown = "" if label == before else label
        before = label
        drawn = FULL * (max(1, round(count * scale)) if count else 0)
        lines.append(
            Content.assemble(
                f"{shown:<{what}}  ",
                (f"{side:<{who}}  ", "dim") if who else "",
                f"{count:>{digits}}  ",
                (drawn, "$accent" if side.startswith("force") else "$primary"),
            )
        )
    return lines
