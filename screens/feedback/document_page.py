"""What a page of a document shows: the document word for word, and what is to be kept in mind."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from rich.cells import cell_len
from textual import work
from textual.content import Content

from fieldkit.feedback.document.blocks import Written
from fieldkit.feedback.document.plain_text import to_lines
from screens.kit.drawing.laid_out import stands
from screens.kit.drawing.rows import Text, strong, wrapped
from screens.kit.drawing.scroll_panel import Rows, ScrollPanel
from screens.kit.text import plain


class DocumentPanel(ScrollPanel):
    """Shows a document word for word.

    Its lines are broken beside the loop, once for a document in a width: of a long one that takes
    a third of a second.
    """

    _document: Written | None = None
    _broken: tuple[Written, int] | None = None
    """Whose lines are shown, and in how many columns."""

    def show_document(self, document: Written, *, title: Text, figure: Text, legend: Text) -> None:
        """Show a document, and set the edges."""
        self._document = document
        self.edges(title=title, figure=figure, legend=legend)
        self._draw_inside()

    def _draw_inside(self) -> None:
        """Break the lines, where the document or the width is another than what is shown."""
        document, width = self._document, self.scrollable_content_region.width
        if document is None or width <= 0:
            return
        if self._broken is None or self._broken[0] is not document or self._broken[1] != width:
            self._broken = document, width
            self._break(document, width)

    @work(exclusive=True, group="lines")
    async def _break(self, document: Written, width: int) -> None:
        """Break the lines, and show them unless there is another document or width by then."""
        made = await asyncio.to_thread(document_lines, document, width)
        if stands(self) and self._broken is not None and self._broken[0] is document:
            self._text.fill(made)


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
