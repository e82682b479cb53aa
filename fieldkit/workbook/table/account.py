"""The account of a sheet: what became of every filled row and of every filled cell in it.

Whatever is neither a heading nor read nor left out for a reason that is said stays over, and is
named by its cells. So nothing that stands in a sheet goes unsaid.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from storage.ops.text import many

Fate = Literal["heading", "read", "left out", "named"]
FATES: tuple[Fate, ...] = ("heading", "read", "left out", "named")


@dataclass(frozen=True, slots=True)
class Share:
    """Holds the part of a sheet that came to the same, and why.

    ``why`` is a clause, empty for headings and for what was read; ``rows`` are the numbers of the
    rows that came to it whole; ``cells`` counts filled cells, also those of other rows.
    """

    fate: Fate
    why: str
    rows: tuple[int, ...]
    cells: int

    def to_json(self) -> dict[str, object]:
        """Return what is printed of it."""
        return {"fate": self.fate, "why": self.why, "rows": list(self.rows), "cells": self.cells}


@dataclass(frozen=True, slots=True)
class SheetAccount:
    """Says what became of all that is filled in one sheet; it holds no text of the sheet."""

    sheet: str
    filled_rows: int
    filled_cells: int
    shares: tuple[Share, ...]

    def rows(self, fate: Fate) -> int:
        """Return how many rows came to that."""
        return sum(len(share.rows) for share in self.shares if share.fate == fate)

    def cells(self, fate: Fate) -> int:
        """Return how many filled cells came to that."""
        return sum(share.cells for share in self.shares if share.fate == fate)

    @property
    def adds_up(self) -> bool:
        """Say whether every filled row and every filled cell has come to exactly one thing."""
        listed = [row for share in self.shares for row in share.rows]
        return (
            len(listed) == len(set(listed)) == self.filled_rows
            and sum(share.cells for share in self.shares) == self.filled_cells
        )

    def words(self) -> str:
        """Return the sum of the rows and that of the cells, as a sentence each."""
        heads, read, out, named = (self.cells(fate) for fate in FATES)
        return (
            f"{self.row_words()} {many(self.filled_cells, 'filled cell')}: {heads} of headings, "
            f"{read} read, {out} left out, {named} named as not read."
        )

    def row_words(self) -> str:
        """Return the sum of the rows as a sentence."""
        heads, read, out, named = (self.rows(fate) for fate in FATES)
        return (
            f"{many(self.filled_rows, 'filled row')}: {heads} of headings, {read} read, {out} left "
            f"out, {named} named as not read."
        )

    def lines(self) -> list[str]:
        """Return what was left out or named, a line for each reason."""
        return [f"{_where(share)} {share.fate}: {share.why}." for share in self.shares if share.why]

    def to_json(self) -> dict[str, object]:
        """Return what is printed of it."""
        return {
            "sheet": self.sheet,
            "filled_rows": self.filled_rows,
            "filled_cells": self.filled_cells,
            "rows": {fate: self.rows(fate) for fate in FATES},
            "cells": {fate: self.cells(fate) for fate in FATES},
            "adds_up": self.adds_up,
            "shares": [share.to_json() for share in self.shares],
        }


def _where(share: Share) -> str:
    if not share.rows:
        return many(share.cells, "cell")
    rows = f"row {share.rows[0]}" if len(share.rows) == 1 else f"rows {spans(share.rows)}"
    return f"{many(share.cells, 'cell')} of {rows}"


def spans(numbers: Iterable[int]) -> str:
    """Return numbers in words, those that follow each other together: “4 to 8, 11”."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def sheet_account(
    sheet: str,
    filled: Mapping[int, Sequence[int]],
    row_fates: Mapping[int, tuple[Fate, str]],
    cell_fates: Mapping[int, Mapping[int, tuple[Fate, str]]],
) -> SheetAccount:
    """Return the account of a sheet.

    Args:
        sheet: its name.
        filled: each filled row, and the columns of its filled cells.
        row_fates: what each row came to, and why.
        cell_fates: the same for filled cells, by row and column, where it differs from that of
            the row.
    """
    rows: dict[tuple[Fate, str], list[int]] = {}
    cells: Counter[tuple[Fate, str]] = Counter()
    for row, columns in filled.items():
        fate = row_fates[row]
        rows.setdefault(fate, []).append(row)
        own = cell_fates.get(row, {})
        cells[fate] += len(columns) - len(own)
        for other in own.values():
            cells[other] += 1
    both = dict.fromkeys([*rows, *(fate for fate, count in cells.items() if count)])
    shares = [Share(*fate, tuple(rows.get(fate, ())), cells[fate]) for fate in both]
    shares.sort(key=lambda share: (FATES.index(share.fate), share.rows[:1], share.why))
    return SheetAccount(sheet, len(filled), sum(map(len, filled.values())), tuple(shares))
