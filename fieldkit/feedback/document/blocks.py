"""What a document is made of: headings, words, lists, facts and tables, without any looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldkit.comparison.numbers import plain


@dataclass(frozen=True, slots=True)
class Heading:
    """Holds a heading; ``level`` is 1 for a section, the title stands apart.

    ``new_page``: it begins a page.
    """

    text: str
    level: int = 1
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Holds a paragraph; ``lead`` are the bold words it begins with.

    ``inset``: it belongs to the paragraph before it and stands in a little.
    """

    text: str
    lead: str = ""
    inset: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """Holds short sentences under each other."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Holds what is known at the head of a document, a label and its value in each row."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Holds a table.

    Attributes:
        headings: of the columns; they are repeated on every page.
        rows: the cells as they are printed.
        widths: the share of the width that each column takes; any unit.
        figures: the columns that hold figures, which stand at the right.
        totals: the last row is a sum of the others.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    figures: tuple[int, ...] = ()
    totals: bool = False


Block = Heading | Paragraph | Bullets | Facts | Grid


@dataclass(frozen=True, slots=True)
class Written:
    """Holds a document in words.

    Attributes:
        title: what it is.
        subtitle: of whom.
        marking: printed above and below on every page.
        foot: what stands beside the number of each page, such as the reference.
        blocks: all that follows the title.
    """

    title: str
    subtitle: str
    marking: str
    foot: str
    blocks: tuple[Block, ...]

    @property
    def texts(self) -> list[str]:
        """Return every text in it, in the order in which it is read; the marking stands apart."""
        return [self.title, self.subtitle, self.foot, *(t for b in self.blocks for t in texts(b))]


LONGEST_WORD = 16
"""Characters of a word that a column makes room for; a longer one may be broken."""


def column_widths(table: Grid, room: int, *, letter: int, margins: int = 0) -> list[int]:
    """Share the width of a page among the columns of a table, so that no word is broken in one.

    Each column gets its share of the room, but never less than its longest word needs; where
    even that does not go in, all give way alike.

    Args:
        table: the table.
        room: the width of the page within its margins, in any unit.
        letter: the width of a broad letter, in the same unit.
        margins: what stands free beside the text of a cell, left and right together.
    """
    needed = [
        margins + letter * min(max(map(len, words), default=1), LONGEST_WORD)
        for column in zip(table.headings, *table.rows, strict=True)
        for words in [[word for text in column for word in text.split()]]
    ]
    if sum(needed) >= room:
        return [max(room * need // sum(needed), 1) for need in needed]
    shares = [room * share // sum(table.widths) for share in table.widths]
    widths = list(map(max, shares, needed))
    over = sum(widths) - room
    if over > 0:
        # The broad ones give what the narrow ones lack, each by what it has to spare.
        spare = [width - need for width, need in zip(widths, needed, strict=True)]
        widths = [
            width + over * has // -sum(spare) for width, has in zip(widths, spare, strict=True)
        ]
    return widths


def texts(block: Block) -> list[str]:
    """Return the texts of a block, in the order in which they are read."""
    if isinstance(block, Heading):
        return [block.text]
    if isinstance(block, Paragraph):
        return [f"{block.lead} {block.text}".strip()]
    if isinstance(block, Bullets):
        return list(block.texts)
    if isinstance(block, Facts):
        return [text for row in block.rows for text in row]
    return [text for row in (block.headings, *block.rows) for text in row]


def grid(
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    widths: Sequence[int],
    figures: Iterable[int] = (),
    *,
    totals: bool = False,
) -> Grid:
    """Return a table of anything that prints, each cell on one line."""
    return Grid(
        tuple(headings),
        tuple(tuple(plain(str(cell)) for cell in row) for row in rows),
        tuple(widths),
        tuple(figures),
        totals,
    )


def figures_grid(
    corner: str, headings: Sequence[str], rows: Iterable[Sequence[object]], *, totals: bool = False
) -> Grid:
    """Return a table of figures: labels in the first column, counts at the right of the others."""
    return grid(
        (corner, *headings),
        rows,
        (max(6 - len(headings) // 2, 3), *([2] * len(headings))),
        range(1, len(headings) + 1),
        totals=totals,
    )
