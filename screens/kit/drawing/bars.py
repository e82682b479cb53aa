"""Bars as text: progress, shares of a whole, columns over days, pips of a point's basis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from screens.kit.drawing.rows import cut, muted, strong
from screens.kit.drawing.signs import glyph, sign, style


@dataclass(frozen=True, slots=True)
class Share:
    """Holds one part of a stacked bar.

    Attributes:
        letter: stands inside, before the count.
        count: how many there are of it.
        style: of its cells.
    """

    letter: str
    count: int
    style: str


def bar(done: int, total: int, width: int, colour: str = "") -> Content:
    """Return a bar of so many columns, heavy for what is done and light for what is to do.

    Nothing done draws no heavy column, and all done no light one; a part always draws both.
    """
    if total <= 0 or width <= 0:
        return Content.styled(glyph("bar to do") * max(width, 0), style("bar to do"))
    share = min(max(done, 0), total)
    heavy = round(width * share / total)
    if width > 1 and 0 < share < total:
        heavy = min(max(heavy, 1), width - 1)
    return Content.assemble(
        (glyph("bar done") * heavy, colour or style("bar done")),
        (glyph("bar to do") * (width - heavy), style("bar to do")),
    )


def progress(done: int, total: int, width: int, colour: str = "") -> Content:
    """Return a bar with its figures at the right, “━━━━━━━────  61/97”, in so many columns.

    The figures of several totals of the same number of digits stand under each other.
    """
    digits = len(f"{total:,}")
    figures = Content.assemble((f"{done:>{digits},}", "bold"), (f"/{total:,}", "$text-muted"))
    room = width - figures.cell_length - 2
    if room < 3:
        return cut(figures, width)
    return Content.assemble(bar(done, total, room, colour), "  ", figures)


def stacked(shares: Sequence[Share], width: int) -> Content:
    """Return one bar of filled cells, each with its letter and count inside: “G 17 R 25 I 19”.

    Parts without a count are left out. Each is at least as wide as what stands in it; the rest is
    shared by the counts. Where all the words have no room, they stand without a bar.
    """
    parts = [one for one in shares if one.count > 0]
    if not parts:
        return muted("none yet")
    words = [f" {one.letter} {one.count:,} " for one in parts]
    free = width - sum(map(len, words))
    if free < 0:
        return cut(" ".join(f"{one.letter} {one.count:,}" for one in parts), width)
    total, given = sum(one.count for one in parts), 0
    wide: list[int] = []
    passed = 0
    for one, word in zip(parts, words, strict=True):
        passed += one.count
        upto = round(free * passed / total)
        wide.append(len(word) + upto - given)
        given = upto
    return Content.assemble(
        *(
            (f"{word:<{size}}", one.style)
            for one, word, size in zip(parts, words, wide, strict=True)
        )
    )


def columns(values: Sequence[int], labels: Sequence[str], width: int, height: int) -> list[Content]:
    """Return a chart of upright bars with figures and labels below, the last bar lit.

    Args:
        values: one for each bar, none below 0.
        labels: what stands under each.
        width: of the chart.
        height: lines of the bars, without the two lines below.
    """
    if not values:
        return [muted("none yet")]
    step = max(width // len(values), 1)
    body, most, eighths = max(step - 2, 1), max(*values, 1), glyph("eighths")
    rows: list[Content] = []
    for line in range(height, 0, -1):
        parts: list[tuple[str, str] | str] = []
        for number, value in enumerate(values):
            filled = min(max(round(value / most * height * 8) - (line - 1) * 8, 0), 8)
            cell = eighths[filled - 1] * body if filled else " " * body
            look = "$primary" if number == len(values) - 1 else style("eighths")
            parts += [(cell, look), " " * (step - body)]
        rows.append(Content.assemble(*parts))
    figures = [f"{value:,}".center(body).ljust(step) for value in values]
    names = [label[:body].center(body).ljust(step) for label in labels]
    return [cut(one, width) for one in (*rows, strong("".join(figures)), muted("".join(names)))]


def pips(count: int, of: int) -> Content:
    """Return so many filled pips of so many: “■■□”; more than there are fills them all."""
    filled = min(max(count, 0), of)
    return Content.assemble(
        (glyph("pip") * filled, style("pip")), (glyph("no pip") * (of - filled), style("no pip"))
    )


def basis(strength: str, methods: int, sources: int, people: int) -> Content:
    """Return what a point rests on as pips, and in a word how well it stands.

    Args:
        strength: ``thin``, ``adequate`` or ``strong``.
        methods: how many ways of looking there are, of three.
        sources: how many groups of people or records it came from, of three.
        people: how many inspectors entered it, of two.
    """
    return Content.assemble(
        *(pips(methods, 3), (" methods ", "$text-muted")),
        *(pips(sources, 3), (" sources ", "$text-muted")),
        *(pips(people, 2), (" people  ", "$text-muted")),
        sign(strength, strength),
    )
