"""A streaming look over the content of an OpenDocument sheet before python-calamine reads it.

OpenDocument writes "this cell a million times" in a few bytes, and calamine expands it; this pass
counts what the expansion would be, and sees hidden rows and columns, formulas and merges, which
calamine does not tell.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from xml.parsers import expat

from fieldkit.workbook.load.survey import Survey
from fieldkit.workbook.values.cells import State
from fieldkit.workbook.values.words import limit

_MOST = 1_048_576


@dataclass(slots=True)
class OdsSurvey(Survey):
    """Holds what one table says beside its values; ``too_large`` completes "it has …"."""

    name: str = ""
    state: State = "visible"
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    too_large: str | None = None


class _Handler:
    def __init__(self) -> None:
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
        by_name = {key.rpartition(":")[2]: value for key, value in attributes.items()}
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
        elif name == "table-row":
            self._row_repeat = _repeat(by_name, "number-rows-repeated")
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

    def _table(self, by_name: dict[str, str]) -> None:
        state: State = "visible"
        if by_name.get("style-name", "") in self._hidden_styles:
            state = "hidden"
        self.tables.append(OdsSurvey(name=by_name.get("name", ""), state=state))
        self._row = self._column = self._columns_declared = 0

    def _cell(self, by_name: dict[str, str]) -> None:
        survey = self.tables[-1]
        count = _repeat(by_name, "number-columns-repeated")
        row, column = self._row + 1, self._column + 1
        self._column += count
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
        if "formula" in by_name:
            survey.formulas[row, column] = by_name["formula"]
        down = _repeat(by_name, "number-rows-spanned")
        across = _repeat(by_name, "number-columns-spanned")
        if down * across > 1:
            survey.merged.append((row, column, row + down - 1, column + across - 1))


def _repeat(by_name: dict[str, str], attribute: str) -> int:
    count = int(by_name.get(attribute, "1"))
    if not 0 < count <= _MOST:
        raise ValueError("a repetition that no spreadsheet has")
    return count


def survey_ods(content: bytes) -> list[OdsSurvey]:
    """Look over ``content.xml``: one survey a table, in order.

    Raises `expat.ExpatError` for XML that is not well formed, `ValueError` for impossible counts.
    """
    handler = _Handler()
    parser = expat.ParserCreate()
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    source = io.BytesIO(content)
    while chunk := source.read(1 << 18):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return handler.tables
