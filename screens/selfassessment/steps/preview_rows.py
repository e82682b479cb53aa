"""The first rows of a workbook's sheets, without what would give the force's grades away.

The force's grade and reasons of a case are shown only after our own grade
(:mod:`fieldkit.visibility`); a preview of the rows must not go round that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldkit.selfassessment.masking import MASK, shown_text
from fieldkit.workbook.load.load import load_workbook
from fieldkit.workbook.table.columns import Column
from fieldkit.workbook.table.headings import is_case_row
from fieldkit.workbook.values.cells import column_number, letters

ROWS = 20
"""Rows shown of a sheet."""
CELLS = 12
"""Cells shown of a row."""


@dataclass(frozen=True)
class Preview:
    """Holds the first rows of each sheet by name: row, cells by column, whether it is a case."""

    sheets: Mapping[str, Sequence[tuple[int, Mapping[int, str], bool]]]

    def rows(
        self, sheet: str, headings: tuple[int, int], columns: Sequence[Column]
    ) -> list[tuple[int, str]]:
        """Return the rows of a sheet as text.

        Args:
            sheet: its name.
            headings: the first and last row of the headings, which are shown as they stand.
            columns: those whose values are shown.
        """
        open_ = {column_number(one.column) for one in columns}
        first, last = headings

        def told(row: int, column: int, filled: Mapping[int, str], case: bool) -> str:
            text = filled[column]
            if first <= row <= last and not case:
                return text
            # A title stands alone in its row, without a reference that it could tell of.
            open_here = column in open_ or len(filled) == 1
            return shown_text(text) if open_here else MASK

        return [
            (
                row,
                " | ".join(told(row, column, filled, case) for column in filled),
            )
            for row, filled, case in self.sheets.get(sheet, ())
        ]


def read_preview(path: Path, table: str) -> Preview:
    """Read the first rows of every sheet for a kind of table; raises `WorkbookRefused`."""
    book = load_workbook(path)
    return Preview(
        {
            sheet.name: [
                (
                    row,
                    _cells({n: cell.text() for n, cell in sheet.filled(row).items()}),
                    is_case_row(table, sheet, row),
                )
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
