"""The first rows of a workbook's sheets, without what would give the force's grades away.

The force's grade and reasons of a case are shown only after our own grade
(:mod:`fieldkit.visibility`); a preview of the rows must not go round that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldkit.workbook import Column
from fieldkit.workbook.cells import column_number, letters
from fieldkit.workbook.load import load_workbook

ROWS = 20
"""Rows shown of a sheet."""
CELLS = 12
"""Cells shown of a row."""
LONGEST = 24
"""A column with longer texts may hold the force's reasons; its values are not shown."""
VEILED = "···"
"""Stands for something that the force may say about a case."""
SHOWN = frozenset({"ref", "type", "date"})
"""Fields that are shown by row: what a row is matched by."""
HIDDEN = "(texts of the force: shown after our own grade)"


@dataclass(frozen=True)
class Glimpse:
    """The first rows of each sheet by name: row number, and its cells by column number."""

    sheets: Mapping[str, Sequence[tuple[int, Mapping[int, str]]]]

    def rows(
        self, sheet: str, headings: tuple[int, int], columns: Sequence[Column]
    ) -> list[tuple[int, str]]:
        """The rows of a sheet as text.

        Args:
            sheet: its name.
            headings: the first and last row of the headings, which are shown as they stand.
            columns: what the columns are taken for.
        """
        open_ = {column_number(one.column) for one in columns if one.field in SHOWN}
        first, last = headings
        return [
            (
                row,
                " | ".join(
                    # A title stands alone in its row, without a reference that it could tell of.
                    text if first <= row <= last or len(filled) == 1 or column in open_ else VEILED
                    for column, text in filled.items()
                ),
            )
            for row, filled in self.sheets.get(sheet, ())
        ]


def samples(column: Column) -> str:
    """Values of a column; of one that may tell something, in no order that says of which row."""
    if column.field in SHOWN:
        return " · ".join(column.samples)
    if column.field == "rationale" or any(len(one) > LONGEST for one in column.samples):
        return HIDDEN
    return " · ".join(sorted(column.samples, key=str.casefold))


def glimpse(path: Path) -> Glimpse:
    """Read the first rows of every sheet; raises `WorkbookRefused`."""
    book = load_workbook(path)
    return Glimpse(
        {
            sheet.name: [
                (row, _cells({n: cell.text() for n, cell in sheet.filled(row).items()}))
                for row in sheet.rows()[:ROWS]
            ]
            for sheet in book.sheets
        }
    )


def _cells(texts: Mapping[int, str]) -> dict[int, str]:
    shown = dict(list(texts.items())[:CELLS])
    more = len(texts) - len(shown)
    if more:
        last = max(shown)
        shown[last] += f" … and {more} more from column {letters(last + 1)}"
    return shown
