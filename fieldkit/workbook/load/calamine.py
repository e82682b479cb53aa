"""Raw cells of .ods and .xls: values by python-calamine, the only library here that reads both.

What calamine does not tell (hidden rows, formulas, error cells, the size of what it would
reserve) comes from `survey_ods` and `survey_xls`, which run first; calamine itself runs in a
process of its own (`calamine_child`).
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.parsers import expat

from fieldkit.workbook.errors import WorkbookDamaged, WorkbookProtected, WorkbookTooLarge
from fieldkit.workbook.load.calamine_child import READ_WORKBOOK
from fieldkit.workbook.load.parts import Parts
from fieldkit.workbook.load.survey_ods import OdsSurvey, survey_ods
from fieldkit.workbook.load.survey_xls import XlsBook, XlsSurvey, survey_xls, workbook_stream
from fieldkit.workbook.values.cells import Cell, Sheet, Value, make_cell, struck_cell, text_cell
from fieldkit.workbook.values.struck import Run
from fieldkit.workbook.values.words import limit

_SECONDS = 60  # a file within the limits takes well under ten
_DYING = 0.05  # seconds until a process that was killed is gone
_children: set[subprocess.Popen[bytes]] = set()
_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_PASSWORD = 3  # what `calamine_child` answers for a file under a password
_DATES: Mapping[str, Callable[[str], Value]] = {
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
}


def load_ods(data: bytes, name: str) -> list[Sheet]:
    """Return the sheets of a checked OpenDocument package.

    Raises `WorkbookDamaged`, `WorkbookTooLarge`; unlike .xlsx one sheet beyond the limits refuses
    the file, because calamine reads all sheets at once.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = Parts(package)
            styles = parts.read("styles.xml") if "styles.xml" in parts else b""
            surveys = survey_ods(parts.read("content.xml"), styles)
            data = _usual(parts, package, data)
    except (expat.ExpatError, ValueError, KeyError, zipfile.BadZipFile, EOFError) as error:
        raise _damaged(name, error) from error
    _refuse_many(len(surveys), name)
    for survey in surveys:
        if survey.too_large:
            raise WorkbookTooLarge(_too_large(name, survey.name, survey.too_large))
    by_name = {survey.name: survey for survey in surveys}
    sheets: list[Sheet] = []
    for sheet in _read(data, name):
        survey_of = by_name.get(sheet.name)
        if survey_of is not None:
            _overlay_ods(sheet, survey_of)
        sheets.append(sheet)
    return sheets


def load_xls(data: bytes, name: str) -> tuple[list[Sheet], tuple[str, ...]]:
    """Return the sheets of an .xls file and what it carries that is never opened.

    Raises `WorkbookProtected`, `WorkbookDamaged`, `WorkbookTooLarge`.
    """
    try:
        book = survey_xls(workbook_stream(data))
    except (ValueError, struct.error, IndexError) as error:
        raise _damaged(name, error) from error
    if book.protected:
        raise _protected(name)
    _refuse_many(len(book.sheets), name)
    for survey in book.sheets:
        beyond = _beyond(survey)
        if beyond:
            raise WorkbookTooLarge(_too_large(name, None, beyond))
    sheets = _read(data, name)
    if len(sheets) == len(book.sheets):
        for sheet, survey in zip(sheets, book.sheets, strict=True):
            _overlay_xls(sheet, survey)
    return sheets, _carries(data, book)


def _carries(data: bytes, book: XlsBook) -> tuple[str, ...]:
    macros = "_VBA_PROJECT_CUR".encode("utf-16-le") in data
    return tuple(
        word
        for word, there in (("macros", macros), ("links to other workbooks", book.links))
        if there
    )


def _beyond(survey: XlsSurvey) -> str | None:
    if survey.last_row > limit("sheet", "rows"):
        return f"rows beyond {limit('sheet', 'rows'):,}"
    if survey.last_column > limit("sheet", "columns"):
        return f"columns beyond {limit('sheet', 'columns'):,}"
    if survey.valued > limit("sheet", "cells"):
        return f"more than {limit('sheet', 'cells'):,} filled cells"
    return None


def _read(data: bytes, name: str) -> list[Sheet]:
    sheets: list[Sheet] = []
    for raw in _from_child(data, name):
        sheet = Sheet(raw["name"], raw["state"])
        sheets.append(sheet)
        if raw["start"] is None:
            continue
        first_row, first_column = raw["start"]
        for row, values in enumerate(raw["rows"], first_row + 1):
            for column, value in enumerate(values, first_column + 1):
                if value != "":
                    sheet.cells.setdefault(row, {})[column] = make_cell(_decoded(value))
        sheet.merged = tuple(
            (r1 + 1, c1 + 1, r2 + 1, c2 + 1) for (r1, c1), (r2, c2) in raw["merged"]
        )
    return sheets


def _from_child(data: bytes, name: str) -> list[Any]:
    try:
        returncode, output = _run_child(data)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _damaged(name, error) from error
    if returncode == _PASSWORD:
        raise _protected(name)
    if returncode != 0:
        raise _damaged(name, ValueError())
    sheets: list[Any] = json.loads(output)
    return sheets


def reader_command() -> list[str]:
    """Return how the reader is started: by its path, or by its word in a stand-alone program.

    In a stand-alone program there is no Python that could run a file; it is its own Python.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, READ_WORKBOOK]
    return [sys.executable, "-I", str(Path(__file__).with_name("calamine_child.py"))]


def _run_child(data: bytes) -> tuple[int, bytes]:
    child = subprocess.Popen(
        reader_command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "RUST_BACKTRACE": "0"},
    )
    _children.add(child)
    try:
        output, _ = child.communicate(data, timeout=_SECONDS)
        return child.returncode, output
    finally:
        child.kill()
        child.wait()
        _children.discard(child)


def end_readers() -> None:
    """End the processes that read a workbook, whose memory holds it; for any thread."""
    for child in list(_children):
        child.kill()
        with suppress(subprocess.TimeoutExpired):
            child.wait(_DYING)


def _decoded(value: Any) -> Value:
    if isinstance(value, list):
        kind, text = value
        if kind == "duration":
            return dt.timedelta(seconds=text)
        return _DATES[kind](text)
    decoded: Value = value
    return decoded


def _usual(parts: Parts, package: zipfile.ZipFile, data: bytes) -> bytes:
    """Return the package with its parts named as calamine looks for them."""
    names = package.namelist()
    if "content.xml" in names and "mimetype" in names:
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as usual:
        usual.writestr("mimetype", _MIME, zipfile.ZIP_STORED)
        for name in ("content.xml", "styles.xml", "META-INF/manifest.xml"):
            if name in parts:
                usual.writestr(name, parts.read(name))
    return out.getvalue()


def _overlay_ods(sheet: Sheet, survey: OdsSurvey) -> None:
    sheet.state = survey.state if sheet.state == "visible" else sheet.state
    survey.hide(sheet)
    sheet.merged = tuple(survey.merged)
    for (row, column), formula in survey.formulas.items():
        cell = sheet.at(row, column)
        overlaid = make_cell(cell.value, formula)
        if cell.value is None:
            overlaid = Cell(None, "not calculated", formula)
        sheet.cells.setdefault(row, {})[column] = overlaid
    for (row, column), shown in survey.shown.items():
        cell = sheet.at(row, column)
        if cell.kind == "number":
            sheet.cells[row][column] = make_cell(shown, cell.formula)
    _overlay_runs(sheet, survey.runs)
    sheet.comments = survey.comments


def _overlay_runs(
    sheet: Sheet,
    runs: Mapping[tuple[int, int], tuple[Run, ...]],
    struck: Iterable[tuple[int, int]] = (),
) -> None:
    """Tell the cells of a sheet what of them is struck out."""
    for row, column in {*runs, *struck}:
        cell = sheet.at(row, column)
        if cell.blank:
            continue
        parts = runs.get((row, column), ())
        is_part = cell.kind == "text" and not all(is_struck for _, is_struck in parts)
        read = text_cell(parts, cell.formula) if parts and is_part else struck_cell(cell)
        sheet.cells[row][column] = read
    sheet.struck = tuple(sorted(place for place in {*runs, *struck} if sheet.at(*place).struck))


def _overlay_xls(sheet: Sheet, survey: XlsSurvey) -> None:
    survey.hide(sheet)
    for row, column in survey.formulas:
        cell = sheet.at(row, column)
        sheet.cells.setdefault(row, {})[column] = make_cell(
            "" if cell.value is None else cell.value, "=(formula)"
        )
    for (row, column), word in survey.errors.items():
        formula = "=(formula)" if (row, column) in survey.formulas else None
        sheet.cells.setdefault(row, {})[column] = make_cell(word, formula)
    for (row, column), code in survey.formats.items():
        cell = sheet.at(row, column)
        if cell.kind == "number":
            sheet.cells[row][column] = replace(cell, number_format=code)
    _overlay_runs(sheet, survey.runs, survey.struck)
    sheet.comments = survey.notes.by_place()


def _refuse_many(sheets: int, name: str) -> None:
    most = limit("sheet", "sheets")
    if sheets > most:
        raise WorkbookTooLarge(
            f"{name} has {sheets:,} sheets; at most {most} are read. Ask for the "
            "self-assessment alone."
        )


def _too_large(name: str, sheet: str | None, beyond: str) -> str:
    where = f"sheet “{sheet}” of {name}" if sheet else f"a sheet of {name}"
    return (
        f"{where[0].upper()}{where[1:]} was refused: it has {beyond}. Nothing was changed; ask "
        "for the self-assessment alone, or save it as .xlsx."
    )


def _protected(name: str) -> WorkbookProtected:
    return WorkbookProtected(
        f"{name} is protected with a password, so nothing of it was read. Ask the force for a "
        "copy without one, or save one in a spreadsheet program."
    )


def _damaged(name: str, error: BaseException) -> WorkbookDamaged:
    return WorkbookDamaged(
        f"{name} is damaged: its sheets cannot be read ({type(error).__name__}). Nothing was "
        "changed; open it in a spreadsheet program, save it as .xlsx, or ask for it again."
    )
