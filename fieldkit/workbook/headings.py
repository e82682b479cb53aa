"""Whether a row holds headings or a case, and what the headings of each column are."""

from __future__ import annotations

from fieldkit.workbook.cells import Sheet
from fieldkit.workbook.columns import heading_scores, looks_like_ref
from fieldkit.workbook.grades import is_grade_word, looks_like_grade


def is_case_row(kind: str, sheet: Sheet, row: int) -> bool:
    """Whether a row that is tried for headings is a case: a reference with a grade, no heading."""
    texts = [cell.text() for cell in sheet.filled(row).values()]
    return (
        any(len(text.strip()) > 1 and is_grade_word(text) for text in texts)
        and any(looks_like_ref(text) for text in texts)
        and not any(max(heading_scores(kind, text).values(), default=0.0) >= 1 for text in texts)
    )


def headings_of(kind: str, sheet: Sheet, first: int, last: int) -> dict[int, str]:
    """The headings of each column, lines joined; a merged heading counts for all it spans.

    The texts of a row that is a case are nobody's headings.
    """
    spread: dict[tuple[int, int], tuple[int, int]] = {}
    width = sheet.last_column()
    for top, left, bottom, right in sheet.merged:
        if top >= first and bottom <= last and first < last:
            for column in range(left, min(right, width) + 1):
                spread[top, column] = (top, left)
    rows = [row for row in range(first, last + 1) if not is_case_row(kind, sheet, row)]
    headings: dict[int, str] = {}
    for column in range(1, width + 1):
        lines: list[str] = []
        for row in rows:
            cell = sheet.at(*spread.get((row, column), (row, column)))
            text = " ".join(cell.text().split())
            if text and text not in lines:
                lines.append(text)
        if lines:
            headings[column] = " ".join(lines)
    return headings


def is_wordy(sheet: Sheet, row: int) -> bool:
    """Whether a row could be a second line of headings: short words only, no values."""
    cells = sheet.filled(row).values()
    return (
        bool(cells)
        and not data_like(sheet, row)
        and all(
            cell.kind == "text"
            and len(cell.text()) <= 40
            and not any(ch.isdigit() for ch in cell.text())
            for cell in cells
        )
    )


def data_like(sheet: Sheet, row: int) -> float:
    """A penalty for values where headings are expected."""
    cells = sheet.filled(row).values()
    values = sum(
        cell.kind in ("date", "boolean", "error")
        or (cell.kind == "text" and looks_like_grade(cell.text()) and len(cell.text().strip()) > 1)
        for cell in cells
    )
    return 1.5 * values
