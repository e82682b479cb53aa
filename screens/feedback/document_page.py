"""What a page of a document shows: the document word for word, and what is to be kept in mind."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from fieldkit.feedback.document.blocks import Written
from fieldkit.feedback.document.plain_text import to_lines
from screens.kit.drawing.rows import lines, strong, wrapped
from screens.kit.text import plain


def document_lines(document: Written, width: int) -> Content:
    """Return a document word for word, as wide as it is shown."""
    made = to_lines(document, width)
    return lines([strong(plain(text)) if bold else plain(text) for text, bold in made])


def remark_rows(remarks: Iterable[str], width: int) -> list[Content]:
    """Return the rows of what is to be kept in mind, each remark after a dash."""
    return [row for one in remarks for row in wrapped(f"– {one}", width)]
