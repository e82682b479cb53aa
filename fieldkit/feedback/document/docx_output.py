"""A document as Word's .docx, by python-docx: the looks of a template, the words of the blocks.

Whatever the template: A4, British English, the marking above and below on every page, “Page X of
Y”, headings of tables repeated, and no row broken across two pages.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx.enum.section import WD_ORIENTATION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, Twips

from fieldkit.comparison.numbers import plain
from fieldkit.feedback.document.blocks import (
    Block,
    Bullets,
    Facts,
    Grid,
    Heading,
    Paragraph,
    Written,
    column_widths,
)
from fieldkit.feedback.document.template import Looks, open_template

LANGUAGE = "en-GB"
_INSET, _MARGIN = Mm(6), Mm(22)
_CELL_MARGINS = Pt(10)
"""What stands free beside the text of a cell, left and right together."""
_LETTER_SHARE = 0.7
"""The width of a letter of a bold word, as a share of the size of the text: that of broad fonts."""
_USUAL_SIZE = Pt(10)
"""The size of text where no style names one."""
_KEPT_TOGETHER = 12
"""Rows up to which a table is kept on one page."""


def to_docx(document: Written, template: Path | None = None) -> tuple[bytes, tuple[str, ...]]:
    """Return the bytes of a .docx, and what the template lacked, as sentences.

    Raises :class:`fieldkit.feedback.document.template.TemplateError`.
    """
    looks = open_template(template)
    set_up(looks, document)
    add_title(looks, document)
    add_blocks(looks, document.blocks)
    return finished(looks, document), tuple(looks.remarks)


def set_up(looks: Looks, document: Written) -> None:
    """Set language, page, marking and numbers of pages, whatever the template has."""
    word = looks.document
    _set_language(word)
    for section in word.sections:
        _set_page(section)
        for edge in _edges(word, section, "header"):
            _mark(edge, document.marking)
        for edge in _edges(word, section, "footer"):
            _number_pages(edge, document)


def add_title(looks: Looks, document: Written) -> None:
    """Put the title and the line below it at the end."""
    _paragraph(looks, document.title, "title")
    if document.subtitle:
        _paragraph(looks, document.subtitle, "subtitle")


def add_blocks(looks: Looks, blocks: Sequence[Block]) -> None:
    """Put blocks at the end of the document."""
    for block, follows in zip(blocks, (*blocks[1:], None), strict=True):
        _add(looks, block)
        if isinstance(block, Paragraph) and isinstance(follows, Grid | Bullets):
            # What leads on to a table or a list does not end a page.
            looks.document.paragraphs[-1].paragraph_format.keep_with_next = True


def finished(looks: Looks, document: Written) -> bytes:
    """Return the bytes of the document, which says nothing of who made it on which computer."""
    word = looks.document
    about = word.core_properties
    about.title = plain(f"{document.title}: {document.subtitle}".strip(": "))[:255]
    # A template says who made the template, and when.
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.subject = about.category = about.content_status = about.identifier = about.version = ""
    about.language = LANGUAGE
    about.revision = 1
    about.created = about.modified = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _set_language(word: Any) -> None:
    """Set British English as every style's language, so that no word is marked as misspelt."""
    styles = word.styles.element
    defaults = styles.find(qn("w:docDefaults"))
    if defaults is None:
        defaults = OxmlElement("w:docDefaults")
        styles.insert(0, defaults)
    outer = defaults.find(qn("w:rPrDefault"))
    if outer is None:
        outer = OxmlElement("w:rPrDefault")
        defaults.insert(0, outer)
    run = outer.find(qn("w:rPr"))
    if run is None:
        run = OxmlElement("w:rPr")
        outer.append(run)
    if run.find(qn("w:lang")) is None:
        run.append(OxmlElement("w:lang"))
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    settings = word.settings.element
    for language in settings.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), LANGUAGE)


def _set_page(section: Any) -> None:
    section.orientation = WD_ORIENTATION.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    for first, second, most in (("left", "right", Mm(90)), ("top", "bottom", Mm(140))):
        margins = [getattr(section, f"{side}_margin") for side in (first, second)]
        if None in margins or min(margins) < 0 or sum(margins) > most:
            # Made for a larger sheet, or not set.
            for side in (first, second):
                setattr(section, f"{side}_margin", _MARGIN)


def _edges(word: Any, section: Any, name: str) -> Iterator[Any]:
    """Yield every header or footer that a page of a section may have."""
    yield getattr(section, name)
    if section.different_first_page_header_footer:
        yield getattr(section, f"first_page_{name}")
    if word.settings.odd_and_even_pages_header_footer:
        yield getattr(section, f"even_page_{name}")


def _mark(edge: Any, marking: str) -> None:
    """Write the marking at the top of an edge, above a letterhead."""
    edge.is_linked_to_previous = False
    line = edge.paragraphs[0] if _is_empty(edge) else edge.add_paragraph()
    # A letterhead may begin with a table or with a field that a form fills.
    edge._element.insert(0, line._p)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.add_run(plain(marking)).bold = True


def _number_pages(edge: Any, document: Written) -> None:
    """Write the foot with “Page X of Y”, and the marking as the last line of the page."""
    edge.is_linked_to_previous = False
    style = edge.paragraphs[-1].style if edge.paragraphs else None
    line = edge.paragraphs[0] if _is_empty(edge) else edge.add_paragraph(style=style)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.add_run(f"{plain(document.foot)} · Page " if document.foot else "Page ")
    _field(line, "PAGE", "1")
    line.add_run(" of ")
    _field(line, "NUMPAGES", "1")
    below = edge.add_paragraph(style=line.style)
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    below.add_run(plain(document.marking)).bold = True


def _is_empty(edge: Any) -> bool:
    """Say whether a header or footer holds one empty line and nothing else."""
    lines = edge.paragraphs
    return len(edge._element) == 1 and len(lines) == 1 and len(lines[0]._p) <= 1


def _field(line: Any, name: str, shown: str) -> None:
    """Add a field that a word processor works out; ``shown`` stands there until it does."""
    for kind in ("begin", "", "separate", "text", "end"):
        run = line.add_run(shown if kind == "text" else "")
        if kind == "":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {name} "
            run._r.append(code)
        elif kind != "text":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def _add(looks: Looks, block: Block) -> None:
    if isinstance(block, Heading):
        line = _paragraph(looks, block.text, f"heading {min(block.level, 3)}")
        line.paragraph_format.page_break_before = block.new_page or None
    elif isinstance(block, Paragraph):
        _add_paragraph(looks, block)
    elif isinstance(block, Bullets):
        for text in block.texts:
            listed = looks.styles["bullets"] is not None
            line = _paragraph(looks, text if listed else f"• {plain(text)}", "bullets")
            if not listed:
                line.paragraph_format.left_indent = _INSET
    elif isinstance(block, Facts):
        _add_table(looks, Grid(("", ""), block.rows, (3, 14)), head=False)
    else:
        _add_table(looks, block)


def _paragraph(looks: Looks, text: str, role: str) -> Any:
    name = looks.styles[role]
    line = looks.document.add_paragraph(style=name)
    # A heading without a style of its own is still told from the text.
    line.add_run(plain(text)).bold = None if name or role == "bullets" else True
    if role.startswith("heading"):
        line.paragraph_format.keep_with_next = True
    return line


def _add_paragraph(looks: Looks, block: Paragraph) -> None:
    lines = list(filter(str.strip, block.text.splitlines())) or [""] * bool(block.lead)
    for number, text in enumerate(lines):
        line = looks.document.add_paragraph()
        if block.lead and not number:
            line.add_run(f"{plain(block.lead)} ").bold = True
        line.add_run(plain(text))
        if block.inset:
            line.paragraph_format.left_indent = _INSET
        line.paragraph_format.keep_together = True


def _add_table(looks: Looks, table: Grid, *, head: bool = True) -> None:
    """Add a table whose columns keep their widths; short ones stay on one page."""
    word = looks.document
    section = word.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    style = looks.styles["table"] if head else None
    widths = column_widths(table, room, letter=_letter(word, style), margins=_CELL_MARGINS)
    rows = ([table.headings] if head else []) + list(table.rows)
    grid = word.add_table(rows=0, cols=len(widths))
    if style:
        grid.style = style
    grid.autofit = False
    whole = grid._tbl.tblPr.find(qn("w:tblW"))
    whole.set(qn("w:type"), "dxa")
    whole.set(qn("w:w"), str(sum(widths) // Twips(1)))
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    for number, texts in enumerate(rows):
        row = grid.add_row()
        is_head, is_last = head and number == 0, number == len(rows) - 1
        _set_row(row, is_head=is_head)
        strong = is_head or (table.totals and is_last)
        for at, text in enumerate(texts):
            cell = row.cells[at]
            cell.width = widths[at]
            line = cell.paragraphs[0]
            line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(0)
            line.add_run(plain(text)).bold = strong or (not head and at == 0) or None
            if at in table.figures:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if is_head or (len(rows) <= _KEPT_TOGETHER and not is_last):
                line.paragraph_format.keep_with_next = True
    # A table touches the next one, and the text, where nothing stands between.
    between = word.add_paragraph().paragraph_format
    between.space_before, between.space_after = Pt(0), Pt(0)
    between.line_spacing = Pt(8)


def _letter(word: Any, table_style: str | None) -> int:
    """Return the width of a letter in a table, by the size that the template gives to its text."""
    normal = word.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    of_text = normal.font.size if normal is not None else None
    of_table = word.styles[table_style].font.size if table_style else None
    sizes = word.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:sz/@w:val")
    of_all = Pt(float(sizes[0]) / 2) if sizes and sizes[0].isdigit() else _USUAL_SIZE
    return round(_LETTER_SHARE * (of_text or of_table or of_all))


def _set_row(row: Any, *, is_head: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))
