"""The Word document: A4, British English, page numbers, marked pages, tables that hold together.

Its looks come from a template: our own, which is made anew here, or another, which changes no word.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.feedback.document.blocks import (
    Bullets,
    Facts,
    Grid,
    Heading,
    Paragraph,
    Written,
    column_widths,
    figures_grid,
    grid,
)
from fieldkit.feedback.document.docx_output import to_docx
from fieldkit.feedback.document.make_template import TEMPLATE, make_template
from fieldkit.feedback.document.markdown_output import to_markdown
from fieldkit.feedback.document.plain_text import to_lines
from fieldkit.feedback.document.template import TemplateError
from fieldkit.feedback.handover.give import hand_over
from storage.records.log import disclosures
from storage.vault.vault import Vault
from tests.fieldkit.feedback.words import walk

ATTACHED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
MARKING = "OFFICIAL-SENSITIVE"
A4 = (11906, 16838)
"""In twentieths of a point (ISO 216 in WordprocessingML's unit)."""
ROWS = [("Domestic abuse", 4, 2), ("Missing children", 1, 0)]
PAGE = Written(
    "Written feedback",
    "Westshire Constabulary",
    MARKING,
    "NCPI 1, version 2",
    (
        Facts((("To", "Chief constable"), ("From", "The inspection team"))),
        Heading("Summary"),
        Paragraph("What was found."),
        Paragraph("Risk is set once.", "1. Concern."),
        Paragraph("Accepted.", "The force's response:", inset=True),
        Bullets(("one", "two")),
        Heading("Tables", 2),
        Paragraph("These are the figures."),
        figures_grid("Type", ["good", "inadequate"], ROWS, totals=True),
        grid(("Case", "Why"), [("WST-001", "a long reason " * 40)] * 30, (1, 5)),
        Heading("Annex", new_page=True),
        Heading("Deeper", 3),
    ),
)


def size(section: Any) -> tuple[int, int]:
    return section.page_width.twips, section.page_height.twips


def made(template: Path | None = None) -> Any:
    return Document(io.BytesIO(to_docx(PAGE, template)[0]))


def test_our_template_is_what_its_script_makes() -> None:
    assert TEMPLATE.read_bytes() == make_template()


def test_it_is_a4_in_british_english_with_page_numbers() -> None:
    word = made()
    [section] = word.sections
    assert size(section) == A4
    languages = {one.get(qn("w:val")) for one in word.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    codes = "".join(one.text for one in section.footer._element.iter(qn("w:instrText")))
    assert codes.split() == ["PAGE", "NUMPAGES"]
    texts = [one.text for one in section.footer.paragraphs]
    assert texts == ["NCPI 1, version 2 · Page 1 of 1", MARKING]
    assert [one.text for one in section.header.paragraphs] == [MARKING]
    about = word.core_properties
    assert (about.title, about.author) == ("Written feedback: Westshire Constabulary", "")


def test_tables_keep_their_widths_headings_and_rows() -> None:
    word = made()
    facts, figures, long = word.tables
    [leading] = [one for one in word.paragraphs if one.text == "These are the figures."]
    assert leading.paragraph_format.keep_with_next is True
    for table in (facts, figures, long):
        widths = [column.width for column in table.columns]
        assert abs(sum(widths) - Mm(166)) < Mm(1)
        for row in table.rows:
            assert [cell.width for cell in row.cells] == widths
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None
        assert table.autofit is False
    for table in (figures, long):
        heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert heads == [True, *([False] * (len(table.rows) - 1))]
    aligned = [[cell.paragraphs[0].alignment for cell in row.cells] for row in figures.rows]
    assert {tuple(row) for row in aligned} == {(None, 2, 2)}
    assert {cell.paragraphs[0].alignment for row in long.rows for cell in row.cells} == {None}
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in figures.rows]
    assert kept == [True, True, None]


WIDE = "acknowledged requires improvement"
COLUMNS = Grid(
    ("Finding", "Why", "Force: requires improvement", "Total"),
    (("12", WIDE, "1", "2"), ("3", "a long text " * 9, "1", "acknowledged")),
    (1, 30, 2, 1),
)


@pytest.mark.parametrize("room", [470, 320, 300])
def test_a_column_is_never_narrower_than_its_longest_word(room: int) -> None:
    widths = column_widths(COLUMNS, room, letter=6, margins=10)
    needed = [6 * len(word) + 10 for word in ("Finding", "acknowledged", "improvement",
                                              "acknowledged")]  # fmt: skip
    assert all(map(int.__ge__, widths, needed)) and room - 4 <= sum(widths) <= room
    # The column that was given most keeps most.
    assert room < 400 or widths[1] == max(widths)


@pytest.mark.parametrize("size", [9, 14, 18])
def test_columns_make_room_for_larger_letters_of_a_template(tmp_path: Path, size: int) -> None:
    def enlarge(word: Any) -> None:
        word.styles["Normal"].font.size = Pt(size)

    facts, *_ = made(styled(enlarge, tmp_path / "large.docx")).tables
    named = max(len(word) for row in facts.rows for word in row.cells[0].text.split())
    assert facts.columns[0].width >= Pt(0.65 * size * named + 10) - Pt(1)


def test_columns_give_way_alike_where_there_is_no_room() -> None:
    assert sum(column_widths(COLUMNS, 100, letter=6)) <= 100
    endless = Grid(("", ""), (("A" * 900, "b"),), (1, 1))
    assert column_widths(endless, 300, letter=6) == [150, 150]


def styled(change: Callable[[Any], None], path: Path) -> Path:
    """Write a template like ours but for what ``change`` does to it."""
    word = Document(str(TEMPLATE))
    change(word)
    word.save(str(path))
    return path


def letterhead(word: Any) -> None:
    word.sections[0].header.paragraphs[0].text = "Inspectorate of Practice"
    word.sections[0].footer.paragraphs[0].text = "1 Long Street"
    word.styles["Heading 1"].font.color.rgb = RGBColor(200, 0, 0)


def every_edge(word: Any) -> None:
    word.sections[0].different_first_page_header_footer = True
    word.settings.odd_and_even_pages_header_footer = True
    word.sections[0].first_page_header.paragraphs[0].text = "First"


def american(word: Any) -> None:
    word.sections[0].page_width, word.sections[0].page_height = Mm(216), Mm(279)
    for one in word.styles.element.iter(qn("w:lang")):
        one.set(qn("w:val"), "en-US")


def form_letterhead(word: Any) -> None:
    """A header that is only a table, as letterheads are, and a footer that is only a field."""
    header, footer = word.sections[0].header, word.sections[0].footer
    header.add_table(1, 1, Mm(100)).cell(0, 0).text = "Inspectorate"
    header._element.remove(header.paragraphs[0]._p)
    field = OxmlElement("w:sdt")
    content = OxmlElement("w:sdtContent")
    field.append(content)
    content.append(footer.paragraphs[0]._p)
    footer._element.append(field)


def large_sheet(word: Any) -> None:
    section = word.sections[0]
    section.page_width, section.left_margin, section.right_margin = Mm(420), Mm(120), Mm(120)
    section.top_margin = Mm(-20)


def hidden(word: Any) -> None:
    word.styles["Normal"].font.hidden = True
    columns, numbers = OxmlElement("w:cols"), OxmlElement("w:pgNumType")
    columns.set(qn("w:num"), "3")
    numbers.set(qn("w:start"), "7")
    word.sections[0]._sectPr.append(columns)
    word.sections[0]._sectPr.append(numbers)


def commented(word: Any) -> None:
    line = word.add_paragraph("x")
    word.add_comment(line.runs, text="Ask J. Smith.", author="J. Smith", initials="JS")


def own_words(word: Any) -> None:
    word.add_paragraph("Delete this and type here.")
    word.add_table(2, 2).cell(0, 0).text = "a table"
    word.add_section()


def bare(word: Any) -> None:
    for style in list(word.styles):
        if style.name in ("List Bullet", "Table Grid", "Heading 3", "Subtitle"):
            style.delete()


def no_language(word: Any) -> None:
    defaults = word.styles.element.find(qn("w:docDefaults"))
    word.styles.element.remove(defaults)


@pytest.mark.parametrize(
    "change",
    [
        letterhead,
        every_edge,
        american,
        own_words,
        bare,
        no_language,
        form_letterhead,
        large_sheet,
        hidden,
        commented,
    ],
)
def test_another_template_changes_looks_and_no_word(
    change: Callable[[Any], None], tmp_path: Path
) -> None:
    template = styled(change, tmp_path / "their.docx")
    data, remarks = to_docx(PAGE, template)
    word = Document(io.BytesIO(data))
    assert walk(word) == walk(made())
    assert size(word.sections[0]) == A4
    assert {one.get(qn("w:val")) for one in word.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    kinds = ["header", "footer"]
    if change is every_edge:
        kinds += ["first_page_header", "first_page_footer", "even_page_header", "even_page_footer"]
    for section in word.sections:
        for kind in kinds:
            edge = getattr(section, kind)
            lines = [one.text for one in edge.paragraphs]
            outer = edge._element[0 if "header" in kind else -1]
            assert "".join(one.text for one in outer.iter(qn("w:t"))) == MARKING, kind
            assert ("Page 1 of 1" in " ".join(lines)) == ("footer" in kind), kind
    page: Any = word.sections[0]
    assert page.page_width - page.left_margin - page.right_margin > Mm(100) and page.top_margin > 0
    inside = zipfile.ZipFile(io.BytesIO(data))
    everything = b"".join(map(inside.read, inside.namelist()))
    for words in (b"w:vanish", b"w:cols", b"w:pgNumType", b"Smith", b"type here"):
        assert words not in everything
    named = any("Inspectorate" in one for one in remarks)
    assert named == (change in (letterhead, form_letterhead))
    if change is letterhead:
        assert word.sections[0].header.paragraphs[1].text == "Inspectorate of Practice"
        assert word.styles["Heading 1"].font.color.rgb == RGBColor(200, 0, 0)
    lacking = [one for one in remarks if "has no style" in one]
    assert len(lacking) == (4 if change is bare else 0), remarks
    own = any("own words" in one for one in remarks)
    assert own == (change in (own_words, commented))


def test_a_template_of_the_other_ending_is_taken(tmp_path: Path) -> None:
    out = tmp_path / "their.dotx"
    with zipfile.ZipFile(TEMPLATE) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(b"document.main+xml", b"template.main+xml")
            new.writestr(name, data)
    assert walk(made(out)) == walk(made())


def not_zipped(path: Path) -> None:
    path.write_bytes(b"Dear all, the template is on the stick.")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(make_template()[:-900])


def no_document(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("notes.txt", "x")


def with_macros(path: Path) -> None:
    with zipfile.ZipFile(TEMPLATE) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main"
            new.writestr(name, data.replace(kind, b"application/vnd.ms-word.document."
                                                  b"macroEnabled.main"))  # fmt: skip


def too_large(path: Path) -> None:
    shutil.copy(TEMPLATE, path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/big.bin", bytes(21 * 2**20))


def linked(kind: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        styled(lambda word: word.part.relate_to("http://elsewhere/x", kind, True), path)

    return make


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (not_zipped, "damaged, or no Word document"),
        (empty, "damaged, or no Word document"),
        (cut, "damaged, or no Word document"),
        (no_document, "damaged, or no Word document"),
        (with_macros, "holds macros"),
        (too_large, "unpacks to more than 20 MiB"),
        (linked(ATTACHED), "fetched from elsewhere"),
        (linked(RELATIONSHIP_TYPE.IMAGE), "fetched from elsewhere"),
        (lambda path: None, "could not be read"),
        (Path.mkdir, "could not be read"),
    ],
)
def test_a_bad_template_is_refused_before_anything_is_written(
    vault: Vault, inspection: str, tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    template = tmp_path / "their.docx"
    make(template)
    with pytest.raises(TemplateError, match=said) as refused:
        hand_over(vault, inspection, tmp_path / "page.docx", "chief", template=template)
    assert "Nothing was written" in str(refused.value)
    assert not (tmp_path / "page.docx").exists()
    assert vault.read_now(disclosures) == []


def test_a_link_that_a_person_presses_is_no_reason_to_refuse(tmp_path: Path) -> None:
    path = tmp_path / "their.docx"
    linked(RELATIONSHIP_TYPE.HYPERLINK)(path)
    assert walk(made(path)) == walk(made())


_SIGNS = st.text(
    st.one_of(
        st.characters(), st.sampled_from("\x00\x0b\x1f\x7f\ud800\ufffe\uffff\ufdd0\U0001ffff")
    ),
    max_size=12,
)


@given(_SIGNS)
@settings(max_examples=20)
def test_no_text_in_the_store_stops_a_document(text: str) -> None:
    blocks = (Heading(text), Paragraph(text, text), Bullets((text,)), Facts(((text, text),)),
              grid([text, text], [[text, text]], (1, 1)))  # fmt: skip
    page = Written(text, text, text, text, blocks)
    assert zipfile.ZipFile(io.BytesIO(to_docx(page)[0])).testzip() is None
    assert to_markdown(page) and list(to_lines(page, 20))


def test_a_word_processor_opens_it(tmp_path: Path) -> None:
    """Rendered where LibreOffice is found; the XML is looked at above."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not on this machine, so no page was rendered")
    path = tmp_path / "page.docx"
    path.write_bytes(to_docx(PAGE)[0])
    subprocess.run(
        [office, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)],
        check=True,
        timeout=300,
        capture_output=True,
    )
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
