"""The shape every step is shown in: a title, what was found and why, lines, and the next key."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from fieldkit.wording.format import clean, line, shorten

FILE, SHEET, COLUMNS, GRADES, PROBLEMS, EXACT, QUEUE, SUMMARY = range(8)
"""The steps in order, by their places in the trail."""
STEPS = ("File", "Sheet", "Columns", "Grades", "Problems", "Matches", "Queue", "Summary")


@dataclass(frozen=True)
class Line:
    """Holds one line of a step; ``key`` is what a key pressed on it is about."""

    content: Content
    key: str = ""


@dataclass(frozen=True)
class Step:
    """Holds a step as it is drawn.

    Attributes:
        step: its place in :data:`STEPS`.
        said: what was found, and why.
        lines: the list.
        hint: the keys of the step, in words.
    """

    step: int
    said: str
    lines: Sequence[Line]
    hint: str


def trail(step: int, width: int, steps: Sequence[str] = STEPS) -> Content:
    """Say where in the journey a step is: all steps, the present one in brackets."""
    words = [f"[{name}]" if at == step else f" {name} " for at, name in enumerate(steps)]
    parts: list[str | tuple[str, str]] = []
    for at, word in enumerate(words):
        parts.append((word, "bold") if at == step else (word, "dim"))
    whole = Content.assemble(*parts)
    return (
        whole
        if len(whole.plain) <= width - 2
        else Content(f"{step + 1} of {len(steps)}: {steps[step]}")
    )


def two_lines(first: str, second: str, style: str = "") -> Content:
    """Return a line with a remark under it."""
    return Content.assemble((clean(first), style), "\n", (clean(second), "dim"))


def fit(text: str, width: int) -> str:
    """Return a line of at most ``width`` columns; unlike `line` it keeps its spaces."""
    flat = clean(text).replace("\n", " ").replace("\t", " ")
    return shorten(flat, width)


def middle(text: str, width: int) -> str:
    """Return a name cut in its middle: names of files differ at their ends."""
    flat = clean(text)
    end = (width - 1) // 2
    return flat if len(flat) <= width else f"{flat[: width - 1 - end]}…{flat[-end:]}"


def cells(values: Sequence[str], sizes: Sequence[int]) -> str:
    """Return values side by side, each cut or filled to its size."""
    return " ".join(
        f"{line(value, size):<{size}}" for value, size in zip(values, sizes, strict=True)
    ).rstrip()


def indented(text: str, width: int) -> str:
    """Return a sentence broken to the width, each line four columns in."""
    broken = textwrap.wrap(" ".join(clean(text).split()), max(width - 4, 20))
    return "\n".join(f"    {one}" for one in broken)
