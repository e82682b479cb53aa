"""The template of a document: only its looks are taken from it, and a bad one is refused.

A template may hold a letterhead, which stays and is told. Its own words on the page go, and so do
its comments, its building blocks and what it says of its maker. One that would fetch something
from elsewhere when the document is opened is refused: a document for the force loads nothing.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.package import OpcPackage
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.package import Package

from fieldkit.feedback.document.make_template import TEMPLATE
from fieldkit.service import RefusedError
from fieldkit.wording.format import shorten

LARGEST_BYTES = 20 * 2**20
"""Bytes of a template once unpacked: a letterhead with its pictures is far smaller."""
_IS_TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_SAFE_LINK = RELATIONSHIP_TYPE.HYPERLINK
"""The one thing outside a document that is fetched only when a person presses it."""

_ASIDES = frozenset(
    ("comments", "commentsExtended", "commentsIds", "commentsExtensible", "people",
     "glossaryDocument", "thumbnail", "extended-properties", "custom-properties", "customXml")
)  # fmt: skip
"""The last word of what a part is to a document, of the parts that are in no page of it."""
_BESIDE_THE_PAGE = frozenset(
    (
        CONTENT_TYPE.WML_HEADER,
        CONTENT_TYPE.WML_FOOTER,
        CONTENT_TYPE.WML_FOOTNOTES,
        CONTENT_TYPE.WML_ENDNOTES,
    )
)
"""The parts of a template with words that stay."""
_SETTINGS_ASIDE = ("w:docVars", "w:mailMerge")
"""Settings in which a template keeps words of its own: what macros noted, whom letters went to."""

ROLES: dict[str, tuple[tuple[str, ...], str]] = {
    "title": (("Title", "Heading 1"), "the title"),
    "subtitle": (("Subtitle", "Heading 2"), "the line below the title"),
    "heading 1": (("Heading 1",), "headings of sections"),
    "heading 2": (("Heading 2", "Heading 1"), "headings within a section"),
    "heading 3": (("Heading 3", "Heading 2", "Heading 1"), "small headings"),
    "bullets": (("List Bullet",), "lists"),
    "table": (("Table Grid",), "tables"),
}
"""What of a document has a style of its own: the styles taken, the first one known, and its name
in a sentence."""


class TemplateError(RefusedError):
    """A template cannot be used; nothing was written."""


@dataclass(slots=True)
class Looks:
    """Holds an opened template: a document without words, and the styles it has for each role.

    Attributes:
        document: python-docx's document, empty.
        styles: the name of the style for each role of :data:`ROLES`; None where it has none.
        remarks: what it lacks and what was left out of it, as sentences.
    """

    document: Any
    styles: dict[str, str | None] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def words_brought(data: bytes) -> list[str]:
    """Return the words that a .docx has of its template.

    Those are headers, footers and notes, a paragraph each; what pictures in them are called; names
    of styles and of files inside.
    """
    document = Document(io.BytesIO(data))
    package = cast(Any, document.part.package)
    words = [str(style.name or "") for style in document.styles]
    for part in package.iter_parts():
        words.append(re.sub(r"[_.\-/]+", " ", str(part.partname)))
        if part.content_type not in _BESIDE_THE_PAGE:
            continue
        element = parse_xml(part.blob)
        words += ["".join(_texts(one)) for one in element.iter(qn("w:p"))]
        for named in (*element.iter(qn("wp:docPr")), *element.iter(qn("pic:cNvPr"))):
            words += [str(named.get(name, "")) for name in ("name", "descr", "title")]
    return words


def _texts(paragraph: Any) -> Iterator[str]:
    """Yield the texts of a paragraph, a blank for each tab and line end in it."""
    for piece in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
        yield str(piece.text or "") if piece.tag == qn("w:t") else " "


def open_template(path: Path | None = None) -> Looks:
    """Open a template, or fieldkit's own where none is named.

    Raises :class:`TemplateError` for a file that is none, is too large, holds macros or would
    fetch something from elsewhere.
    """
    document = _opened(path or TEMPLATE)
    looks = Looks(document)
    if _clear(document):
        looks.remarks.append("The template's own words on the page were left out.")
    _drop_asides(document)
    _show_all(document)
    if head := _letterhead(document):
        looks.remarks.append(f"The template's letterhead stays, in these words: “{head}”.")
    find_styles(looks)
    return looks


def find_styles(looks: Looks) -> None:
    """Find the style of each role in a document, and remark on those that it has not."""
    document = looks.document
    for role, (names, what) in ROLES.items():
        wanted = WD_STYLE_TYPE.TABLE if role == "table" else WD_STYLE_TYPE.PARAGRAPH
        known = {style.name for style in document.styles if style.type == wanted}
        found = next((name for name in names if name in known), None)
        looks.styles[role] = found
        if found != names[0]:
            instead = f"“{found}”" if found else "plain text"
            looks.remarks.append(
                f"The template has no style “{names[0]}”, so {what} took {instead}. The words are "
                "the same."
            )


def _opened(path: Path) -> Any:
    try:
        data = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            size = sum(one.file_size for one in package.infolist())
            if size > LARGEST_BYTES:
                raise TemplateError(
                    f"“{path.name}” was not taken as a template: it unpacks to more than "
                    f"{LARGEST_BYTES // 2**20} MiB. Nothing was written; take a smaller one."
                )
            if package.testzip() is not None:
                raise zipfile.BadZipFile
        package_parts = cast(Any, OpcPackage).open(io.BytesIO(data))
        kind = package_parts.main_document_part.content_type
        if kind not in (CONTENT_TYPE.WML_DOCUMENT_MAIN, _IS_TEMPLATE):
            raise TemplateError(
                f"“{path.name}” was not taken as a template: it is no plain Word document or "
                "template (.docx or .dotx), or it holds macros. Nothing was written; save it as "
                "one of these and try again."
            )
        _refuse_elsewhere(package_parts, path)
        if kind == _IS_TEMPLATE:
            data = _as_document(data)
        document = Document(io.BytesIO(data))
        if not document.sections:
            raise ValueError("no section")
        _ = list(document.styles)
    except TemplateError:
        raise
    except OSError as error:
        raise TemplateError(
            f"The template “{path.name}” could not be read: {error.strerror or error}. Nothing was "
            "written; name a .docx that is there."
        ) from None
    except Exception:  # whatever the libraries say of a file that is no Word document
        raise TemplateError(
            f"“{path.name}” was not taken as a template: it is damaged, or no Word document. "
            "Nothing was written; open it in a word processor, save it as .docx and try again."
        ) from None
    return document


def _refuse_elsewhere(package: Any, path: Path) -> None:
    for source in (package, *package.iter_parts()):
        for relation in source.rels.values():
            if relation.is_external and relation.reltype != _SAFE_LINK:
                raise TemplateError(
                    f"“{path.name}” was not taken as a template: when a document made from it is "
                    "opened, something would be fetched from elsewhere (such as a linked picture "
                    "or a template on a server). Nothing was written; break the link in the "
                    "template and try again."
                )


def _as_document(data: bytes) -> bytes:
    """Return a .dotx as a .docx: only what it calls itself differs."""
    package = cast(Any, Package).open(io.BytesIO(data))
    package.main_document_part._content_type = CONTENT_TYPE.WML_DOCUMENT_MAIN
    out = io.BytesIO()
    package.save(out)
    return out.getvalue()


def _drop_asides(document: Any) -> None:
    """Take out what is in no page: comments, who wrote them, building blocks, data, the maker."""
    for source in (document.part, document.part.package):
        for name, relation in list(source.rels.items()):
            if relation.reltype.rsplit("/", 1)[-1] in _ASIDES:
                del source.rels[name]
    settings = document.settings.element
    for tag in _SETTINGS_ASIDE:
        for words in settings.findall(qn(tag)):
            settings.remove(words)


def _show_all(document: Any) -> None:
    """Let no style hide text, and no page begin at another number than 1 or stand in columns."""
    for tag in ("w:vanish", "w:webHidden", "w:specVanish"):
        for hidden in list(document.styles.element.iter(qn(tag))):
            hidden.getparent().remove(hidden)
    for section in document.sections:
        for tag in ("w:pgNumType", "w:cols", "w:textDirection", "w:lnNumType"):
            for setting in section._sectPr.findall(qn(tag)):
                section._sectPr.remove(setting)


def _letterhead(document: Any) -> str:
    """Return the words of headers and footers, which go with every page."""
    parts = [
        part
        for section in document.sections
        for kind in ("header", "footer")
        for part in (
            getattr(section, kind),
            getattr(section, f"first_page_{kind}"),
            getattr(section, f"even_page_{kind}"),
        )
        if not part.is_linked_to_previous
    ]
    texts = ("".join(each.text or "" for each in p._element.iter(qn("w:t"))) for p in parts)
    return shorten(" · ".join(dict.fromkeys(" ".join(one.split()) for one in texts if one)), 200)


def _clear(document: Any) -> bool:
    """Take out all but the last section's own page; says whether there were words."""
    body = document.element.body
    words = any(paragraph.text.strip() for paragraph in document.paragraphs)
    words = words or bool(document.tables)
    for child in list(body):
        if not child.tag.endswith("}sectPr"):
            body.remove(child)
    return words
