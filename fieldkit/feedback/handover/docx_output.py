"""The hand-over as a Word document, by python-docx; plain styles that any template restyles."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from fieldkit.comparison.numbers import plain
from fieldkit.comparison.output.layout import Table
from fieldkit.feedback.handover.blocks import Block, Bullets, Handover, Heading, Paragraph


def to_docx(handover: Handover) -> bytes:
    """Return the page as the bytes of a .docx, the marking in each header and footer."""
    document = Document()
    for edge in (document.sections[0].header, document.sections[0].footer):
        line = edge.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.add_run(plain(handover.marking)).bold = True
    for block in handover.blocks:
        _add(document, block)
    about = document.core_properties
    about.title = f"Hand-over, {plain(handover.force)}"
    # The library's own template says who made the template, and when.
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.created = about.modified = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add(document: Any, block: Block) -> None:
    if isinstance(block, Heading):
        document.add_heading(plain(block.text), level=block.level)
    elif isinstance(block, Paragraph):
        for line in filter(str.strip, block.text.splitlines()):
            document.add_paragraph().add_run(plain(line)).bold = block.strong
    elif isinstance(block, Bullets):
        for text in block.texts:
            document.add_paragraph(plain(text), style="List Bullet")
    else:
        _add_table(document, block)


def _add_table(document: Any, table: Table) -> None:
    grid = document.add_table(rows=0, cols=1 + len(table.columns), style="Table Grid")
    for number, row in enumerate(table.texts):
        cells = grid.add_row().cells
        for place, text in enumerate(row):
            line = cells[place].paragraphs[0]
            line.add_run(plain(text)).bold = number == 0
            if place:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph()
