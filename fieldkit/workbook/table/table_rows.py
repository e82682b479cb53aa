"""Which lines under the headings are cases, and why the others are left out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from fieldkit.workbook.table.columns import IGNORE, Column
from fieldkit.workbook.table.meaning import (
    NAMED,
    heading_scores,
    is_crossed,
    is_ticked,
    looks_like_ref,
    tick_word,
)
from fieldkit.workbook.values.cells import BLANK, Cell, Sheet, address
from fieldkit.workbook.values.dates import read_date
from fieldkit.workbook.values.words import limit, plain, word_set

_COUNTED = re.compile(r"[\d:;,/=()–-]+|\band\b")
"""What stands between the words of a line that counts grades."""
_DATES = ("date", "date_of_incident")
_KEYS = {"self_assessment": ("ref",), "case_list": ("case", "force_ref")}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Holds a line that is not a case: its row, the address of its first cell, its text and why.

    ``asked``: a problem of its own names it and asks whether it counts.
    """

    row: int
    cell: str
    text: str
    reason: str
    total: bool = False
    asked: bool = False

    def to_json(self) -> dict[str, object]:
        """Return what is printed of it."""
        return {"row": self.row, "cell": self.cell, "text": self.text, "reason": self.reason}


class Body:
    """The lines under the headings of a table, with merged cells filled from their first cell."""

    def __init__(self, sheet: Sheet, kind: str, columns: Sequence[Column]) -> None:
        self.sheet = sheet
        self.kind = kind
        self.columns = tuple((column.number, column) for column in columns)
        """Each column with its number."""
        self.by_field: dict[str, int] = {}
        for number, column in self.columns:
            if column.field != IGNORE:
                self.by_field.setdefault(column.field, number)
        self.ticks = {column.number: column.heading for column in columns if column.tick}
        """The columns in which a tick gives a grade, and their headings."""
        self._crossed = is_crossed(
            sheet.at(row, n).text() for n in self.ticks for row in sheet.cells
        )
        self._headings = {c.number: plain(c.heading) for c in columns if c.heading}
        self._origins = _merged_origins(sheet)

    def at(self, row: int, column: int) -> Cell:
        """Return the cell, or the first cell of the merged area it lies in."""
        if self._origins and (origin := self._origins.get((row, column))):
            return self.sheet.at(*origin)
        return self.sheet.at(row, column)

    def field(self, row: int, field: str) -> Cell:
        """Return the cell of a field in a row; blank when the field has no column.

        Of columns of ticks it is the heading of the one that is ticked, or of all that are.
        """
        if field == "grade" and self.ticks:
            return self._ticked(row)
        return self.at(row, self.by_field[field]) if field in self.by_field else BLANK

    def fields(self, row: int) -> dict[str, Cell]:
        """Return the cells of all fields that have a column."""
        if self._origins or self.ticks:
            return {field: self.field(row, field) for field in self.by_field}
        cells = self.sheet.cells.get(row, {})
        return {field: cells.get(number, BLANK) for field, number in self.by_field.items()}

    def _ticked(self, row: int) -> Cell:
        words = []
        for number, heading in self.ticks.items():
            cell = self.at(row, number)
            ticked = is_ticked(cell.text(), crossed=self._crossed)
            if ticked is None or cell.kind in ("error", "not calculated"):
                return Cell(f"{cell.text()} ({heading}?)", "text")
            words += [heading] if ticked else []
        return Cell(" / ".join(words), "text") if words else BLANK

    def _why_no_case(
        self, keys: Sequence[Cell], filled: Mapping[str, Cell], own: Collection[Cell]
    ) -> str:
        """Say why a line without a reference and date is a summary or the name of a field."""
        if len(filled) == len(keys) and any(map(_counts_grades, own)):
            return _SUMMARY
        if any(_has_digit(key.text()) for key in keys):
            return ""
        if keys and all(tick_word(key.text()) for key in keys):
            return _SUMMARY  # a word for a grade where references stand: “Good | 2”
        dated = any(_is_date(filled[field]) for field in _DATES if field in filled)
        words = [word for cell in own if (word := tick_word(cell.text()))]
        if not dated and (len({*words}) == len(words) > 1 or sum(map(_is_whole, own)) > 1):
            return _SUMMARY
        names = {plain(cell.text()) for cell in own}
        if len(own) > 1 and names & word_set("totals", "headings") and _names_grade(names):
            return _SUMMARY  # “Grade | Number”
        texts = [key.text() for key in keys if key.kind == "text"]
        scores = [heading_scores(self.kind, text) for text in texts]
        named = any(max(score.values(), default=0.0) >= NAMED for score in scores)
        return FIELD_NAME if named else ""

    def split(
        self, after: int, most: int | None = None, until: int | None = None
    ) -> tuple[list[int], list[LeftOut]]:
        """Return the rows below `after` that are cases, and those with text that are not.

        `most` lines are looked at, all when it is None, and none from row `until` on.
        """
        cases: list[int] = []
        left_out: list[LeftOut] = []
        for row in self._rows(after, until)[:most]:
            reason, total = self._why_not(row)
            if reason is None:
                cases.append(row)
            elif reason:
                shown = reason != FIELD_NAME
                left_out.append(left_out_line(self.sheet, row, reason, total, shown=shown))
        return cases, left_out

    def _rows(self, after: int, until: int | None) -> Sequence[int]:
        if not self._origins:
            return self.sheet.rows_between(after, until)
        merged = {row for row, _ in self._origins}
        rows = sorted(row for row in {*self.sheet.rows(), *merged} if row > after)
        return rows if until is None else [row for row in rows if row < until]

    def _why_not(self, row: int) -> tuple[str | None, bool]:
        """None for a case, a reason to leave a line out, or "" for one with nothing to say."""
        own = self.sheet.filled(row)
        filled = {field: cell for field, cell in self.fields(row).items() if not cell.blank}
        if not own and len(filled) < 2:
            return "", False
        if sum(_is_word(cell.text(), self._headings.get(c, "-")) for c, cell in own.items()) >= 2:
            return "it repeats the headings", False
        keys = [filled[key] for key in _KEYS[self.kind] if key in filled]
        others = [field for field in filled if field not in _KEYS[self.kind]]
        if (
            _is_total(own.values())
            and not any(_is_date(filled[field]) for field in _DATES if field in filled)
            and not any(looks_like_ref(key.text()) and key.kind == "text" for key in keys)
        ):
            return "it is a total", True
        if reason := self._why_no_case(keys, filled, own.values()):
            return reason, reason == _SUMMARY
        if not filled:
            return "only columns that are not read are filled", False
        if any(looks_like_ref(k.text()) or k.kind not in ("text", "number") for k in keys):
            return (
                (_FOOTNOTE, False) if not others and _is_footnote(own.values()) else (None, False)
            )
        if len(others) >= 2 and not _is_footnote(own.values()):
            return None, False
        if keys and others and all(k.kind == "number" or len(k.text()) <= 12 for k in keys):
            is_case = "grade" in others and any(ch.isdigit() for k in keys for ch in k.text())
            return (None, False) if is_case else ("it has no reference like the others", False)
        if self.kind == "case_list" and keys and not _is_footnote(own.values()):
            # A word alone in its row is the title of a section.
            alone = len(own) == 1 and len(self.by_field) > 1 and not _has_digit(keys[0].text())
            return (_FOOTNOTE, False) if alone else (None, False)
        if others == ["rationale"] and not keys:
            return "it is text without a reference; it may belong to the row above", False
        return _FOOTNOTE, False


def _is_word(text: str, word: str) -> bool:
    """Say whether a text is a word, made comparable; most are told by how they begin."""
    if text.isascii() and text[:1].isalnum() and text[0].lower() != word[:1]:
        return False
    return plain(text) == word


def _counts_grades(cell: Cell) -> bool:
    """Say whether a text counts grades, as “Good: 2, RI: 3” does."""
    parts = _COUNTED.split(cell.text()) if cell.kind == "text" else ()
    return len({word for part in parts if (word := tick_word(part))}) > 1


def _names_grade(headings: Iterable[str]) -> bool:
    """Say whether one of several headings is that of grades."""
    return any(heading_scores("self_assessment", one).get("grade", 0) >= NAMED for one in headings)


def _is_whole(cell: Cell) -> bool:
    return cell.kind == "number" or cell.text().strip().isdecimal()


def left_out_line(
    sheet: Sheet, row: int, reason: str, total: bool = False, *, shown: bool = True
) -> LeftOut:
    """Return a line that is left out, with its texts cut; without them unless they are `shown`."""
    filled = sheet.filled(row)
    first = next(iter(filled), 1)
    if not shown:
        return LeftOut(row, address(row, first), "", reason, total)
    text = " | ".join(cell.text().strip() for cell in filled.values())
    most = limit("say", "left_out_characters")
    return LeftOut(row, address(row, first), text[:most], reason, total)


FIELD_NAME = "it begins with the name of a field, as where fields run down"
_SUMMARY = "it belongs to a summary of grades"
OTHER_HEADINGS = "it stands under other headings"
_FOOTNOTE = "it is a note or a section's title, not a case"


def _is_date(cell: Cell) -> bool:
    return read_date(cell)[0] is not None


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _is_total(cells: Iterable[Cell]) -> bool:
    for cell in islice(cells, 2):
        words = plain(cell.text())
        if words in word_set("totals", "words"):
            return True
        if any(words.startswith(f"{start} ") for start in word_set("totals", "starts")):
            return len(words) <= 40
    return False


def _is_footnote(cells: Iterable[Cell]) -> bool:
    first = next(iter(cells), BLANK)
    text = first.text().strip()
    words = plain(text)
    return text[:1] in "*†‡¹²³" or any(
        words == start or words.startswith(f"{start} ") for start in word_set("footnotes", "starts")
    )


def _merged_origins(sheet: Sheet) -> Mapping[tuple[int, int], tuple[int, int]]:
    """For the cells merged with one above, that cell; only as far as the sheet is used."""
    last_row = max(sheet.cells, default=0)
    origins: dict[tuple[int, int], tuple[int, int]] = {}
    budget = limit("sheet", "cells")
    for top, left, bottom, _ in sheet.merged:
        bottom = min(bottom, max(last_row, top))
        budget -= max(0, bottom - top)
        if budget < 0:
            break
        if sheet.at(top, left).blank:
            continue
        # Down, not across: a title over several columns is not a value of each.
        for row in range(top + 1, bottom + 1):
            origins[row, left] = (top, left)
    return origins
