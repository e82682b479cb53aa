"""The parts of a zip package by their names, as other programs find them too.

Names are compared without regard to capitals (ECMA-376 part 2, section 6.2.2.3), and a backslash
counts as a slash: some programs that run on Windows only write it so.
"""

from __future__ import annotations

import posixpath
import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass
from urllib.parse import unquote

from fieldkit.workbook.values.cells import State

CHECKED = (".xml", ".rels", ".vml")
"""Endings of the parts that `check_package` looks into."""
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARATION = re.compile(rb"<\?xml\b(.*?)\?>", re.DOTALL)
_ENCODING = re.compile(rb"""\bencoding\s*=\s*["']([^"']*)""")
_KNOWN = re.compile(
    rb"utf-?(?:8|16(?:le|be)?)|us-ascii|ascii|iso-?8859-\d+|latin-?1|(?:windows-|cp)125\d",
    re.IGNORECASE,
)
"""Encodings in which XML's own signs are the bytes of ASCII, or those with a zero beside."""
_BLIND = (b"+ADw", b"+/v", b"\x4c\x6f\xa7\x94")
"""How XML begins in UTF-7 and in EBCDIC."""
MAX_DECLARATION_BYTES = 4096
_WORKBOOK = "xl/workbook.xml"


def declares_entities(data: bytes) -> bool:
    """Say whether XML has a document type or an entity, also in UTF-16."""
    return _DOCTYPE.search(data.replace(b"\0", b"")) is not None


def hides_its_signs(start: bytes) -> bool:
    """Say whether the beginning of a part says that its letters are coded otherwise than ASCII's.

    In UTF-7, for one, `<!DOCTYPE` stands there in other bytes, which no search for it finds. A
    reader that obeys the declaration would see what was searched for in vain.
    """
    text = start[: 2 * MAX_DECLARATION_BYTES].replace(b"\0", b"")
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        text = text.removeprefix(mark)
    text = text.lstrip()
    if text.startswith(_BLIND):
        return True
    if not text.startswith(b"<?xml"):
        return False
    declaration = _DECLARATION.match(text[:MAX_DECLARATION_BYTES])
    if declaration is None:
        return True
    named = [match[1] for match in _ENCODING.finditer(declaration[1])]
    return not all(_KNOWN.fullmatch(name.strip()) for name in named)


def part_key(name: str) -> str:
    """Return the name of a part as it is compared."""
    return posixpath.normpath(name.replace("\\", "/").lstrip("/")).casefold()


def local(tag: str) -> str:
    """Return a tag without its namespace; strict and transitional files differ only there."""
    return tag.rpartition("}")[2].rpartition(":")[2]


class Parts:
    """Holds the parts of a package that `check_package` has let through."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self._names = {
            part_key(info.filename): info for info in package.infolist() if not info.is_dir()
        }

    def __contains__(self, name: str) -> bool:
        return part_key(name) in self._names

    def read(self, name: str) -> bytes:
        """Return the bytes of a part; raises `KeyError` where there is none of that name."""
        key = part_key(name)
        if key not in self._names:
            key = part_key(unquote(name))
        data = self._package.read(self._names[key])
        if not key.endswith(CHECKED) and (declares_entities(data) or hides_its_signs(data)):
            raise ValueError("a part under another name that declares entities")
        return data

    def parsed(self, name: str) -> ET.Element:
        """Return the tree of a part; raises as `read` does, and `ET.ParseError`."""
        # `check_package` and `read` refuse every part that declares a document type or an entity.
        return ET.fromstring(self.read(name))  # noqa: S314

    def targets(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what a part refers to inside the package: id to kind and name of the other part.

        The kind is the last word of the relationship's type. Empty where nothing is said.
        """
        folder, file = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{file}.rels")
        if rels not in self:
            return {}
        targets = {}
        for rel in self.parsed(rels):
            if rel.get("TargetMode") == "External":
                continue
            target = rel.get("Target", "").replace("\\", "/")
            path = target if target.startswith("/") else posixpath.join(folder, target)
            kind = rel.get("Type", "").rpartition("/")[2]
            targets[rel.get("Id", "")] = (kind, posixpath.normpath(path).lstrip("/"))
        return targets

    def related(self, part: str, kind: str) -> list[str]:
        """Return the names of the parts of one kind that a part refers to."""
        return [name for each, name in self.targets(part).values() if each == kind]


@dataclass(frozen=True, slots=True)
class SheetPart:
    """Holds a worksheet of the package: its name, whether it is shown, and its part."""

    name: str
    state: State
    part: str


def workbook_part(parts: Parts) -> str:
    """Return the name of the part that lists the sheets."""
    return next(iter(parts.related("", "officeDocument")), _WORKBOOK)


def sheet_parts(parts: Parts, workbook: str, root: ET.Element) -> list[SheetPart]:
    """Return the worksheets in order, from the workbook's tree and its relationships.

    Raises what `Parts` raises for a damaged package.
    """
    targets = parts.targets(workbook)
    sheets: list[SheetPart] = []
    listed = [element for element in root.iter() if local(element.tag) == "sheet"]
    for number, element in enumerate(listed, 1):
        rel = next((v for k, v in element.attrib.items() if local(k) == "id"), "")
        if targets:
            kind, part = targets.get(rel, ("", ""))
        else:  # nothing says which part is which sheet, so their numbers do
            folder = posixpath.dirname(workbook)
            kind, part = "worksheet", posixpath.join(folder, f"worksheets/sheet{number}.xml")
        if kind != "worksheet":
            continue
        state: State = "visible"
        if element.get("state") == "hidden":
            state = "hidden"
        elif element.get("state") == "veryHidden":
            state = "very hidden"
        sheets.append(SheetPart(element.get("name", ""), state, part))
    return sheets


def counts_from_1904(root: ET.Element) -> bool:
    """Say whether the workbook's days count from 1904."""
    said = (
        element.get("date1904") for element in root.iter() if local(element.tag) == "workbookPr"
    )
    return any(value in ("1", "true", "on") for value in said)
