"""What in a document for the force reads as if a machine had put it together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldkit.feedback.document.blocks import (
    Bullets,
    Facts,
    Grid,
    Heading,
    Paragraph,
    Written,
    column_widths,
    texts,
)

_SIGNS = {
    "a day as the store has it": re.compile(r"\d{4}-\d\d-\d\d"),
    "an id": re.compile(r"(?<!NCPI )\b[0-9a-f]{8}(-[0-9a-f]{4})*\b"),
    "the name of a field": re.compile(r"\b[a-z]+_[a-z_]+\b"),
    "two stops": re.compile(r"(?<!\.)\.\.(?!\.)|\.[,;:]|[,;:]\.|!\.|\?\."),
    "a stop before a bracket": re.compile(r"[.,;:] \("),
    "nothing of nothing": re.compile(r"\b0 of 0\b|\bone of one\b|\bnone of none\b"),
    "a wrong plural": re.compile(r"\b(1|one) (cases|findings|points|actions|times|grades)\b"),
    "a gap": re.compile(r"  |\(\)|“”|\bNone\b| [.,;:]"),
}


def machine_like(document: Written) -> list[str]:
    """Return what a reader would stumble over, in words; nothing where all reads well."""
    return [*_words(document), *_order(document), *_tables(document)]


def _words(document: Written) -> Iterator[str]:
    for text in document.texts:
        yield from (f"{what}: {text}" for what, sign in _SIGNS.items() if sign.search(text))


def _order(document: Written) -> Iterator[str]:
    for block, follows in zip(document.blocks, (*document.blocks[1:], None), strict=True):
        if isinstance(block, Heading):
            lower = isinstance(follows, Heading) and follows.level > block.level
            if follows is None or (isinstance(follows, Heading) and not lower):
                yield f"nothing below the heading: {block.text}"
        elif not any(texts(block)) or (isinstance(block, Bullets) and not all(block.texts)):
            yield f"an empty block: {block}"
        elif isinstance(block, Paragraph) and block.text.strip() in ("–", "-"):
            yield f"a paragraph that says nothing, after: {block.lead}"
        elif isinstance(block, Facts):
            yield from (f"no value: {name}" for name, value in block.rows if not value)


def _tables(document: Written) -> Iterator[str]:
    for table in (one for one in document.blocks if isinstance(one, Grid)):
        if not table.rows:
            yield f"a table without rows: {table.headings}"
        counts = [cell for row in table.rows for at, cell in enumerate(row) if at in table.figures]
        if counts and not any(cell.strip("0") for cell in counts):
            yield f"a table of noughts: {table.headings}"
        widths = column_widths(table, 470, letter=6, margins=10)
        for at, column in enumerate(zip(table.headings, *table.rows, strict=True)):
            longest = max((len(word) for text in column for word in text.split()), default=0)
            if 6 * min(longest, 16) + 10 > widths[at]:
                yield f"a word is broken in a column: {table.headings[at]}"
