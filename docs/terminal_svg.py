"""Terminal screens as small SVG: one text for each word, at its column, on the ground it has.

Textual's own export says the same in three times as many bytes, and cannot be put side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.app import App

WIDE, HIGH = 8.4, 18
"""Width and height of a cell, in the units of the picture."""
MARGIN = 12
FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"


def rows(app: App[Any], *places: Path) -> tuple[str, ...]:
    """Return what stands on the screen, each row as SVG.

    ``places`` are folders of whoever draws it, which are nobody's business and change each time.
    """
    strips = app.screen._compositor.render_strips()
    return tuple(row([_without(places, one) for one in strip]) for strip in strips)


def _without(places: Sequence[Path], segment: Segment) -> Segment:
    text = segment.text
    for place in places:
        text = text.replace(str(place), "/home/inspector").ljust(len(text))
    return Segment(text, segment.style)


def still(app: App[Any], *places: Path) -> str:
    """Return the screen as one picture, with other names for some folders; see :func:`rows`."""
    columns, lines = app.size
    drawn = "".join(
        f'<g transform="translate(0,{number * HIGH})">{each}</g>'
        for number, each in enumerate(rows(app, *places))
        if each
    )
    return f"{opening(columns * WIDE, lines * HIGH)}{drawn}</g></svg>\n"


def opening(wide: float, high: float, head: str = "") -> str:
    """Return how a picture of so many units begins, up to the group that everything stands in.

    ``head`` goes before what is drawn, such as styles.
    """
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {wide + 2 * MARGIN:.0f} {high + 2 * MARGIN:.0f}" '
        f'font-family="{FONT}" font-size="14" xml:space="preserve" role="img">{head}'
        '<rect width="100%" height="100%" rx="8" fill="#0b0e12"/>'
        f'<g transform="translate({MARGIN},{MARGIN})">'
    )


def row(segments: Sequence[Segment]) -> str:
    """Return a row of the terminal as SVG: the grounds of its cells, and the text on them."""
    grounds, texts, column = [], [], 0
    for segment in segments:
        width = segment.cell_length
        front, ground, bold = _colours(segment.style or Style())
        x, wide = column * WIDE, width * WIDE
        if ground:
            grounds.append(
                f'<rect x="{x:.1f}" width="{wide + 0.3:.1f}" height="{HIGH}" fill="{ground}"/>'
            )
        for start, word in _words(segment.text):
            weight = ' font-weight="bold"' if bold else ""
            texts.append(
                f'<text x="{(column + start) * WIDE:.1f}" y="13.5" fill="{front}"{weight} '
                f'textLength="{len(word) * WIDE:.1f}">{escape(word)}</text>'
            )
        column += width
    return "".join((*grounds, *texts))


def _words(text: str) -> Iterator[tuple[int, str]]:
    """Yield what stands between runs of blanks, each with its column."""
    at = 0
    for part in text.split("  "):
        word = part.strip()
        if word:
            yield at + len(part) - len(part.lstrip()), word
        at += len(part) + 2


def _colours(style: Style) -> tuple[str, str, bool]:
    front = style.color.get_truecolor().hex if style.color else "#e0e0e0"
    ground = style.bgcolor.get_truecolor().hex if style.bgcolor else ""
    if style.reverse:
        front, ground = ground or "#101418", front
    return front, ground, bool(style.bold)
