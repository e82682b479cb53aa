"""Whose grades stand in our own list of cases, by what stands above its headings.

A heading “Grade” says no more than that; a line above it or the name of the sheet may still say
that the grades and reasons are the force's, and those are never committed as ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fieldkit.workbook.table.columns import IGNORE, Column
from fieldkit.workbook.table.headings import is_case_row
from fieldkit.workbook.values.cells import Sheet
from fieldkit.workbook.values.words import has_phrase, plain, word_set

_OURS = ("overall_grade", "rationale", "auditor")
"""Fields of our list that a line above may say are the force's."""
_MOST = 12
"""Rows above the headings that are looked at."""
_ABOVE = "what stands above its heading says that it is not ours"
_SHEET = "the name of the sheet says that it is the force's"


def without_theirs(
    kind: str, sheet: Sheet, last: int, columns: Sequence[Column]
) -> tuple[Column, ...]:
    """Return the columns; of our own list those not taken that are the force's by their context.

    `last` is the last row of the headings. What a person chose stays.
    """
    if kind != "case_list" or not last:
        return tuple(columns)
    by_name = _names_theirs(sheet.name, bare=False)
    above = [one for one in _above(sheet, kind, last) if one[2]]
    keys = [column.number for column in columns if column.field == "case"]
    return tuple(_judged(column, by_name, above, keys) for column in columns)


def _judged(
    column: Column, by_name: bool, above: Sequence[tuple[int, int, str]], keys: Sequence[int]
) -> Column:
    if column.field not in _OURS or column.chosen:
        return column
    why = _SHEET if by_name else ""
    for left, right, text in above:
        if not left <= column.number <= right:
            continue
        title = any(left <= key <= right for key in keys)
        if _names_theirs(text, bare=True) if title else _says_theirs(text):
            why = _ABOVE
    if not why:
        return column
    return replace(column, field=IGNORE, confidence=0.0, rival=None, mask_reason=why, why=why)


def _above(sheet: Sheet, kind: str, last: int) -> Iterator[tuple[int, int, str]]:
    """Yield the texts above the last row of headings, with the columns each stands over.

    A text that is not merged stands over its own column and those up to the next text.
    """
    merged = {(top, left): right for top, left, _, right in sheet.merged}
    width = sheet.last_column()
    for row in range(last - 1, max(last - 1 - _MOST, 0), -1):
        if is_case_row(kind, sheet, row):
            return
        filled = sheet.filled(row)
        ends = [*(column - 1 for column in filled), width][1:]
        for (left, cell), right in zip(filled.items(), ends, strict=True):
            yield left, merged.get((row, left), right), plain(cell.text()[:200])


def _says_theirs(text: str) -> bool:
    """Say whether a line over some columns names somebody else than us, as a heading may."""
    return any(has_phrase(text, word) for word in word_set("theirs", "groups"))


def _names_theirs(text: str, *, bare: bool) -> bool:
    """Say whether a title or the name of a sheet says that the whole of it is the force's.

    With `bare`, a self-assessment is the force's even where nobody is named; as the name of a
    sheet it may stand for the cases of ours that the force assessed too.
    """
    text = plain(text)
    if any(has_phrase(text, phrase) for phrase in word_set("theirs", "titles")):
        return True
    named = any(has_phrase(text, word) for word in word_set("theirs", "names"))
    return (bare or named) and any(has_phrase(text, word) for word in word_set("theirs", "returns"))
