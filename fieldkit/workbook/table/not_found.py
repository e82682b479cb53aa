"""Why no table of cases was found in a workbook, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.workbook.errors import MappingRefused
from fieldkit.workbook.values.cells import Sheet

MUST_HAVE_ONE = {"self_assessment": ("ref", "grade"), "case_list": ("case", "force_ref")}
"""Fields one of which a table of cases has."""
_NAMED = 3
"""Sheets named in a sentence."""


def check_row(header_row: int, sheets: Sequence[Sheet]) -> None:
    """Refuse a row of headings that none of the sheets has."""
    ends = {sheet.name: last_row(sheet) for sheet in sheets if not sheet.too_large}
    if not ends or header_row in range(max(ends.values()) + 1):
        return
    where = [
        f"“{name}” ends at row {last}" if last else f"“{name}” is empty"
        for name, last in sorted(ends.items(), key=lambda end: -end[1])[:_NAMED]
    ]
    if len(ends) > len(where):
        where.append("and the others before that")
    raise MappingRefused(
        f"There is no row {header_row} to hold the headings: {', '.join(where)}. Nothing was "
        "changed."
    )


def nothing_found(file_name: str, kind: str, sheets: Sequence[Sheet], named: Sheet | None) -> str:
    """Return why no table was found in a workbook, or in the sheet a person named."""
    where = f"Sheet “{named.name}”" if named else f"{file_name}"
    large = [s for s in ([named] if named else sheets) if s.too_large]
    if large:
        return (
            f"{where} has no table of cases that could be read: sheet “{large[0].name}” was "
            f"left out, because {large[0].too_large}. Nothing was changed; ask for the "
            "table of cases alone."
        )
    fields = " or ".join(MUST_HAVE_ONE[kind]).replace("_", " ")
    return (
        f"{where} has no table of cases that could be recognised: no row of headings names a "
        f"column for {fields}. Nothing was changed; name the sheet and the header row, or ask "
        "for the file again."
    )


def last_row(sheet: Sheet) -> int:
    """Return the number of the last row with a value; 0 for an empty sheet."""
    rows = sheet.rows()
    return rows[-1] if rows else 0
