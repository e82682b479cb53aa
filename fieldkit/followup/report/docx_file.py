"""The report as Word's .docx: where each section begins is a bookmark, as Word keeps them.

A file that writers changed is opened and changed in its place, so that their comments, tracked
changes, pictures and formats stay; only the sections that are made anew are taken out and put in.
What the sections were made from stands in a part of the file that no page shows.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast
from xml.sax.saxutils import escape

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from fieldkit.feedback.document.blocks import Block
from fieldkit.feedback.document.docx_output import add_blocks, add_title, finished, set_up
from fieldkit.feedback.document.template import LARGEST_BYTES, Looks, find_styles, open_template
from fieldkit.followup.report.chapters import FRONT
from fieldkit.followup.report.found import Found, read_record, record_data
from fieldkit.followup.report.gather import Report
from fieldkit.followup.report.merge import Record
from fieldkit.service import RefusedError

_PREFIX = "fieldkit_"
_NAMESPACE = "urn:fieldkit:report"
_OF_WRITERS = tuple(
    qn(tag)
    for tag in (
        "w:ins", "w:del", "w:commentRangeStart", "w:commentReference", "w:footnoteReference",
        "w:endnoteReference", "w:drawing", "w:pict",
    )
)  # fmt: skip
"""What fieldkit never writes: a section that has one was worked on, whatever its text."""
_UNSEEN = tuple(qn(tag) for tag in ("w:delText", "w:instrText", "w:delInstrText"))
"""What stands in a paragraph and not in its text: what was struck out, and where a link leads."""
_ASIDE = re.compile(r"/word/(?:comments|header\d*|footer\d*|footnotes|endnotes)\.xml")
"""The parts of a file with words that stand beside the pages' own."""
_VERSION = re.compile(r", version \d+")

Groups = dict[str, list[Any]]


def written(
    report: Report, record: Record, template: Path | None = None
) -> tuple[bytes, tuple[str, ...]]:
    """Return the bytes of a new file, and what the template lacked; raises `TemplateError`."""
    looks = open_template(template)
    document = report.handover.document
    set_up(looks, document)
    for section in report.sections:
        _add(looks, report, section.key, report.printed(section))
    _keep(looks.document, record)
    return finished(looks, document), tuple(looks.remarks)


def found_in(data: bytes, titles: Mapping[str, str]) -> Found:
    """Return what stands in a file; raises `RefusedError` for one that cannot be read."""
    word = _opened(data)
    groups = _groups(word, titles)
    return Found(
        record=_kept(word),
        texts={key: "\n".join(map(_text, group)) for key, group in groups.items()},
        marked=frozenset(
            key
            for key, group in groups.items()
            if any(True for element in group for _ in element.iter(*_OF_WRITERS))
        ),
    )


def unseen_words(data: bytes) -> list[str]:
    """Return the words that leave with a file and stand in the text of no page, by paragraph.

    Those are comments, notes, headers and footers, what a tracked change struck out, where links
    lead, and what pictures are called.
    """
    word = _opened(data)
    lines: list[str] = []
    for part in cast(Any, word.part.package).iter_parts():
        is_aside = _ASIDE.fullmatch(str(part.partname)) is not None
        if not is_aside and part is not word.part:
            continue
        element = parse_xml(part.blob)
        tags = (qn("w:t"), *_UNSEEN) if is_aside else _UNSEEN
        for paragraph in element.iter(qn("w:p")):
            lines.append("".join(one.text or "" for one in paragraph.iter(*tags)))
        for picture in (*element.iter(qn("wp:docPr")), *element.iter(qn("pic:cNvPr"))):
            lines += [picture.get(name, "") for name in ("name", "descr", "title")]
        links = (one for one in part.rels.values() if one.is_external)
        lines += [str(one.target_ref) for one in links]
    return [one for one in lines if one.strip()]


def updated(
    data: bytes,
    titles: Mapping[str, str],
    report: Report,
    order: Sequence[str],
    renewed: Mapping[str, Sequence[Block]],
    record: Record,
) -> tuple[bytes, tuple[str, ...]]:
    """Return the bytes of a file with some sections made anew, all others as they are.

    Args:
        data: the file as it was found.
        titles: the title of each section, by which one is found whose bookmark was lost.
        report: the report as it is now.
        order: the keys of all sections in their order.
        renewed: the blocks of those that are made anew, by their keys.
        record: what is to be known the next time.
    """
    word = _opened(data)
    groups, looks = _groups(word, titles), Looks(word)
    find_styles(looks)
    made = {key: _add(looks, report, key, blocks) for key, blocks in renewed.items()}
    body = word.element.body
    for element in list(body):
        if not element.tag.endswith("}sectPr"):
            body.remove(element)
    last = body.find(qn("w:sectPr"))
    for key in order:
        for element in made.get(key, groups.get(key, [])):
            last.addprevious(element)
    _set_edges(word, report)
    _keep(word, record)
    return finished(looks, report.handover.document), tuple(looks.remarks)


def _add(looks: Looks, report: Report, key: str, blocks: Sequence[Block]) -> list[Any]:
    """Put a section at the end with its bookmark; returns its elements."""
    body = looks.document.element.body
    before = len(body)
    if key == FRONT:
        add_title(looks, report.handover.document)
    add_blocks(looks, blocks)
    elements = list(body)[before - 1 : -1]
    known = [int(one.get(qn("w:id"), "0")) for one in body.iter(qn("w:bookmarkStart"))]
    number = str(max(known, default=0) + 1)
    first = next(one for one in elements if one.tag == qn("w:p"))
    place = 1 if len(first) and first[0].tag == qn("w:pPr") else 0
    for at, tag in enumerate(("w:bookmarkStart", "w:bookmarkEnd")):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), number)
        if not at:
            mark.set(qn("w:name"), f"{_PREFIX}{key}")
        first.insert(place + at, mark)
    return elements


def _groups(word: Any, titles: Mapping[str, str]) -> Groups:
    """Return the elements of each section, by its bookmark or, where that is lost, its heading."""
    elements = [one for one in word.element.body if not one.tag.endswith("}sectPr")]
    starts: dict[str, int] = {}
    for at, element in enumerate(elements):
        for mark in element.iter(qn("w:bookmarkStart")):
            name = mark.get(qn("w:name"), "")
            if name.startswith(_PREFIX):
                starts.setdefault(name.removeprefix(_PREFIX), at)
    by_title = {title: key for key, title in titles.items() if title and key not in starts}
    for at, element in enumerate(elements):
        key = by_title.get(_text(element).strip())
        if key is not None:
            # The heading of a part stands before that of its first chapter.
            part = at > 0 and _is_heading(elements[at - 1])
            starts.setdefault(key, at - 1 if part else at)
    if not starts:
        return {}
    if min(starts.values()) > 0:
        starts.setdefault(FRONT, 0)
    order = sorted(starts, key=lambda key: starts[key])
    ends = [starts[key] for key in order[1:]] + [len(elements)]
    begins = [0, *(starts[key] for key in order[1:])]
    return {key: elements[begin:end] for key, begin, end in zip(order, begins, ends, strict=True)}


def _is_heading(element: Any) -> bool:
    return any("Heading" in str(one.get(qn("w:val"))) for one in element.iter(qn("w:pStyle")))


def _text(element: Any) -> str:
    """Return the text of an element as it reads once tracked changes are accepted."""
    lines = []
    for paragraph in element.iter(qn("w:p")):
        pieces = paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br"))
        lines.append("".join(one.text or "" if one.tag == qn("w:t") else " " for one in pieces))
    return "\n".join(lines)


def _set_edges(word: Any, report: Report) -> None:
    """Write the version into the foot, and the marking where a writer took it away."""
    document = report.handover.document
    number = f", version {report.handover.version}"
    for section in word.sections:
        for line in section.footer.paragraphs:
            for run in line.runs:
                if report.handover.reference in run.text:
                    run.text = _VERSION.sub(number, run.text)
        for edge in (section.header, section.footer):
            if document.marking not in "\n".join(line.text for line in edge.paragraphs):
                edge.is_linked_to_previous = False
                edge.add_paragraph().add_run(document.marking).bold = True


def _keep(word: Any, record: Record) -> None:
    """Write what the sections were made from into a part of its own."""
    text = escape(json.dumps(record_data(record), sort_keys=True))
    data = f'<report xmlns="{_NAMESPACE}">{text}</report>'.encode()
    known = _part(word)
    if known is not None:
        known._blob = data
        return
    part = Part(PackURI("/customXml/fieldkit.xml"), "application/xml", data, word.part.package)
    word.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def _kept(word: Any) -> Record | None:
    part = _part(word)
    if part is None:
        return None
    try:
        return read_record(json.loads(parse_xml(part.blob).text or ""))
    except ValueError:
        return None


def _part(word: Any) -> Any:
    """Return the part that says how the file was made; None where it has none."""
    for relation in word.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.CUSTOM_XML and not relation.is_external:
            if _NAMESPACE.encode() in relation.target_part.blob:
                return relation.target_part
    return None


def _opened(data: bytes) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(one.file_size for one in package.infolist()) > LARGEST_BYTES:
                raise ValueError("too large")
        word = Document(io.BytesIO(data))
        sources = (word.part, *cast(Any, word.part.package).iter_parts())
        for source in sources:
            for name, relation in list(source.rels.items()):
                if relation.is_external and relation.reltype != RELATIONSHIP_TYPE.HYPERLINK:
                    if not relation.reltype.endswith("/attachedTemplate"):
                        raise RefusedError(
                            "The file fetches something from elsewhere when it is opened, such as "
                            "a linked picture. Nothing was written; put it into the file itself "
                            "and try again."
                        )
                    del source.rels[name]
    except RefusedError:
        raise
    except Exception:  # whatever the libraries say of a file that is no Word document
        raise RefusedError(
            "The file could not be read as a Word document of up to "
            f"{LARGEST_BYTES // 2**20} MiB. Nothing was written; save it as .docx and try again."
        ) from None
    return word
