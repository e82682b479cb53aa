"""Opening a workbook: its bytes once, its kind, its checks, its raw sheets."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from fieldkit.workbook.errors import NoTableFound, WorkbookNotFound, WorkbookTooLarge
from fieldkit.workbook.load.calamine import load_ods, load_xls
from fieldkit.workbook.load.package import FileKind, check_package, sniff
from fieldkit.workbook.load.separated.load_csv import load_csv
from fieldkit.workbook.problems import Code, Problem
from fieldkit.workbook.values.cells import Cell, Sheet, address, letters
from fieldkit.workbook.values.words import limit
from storage import files
from storage.ops.text import many, size

# Formulas that reach outside the workbook or start programs. They are text here and never run.
# No part can run over the beginning of the next match, so that the time stays linear.
_REACHES_OUT = re.compile(
    r"\bDDE\s*\(|\|[^|!]{0,200}!|\b(?:WEBSERVICE|HYPERLINK|IMPORTDATA|IMPORTXML|CALL|"
    r"REGISTER|EXEC|FILTERXML|RTD)\s*\(|\[[^\[\]]{1,200}\][^!\[]{0,200}!|'file:|https?://",
    re.IGNORECASE | re.DOTALL,
)
_NAMED = 3
"""Stray cells named in the sentence about them."""
_LOOKED_AT = 4000
"""Characters of a formula that are looked at."""
_SIGNS = frozenset("=+-@")
"""How a text begins that a spreadsheet program takes for a formula."""
_COMMAND_TEXT = re.compile(r"[=+\-@].{0,2000}(?:\||\()", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RawWorkbook:
    """A file's cells before anything is concluded from them; `base_1904` is for serial dates."""

    file_name: str
    sha256: str
    size: int
    kind: FileKind
    sheets: tuple[Sheet, ...]
    base_1904: bool
    problems: tuple[Problem, ...]


def read_bytes(path: Path) -> bytes:
    """Return the whole file, once, so that what is hashed is what is read.

    Raises `WorkbookNotFound`, `WorkbookTooLarge`.
    """
    most = limit("file", "bytes")
    try:
        if path.is_dir():
            raise WorkbookNotFound(f"{path.name} is a folder, not a workbook.")
        with files.open_named(path) as file:
            data = file.read(most + 1)
    except FileNotFoundError as error:
        raise WorkbookNotFound(
            f"There is no file {path}. Nothing was changed; check the name and the folder."
        ) from error
    except (OSError, ValueError) as error:
        raise WorkbookNotFound(
            f"{path.name} could not be opened ({_why(error)}). Nothing was changed; "
            "close it in other programs, or copy it to this computer first."
        ) from error
    if len(data) > most:
        raise WorkbookTooLarge(
            f"{path.name} is larger than {size(most)}, far beyond any self-assessment. "
            "It was refused and nothing was changed."
        )
    return data


def _why(error: OSError | ValueError) -> str:
    """Return what the system says of it, never a path or a value."""
    return getattr(error, "strerror", None) or type(error).__name__


def load_workbook(path: Path | str) -> RawWorkbook:
    """Read any workbook a force may send into raw cells.

    .xlsx, .xlsm and .csv are read by ourselves, .xls and .ods by python-calamine; the
    bytes decide which, not the name. Raises the `WorkbookRefused` family; runs and opens nothing
    that the file carries.
    """
    path = Path(path)
    data = read_bytes(path)
    name = path.name
    kind = sniff(data, name)
    base_1904, carries, encoding = False, (), ""  # type: bool, tuple[str, ...], str
    more: list[Problem] = []
    if kind in ("xlsx", "xlsm"):
        # Late: openpyxl, of which only numbers and dates are asked, takes a tenth of a second.
        from fieldkit.workbook.load.xlsx import load_xlsx

        carries = check_package(data, name).carries
        sheets, base_1904, more = load_xlsx(data, name)
    elif kind == "ods":
        carries = check_package(data, name).carries
        sheets = load_ods(data, name)
    elif kind == "xls":
        sheets, carries = load_xls(data, name)
    else:
        sheet, encoding, more = load_csv(data, name)
        sheets = [sheet]
    if not any(sheet.cells or sheet.too_large for sheet in sheets):
        raise NoTableFound(f"{name} has no filled cell in any sheet. Ask for the file again.")
    problems = [Code.CARRIED.at("", "", what, what=what) for what in carries]
    if encoding == "Windows-1252":
        problems.append(Code.ENCODING.at("csv", "", encoding))
    problems += more
    for sheet in sheets:
        problems += _sheet_problems(sheet, kind)
    return RawWorkbook(
        file_name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        kind=kind,
        sheets=tuple(sheets),
        base_1904=base_1904,
        problems=tuple(problems),
    )


def _reaches_out(formula: str) -> bool:
    return _REACHES_OUT.search(" ".join(formula[:_LOOKED_AT].split())) is not None


def _sheet_problems(sheet: Sheet, kind: FileKind) -> list[Problem]:
    problems: list[Problem] = []
    if sheet.too_large:
        problems.append(Code.SHEET_NOT_READ.at(sheet.name, why=sheet.too_large))
    if sheet.stray:
        named = [address(*place) for place in sheet.stray[:_NAMED]]
        more = len(sheet.stray) - len(named)
        which = ", ".join(named) + (f" and {more} more" if more else "")
        problems.append(
            Code.STRAY_CELLS.at(
                sheet.name,
                "",
                which,
                count=many(len(sheet.stray), "filled cell"),
                which=which,
                row=f"{limit('sheet', 'rows'):,}",
                column=letters(limit("sheet", "columns")),
            )
        )
    formulas = [
        (code, address(row, column), cell)
        for row, column, cell in sheet
        if (cell.formula is not None or cell.text()[:1] in _SIGNS)
        and (code := _formula_code(cell, kind)) is not None
    ]
    most = limit("say", "formulas")
    for code, at, cell in formulas[:most]:
        problems.append(
            code.at(sheet.name, at, cell.stored()[: limit("say", "left_out_characters")])
        )
    if further := len(formulas[most:]):
        count = many(further, "further formula")
        problems.append(Code.FORMULAS.at(sheet.name, "", str(further), count=count))
    return problems


def _formula_code(cell: Cell, kind: FileKind) -> Code | None:
    """Return what is to be said of a cell as a formula; None where nothing is."""
    if cell.formula is not None:
        return Code.FORMULA if _reaches_out(cell.formula) else None
    would_run = (
        cell.kind == "text"
        and isinstance(cell.value, str)
        and cell.value[:1] in _SIGNS
        and _COMMAND_TEXT.match(cell.value)
        and (kind == "csv" or _reaches_out(cell.value))
    )
    return Code.TEXT_FORMULA if would_run else None
