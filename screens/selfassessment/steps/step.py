"""The shape every step is shown in: what is asked, lines, what was found and why, and the keys."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from textual.content import Content

from fieldkit.wording.format import clean, line
from screens.kit.drawing.chips import chosen, strip
from screens.kit.drawing.panel_list import Late
from screens.kit.drawing.rows import Text, cut, muted
from screens.kit.drawing.rows import lines as under_each_other
from screens.kit.drawing.signs import glyph, sign
from screens.kit.text import plain

FILE, SHEET, COLUMNS, GRADES, PROBLEMS, EXACT, QUEUE, SUMMARY = range(8)
"""The steps in order, by their places in the trail."""
STEPS = ("File", "Sheet", "Columns", "Grades", "Problems", "Matches", "Queue", "Summary")
PROSE = 92
"""Columns that a sentence takes at most, however wide the terminal is."""
UNMATCHED = "Unmatched and problems"
"""The title of what is left over."""


@dataclass(frozen=True)
class Line:
    """Holds one line of a step; ``key`` is what a key pressed on it is about."""

    content: Content | Late
    key: str = ""


@dataclass(frozen=True)
class Step:
    """Holds a step as it is drawn.

    Attributes:
        step: its place in :data:`STEPS`.
        title: what is asked, or what is listed.
        said: what was found, and why.
        lines: the list.
        keys: what the keys of the step do in it, by their actions in ``commands.toml``.
        figure: how many there are, at the right of the title.
        matched: a second list: what is settled.
        settled: the title of that list.
        none: what stands in place of the list where it is empty.
    """

    step: int
    title: str
    said: str
    lines: Sequence[Line] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    figure: Text = ""
    matched: Sequence[Line] = ()
    settled: str = "Matched"
    none: str = ""


def trail(step: int, width: int, steps: Sequence[str] = STEPS) -> Content:
    """Say where in the journey a step is: those that are done, the present one, those to come.

    Where they have no room, those around the present one are shown.
    """
    wide = width >= 100
    parts: list[Content] = []
    for at, name in enumerate(steps):
        if at < step:
            parts.append(Content.assemble(sign("done"), " ", muted(name)))
        else:
            words = f"{at + 1} {name}"
            parts.append(chosen(words) if at == step else muted(words))
    between = muted(f" {glyph('within')} ") if wide else Content(" ")
    whole = Content.assemble(" ", between.join(parts))
    if whole.cell_length <= width:
        return whole
    done = [f"{glyph('done')} {name}" for name in steps[:step]]
    return strip(
        [*done, *(f"{at + 1} {name}" for at, name in enumerate(steps[step:], step))], step, width
    )


def two_lines(first: Text, second: Text) -> Content:
    """Return a line with a remark under it."""
    return under_each_other(first, muted(second))


def fit(text: str, width: int) -> str:
    """Return a line of at most ``width`` columns; unlike `line` it keeps its spaces."""
    flat = clean(text).replace("\n", " ").replace("\t", " ")
    return cut(plain(flat), width).plain


def middle(text: str, width: int) -> str:
    """Return a name cut in its middle: names of files differ at their ends."""
    flat = clean(text)
    end = (width - 1) // 2
    whole = len(flat) <= width
    return flat if whole else f"{flat[: width - 1 - end]}{glyph('cut')}{flat[-end:]}"


def cells(values: Sequence[str], sizes: Sequence[int]) -> str:
    """Return values side by side, each cut or filled to its size."""
    return " ".join(
        f"{fit(line(value, 400), size):<{size}}" for value, size in zip(values, sizes, strict=True)
    ).rstrip()


def indented(text: str, width: int) -> str:
    """Return a sentence broken to the width, each line four columns in."""
    room = max(min(width, PROSE) - 4, 20)
    broken = textwrap.wrap(" ".join(clean(text).split()), room)
    return "\n".join(f"    {one}" for one in broken)
