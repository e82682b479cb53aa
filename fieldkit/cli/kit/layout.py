"""Plain-text layout of what commands print: aligned columns, and headed pieces of prose."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

GAP = "  "


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return columns to the left, each as wide as its widest cell; the last one runs free."""
    lines = [[" ".join(cell.split()) for cell in row] for row in (headings, *rows)]
    sizes = [max(len(line[place]) for line in lines) for place in range(len(headings))]
    shown = [
        GAP.join(f"{cell:<{size}}" for cell, size in zip(line, sizes, strict=True)).rstrip()
        for line in lines
    ]
    shown.insert(1, "-" * min(max(map(len, shown)), sum(sizes) + len(GAP) * (len(sizes) - 1)))
    return "\n".join(shown)


def pairs(rows: Iterable[tuple[str, str]], width: int) -> str:
    """Return what it is to the left, what is said of it to the right, empty ones left out."""
    filled = [(label, text) for label, text in rows if text]
    size = max((len(label) for label, _ in filled), default=0)
    lines: list[str] = []
    for label, text in filled:
        head = f"{label:<{size}}{GAP}"
        for number, line in enumerate(paragraphs(text, max(width - len(head), 20))):
            lines.append((head if number == 0 else " " * len(head)) + line)
    return "\n".join(line.rstrip() for line in lines)


def paragraphs(text: str, width: int) -> list[str]:
    """Return the lines of a text, each broken between words."""
    return [
        piece for line in text.splitlines() for piece in textwrap.wrap(line, width) or [""]
    ] or [""]
