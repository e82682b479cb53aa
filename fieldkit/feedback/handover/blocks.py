"""A page of the hand-over before it is Markdown or a Word document: headings, words, tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldkit.comparison.output.layout import Cell, Column, Table


@dataclass(frozen=True, slots=True)
class Heading:
    """Holds a heading; ``level`` is 1 for the title."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Holds a paragraph."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """Holds short sentences under each other."""

    texts: tuple[str, ...]


Block = Heading | Paragraph | Bullets | Table


@dataclass(frozen=True, slots=True)
class Handover:
    """Holds what the force is given when the team leaves.

    Attributes:
        inspection_id: of which inspection.
        force: the force.
        marking: printed above and below every page.
        recipient: for whom it is, by role.
        blocks: the page.
        counts: how many records of each kind are in it.
        left_out: what is not in it, as sentences for the inspector; not part of the page.
    """

    inspection_id: str
    force: str
    marking: str
    recipient: str
    blocks: tuple[Block, ...]
    counts: dict[str, int]
    left_out: tuple[str, ...]


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Return a table of anything that prints, its labels first."""
    corner, *others = headings
    cells = ((str(label), tuple(Cell(str(one).rstrip()) for one in row)) for label, *row in rows)
    return Table("", corner, tuple(map(Column, others)), tuple(cells))
