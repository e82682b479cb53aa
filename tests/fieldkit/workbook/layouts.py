"""Sheets drawn by Hypothesis: titles, blank rows, several tables, totals, notes beside, below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import strategies as st

TRUE_FIELDS = ("ref", "type", "date", "grade", "rationale")
_HEADINGS = {
    "ref": ("Crime ref", "Force reference", "URN", "Occurrence number"),
    "type": ("Type of case", "Category", "Offence type"),
    "date": ("Date of incident", "Incident date", "Date occurred"),
    "grade": ("Grade", "Force judgement", "Overall grade"),
    "rationale": ("Rationale", "Reasons", "Comments"),
}
_TYPES = ("Domestic abuse", "Missing children", "Police protection")
_GRADES = ("Good", "Requires improvement", "Inadequate")
_TITLES = (
    "OFFICIAL-SENSITIVE", "Westshire Constabulary", "Self-assessment return, March 2026",
    "Child protection cases", "Please return by Friday",
)  # fmt: skip
_NOTES = (
    "Note: two cases were withdrawn.", "* graded by the review team", "Completed by DI Smith",
    "Source: the force's records", "NB some dates are of the report",
)  # fmt: skip
_BESIDE = ("checked", "see the sergeant's view of this case", "moved here in May", "?")


@dataclass(frozen=True)
class Layout:
    """Holds the lines of a sheet, and the cases among them by their reference."""

    lines: tuple[tuple[Any, ...], ...]
    cases: Mapping[str, Mapping[str, str]]
    places: Mapping[str, tuple[int, int]]


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """Draw a sheet."""
    lines: list[tuple[Any, ...]] = []
    cases: dict[str, dict[str, str]] = {}
    places: dict[str, tuple[int, int]] = {}
    for title in draw(st.lists(st.sampled_from(_TITLES), max_size=3, unique=True)):
        lines.append((title,))
    lines += [()] * draw(st.integers(0, 2))
    tables = draw(st.integers(1, 3))
    for table in range(tables):
        if table:
            lines += [()] * draw(st.integers(0, 2))
            if draw(st.booleans()):
                lines.append((draw(st.sampled_from(_TYPES)),))
        order = draw(st.permutations(TRUE_FIELDS)) if draw(st.booleans()) else TRUE_FIELDS
        words = {name: draw(st.sampled_from(_HEADINGS[name])) for name in TRUE_FIELDS}
        lines.append(tuple(words[name] for name in order))
        count = draw(st.integers(2, 6))
        for _ in range(count):
            number = len(cases)
            case = {
                "ref": f"42/{41000 + 37 * number}/26",
                "type": draw(st.sampled_from(_TYPES)),
                "date": f"2026-0{draw(st.integers(1, 9))}-{draw(st.integers(10, 28))}",
                "grade": draw(st.sampled_from(_GRADES)),
                "rationale": f"Supervisor review {number} recorded and clear on the file",
            }
            line: list[Any] = [case[name] for name in order]
            if draw(st.integers(0, 5)) == 0:
                line += [None] * draw(st.integers(0, 2)) + [draw(st.sampled_from(_BESIDE))]
            lines.append(tuple(line))
            cases[case["ref"]] = {**case, "grade": case["grade"].lower()}
            places[case["ref"]] = (len(lines), order.index("ref") + 1)
            lines += [()] * draw(st.sampled_from((0, 0, 0, 0, 1)))
        if draw(st.booleans()):
            lines.append(("Total", count))
        if draw(st.booleans()):
            lines.append((draw(st.sampled_from(_NOTES)),))
    return Layout(tuple(lines), cases, places)


def write_layout(path: Path, layout: Layout) -> Mapping[str, tuple[int, int]]:
    """Write the sheet to that path; return the row and column of each case's reference."""
    book = openpyxl.Workbook()
    for row, line in enumerate(layout.lines, 1):
        for column, value in enumerate(line, 1):
            book.active.cell(row, column, value)
    book.save(path)
    return layout.places
