"""The table of cases that was found in a workbook, and what was thought of each sheet."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fieldkit.workbook.table.blocks import Block
from fieldkit.workbook.table.columns import IGNORE, Column
from fieldkit.workbook.table.table_rows import LeftOut
from fieldkit.workbook.values.cells import Sheet


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """Says what a sheet looked like when the table was sought, in a sentence."""

    name: str
    state: str
    chosen: bool
    cases: int
    reason: str
    rival: bool = False
    """Whether it could be the table of cases as well."""

    def to_json(self) -> dict[str, object]:
        """Return what is printed of it."""
        names = ("name", "state", "chosen", "cases", "reason")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Table:
    """Holds the table of cases of a sheet: its blocks, one under another.

    Columns `beside` belong to a second table to the right, which is not read.
    """

    sheet: Sheet
    blocks: tuple[Block, ...]
    score: float
    beside: frozenset[int] = frozenset()

    @property
    def first(self) -> int:
        """Return the first row of the headings, of the first block; 0 when there are none."""
        return self.blocks[0].first

    @property
    def last(self) -> int:
        """Return the last row of the headings of the first block; 0 when there are none."""
        return self.blocks[0].last

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return the columns of the first block, with what they are taken for further down."""
        if len(self.blocks) == 1:
            return self.blocks[0].columns
        below: dict[str, list[Column]] = {}
        for block in self.blocks[1:]:
            for column in block.columns:
                below.setdefault(column.column, []).append(column)
        columns = [
            replace(column, below=tuple(one.field for one in below.pop(column.column, ())))
            for column in self.blocks[0].columns
        ]
        columns += [
            replace(rest[0], heading="", field=IGNORE, below=tuple(one.field for one in rest))
            for rest in below.values()
        ]
        return tuple(sorted(columns, key=lambda column: column.number))

    @property
    def cases(self) -> tuple[int, ...]:
        """Return the rows of cases of all blocks."""
        return tuple(row for block in self.blocks for row in block.cases)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Return the lines of all blocks that are no cases."""
        return tuple(line for block in self.blocks for line in block.left_out)

    def block(self, row: int) -> Block:
        """Return the block that a row lies in, the first for what stands above."""
        return next((b for b in reversed(self.blocks) if row > b.last), self.blocks[0])

    def field_at(self, row: int, column: int) -> str:
        """Return what a cell is taken for; empty where its column is none of the table."""
        columns = self.block(row).columns
        return next((one.field for one in columns if one.number == column), "")

    def missing(self, kind: str) -> tuple[str, ...]:
        """Return fields that an import cannot do without and that no column was taken for."""
        return self.blocks[0].missing(kind)
