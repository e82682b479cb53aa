"""Whether a row holds headings or a case, and what the headings of each column are."""

from __future__ import annotations

from fieldkit.workbook.table.meaning import (
    NAMED,
    heading_scores,
    is_heading,
    looks_like_ref,
    tick_word,
)
from fieldkit.workbook.values.cells import Cell, Sheet
from fieldkit.workbook.values.dates import read_date
from fieldkit.workbook.values.grades import is_grade_word, looks_like_grade
from fieldkit.workbook.values.words import plain

_MAY_BE = 0.5
"""How well a text names a field from which it may be a heading."""


def is_case_row(kind: str, sheet: Sheet, row: int) -> bool:
    """Say whether a row that is tried for headings is a case, and no headings.

    A case has a reference, with a grade or a date.
    """
    return _graded(kind, sheet, row) or (
        any(_is_date(cell) for cell in sheet.filled(row).values())
        and _has_ref(sheet, row)
        and not _may_be_headings(kind, sheet, row)
    )


def cases_above(kind: str, sheet: Sheet, last: int, ref: int, grade: int) -> bool:
    """Say whether a row down to the last of the headings looks like a case with its grade.

    Besides a reference beside a grade, what stands in the columns of both says so, where the
    row may not be one of headings.
    """
    return any(
        _graded(kind, sheet, row)
        or (
            looks_like_ref(sheet.at(row, ref).text())
            and not sheet.at(row, grade).blank
            and not _may_be_headings(kind, sheet, row)
        )
        for row in range(1, last + 1)
    )


def _graded(kind: str, sheet: Sheet, row: int) -> bool:
    """Say whether a row has a reference with a word for a grade, and no heading."""
    texts = [cell.text() for cell in sheet.filled(row).values()]
    return (
        any(len(text.strip()) > 1 and is_grade_word(text) for text in texts)
        and any(map(looks_like_ref, texts))
        and not any(is_heading(kind, text) for text in texts)
    )


def _is_date(cell: Cell) -> bool:
    return cell.kind == "date" or (cell.kind == "text" and read_date(cell)[0] is not None)


def _has_ref(sheet: Sheet, row: int) -> bool:
    return any(looks_like_ref(cell.text()) for cell in sheet.filled(row).values())


def _may_be_headings(kind: str, sheet: Sheet, row: int) -> bool:
    """Say whether two texts of a row may be headings; one alone may be a case's own words."""
    return sum(one >= _MAY_BE for one in _likeness(kind, sheet, row)) >= 2


def _likeness(kind: str, sheet: Sheet, row: int) -> list[float]:
    """Return how well each of a row's texts names a field."""
    texts = (cell.text() for cell in sheet.filled(row).values())
    return [max(heading_scores(kind, text).values(), default=0.0) for text in texts]


def headings_of(kind: str, sheet: Sheet, first: int, last: int) -> dict[int, str]:
    """Return the headings of each column, lines joined; a merged heading counts for all it spans.

    The texts of a row that is a case are nobody's headings.
    """
    spread: dict[tuple[int, int], tuple[int, int]] = {}
    width = sheet.last_column()
    for top, left, bottom, right in sheet.merged:
        if top >= first and bottom <= last and first < last:
            for column in range(left, min(right, width) + 1):
                spread[top, column] = (top, left)
    rows = [row for row in range(first, last + 1) if not _tells(kind, sheet, row)]
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


def is_grade_row(kind: str, sheet: Sheet, row: int) -> bool:
    """Say whether a row lists grades of cases side by side, with no name of a reference.

    Words for grades that stand there once each may head columns of ticks.
    """
    texts = [cell.text() for cell in sheet.filled(row).values()]
    words = [plain(text) for text in texts if len(text.strip()) > 1 and is_grade_word(text)]
    fields = {
        field
        for text in texts
        if plain(text) not in words
        for field, score in heading_scores(kind, text).items()
        if score >= NAMED
    }
    if not words or fields & {"ref", "case", "force_ref"}:
        return False
    return bool(fields & {"grade", "overall_grade"}) or len({*words}) < len(words)


def _tells(kind: str, sheet: Sheet, row: int) -> bool:
    """Say whether a row holds what belongs to cases, so that it is nobody's headings."""
    return is_case_row(kind, sheet, row) or is_grade_row(kind, sheet, row)


def is_wordy(sheet: Sheet, row: int) -> bool:
    """Say whether a row could be a second line of headings: short words only, no values."""
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
    """Return a penalty for values where headings are expected.

    Words for grades side by side, each once, may head columns of ticks.
    """
    cells = sheet.filled(row).values()
    words = [tick_word(cell.text()) for cell in cells]
    heads = len({*words} - {""}) == len([word for word in words if word]) > 1
    values = sum(
        cell.kind in ("date", "boolean", "error")
        or (
            cell.kind == "text"
            and looks_like_grade(cell.text())
            and len(cell.text().strip()) > 1
            and not (heads and tick_word(cell.text()))
        )
        for cell in cells
    )
    return 1.5 * values
