"""A streaming look over the content of an OpenDocument sheet before python-calamine reads it.

OpenDocument writes "this cell a million times" in a few bytes, and calamine expands it; this pass
counts what the expansion would be, and sees hidden rows and columns, formulas and merges, which
calamine does not tell, and what is struck out, commented or shown otherwise than it is stored.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from xml.parsers import expat

from fieldkit.workbook.load.ods_text import CellWords, OdsStyles
from fieldkit.workbook.load.survey import Survey
from fieldkit.workbook.load.walk_xml import walk_xml
from fieldkit.workbook.values.cells import State
from fieldkit.workbook.values.number_format import shown_as
from fieldkit.workbook.values.struck import Run
from fieldkit.workbook.values.words import limit

_MOST = 1_048_576
_WHOLE = re.compile(r"\d{1,30}")


@dataclass(slots=True)
class OdsSurvey(Survey):
    """Holds what one table says beside its values; ``too_large`` completes "it has …".

    ``runs`` are the words of cells some of which are struck out, ``shown`` numbers as they are
    shown where that is more than their digits.
    """

    name: str = ""
    state: State = "visible"
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    too_large: str | None = None
    runs: dict[tuple[int, int], tuple[Run, ...]] = field(default_factory=dict)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)


_OF_TEXT = frozenset({"p", "span", "s", "tab", "line-break"})
"""Elements that stand for a cell's words and nothing else."""
_OF_STYLES = frozenset({"style", "default-style", "text-properties"})
"""Elements that say what styles strike out."""


class _Handler:
    def __init__(self, styles: OdsStyles) -> None:
        self._styles = styles
        self._words: CellWords | None = None
        self._places: list[tuple[int, int]] = []
        self._number: int | None = None
        self._column_styles: list[tuple[int, str]] = []
        self._row_style = ""
        self.tables: list[OdsSurvey] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._row = self._column = 0
        self._row_repeat = 1
        self._columns_declared = 0
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take in an opening tag."""
        name = tag.rpartition(":")[2]
        by_name = _by_name(attributes)
        if self._words is not None and name not in ("table-cell", "covered-table-cell"):
            self._words.start(name, by_name, self._styles)
            if name in _OF_TEXT:
                return
        if name in _OF_STYLES:
            self._styles.start(name, by_name)
        if name == "style":
            self._style = by_name.get("name", "")
        elif name == "table-properties" and by_name.get("display") == "false":
            self._hidden_styles.add(self._style)
        elif name == "table":
            self._depth += 1
            if self._depth == 1:
                self._table(by_name)
        elif self._depth != 1:
            return
        elif name == "table-column":
            count = _repeat(by_name, "number-columns-repeated")
            if by_name.get("visibility") in ("collapse", "filter"):
                first = self._columns_declared + 1
                self.tables[-1].hidden_columns.update(
                    range(first, min(first + count, limit("sheet", "columns") + 1))
                )
            self._columns_declared += count
            style = by_name.get("default-cell-style-name", "")
            self._column_styles.append((self._columns_declared, style))
        elif name == "table-row":
            self._row_repeat = _repeat(by_name, "number-rows-repeated")
            self._row_style = by_name.get("default-cell-style-name", "")
            self._column = 0
            if by_name.get("visibility") in ("collapse", "filter"):
                first = self._row + 1
                self.tables[-1].hidden_rows.update(
                    range(first, min(first + self._row_repeat, limit("sheet", "rows") + 1))
                )
        elif name in ("table-cell", "covered-table-cell"):
            self._cell(by_name)

    def end(self, tag: str) -> None:
        """Take in a closing tag."""
        name = tag.rpartition(":")[2]
        if name == "table":
            self._depth -= 1
        elif name == "table-row" and self._depth == 1:
            self._row += self._row_repeat
        elif name in ("table-cell", "covered-table-cell") and self._depth == 1:
            self._end_cell()
        elif self._words is not None:
            self._words.end(name)

    def text(self, data: str) -> None:
        """Take in characters of a cell."""
        if self._words is not None:
            self._words.text(data)

    def _end_cell(self) -> None:
        words, survey = self._words, self.tables[-1]
        self._words = None
        if words is None or survey.too_large:
            return
        comment = "".join(words.comment).strip()
        if comment and self._places and len(survey.comments) < limit("sheet", "comments"):
            most = limit("sheet", "comment_characters")
            survey.comments[self._places[0]] = comment[:most]
        if any(is_struck and text.strip() for text, is_struck in words.runs):
            runs = tuple(words.runs)
            survey.runs.update(dict.fromkeys(self._places, runs))
        if self._number is not None:
            shown = shown_as(self._number, "".join(text for text, _ in words.runs))
            if shown != str(self._number):
                survey.shown.update(dict.fromkeys(self._places, shown))

    def _table(self, by_name: dict[str, str]) -> None:
        state: State = "visible"
        if by_name.get("style-name", "") in self._hidden_styles:
            state = "hidden"
        self.tables.append(OdsSurvey(name=by_name.get("name", ""), state=state))
        self._row = self._column = self._columns_declared = 0
        self._column_styles = []

    def _cell(self, by_name: dict[str, str]) -> None:
        survey = self.tables[-1]
        count = _repeat(by_name, "number-columns-repeated")
        row, column = self._row + 1, self._column + 1
        self._column += count
        style = by_name.get("style-name") or self._row_style or self._column_style(column)
        self._words = CellWords(self._styles.is_struck("table-cell", style))
        self._places, self._number = [(row, column)], None
        if "value-type" not in by_name and "formula" not in by_name:
            return
        survey.valued += count * self._row_repeat
        survey.last_row = max(survey.last_row, self._row + self._row_repeat)
        survey.last_column = max(survey.last_column, self._column)
        if survey.last_row > limit("sheet", "rows"):
            survey.too_large = f"rows beyond {limit('sheet', 'rows'):,}"
        elif survey.last_column > limit("sheet", "columns"):
            survey.too_large = f"columns beyond {limit('sheet', 'columns'):,}"
        elif survey.valued > limit("sheet", "cells"):
            survey.too_large = f"more than {limit('sheet', 'cells'):,} filled cells"
        if survey.too_large:
            return
        self._number = _whole(by_name)
        if count * self._row_repeat > 1:
            self._places = [
                (row + down, column + across)
                for down in range(self._row_repeat)
                for across in range(count)
            ]
        if "formula" in by_name:
            survey.formulas[row, column] = by_name["formula"]
        down = _repeat(by_name, "number-rows-spanned")
        across = _repeat(by_name, "number-columns-spanned")
        if down * across > 1:
            survey.merged.append((row, column, row + down - 1, column + across - 1))

    def _column_style(self, column: int) -> str:
        """Return the style that cells of a column have without one of their own."""
        return next((style for last, style in self._column_styles if column <= last), "")


def _whole(by_name: dict[str, str]) -> int | None:
    """Return the whole number of a cell that holds one."""
    value = by_name.get("value", "").removesuffix(".0")
    return int(value) if by_name.get("value-type") == "float" and _WHOLE.fullmatch(value) else None


def _by_name(attributes: dict[str, str]) -> dict[str, str]:
    """Return attributes without what stands before a colon in their names."""
    if not attributes:
        return attributes
    return {key.rpartition(":")[2]: value for key, value in attributes.items()}


def _repeat(by_name: dict[str, str], attribute: str) -> int:
    if attribute not in by_name:
        return 1
    count = int(by_name[attribute])
    if not 0 < count <= _MOST:
        raise ValueError("a repetition that no spreadsheet has")
    return count


def survey_ods(content: bytes, styles: bytes = b"") -> list[OdsSurvey]:
    """Look over ``content.xml``: one survey a table, in order; ``styles.xml`` says what is struck.

    Raises `expat.ExpatError` for XML that is not well formed, `ValueError` for impossible counts.
    """
    named = OdsStyles()
    if styles:
        with contextlib.suppress(expat.ExpatError):
            _read_styles(styles, named)
    handler = _Handler(named)
    walk_xml(content, handler.start, handler.end, handler.text)
    return handler.tables


def _read_styles(styles: bytes, named: OdsStyles) -> None:
    def start(tag: str, attributes: dict[str, str]) -> None:
        by_name = _by_name(attributes)
        named.start(tag.rpartition(":")[2], by_name)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(styles, True)
