"""Raw cells of .ods and .xls: values by python-calamine, the only library here that reads both.

What calamine does not tell (hidden rows, formulas, error cells, the size of what it would
reserve) comes from `survey_ods` and `survey_xls`, which run first.
"""

from __future__ import annotations

import io
import struct
import zipfile
from xml.parsers import expat

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from fieldkit.workbook.cells import Cell, Sheet, State, make_cell
from fieldkit.workbook.errors import WorkbookDamaged, WorkbookProtected, WorkbookTooLarge
from fieldkit.workbook.survey_ods import OdsSurvey, survey_ods
from fieldkit.workbook.survey_xls import XlsBook, XlsSurvey, survey_xls, workbook_stream
from fieldkit.workbook.words import limit


def _state(visible: SheetVisibleEnum) -> State:
    if visible == SheetVisibleEnum.Visible:
        return "visible"
    return "hidden" if visible == SheetVisibleEnum.Hidden else "very hidden"


def load_ods(data: bytes, name: str) -> list[Sheet]:
    """The sheets of a checked OpenDocument package.

    Raises `WorkbookDamaged`, `WorkbookTooLarge`; unlike .xlsx one sheet beyond the limits refuses
    the file, because calamine reads all sheets at once.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            surveys = survey_ods(package.read("content.xml"))
    except (expat.ExpatError, ValueError, KeyError, zipfile.BadZipFile, EOFError) as error:
        raise _damaged(name, error) from error
    _refuse_many(len(surveys), name)
    for survey in surveys:
        if survey.too_large:
            raise WorkbookTooLarge(_too_large(name, survey.name, survey.too_large))
    by_name = {survey.name: survey for survey in surveys}
    sheets: list[Sheet] = []
    for sheet in _read(data, name):
        found = by_name.get(sheet.name)
        if found is not None:
            _overlay_ods(sheet, found)
        sheets.append(sheet)
    return sheets


def load_xls(data: bytes, name: str) -> tuple[list[Sheet], tuple[str, ...]]:
    """The sheets of an .xls file and what it carries that is never opened.

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
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for meta in book.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            source = book.get_sheet_by_name(meta.name)
            sheet = Sheet(meta.name, _state(meta.visible))
            sheets.append(sheet)
            start = source.start
            if start is None:
                continue
            for row, values in enumerate(source.to_python(skip_empty_area=True), start[0] + 1):
                for column, value in enumerate(values, start[1] + 1):
                    if value != "":
                        sheet.cells.setdefault(row, {})[column] = make_cell(value)
            sheet.merged = tuple(
                (r1 + 1, c1 + 1, r2 + 1, c2 + 1)
                for (r1, c1), (r2, c2) in source.merged_cell_ranges or ()
            )
        book.close()
    except PasswordError as error:
        raise _protected(name) from error
    except BaseException as error:
        # A panic in the Rust part arrives as a BaseException of its own kind.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise _damaged(name, error) from error
        raise
    return sheets


def _overlay_ods(sheet: Sheet, survey: OdsSurvey) -> None:
    sheet.state = survey.state if sheet.state == "visible" else sheet.state
    sheet.hidden_rows = frozenset(r for r in survey.hidden_rows if r <= survey.last_row)
    sheet.hidden_columns = frozenset(c for c in survey.hidden_columns if c <= survey.last_column)
    sheet.merged = tuple(survey.merged)
    for (row, column), formula in survey.formulas.items():
        cell = sheet.at(row, column)
        kept = make_cell(cell.value, formula)
        if cell.value is None:
            kept = Cell(None, "not calculated", formula)
        sheet.cells.setdefault(row, {})[column] = kept


def _overlay_xls(sheet: Sheet, survey: XlsSurvey) -> None:
    sheet.hidden_rows = frozenset(r for r in survey.hidden_rows if r <= survey.last_row)
    sheet.hidden_columns = frozenset(c for c in survey.hidden_columns if c <= survey.last_column)
    for row, column in survey.formulas:
        cell = sheet.at(row, column)
        sheet.cells.setdefault(row, {})[column] = make_cell(
            "" if cell.value is None else cell.value, "=(formula)"
        )
    for (row, column), word in survey.errors.items():
        formula = "=(formula)" if (row, column) in survey.formulas else None
        sheet.cells.setdefault(row, {})[column] = make_cell(word, formula)


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
