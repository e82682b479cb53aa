"""Sheets whose fields stand one under another: cases side by side, or a form for one case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldkit.workbook.table.blocks import KEYS, heading_rows
from fieldkit.workbook.table.column_fit import GRADE
from fieldkit.workbook.table.meaning import NAMED, heading_scores, looks_like_ref
from fieldkit.workbook.values.cells import Sheet, address
from fieldkit.workbook.values.words import limit
from storage.ops.text import many

_MIN_FIELDS = 3
"""Fields named one under another from which a sheet is no table of rows."""
_LABEL = re.compile(r"([^:]{2,60}):\s*(\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FieldsDown:
    """Says where the names of fields stand one under another, and how many cases are across."""

    sheet: str
    cells: tuple[str, ...]
    cases: int

    @property
    def words(self) -> str:
        """Return what the sheet looks like, as a sentence without a text of it."""
        where = f"{self.cells[0]} to {self.cells[-1]}"
        if self.cases == 1:
            return f"It is a form for one case, with a field to a line ({where})."
        return f"Its fields run down ({where}) and its {self.cases} cases across."


def fields_down(kind: str, sheet: Sheet) -> FieldsDown | None:
    """Return how the fields of a sheet run down; None where they stand side by side.

    The name of the case's reference has a reference to its right, and that of the grade or of two
    other fields something too, in other rows. Or three fields, the grade among them, are named
    under each other with several values each. No row names fields side by side.
    """
    if any(_names_key(kind, texts.values()) for _, texts in heading_rows(kind, sheet)):
        return None
    labels: dict[str, tuple[int, int]] = {}
    cases = across = 0
    for row in sheet.rows()[: limit("say", "header_search_rows")]:
        filled = sheet.filled(row)
        numbers = list(filled)
        for place, number in enumerate(numbers):
            text = filled[number].text()
            field = _field(kind, text)
            own = _LABEL.fullmatch(text.strip())
            if not field and own is not None:
                field = _field(kind, own[1])
            right = [filled[n].text() for n in numbers[place + 1 :]]
            values = [own[2]] if own is not None else _values(kind, right)
            if not field or field in labels or not values:
                continue
            labels[field] = (row, number)
            if field in KEYS[kind]:
                cases = sum(looks_like_ref(value) for value in values)
            elif field == GRADE[kind]:
                across = len(values)
    places = sorted(labels.values())
    one_column = len({column for _, column in places}) == 1
    if not cases and one_column and across > 1 and len(labels) >= _MIN_FIELDS:
        cases = across
    enough = len(labels) >= _MIN_FIELDS or (cases and across)
    if not (cases and enough and len({row for row, _ in places}) > 1):
        return None
    return FieldsDown(sheet.name, tuple(address(*place) for place in places), cases)


def _names_key(kind: str, texts: Iterable[str]) -> bool:
    return any(_field(kind, text) in KEYS[kind] for text in texts)


def _field(kind: str, text: str) -> str:
    """Return the field that a text is the name of, and nothing else; empty for none."""
    scores = heading_scores(kind, text)
    best = max(scores, key=lambda field: scores[field], default="")
    return best if best and scores[best] >= NAMED else ""


def _values(kind: str, right: Sequence[str]) -> list[str]:
    """Return the texts to the right of a name of a field, up to the next name."""
    values: list[str] = []
    for text in right:
        if _field(kind, text):
            break
        values.append(text)
    return values


def refusal(file_name: str, down: Sequence[FieldsDown]) -> str:
    """Return why a workbook of such sheets is not read, and what to do."""
    first = down[0]
    if len(down) > 1:
        about = f"{many(len(down), 'sheet')} of {file_name} have their fields one under another."
    else:
        about = f"Sheet “{first.sheet}” of {file_name} was not read. {first.words}"
    forms = all(one.cases == 1 for one in down)
    mend = (
        "Put the cases into one table, a row for each, with the names of the fields above,"
        if forms
        else "Copy the table and paste it transposed in a spreadsheet program, a row for each case,"
    )
    return f"{about} Nothing of it was shown or changed. {mend} and read that file."
