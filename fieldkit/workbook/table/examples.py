"""Rows that show how a template is to be filled in, and are nobody's case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from fieldkit.workbook.table.blocks import TableBody
from fieldkit.workbook.table.table_rows import Body
from fieldkit.workbook.values.words import has_phrase, plain, word_set

_REFS = {"self_assessment": ("ref",), "case_list": ("case", "force_ref")}
_NOT_ASKED = ("type", "origin", "date", "date_of_incident", "grade", "overall_grade")
"""Fields in which a word for an example is a value like another."""
_PLACEHOLDER = re.compile(r"(?=.*(?:[xn#]{2}|\?{2}))[xn#?0-9/\-\s._]+|.*(?<!\d)0{4,}(?!\d).*", re.I)
"""A reference that stands for one: XX/XXXXX/26, 42/00000/26."""
_MAY_BE = re.compile(r"[^\W\d_]{4}|[xn#?]{2}|0{4}|\be\.?g\b", re.IGNORECASE)
"""What an example's reference has in it; most references are told by it without more looks."""
_SIGNS = " \t\n\u00a0([{*<\"'“‘-–—.,:;!)]}>"
_SAID = 60
"""Characters within which what is said of an example stands."""
_FIRST = 3
"""Cases at the top among which a sentence that begins like an example is one."""


def example_rows(kind: str, body: TableBody, cases: Sequence[int]) -> frozenset[int]:
    """Return the rows of cases that look like the example of a template.

    Where half of the rows do, and more than two, it is how this list is written, and none is.
    """
    rows = [row for place, row in enumerate(cases) if _is_example(kind, body, row, place < _FIRST)]
    few = len(rows) <= 2 or 2 * len(rows) < len(cases)
    return frozenset(rows if few else ())


@lru_cache(maxsize=1)
def _beginnings() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that what is said of an example begins with, and their first letters."""
    said = word_set("examples", "texts") | word_set("examples", "starts")
    said |= word_set("examples", "references")
    words = frozenset({text.partition(" ")[0] for text in said} | {"e.g"})
    return words, frozenset(word[:1] for word in words)


def _is_not_asked(kind: str, block: Body, column: int) -> bool:
    return column in {block.by_field.get(field) for field in (*_NOT_ASKED, *_REFS[kind])}


def _is_example(kind: str, body: TableBody, row: int, first: bool) -> bool:
    refs = [body.field(row, field).text().strip() for field in _REFS[kind]]
    words = word_set("examples", "references")
    for ref in filter(_MAY_BE.search, refs):
        tokens = plain(re.sub(r"(?<=[^\W\d_])(?=\d)", " ", ref)).split()
        if words & set(tokens) or ref.casefold().startswith(("e.g", "eg ")):
            return True
        if len(ref) <= 30 and _PLACEHOLDER.fullmatch(ref):
            return True
    if first and _is_placeholders(body, row):
        return True
    block = body.of(row)
    beginnings, letters = _beginnings()
    for column, cell in block.sheet.filled(row).items():
        sign = cell.text()[:1]
        if cell.kind != "text" or (sign.isalnum() and sign.casefold()[0] not in letters):
            continue  # most cells, told by their first letter
        beginning = cell.text()[:40].strip(_SIGNS).partition(" ")[0].strip(_SIGNS).casefold()
        if beginning not in beginnings or _is_not_asked(kind, block, column):
            continue  # told without making all their text comparable
        text = plain(cell.text()[:200])
        if text in word_set("examples", "texts"):
            return True
        if text.partition(" ")[0] in words and any(
            has_phrase(text[:_SAID], act) for act in word_set("examples", "acts")
        ):
            return True
        if first and any(text.startswith(f"{start} ") for start in word_set("examples", "starts")):
            return True
    return False


def _is_placeholders(body: TableBody, row: int) -> bool:
    """Say whether two cells of a row say what is to be put there, in place of a value."""
    texts = [
        plain(cell.text()[:_SAID])
        for cell in body.of(row).sheet.cells.get(row, {}).values()
        if cell.kind == "text"
    ]
    starts = word_set("examples", "placeholders")
    return sum(any(f"{text} ".startswith(f"{start} ") for start in starts) for text in texts) >= 2
