"""A streaming look over the XML of a worksheet before openpyxl reads its values.

openpyxl's streaming reader gives values, dates and errors, but not hidden rows and columns,
merged cells, nor formula and cached value together; its full reader would expand a merged range of
a million cells one by one. This pass sees all of that, counts, and stops at the limits.
"""

from __future__ import annotations

import io
import posixpath
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from fieldkit.workbook.load.survey import Survey
from fieldkit.workbook.values.cells import State, column_number
from fieldkit.workbook.values.words import limit

_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384


class BeyondLimits(Exception):
    """The sheet has more than fieldkit reads; the message completes "it has …"."""


@dataclass(slots=True)
class XlsxSurvey(Survey):
    """Holds what the XML of one sheet says beside its values.

    ``stray`` are the few filled cells far beyond all that is read: a note by the way.
    """

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    cached: set[tuple[int, int]] = field(default_factory=set)
    stray: set[tuple[int, int]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class SheetPart:
    """Holds a worksheet of the package: its name, whether it is shown, and its part."""

    name: str
    state: State
    part: str


def local(tag: str) -> str:
    """Return a tag without its namespace; strict and transitional files differ only there."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def _parsed(package: zipfile.ZipFile, part: str) -> ET.Element:
    # `check_package` has refused every part that declares a document type or an entity.
    return ET.fromstring(package.read(part))  # noqa: S314


def sheet_parts(package: zipfile.ZipFile) -> list[SheetPart]:
    """Return the worksheets in order, from the workbook part and its relationships.

    Raises what ElementTree and zipfile raise for a damaged package.
    """
    root = _parsed(package, "_rels/.rels")
    workbook = next(
        r.get("Target", "") for r in root if r.get("Type", "").endswith("/officeDocument")
    ).lstrip("/")
    folder, file = posixpath.split(workbook)
    rels = _parsed(package, posixpath.join(folder, "_rels", file + ".rels"))
    targets = {
        r.get("Id", ""): (r.get("Type", ""), r.get("Target", ""))
        for r in rels
        if r.get("TargetMode") != "External"
    }
    parts: list[SheetPart] = []
    for element in _parsed(package, workbook).iter():
        if local(element.tag) != "sheet":
            continue
        rel = next((v for k, v in element.attrib.items() if local(k) == "id"), "")
        kind, target = targets.get(rel, ("", ""))
        if not kind.endswith("/worksheet"):
            continue
        part = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        state: State = "visible"
        if element.get("state") == "hidden":
            state = "hidden"
        elif element.get("state") == "veryHidden":
            state = "very hidden"
        parts.append(SheetPart(element.get("name", ""), state, posixpath.normpath(part)))
    return parts


class _Handler:
    def __init__(self) -> None:
        self.survey = XlsxSurvey()
        self.elements = 0
        self._row = 0
        self._column = 0
        self._type = ""
        self._in_value = False
        self._text: list[str] | None = None
        self._max_rows = limit("sheet", "rows")
        self._max_columns = limit("sheet", "columns")
        self._max_cells = limit("sheet", "cells")
        self._max_elements = limit("sheet", "elements")
        self._max_stray = limit("sheet", "stray")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take in an opening tag."""
        name = tag.rpartition(":")[2]
        if name == "c":
            self._cell(attributes)
        elif name == "v":
            # An empty result of text is a result; elsewhere an empty value is none at all.
            self._in_value = True
            if self._type == "str":
                self._value()
        elif name == "is":
            self._value()
        elif name == "f":
            self._text = []
        elif name == "row":
            self._row = _bounded(attributes.get("r"), self._row + 1, _MOST_ROWS)
            self._column = 0
            if attributes.get("hidden") in ("1", "true"):
                self.survey.hidden_rows.add(self._row)
        elif name == "col":
            if attributes.get("hidden") in ("1", "true"):
                first = _bounded(attributes.get("min"), 1, _MOST_COLUMNS)
                last = _bounded(attributes.get("max"), first, _MOST_COLUMNS)
                self.survey.hidden_columns.update(range(first, last + 1))
        elif name == "mergeCell":
            area = parse_range(attributes.get("ref", ""))
            if area is not None and len(self.survey.merged) < self._max_cells:
                self.survey.merged.append(area)

    def end(self, tag: str) -> None:
        """Take in a closing tag."""
        if self._in_value:
            self._in_value = False
        elif self._text is not None and tag.rpartition(":")[2] == "f":
            if not self._is_stray():
                self.survey.formulas[self._row, self._column] = "".join(self._text)
            self._text = None

    def text(self, data: str) -> None:
        """Take in characters; only a formula's are kept."""
        if self._in_value:
            if self._type != "str":
                self._value()
                self._in_value = False
        elif self._text is not None:
            self._text.append(data)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.elements += 1
        self._type = attributes.get("t", "")
        if self.elements > self._max_elements:
            raise BeyondLimits(f"more than {self._max_elements:,} cells")
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
            return
        cut = len(reference.rstrip("0123456789"))
        column = column_number(reference[:cut])
        row = int(reference[cut:]) if reference[cut:].isascii() and reference[cut:] else 0
        if column is None or column > _MOST_COLUMNS or not 0 < row <= _MOST_ROWS:
            raise ValueError("a cell at an impossible address")
        self._row, self._column = row, column

    def _value(self) -> None:
        survey = self.survey
        if self._is_stray():
            return
        survey.valued += 1
        survey.last_row = max(survey.last_row, self._row)
        survey.last_column = max(survey.last_column, self._column)
        survey.cached.add((self._row, self._column))
        if survey.valued > self._max_cells:
            raise BeyondLimits(f"more than {self._max_cells:,} filled cells")

    def _is_stray(self) -> bool:
        """Say whether this cell is beyond the limits; too many such cells are the sheet itself."""
        if self._row <= self._max_rows and self._column <= self._max_columns:
            return False
        self.survey.stray.add((self._row, self._column))
        if len(self.survey.stray) > self._max_stray:
            if self._row > self._max_rows:
                raise BeyondLimits(f"rows beyond {self._max_rows:,}")
            raise BeyondLimits(f"columns beyond {self._max_columns:,}")
        return True


def _bounded(text: str | None, otherwise: int, most: int) -> int:
    number = int(text) if text is not None else otherwise
    if not 0 < number <= most:
        raise ValueError("a row or column that no spreadsheet has")
    return number


def parse_range(text: str) -> tuple[int, int, int, int] | None:
    """``A2:G2`` as (first row, first column, last row, last column); None when it is no range."""
    ends: list[tuple[int, int]] = []
    for end in text.replace("$", "").split(":"):
        cut = len(end.rstrip("0123456789"))
        column = column_number(end[:cut])
        if column is None or not end[cut:].isdecimal() or len(end) - cut > 7:
            return None
        ends.append((int(end[cut:]), column))
    if len(ends) != 2:
        return None
    (r1, c1), (r2, c2) = ends
    return min(r1, r2), min(c1, c2), max(r1, r2), max(c1, c2)


def survey_sheet(data: bytes) -> XlsxSurvey:
    """Look over the XML of one worksheet.

    Raises `BeyondLimits`, `expat.ExpatError` for XML that is not well formed, and `ValueError`
    for addresses that no spreadsheet has.
    """
    handler = _Handler()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    source = io.BytesIO(data)
    while chunk := source.read(1 << 18):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return handler.survey
