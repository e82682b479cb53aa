"""What the parts of a file say of a sheet beside its values, whatever kind of file it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldkit.workbook.values.cells import Sheet


@dataclass(slots=True)
class Survey:
    """Says how far a sheet is used and what of it is hidden. Rows and columns count from 1."""

    last_row: int = 0
    last_column: int = 0
    valued: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def hide(self, sheet: Sheet) -> None:
        """Tell the sheet which of its used rows and columns are hidden."""
        sheet.hidden_rows = frozenset(r for r in self.hidden_rows if r <= self.last_row)
        sheet.hidden_columns = frozenset(c for c in self.hidden_columns if c <= self.last_column)
