"""References that a spreadsheet has spoilt: digits lost to an exponent, or made into a date."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from fieldkit.workbook.values.cells import Cell
from fieldkit.workbook.values.dates import read_date_text
from storage.ops.dates import month_number

Damage = Literal["rounded", "dated"]
_EXPONENT = re.compile(r"\d(?:[.,]\d+\s*E\s*\+?|\s*E\s*\+)\s*\d{1,2}", re.IGNORECASE)
"""4.24E+11, as a number of twelve digits or more is shown, and kept in a .csv."""
_ROUNDED = re.compile(r"[1-9]\d*0{6}")
_MOST_SHOWN = 11
"""Digits of a number that a spreadsheet shows without an exponent."""
_MONTH = re.compile(
    r"(?:\d{1,2}[-/ .])?(?P<first>[^\W\d_]{3,9})[-/ .](?:\d{2}|\d{4})"
    r"|\d{1,2}[-/ .](?P<second>[^\W\d_]{3,9})"
)
_DATE = re.compile(
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d\d-\d\d)(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?"
)


def damage_of(cell: Cell) -> Damage | None:
    """Say how a reference was spoilt; None where nothing says that it was.

    A number of twelve digits or more that ends in six zeros was an exponent before.
    """
    if cell.kind == "number" and isinstance(cell.value, int | float):
        whole = float(cell.value).is_integer()
        return _of_text(str(int(cell.value))) if whole and abs(cell.value) < 1e300 else None
    return _of_text(cell.text().strip()) if cell.kind == "text" else None


@lru_cache(maxsize=16384)
def _of_text(text: str) -> Damage | None:
    if not text or len(text) > 40:
        return None
    if _EXPONENT.fullmatch(text) or (len(text) > _MOST_SHOWN and _ROUNDED.fullmatch(text)):
        return "rounded"
    if _DATE.fullmatch(text):
        return "dated" if read_date_text(text)[0] is not None else None
    match = _MONTH.fullmatch(text)
    return "dated" if match and month_number(match["first"] or match["second"]) else None
