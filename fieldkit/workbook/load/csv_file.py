"""Cells of a .csv file in UTF-8, UTF-16 or Windows-1252, with any usual separator."""

from __future__ import annotations

import csv
import io

from fieldkit.workbook.errors import WorkbookDamaged, WorkbookKindUnknown, WorkbookTooLarge
from fieldkit.workbook.values.cells import Cell, Sheet
from fieldkit.workbook.values.words import limit

_SEPARATORS = ",;\t|"


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text and the name of its encoding.

    A byte order mark decides; without one UTF-16 is known by its zero bytes, then UTF-8 is tried,
    then Windows-1252. Raises `WorkbookKindUnknown` for bytes that are no text in any of them.
    """
    for mark, encoding in (
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _try(data, encoding, name), encoding.removesuffix("-sig").upper()
    start = data[:4096]
    if start.count(0) > len(start) // 4:
        even, odd = start[0::2].count(0), start[1::2].count(0)
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        return _try(data, encoding, name), "UTF-16"
    try:
        return _plain(data.decode("utf-8"), name), "UTF-8"
    except UnicodeDecodeError:
        return _try(data, "cp1252", name), "Windows-1252"


def _try(data: bytes, encoding: str, name: str) -> str:
    try:
        return _plain(data.decode(encoding), name)
    except UnicodeDecodeError as error:
        raise _not_text(name) from error


def _plain(text: str, name: str) -> str:
    odd = sum(text.count(chr(code)) for code in range(32) if code not in (9, 10, 11, 12, 13, 26))
    if odd > len(text) // 1000 or "\0" in text:
        raise _not_text(name)
    return text.replace("\x1a", "")


def _not_text(name: str) -> WorkbookKindUnknown:
    return WorkbookKindUnknown(
        f"{name} is neither a workbook nor text in UTF-8, UTF-16 or Windows-1252, so nothing of "
        "it was read. Open it in the program that made it and save it as .xlsx or .csv."
    )


def separator(text: str) -> str:
    """Return the character that separates columns: that which cuts most lines into as many."""
    lines = [line for line in text[:65536].splitlines()[:40] if line.strip()]
    best, best_score = ",", 0.0
    for mark in _SEPARATORS:
        widths = [len(row) for row in csv.reader(lines, delimiter=mark)]
        wide = [width for width in widths if width > 1]
        if not wide:
            continue
        common = max(set(wide), key=lambda width: (wide.count(width), width))
        score = wide.count(common) / len(widths) * (1 + min(common, 12) / 24)
        if score > best_score:
            best, best_score = mark, score
    return best


def load_csv(data: bytes, name: str) -> tuple[Sheet, str]:
    """Return the one sheet of a .csv file, named "csv", and its encoding.

    Row numbers are those a spreadsheet program would show. Raises `WorkbookTooLarge`,
    `WorkbookDamaged`, `WorkbookKindUnknown`.
    """
    text, encoding = decode(data, name)
    sheet = Sheet("csv")
    mark, offset = None, 0
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        mark, text, offset = first.strip()[4], rest, 1
    rows, columns, cells = (limit("sheet", what) for what in ("rows", "columns", "cells"))
    filled = 0
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark or separator(text))
        for number, values in enumerate(reader, 1 + offset):
            row = {c: Cell(v, "text") for c, v in enumerate(values, 1) if v != ""}
            if not row:
                continue
            filled += len(row)
            if number > rows or max(row) > columns or filled > cells:
                raise WorkbookTooLarge(
                    f"{name} has more than fieldkit reads ({rows:,} rows, {columns:,} columns, "
                    f"{cells:,} cells). Nothing was changed; ask for the self-assessment alone."
                )
            sheet.cells[number] = row
    except csv.Error as error:
        raise WorkbookDamaged(
            f"{name} cannot be read as separated text: a quotation mark may be missing near row "
            f"{len(sheet.cells) + 1}. Nothing was changed; save it again as .xlsx."
        ) from error
    return sheet, encoding
