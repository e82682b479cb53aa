"""Makes ``template.docx``, the looks of every document: ``python -m`` this module writes it anew.

Only styles are in it, no words: an organisation that wants other looks changes the styles of this
file, or takes one of its own (``--template``). Nothing is compressed and no time is kept in it, so
that the same styles give the same bytes on every machine.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

TEMPLATE = Path(__file__).with_name("template.docx")

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = ("styles", "numbering", "settings")

_DEFAULT = ' w:default="1"'
_DARK, _RULE = "1F3864", "8EA0BC"
"""The colour of headings, and that of the lines in tables."""

_PARAGRAPHS = (
    # id, name, below which style, spacing before and after (1/20 pt), size (1/2 pt), other looks
    ("Normal", "Normal", "", 0, 120, 0, ""),
    ("Title", "Title", "Normal", 0, 40, 40, "title"),
    ("Subtitle", "Subtitle", "Normal", 0, 160, 26, "plain"),
    ("Heading1", "heading 1", "Normal", 260, 100, 28, "heading"),
    ("Heading2", "heading 2", "Normal", 200, 80, 24, "heading"),
    ("Heading3", "heading 3", "Normal", 140, 60, 21, "heading"),
    ("ListBullet", "List Bullet", "Normal", 0, 60, 0, "list"),
    ("Header", "header", "Normal", 0, 0, 18, "edge"),
    ("Footer", "footer", "Normal", 0, 0, 18, "edge"),
)


def make_template() -> bytes:
    """Return the bytes of the template."""
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{name}+xml"/>'
        for name in _PARTS
    )
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{_RELATIONS}/{name}" Target="{name}.xml"/>'
        for at, name in enumerate(_PARTS, 1)
    )
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPES}.document.main+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{relations}</Relationships>",
        "word/document.xml": f"<w:document {_W}><w:body>{_page()}</w:body></w:document>",
        "word/styles.xml": _styles(),
        "word/numbering.xml": _numbering(),
        "word/settings.xml": f'<w:settings {_W}><w:zoom w:percent="100"/>'
        '<w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/><w:compatSetting '
        'w:name="overrideTableStyleFontSizeAndJustification" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="1"/></w:compat>'
        '<w:themeFontLang w:val="en-GB"/></w:settings>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name, text in members.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.external_attr = 0o600 << 16
            member.create_system = 3
            package.writestr(member, _HEAD + text)
    return out.getvalue()


def _page() -> str:
    """A4 upright, 2.2 cm beside the text and 2 cm above and below; in twentieths of a point."""
    return (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1304" w:right="1247" '
        'w:bottom="1247" w:left="1247" w:header="567" w:footer="510" w:gutter="0"/></w:sectPr>'
    )


def _styles() -> str:
    defaults = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" '
        'w:eastAsia="Arial" w:cs="Arial"/><w:sz w:val="21"/><w:szCs w:val="21"/>'
        '<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="0" w:line="259" w:lineRule="auto"/></w:pPr>'
        "</w:pPrDefault></w:docDefaults>"
    )
    character = (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    )
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_RULE}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = (
        '<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="90" w:type="dxa"/>'
        '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="90" w:type="dxa"/></w:tblCellMar>'
    )
    tables = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
        f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{margins}</w:tblPr></w:style>'
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>'
        '<w:basedOn w:val="TableNormal"/><w:pPr><w:spacing w:after="0" w:line="240" '
        f'w:lineRule="auto"/></w:pPr><w:rPr><w:sz w:val="19"/></w:rPr><w:tblPr><w:tblBorders>'
        f"{lines}</w:tblBorders>{margins}</w:tblPr></w:style>"
    )
    paragraphs = "".join(_paragraph_style(*one) for one in _PARAGRAPHS)
    return f"<w:styles {_W}>{defaults}{paragraphs}{character}{tables}</w:styles>"


def _paragraph_style(
    identity: str, name: str, based: str, before: int, after: int, size: int, looks: str
) -> str:
    is_head = looks in ("heading", "title")
    outline = int(identity[-1]) - 1 if looks == "heading" else None
    paragraph = "".join(
        (
            "<w:keepNext/><w:keepLines/>" * is_head,
            '<w:numPr><w:numId w:val="1"/></w:numPr>' * (looks == "list"),
            '<w:pBdr><w:bottom w:val="single" w:sz="8" w:space="3" '
            f'w:color="{_RULE}"/></w:pBdr>' * (identity == "Subtitle"),
            f'<w:spacing w:before="{before}" w:after="{after}"/>',
            '<w:jc w:val="center"/>' * (looks == "edge"),
            f'<w:outlineLvl w:val="{outline}"/>' if outline is not None else "",
        )
    )
    run = "".join(
        (
            "<w:b/>" * is_head,
            f'<w:color w:val="{_DARK}"/>' * is_head,
            f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else "",
        )
    )
    return (
        f'<w:style w:type="paragraph"{"" if based else _DEFAULT} w:styleId="{identity}">'
        f'<w:name w:val="{name}"/>'
        + (f'<w:basedOn w:val="{based}"/><w:next w:val="Normal"/>' if based else "")
        + f"<w:qFormat/><w:pPr>{paragraph}</w:pPr>"
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + "</w:style>"
    )


def _numbering() -> str:
    return (
        f'<w:numbering {_W}><w:abstractNum w:abstractNumId="0"><w:multiLevelType '
        'w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
        '<w:pStyle w:val="ListBullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/><w:pPr>'
        '<w:ind w:left="340" w:hanging="227"/></w:pPr></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


if __name__ == "__main__":
    TEMPLATE.write_bytes(make_template())
