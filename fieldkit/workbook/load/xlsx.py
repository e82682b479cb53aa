"""Raw cells of .xlsx and .xlsm: values by openpyxl, the rest by `survey_xlsx`.

openpyxl rather than python-calamine, because calamine reads an error cell and a formula that was
never calculated as empty text, does not tell hidden rows and columns, and reserves memory for the
whole rectangle up to the furthest cell (an abort, not an exception, when that is too much).
"""

from __future__ import annotations

import contextlib
import io
import warnings
import zipfile

from openpyxl import load_workbook

from fieldkit.workbook.errors import WorkbookDamaged, WorkbookTooLarge
from fieldkit.workbook.load.survey_xlsx import BeyondLimits, XlsxSurvey, sheet_parts, survey_sheet
from fieldkit.workbook.values.cells import Cell, Sheet, make_cell
from fieldkit.workbook.values.words import limit


def load_xlsx(data: bytes, name: str) -> tuple[list[Sheet], bool]:
    """Return the sheets of a checked package, and whether its dates count from 1904.

    Raises `WorkbookDamaged` for whatever the parts get wrong, `WorkbookTooLarge` for too many
    sheets; a single sheet beyond the limits is returned empty with ``too_large`` said.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = sheet_parts(package)
            if len(parts) > limit("sheet", "sheets"):
                raise WorkbookTooLarge(
                    f"{name} has {len(parts):,} sheets; at most {limit('sheet', 'sheets')} are "
                    "read. Ask for the self-assessment alone."
                )
            surveys: dict[str, XlsxSurvey] = {}
            sheets: list[Sheet] = []
            for part in parts:
                sheet = Sheet(part.name, part.state)
                sheets.append(sheet)
                try:
                    surveys[part.name] = survey_sheet(package.read(part.part))
                except BeyondLimits as beyond:
                    sheet.too_large = f"it has {beyond}"
        base_1904 = _values(data, sheets, surveys)
    except (WorkbookTooLarge, WorkbookDamaged):
        raise
    except Exception as error:  # a damaged part makes openpyxl raise nearly anything
        raise WorkbookDamaged(
            f"{name} is damaged: its sheets cannot be read ({type(error).__name__}). Nothing was "
            "changed; open it in a spreadsheet program, save a copy, or ask for the file again."
        ) from error
    return sheets, base_1904


def _values(data: bytes, sheets: list[Sheet], surveys: dict[str, XlsxSurvey]) -> bool:
    # openpyxl prints of a damaged style; a screen and --json have no room for that.
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        # Warnings are about features not kept when saving (nothing is saved) and dates out of
        # range, which arrive as error cells and are said by address.
        warnings.simplefilter("ignore")
        book = load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False, keep_vba=False
        )
        try:
            for sheet in sheets:
                survey = surveys.get(sheet.name)
                if survey is None:
                    continue
                survey.hide(sheet)
                sheet.merged = tuple(survey.merged)
                sheet.stray = tuple(sorted(survey.stray))
                worksheet = book[sheet.name]
                worksheet.reset_dimensions()  # some programs state "A1" for every sheet
                rows = worksheet.iter_rows(
                    max_row=max(survey.last_row, 1), max_col=max(survey.last_column, 1)
                )
                for number, row in enumerate(rows, 1):
                    for column, read in enumerate(row, 1):
                        cell = _cell(read.value, read, survey, number, column)
                        if cell is not None:
                            sheet.cells.setdefault(number, {})[column] = cell
                _add_uncalculated(sheet, survey)
        finally:
            book.close()
    return bool(book.epoch.year == 1904)


def _cell(value: object, read: object, survey: XlsxSurvey, row: int, column: int) -> Cell | None:
    formula = survey.formulas.get((row, column))
    if formula is not None:
        formula = f"={formula}" if formula else "=(shared formula)"
    if value is None:
        if formula is not None and (row, column) in survey.cached:
            return make_cell("", formula)
        return None
    number_format = getattr(read, "number_format", None) or ""
    if isinstance(value, str) and getattr(read, "data_type", "") != "e":
        number_format = "@"
        most = limit("sheet", "text_characters")
        value = value[:most]
    return make_cell(value, formula, number_format)  # type: ignore[arg-type] # openpyxl is untyped


def _add_uncalculated(sheet: Sheet, survey: XlsxSurvey) -> None:
    for (row, column), formula in survey.formulas.items():
        if (row, column) not in survey.cached and row <= limit("sheet", "rows"):
            cell = Cell(None, "not calculated", f"={formula}" if formula else "=(shared formula)")
            sheet.cells.setdefault(row, {})[column] = cell
