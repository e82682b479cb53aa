"""What a page of a document shows: the document word for word, and what is to be kept in mind."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from textual.content import Content

from fieldkit.feedback.document.blocks import Written
from fieldkit.feedback.document.plain_text import to_lines
from screens.kit.drawing.rows import strong, wrapped
from screens.kit.drawing.scroll_panel import Rows
from screens.kit.text import plain


def document_lines(document: Written, width: int) -> Rows:
    """Return a document word for word, as wide as it is shown."""
    made: list[tuple[str, bool]] = []
    for text, bold in to_lines(document, width):
        # Lines are broken by letters there, and some letters are two columns wide.
        fits = cell_len(text) <= width
        parts = [text] if fits else [one.plain for one in wrapped(text, width)]
        made += [(part, bold) for part in parts]

    def row(number: int) -> Content:
        text, bold = made[number]
        return strong(plain(text)) if bold else plain(text)

    return Rows(len(made), row)


def remark_rows(remarks: Iterable[str], width: int) -> list[Content]:
    """Return the rows of what is to be kept in mind, each remark after a dash."""
    return [row for one in remarks for row in wrapped(f"– {one}", width)]
