"""Sheets of .xlsx and .xlsm, transitional or strict, from the parts of their package.

Read by ourselves rather than by python-calamine, because calamine reads an error cell and a formula
that was never calculated as empty text, does not tell hidden rows and columns, and reserves memory
for the whole rectangle up to the furthest cell (an abort, not an exception, when that is too much);
why not by openpyxl says `xlsx_sheet`. Its knowledge of dates and formats is used.
"""

from __future__ import annotations

import io
import posixpath
import xml.etree.ElementTree as ET
import zipfile

from fieldkit.workbook.errors import WorkbookDamaged, WorkbookTooLarge
from fieldkit.workbook.load.parts import (
    Parts,
    SheetPart,
    counts_from_1904,
    sheet_parts,
    workbook_part,
)
from fieldkit.workbook.load.xlsx_sheet import BeyondLimits, Book, read_sheet
from fieldkit.workbook.load.xlsx_styles import read_styles
from fieldkit.workbook.load.xlsx_texts import read_comments, read_strings
from fieldkit.workbook.problems import Code, Problem
from fieldkit.workbook.values.cells import Sheet
from fieldkit.workbook.values.words import limit


def load_xlsx(data: bytes, name: str) -> tuple[list[Sheet], bool, list[Problem]]:
    """Return the sheets of a checked package, whether its dates count from 1904, and what to say.

    Raises `WorkbookDamaged` for whatever the parts get wrong, `WorkbookTooLarge` for too many
    sheets; a single sheet beyond the limits is returned empty with ``too_large`` said.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _sheets(Parts(package), name)
    except (WorkbookTooLarge, WorkbookDamaged):
        raise
    except Exception as error:  # a damaged part raises nearly anything
        raise WorkbookDamaged(
            f"{name} is damaged: its sheets cannot be read ({type(error).__name__}). Nothing was "
            "changed; open it in a spreadsheet program, save a copy, or ask for the file again."
        ) from error


def _sheets(parts: Parts, name: str) -> tuple[list[Sheet], bool, list[Problem]]:
    workbook = workbook_part(parts)
    root = parts.parsed(workbook)
    found = sheet_parts(parts, workbook, root)
    if len(found) > limit("sheet", "sheets"):
        raise WorkbookTooLarge(
            f"{name} has {len(found):,} sheets; at most {limit('sheet', 'sheets')} are "
            "read. Ask for the self-assessment alone."
        )
    book, problems = _book(parts, workbook, root)
    return [_sheet(parts, part, book) for part in found], book.base_1904, problems


def _book(parts: Parts, workbook: str, root: ET.Element) -> tuple[Book, list[Problem]]:
    folder = posixpath.dirname(workbook)
    named = parts.related(workbook, "sharedStrings")
    strings_part = next(iter(named), posixpath.join(folder, "sharedStrings.xml"))
    strings = read_strings(parts.read(strings_part)) if named or strings_part in parts else []
    styles_part = next(
        iter(parts.related(workbook, "styles")), posixpath.join(folder, "styles.xml")
    )
    styles = read_styles(parts, styles_part)
    problems = [] if styles.whole else [Code.NO_FORMATS.at("")]
    return Book(strings, styles.formats, counts_from_1904(root), styles.striking), problems


def _sheet(parts: Parts, part: SheetPart, book: Book) -> Sheet:
    sheet = Sheet(part.name, part.state)
    try:
        survey = read_sheet(parts.read(part.part), book)
    except BeyondLimits as beyond:
        sheet.too_large = f"it has {beyond}"
        return sheet
    survey.hide(sheet)
    sheet.cells = survey.cells
    sheet.merged = tuple(survey.merged)
    sheet.stray = tuple(sorted(survey.stray))
    sheet.struck = tuple(sorted(survey.struck))
    sheet.struck_by_rule = tuple(dict.fromkeys(survey.struck_by_rule))
    sheet.comments = read_comments(parts, part.part)
    return sheet
