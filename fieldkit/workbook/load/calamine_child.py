"""A process of its own in which python-calamine reads one .xls or .ods, from stdin to stdout.

The library is native code fed with strangers' files: a panic prints its trace over the screen,
and memory that cannot be had ends the whole process. Here that costs nothing but the file.
Run by its path with nothing else of fieldkit loaded, in a stand-alone program by its first word;
prints one JSON document.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import sys
from typing import Any

READ_WORKBOOK = "read-workbook"
"""The one word on a stand-alone program's command line that makes it this reader."""
MEMORY = 3 << 30  # bytes of address space; an .xls of the largest size read here needs 1 GiB


def encode(value: object) -> object:
    """Return a cell for JSON: dates, times and durations as a pair of their kind and text."""
    if isinstance(value, dt.datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, dt.date):
        return ["date", value.isoformat()]
    if isinstance(value, dt.time):
        return ["time", value.isoformat()]
    if isinstance(value, dt.timedelta):
        return ["duration", value.total_seconds()]
    return value


def read(data: bytes) -> list[dict[str, Any]]:
    """Return every worksheet: name, visibility, first cell, merged areas and rows of cells."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    sheets: list[dict[str, Any]] = []
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for place, meta in enumerate(book.sheets_metadata):
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(place)
            state = "visible"
            if meta.visible != SheetVisibleEnum.Visible:
                state = "hidden" if meta.visible == SheetVisibleEnum.Hidden else "very hidden"
            rows = sheet.to_python(skip_empty_area=True) if sheet.start is not None else []
            sheets.append(
                {
                    "name": meta.name,
                    "state": state,
                    "start": sheet.start,
                    "merged": sheet.merged_cell_ranges or [],
                    "rows": [[encode(value) for value in row] for row in rows],
                }
            )
    return sheets


def main() -> int:
    """Return 0 with the sheets on stdout, 3 for a password, 1 for anything else."""
    if sys.platform != "win32":
        with contextlib.suppress(ImportError, ValueError, OSError):  # not on every system
            import resource

            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        sheets = read(sys.stdin.buffer.read())
    except BaseException as error:
        # A panic in the native part arrives as a BaseException of its own kind.
        return 3 if type(error).__name__ == "PasswordError" else 1
    json.dump(sheets, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
