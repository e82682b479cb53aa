"""Workbooks of six cases as other programs write them, part by part, in bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADINGS = ("Force ref", "Case type", "Date of incident", "Grade", "Rationale")
CASES = (
    ("42/40100/26", "Domestic abuse", "2026-01-29", "Good", "Child seen and spoken to."),
    ("42/40137/26", "Missing children", "2026-01-27", "Requires improvement", "Siblings missed."),
    ("42/40174/26", "Police protection", "2026-02-24", "Inadequate", "Child was not seen."),
    ("42/40211/26", "Domestic abuse", "2026-04-23", "Good", "Referred the same night."),
    ("42/40248/26", "Missing children", "2026-04-15", "Inadequate", "No strategy discussion."),
    ("42/40285/26", "Domestic abuse", "2026-05-20", "Good", "Voice of the child recorded."),
)
ROWS = [(ref, kind, date, grade.lower()) for ref, kind, date, grade, _ in CASES]
PLAIN_STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/></font>'
    '<font><strike/><sz val="11"/></font></fonts>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0"/><xf numFmtId="0" fontId="1"/></cellXfs>'
    "</styleSheet>"
)


def text(words: str) -> str:
    """Return the inside of a cell with a text."""
    return f'<is><t xml:space="preserve">{escape(words)}</t></is>'


def sheet_xml(
    cells: Mapping[str, str] | None = None,
    styles: Mapping[str, str] | None = None,
    order: Callable[[list[str]], list[str]] = list,
) -> str:
    """Return the sheet of the six cases.

    Args:
        cells: address to another cell's whole XML.
        styles: address to the number of its style.
        order: puts the rows in another order.
    """
    rows = []
    for number, values in enumerate((HEADINGS, *CASES), 1):
        written = []
        for letter, value in zip("ABCDE", values, strict=True):
            at = f"{letter}{number}"
            style = f' s="{styles[at]}"' if styles and at in styles else ""
            own = f'<c r="{at}"{style} t="inlineStr">{text(value)}</c>'
            written.append((cells or {}).get(at, own))
        rows.append(f'<row r="{number}">{"".join(written)}</row>')
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(order(rows))}</sheetData></worksheet>'


def parts(
    sheet: str | None = None, styles: str = PLAIN_STYLES, **more: str | bytes
) -> dict[str, bytes]:
    """Return the parts of a workbook by their names; `more` are further ones, or other texts."""
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{types}"/>',
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="Cases" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/worksheet" '
            f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{OFFICE}/styles" '
            'Target="styles.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": sheet or sheet_xml(),
        "xl/styles.xml": styles,
        **more,
    }
    return {name: body.encode() if isinstance(body, str) else body for name, body in made.items()}


def zipped(made: Mapping[str, bytes]) -> bytes:
    """Return the package of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in made.items():
            info = zipfile.ZipInfo("x")
            info.filename = name  # as it is, also with a backslash
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, body)
    return out.getvalue()


def write(folder: Path, made: Mapping[str, bytes], name: str = "cases.xlsx") -> Path:
    """Write a package into a folder and return its path."""
    path = folder / name
    path.write_bytes(zipped(made))
    return path
