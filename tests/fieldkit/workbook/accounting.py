"""Counting a file anew, beside what its reading says became of every row and cell."""

from __future__ import annotations

from pathlib import Path

from fieldkit.workbook.load.load import load_workbook
from fieldkit.workbook.readings import Reading, WorkbookReading
from fieldkit.workbook.values.cells import address


def check_account(path: Path, reading: Reading) -> None:
    """Count the file anew, and compare it with what its reading says became of it."""
    sheets = load_workbook(path).sheets
    assert [account.sheet for account in reading.accounts] == [sheet.name for sheet in sheets]
    for sheet, account in zip(sheets, reading.accounts, strict=True):
        rows = sheet.rows()
        cells = sum(len(sheet.filled(row)) for row in rows)
        parts = [account.rows(fate) for fate in ("heading", "read", "left out", "named")]
        assert account.adds_up and sum(parts) == len(rows) == account.filled_rows
        assert account.filled_cells == cells
        listed = sorted(row for share in account.shares for row in share.rows)
        assert listed == rows
        assert all(share.why for share in account.shares if share.fate in ("left out", "named"))
        said = " ".join(
            problem.reason for problem in reading.problems if problem.sheet == sheet.name
        )
        if account.rows("named") or account.cells("named"):
            assert said, "what is named stands among the problems"
    assert reading.account.rows("read") == len(getattr(reading, "rows"))  # noqa: B009


def check_cells(path: Path, reading: WorkbookReading) -> None:
    """Every cell of a row of a case is in it as it stands, or is named as not read."""
    sheet = next(one for one in load_workbook(path).sheets if one.name == reading.sheet)
    kept = {cell.cell for row in (*reading.rows, *reading.skipped) for cell in row.cells}
    missing = [
        address(row.row, column)
        for row in reading.rows
        for column in sheet.filled(row.row)
        if address(row.row, column) not in kept
    ]
    assert len(missing) <= reading.account.cells("named")
